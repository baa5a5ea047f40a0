//! The life of a run.

use boucle_domain::id::{SiteKey, ZoneId};
use boucle_domain::settings::Settings;
use boucle_domain::snapshot::Snapshot;
use jiff::civil::date;

use super::sample::{NOW, furnish, output, scope};
use crate::{
    ATTEMPTS_EXHAUSTED, CreatedRun, Entity, Failure, MAX_ATTEMPTS, NewRun, Page, Removal,
    RequestKey, RunAnswer, RunId, RunProgress, RunState, Scope, Store, StoreError,
};

/// The snapshot of what is declared now.
async fn snapshot(store: &dyn Store, scope: &Scope) -> Snapshot {
    store
        .snapshot_parts(scope, &[])
        .await
        .unwrap()
        .into_snapshot(date(2026, 11, 21))
}

/// A run to store.
pub async fn new_run(store: &dyn Store, scope: &Scope, id: &str) -> NewRun {
    NewRun {
        id: RunId::new(id),
        zones: vec![ZoneId::new("basin")],
        snapshot: snapshot(store, scope).await,
        settings: Settings {
            tortuosity: 1.1 + 0.2,
            ..Settings::default()
        },
        knowledge_version: "k1".to_owned(),
        solver_version: "s1".to_owned(),
    }
}

/// Furnishes a territory and stores runs in it, one microsecond apart.
pub async fn queue(store: &dyn Store, scope: &Scope, ids: &[&str]) {
    furnish(store, scope).await;
    store
        .create_flow(scope, &output("a", "gypse"), NOW)
        .await
        .unwrap();
    for (id, later) in ids.iter().zip(0..) {
        let run = new_run(store, scope, id).await;
        store
            .create_run(scope, &run, None, NOW + later)
            .await
            .unwrap();
    }
}

/// A failure.
fn failure() -> Failure {
    Failure {
        code: "check".to_owned(),
        detail: "the balance of a flow is off".to_owned(),
    }
}

pub async fn a_run_is_stored_with_its_input_before_it_starts(store: &dyn Store) {
    let (t, id) = (scope("t"), RunId::new("r"));
    queue(store, &t, &["r"]).await;
    let given = new_run(store, &t, "r").await;
    let run = store.run(&t, &id).await.unwrap();
    assert_eq!(
        (run.state, run.attempts, run.cancel_requested),
        (RunState::Queued, 0, false)
    );
    assert_eq!(
        (run.progress, run.failure, run.started_at, run.finished_at),
        (None, None, None, None)
    );
    assert_eq!(run.zones, given.zones);
    assert_eq!(run.input_digest, given.snapshot.digest());
    assert_eq!(
        (run.knowledge_version.as_str(), run.solver_version.as_str()),
        ("k1", "s1")
    );
    // The input is that of the moment, whatever is declared since.
    store
        .delete_site(&t, &SiteKey::new("a"), None, Removal::Cascade)
        .await
        .unwrap();
    let input = store.run_input(&t, &id).await.unwrap();
    assert_eq!(
        (input.snapshot, input.settings),
        (given.snapshot, given.settings)
    );

    let again = new_run(store, &t, "r").await;
    let again = store.create_run(&t, &again, None, NOW).await;
    assert!(matches!(
        again,
        Err(StoreError::AlreadyExists {
            what: Entity::Run,
            ..
        })
    ));
    let nobody = NewRun {
        id: RunId::new("x"),
        ..new_run(store, &t, "x").await
    };
    let nobody = store
        .create_run(&scope("nowhere"), &nobody, None, NOW)
        .await;
    assert!(matches!(
        nobody,
        Err(StoreError::NotFound {
            what: Entity::Territory,
            ..
        })
    ));
}

