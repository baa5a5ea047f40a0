//! Runs that are stopped, servers that stop and start again.

mod harness;

use std::time::Duration;

use boucle_proto::v1;
use boucle_server::{Embedded, Place, ServeError};
use harness::{Guarded, SHEET, Service, TERRITORY, crowded, one_at_a_time, reason, run_request};
use tonic::Code;

/// Opens a service over a file as soon as the one before has let go of it.
async fn reopened(place: &Place) -> Service {
    for _ in 0..500 {
        match Embedded::start(place.clone()).await {
            Ok(embedded) => return Service { embedded },
            Err(ServeError::Store(_)) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(error) => panic!("{error}"),
        }
    }
    panic!("the store was never let go");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_cancelled_in_the_queue_ends_cancelled_and_has_no_answer() {
    let service = Service::temporary().await;
    service.open().await;
    service.import(crowded(4).as_bytes()).await;
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(
            service
                .runs()
                .create_run(run_request())
                .await
                .unwrap()
                .into_inner()
                .id,
        );
    }
    let last = ids.pop().unwrap();
    let request = v1::CancelRunRequest {
        territory: TERRITORY.to_owned(),
        run: last.clone(),
    };
    service.runs().cancel_run(request.clone()).await.unwrap();
    let run = service.ended(&last).await;
    assert_eq!(run.state(), v1::RunState::Cancelled);
    let refused = service
        .runs()
        .list_proposals(v1::ListProposalsRequest {
            territory: TERRITORY.to_owned(),
            run: last,
            ..v1::ListProposalsRequest::default()
        })
        .await
        .unwrap_err();
    assert_eq!(
        reason(&refused, Code::FailedPrecondition),
        "RUN_NOT_ANSWERED"
    );
    // Asking again changes nothing.
    assert_eq!(
        service
            .runs()
            .cancel_run(request)
            .await
            .unwrap()
            .into_inner()
            .state(),
        v1::RunState::Cancelled
    );
    for id in ids {
        assert_eq!(service.ended(&id).await.state(), v1::RunState::Succeeded);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_dropped_in_the_middle_finishes_its_runs_when_it_starts_again() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place {
        store: Some(folder.path().join("boucle.db")),
        limits: one_at_a_time(),
        ..Place::default()
    };
    let mut ids = Vec::new();
    {
        let service = Service::at(place.clone()).await;
        service.open().await;
        service.import(crowded(4).as_bytes()).await;
        for _ in 0..4 {
            ids.push(
                service
                    .runs()
                    .create_run(run_request())
                    .await
                    .unwrap()
                    .into_inner(),
            );
        }
        // Dropped, not stopped.
    }
    let service = reopened(&place).await;
    for before in ids {
        let run = service.ended(&before.id).await;
        assert_eq!(run.state(), v1::RunState::Succeeded, "{:?}", run.failure);
        assert_eq!(run.input_digest, before.input_digest);
    }
    service.embedded.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_is_open_in_one_service_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place {
        store: Some(folder.path().join("boucle.db")),
        ..Place::default()
    };
    let service = Service::at(place.clone()).await;
    let refused = Embedded::start(place.clone())
        .await
        .map(|_| ())
        .unwrap_err();
    assert!(
        refused.to_string().contains("open in another process"),
        "{refused}"
    );
    service.embedded.stop().await;
    reopened(&place).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_table_with_a_fault_keeps_the_service_from_starting_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rules.csv"), "rule_id\nR1\n").unwrap();
    let place = Place {
        knowledge: Some(folder.path().to_owned()),
        ..Place::default()
    };
    let refused = Embedded::start(place).await.map(|_| ()).unwrap_err();
    assert!(refused.to_string().contains("rules.csv"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_server_ends_open_watches_and_is_gone_in_time() {
    let server = Guarded::start("a-token-of-sixteen\tanimator\ttest\n").await;
    let started = std::time::Instant::now();
    server.stop().await;
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_asked_only_to_be_validated_is_not_stored() {
    let service = Service::temporary().await;
    service.open().await;
    service.import(SHEET.as_bytes()).await;
    let request = v1::CreateRunRequest {
        validate_only: true,
        ..run_request()
    };
    let run = service
        .runs()
        .create_run(request)
        .await
        .unwrap()
        .into_inner();
    assert!(run.id.is_empty() && run.flow_count == 3 && !run.input_digest.is_empty());
    let listing = v1::ListRunsRequest {
        territory: TERRITORY.to_owned(),
        ..v1::ListRunsRequest::default()
    };
    assert!(
        service
            .runs()
            .list_runs(listing)
            .await
            .unwrap()
            .into_inner()
            .runs
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_with_a_bad_setting_is_refused_with_the_path_of_the_setting() {
    let service = Service::temporary().await;
    service.open().await;
    let settings = v1::Settings {
        tortuosity: Some(0.2),
        relative_gap: Some(-1.0),
        ..v1::Settings::default()
    };
    let request = v1::CreateRunRequest {
        settings: Some(settings),
        valid_on: "hier".to_owned(),
        ..run_request()
    };
    let refused = service.runs().create_run(request).await.unwrap_err();
    let details = harness::details(&refused);
    let fields: Vec<_> = details
        .bad_request()
        .unwrap()
        .field_violations
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    assert_eq!(
        fields,
        ["settings.tortuosity", "settings.relative_gap", "valid_on"]
    );
}