pub async fn only_the_steps_of_a_life_are_allowed(store: &dyn Store) {
    let t = scope("t");
    let ids = ["queued", "succeeded", "failed", "cancelled"];
    queue(store, &t, &ids).await;
    let [queued, succeeded, failed, cancelled] = ids.map(RunId::new);
    store.start_run(&t, &succeeded, NOW).await.unwrap();
    store
        .succeed_run(&t, &succeeded, &RunAnswer::default(), NOW)
        .await
        .unwrap();
    let run = store
        .fail_run(&t, &failed, &failure(), NOW + 7)
        .await
        .unwrap();
    assert_eq!(
        (run.state, run.failure, run.finished_at),
        (RunState::Failed, Some(failure()), Some(NOW + 7))
    );
    assert_eq!(
        store.cancel_run(&t, &cancelled, NOW).await.unwrap().state,
        RunState::Cancelled
    );

    let progress = RunProgress {
        stage: "check".to_owned(),
        done: 0,
        total: 0,
    };
    for id in [&succeeded, &failed, &cancelled] {
        let before = store.run(&t, id).await.unwrap();
        let refused = [
            store.start_run(&t, id, NOW + 9).await.map(drop),
            store
                .succeed_run(&t, id, &RunAnswer::default(), NOW + 9)
                .await
                .map(drop),
            store.fail_run(&t, id, &failure(), NOW + 9).await.map(drop),
            store.cancel_run(&t, id, NOW + 9).await.map(drop),
            store.requeue_run(&t, id, NOW + 9).await.map(drop),
            store
                .report_progress(&t, id, &progress, NOW + 9)
                .await
                .map(drop),
        ];
        for refusal in refused {
            assert!(
                matches!(refusal, Err(StoreError::IllegalTransition { from, .. }) if from == before.state)
            );
        }
        assert_eq!(
            store.request_cancel(&t, id, NOW + 9).await.unwrap(),
            before,
            "it is over already"
        );
    }
    let early = store
        .succeed_run(&t, &queued, &RunAnswer::default(), NOW)
        .await;
    let expected = (RunState::Queued, RunState::Succeeded);
    assert!(
        matches!(early, Err(StoreError::IllegalTransition { from, to }) if (from, to) == expected)
    );
    let unknown = store.start_run(&t, &RunId::new("unknown"), NOW).await;
    assert!(matches!(
        unknown,
        Err(StoreError::NotFound {
            what: Entity::Run,
            ..
        })
    ));
}

pub async fn a_waiting_run_is_cancelled_at_once_and_a_running_one_is_told(store: &dyn Store) {
    let t = scope("t");
    queue(store, &t, &["waiting", "running"]).await;
    let (waiting, running) = (RunId::new("waiting"), RunId::new("running"));
    store.start_run(&t, &running, NOW).await.unwrap();
    let cancelled = store.request_cancel(&t, &waiting, NOW + 1).await.unwrap();
    assert_eq!(
        (cancelled.state, cancelled.finished_at),
        (RunState::Cancelled, Some(NOW + 1))
    );
    let told = store.request_cancel(&t, &running, NOW + 1).await.unwrap();
    assert_eq!(
        (told.state, told.cancel_requested),
        (RunState::Running, true)
    );
    let progress = RunProgress {
        stage: "check".to_owned(),
        done: 1,
        total: 2,
    };
    assert!(
        store
            .report_progress(&t, &running, &progress, NOW + 2)
            .await
            .unwrap()
    );
    assert_eq!(
        store.cancel_run(&t, &running, NOW + 3).await.unwrap().state,
        RunState::Cancelled
    );
}

pub async fn an_interrupted_run_is_tried_three_times_then_fails_with_a_reason(store: &dyn Store) {
    let (t, u) = (scope("t"), scope("u"));
    queue(store, &t, &["r", "unwanted"]).await;
    queue(store, &u, &["waiting"]).await;
    let (id, unwanted) = (RunId::new("r"), RunId::new("unwanted"));
    store.start_run(&t, &unwanted, NOW).await.unwrap();
    store.request_cancel(&t, &unwanted, NOW).await.unwrap();
    let given = store.run_input(&t, &id).await.unwrap();
    for attempt in 1..=MAX_ATTEMPTS {
        // The server starts, starts the run, and is gone.
        let claimed = store.claim_unfinished(NOW + 10).await.unwrap();
        let names: Vec<_> = claimed
            .iter()
            .map(|(scope, run)| (scope.territory().as_str(), run.id.as_str()))
            .collect();
        assert_eq!(names, [("t", "r"), ("u", "waiting")]);
        assert!(
            claimed
                .iter()
                .all(|(_, run)| run.state == RunState::Queued && run.progress.is_none())
        );
        assert_eq!(store.run_input(&t, &id).await.unwrap(), given);
        let started = store.start_run(&t, &id, NOW + 11).await.unwrap();
        assert_eq!(started.attempts, attempt);
        let progress = RunProgress {
            stage: "firm_plan".to_owned(),
            done: 1,
            total: 2,
        };
        store
            .report_progress(&t, &id, &progress, NOW + 12)
            .await
            .unwrap();
    }
    let claimed = store.claim_unfinished(NOW + 20).await.unwrap();
    assert_eq!(claimed.len(), 1, "only the one that waits");
    let given_up = store.run(&t, &id).await.unwrap();
    assert_eq!(
        (given_up.state, given_up.finished_at),
        (RunState::Failed, Some(NOW + 20))
    );
    let failure = given_up.failure.unwrap();
    assert_eq!(failure.code, ATTEMPTS_EXHAUSTED);
    assert!(failure.detail.contains('3'));
    assert_eq!(
        store.run(&t, &unwanted).await.unwrap().state,
        RunState::Cancelled
    );
}

pub async fn an_orderly_stop_does_not_count_as_a_try(store: &dyn Store) {
    let (t, id) = (scope("t"), RunId::new("r"));
    queue(store, &t, &["r"]).await;
    for _ in 0..=MAX_ATTEMPTS {
        store.start_run(&t, &id, NOW).await.unwrap();
        let waiting = store.requeue_run(&t, &id, NOW).await.unwrap();
        assert_eq!((waiting.state, waiting.attempts), (RunState::Queued, 0));
    }
    assert_eq!(store.claim_unfinished(NOW).await.unwrap().len(), 1);
}

pub async fn the_same_request_creates_one_run(store: &dyn Store) {
    let t = scope("t");
    queue(store, &t, &[]).await;
    let request = RequestKey {
        principal: "animator".to_owned(),
        request_id: "1".to_owned(),
        hash: b"content".to_vec(),
    };
    let first = store
        .create_run(&t, &new_run(store, &t, "first").await, Some(&request), NOW)
        .await
        .unwrap();
    let CreatedRun::New(first) = first else {
        panic!("it is new")
    };
    let second = store
        .create_run(
            &t,
            &new_run(store, &t, "second").await,
            Some(&request),
            NOW + 1,
        )
        .await
        .unwrap();
    assert_eq!(second, CreatedRun::Existing(first));
    let other = RequestKey {
        hash: b"other".to_vec(),
        ..request
    };
    let other = store
        .create_run(&t, &new_run(store, &t, "third").await, Some(&other), NOW)
        .await;
    assert!(matches!(other, Err(StoreError::RequestReused { .. })));
    assert_eq!(
        store
            .runs(&t, None, &Page::first(9))
            .await
            .unwrap()
            .items
            .len(),
        1
    );
}

pub async fn runs_are_listed_newest_first(store: &dyn Store) {
    let t = scope("t");
    queue(store, &t, &["z", "y", "x"]).await;
    // Two of one moment are told apart by their names.
    store
        .create_run(&t, &new_run(store, &t, "w").await, None, NOW + 2)
        .await
        .unwrap();
    let names = |runs: &[crate::Run]| {
        runs.iter()
            .map(|run| run.id.to_string())
            .collect::<Vec<_>>()
    };
    let first = store.runs(&t, None, &Page::first(1)).await.unwrap();
    assert_eq!(
        (names(&first.items), first.more),
        (vec!["x".to_owned()], true)
    );
    let rest = store
        .runs(&t, None, &Page::after(first.items[0].position(), 9))
        .await
        .unwrap();
    assert_eq!(
        (names(&rest.items), rest.more),
        (["w", "y", "z"].map(str::to_owned).to_vec(), false)
    );
    store.start_run(&t, &RunId::new("y"), NOW).await.unwrap();
    let running = store
        .runs(&t, Some(RunState::Running), &Page::first(9))
        .await
        .unwrap();
    assert_eq!(names(&running.items), ["y"]);
}
