//! The whole way through the service: a sheet in, a plan out, page by page.

mod harness;

use boucle_proto::v1;
use harness::{
    SHEET, Service, TERRITORY, ZONE, details, header, import, reason, run_request, testdata,
};
use tonic::Code;

fn proposals(run: &str, size: u32, token: &str) -> v1::ListProposalsRequest {
    v1::ListProposalsRequest {
        territory: TERRITORY.to_owned(),
        run: run.to_owned(),
        page_size: size,
        page_token: token.to_owned(),
        ..v1::ListProposalsRequest::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_zone_becomes_ranked_proposals_read_page_by_page() {
    let service = Service::temporary().await;
    service.open().await;
    let report = service
        .import(&testdata("zones/kalundborg/flows.csv"))
        .await;
    assert!(report.flows > 10 && report.changes.len() == report.flows as usize);

    let run = service.solved().await;
    assert_eq!(run.state(), v1::RunState::Succeeded, "{:?}", run.failure);
    assert_eq!(run.flow_count, report.flows);
    assert_eq!(run.plans.len(), 2);
    assert!(
        run.plans
            .iter()
            .all(|plan| plan.withheld.is_empty() && plan.cost.is_some())
    );

    let mut client = service.runs();
    let all = client
        .list_proposals(proposals(&run.id, 0, ""))
        .await
        .unwrap()
        .into_inner();
    assert!(!all.proposals.is_empty() && all.next_page_token.is_empty());
    let mut paged = Vec::new();
    let mut token = String::new();
    loop {
        let page = client
            .list_proposals(proposals(&run.id, 1, &token))
            .await
            .unwrap()
            .into_inner();
        assert!(page.proposals.len() <= 1);
        paged.extend(page.proposals);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(paged, all.proposals);
    for proposal in &paged {
        assert!(
            proposal.withheld.is_empty() && proposal.score.is_some() && proposal.giver.is_some()
        );
    }

    let one = &paged[0];
    let request = v1::GetProposalRequest {
        territory: TERRITORY.to_owned(),
        run: run.id.clone(),
        pair: one.pair.clone(),
    };
    assert_eq!(
        &client.get_proposal(request).await.unwrap().into_inner(),
        one
    );

    let pair = one.pair.clone().unwrap();
    let request = v1::ExplainPairRequest {
        territory: TERRITORY.to_owned(),
        run: run.id.clone(),
        output: pair.output,
        input: pair.input,
    };
    let explained = client
        .explain_pair(request)
        .await
        .unwrap()
        .into_inner()
        .explanations;
    assert!(
        explained
            .iter()
            .any(|explanation| explanation.rule == pair.rule)
    );

    let request = v1::GetNetworkRequest {
        territory: TERRITORY.to_owned(),
        run: run.id.clone(),
    };
    let network = client.get_network(request).await.unwrap().into_inner();
    assert_eq!(network.edges.len(), paged.len());
    service.embedded.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_declared_flow_is_accounted_for_in_the_rejections_or_the_proposals() {
    let service = Service::temporary().await;
    service.open().await;
    service.import(SHEET.as_bytes()).await;
    let run = service.solved().await;
    let mut client = service.runs();
    let found = client
        .list_proposals(proposals(&run.id, 0, ""))
        .await
        .unwrap()
        .into_inner()
        .proposals;
    let request = v1::ListRejectionsRequest {
        territory: TERRITORY.to_owned(),
        run: run.id.clone(),
        ..v1::ListRejectionsRequest::default()
    };
    let rejected = client
        .list_rejections(request)
        .await
        .unwrap()
        .into_inner()
        .flows;
    let listing = v1::ListFlowsRequest {
        territory: TERRITORY.to_owned(),
        ..v1::ListFlowsRequest::default()
    };
    let flows = service
        .declarations()
        .list_flows(listing)
        .await
        .unwrap()
        .into_inner()
        .flows;
    assert_eq!(flows.len(), 3);
    for flow in flows {
        let proposed = found.iter().filter_map(|proposal| proposal.pair.as_ref());
        let proposed = proposed
            .flat_map(|pair| [&pair.output, &pair.input])
            .any(|end| *end == flow.key);
        let left_out = rejected
            .iter()
            .any(|rejections| rejections.flow == flow.key);
        assert!(proposed || left_out, "{:?} vanished", flow.key);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_token_is_good_for_its_list_and_filter_only() {
    let service = Service::temporary().await;
    service.open().await;
    service.import(SHEET.as_bytes()).await;
    let mut client = service.declarations();
    let listing = |zone: &str, token: &str| v1::ListFlowsRequest {
        territory: TERRITORY.to_owned(),
        zone: zone.to_owned(),
        page_size: 2,
        page_token: token.to_owned(),
        ..v1::ListFlowsRequest::default()
    };
    let first = client
        .list_flows(listing(ZONE, ""))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first.flows.len(), 2);
    let second = client
        .list_flows(listing(ZONE, &first.next_page_token))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (second.flows.len(), second.next_page_token.as_str()),
        (1, "")
    );
    let refused = client
        .list_flows(listing("", &first.next_page_token))
        .await
        .unwrap_err();
    assert_eq!(reason(&refused, Code::InvalidArgument), "PAGE_TOKEN");
    let sites = v1::ListSitesRequest {
        territory: TERRITORY.to_owned(),
        page_token: first.next_page_token,
        ..v1::ListSitesRequest::default()
    };
    assert_eq!(
        reason(
            &client.list_sites(sites).await.unwrap_err(),
            Code::InvalidArgument
        ),
        "PAGE_TOKEN"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_an_error_writes_nothing_and_tells_where() {
    let service = Service::temporary().await;
    service.open().await;
    let bad = SHEET.replace("12000;t;an", "douze mille;tonneaux;an");
    let report = import(&mut service.declarations(), header(), bad.as_bytes())
        .await
        .unwrap();
    assert!(!report.applied && report.changes.is_empty());
    let errors: Vec<_> = report
        .findings
        .iter()
        .filter(|finding| finding.severity() == v1::Severity::Error)
        .collect();
    let fields: Vec<_> = errors
        .iter()
        .filter_map(|error| error.place.as_ref())
        .map(|place| place.field.as_str())
        .collect();
    assert!(
        fields.contains(&"quantity") && fields.contains(&"unit"),
        "{fields:?}"
    );
    assert!(
        errors
            .iter()
            .all(|error| error.place.as_ref().is_some_and(|place| place.row == 3))
    );
    let listing = v1::ListFlowsRequest {
        territory: TERRITORY.to_owned(),
        ..v1::ListFlowsRequest::default()
    };
    assert!(
        service
            .declarations()
            .list_flows(listing)
            .await
            .unwrap()
            .into_inner()
            .flows
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_what_would_change_and_writes_nothing() {
    let service = Service::temporary().await;
    service.open().await;
    service.import(SHEET.as_bytes()).await;
    let changed: String = SHEET
        .replace("9000", "9500")
        .lines()
        .take(3)
        .map(|line| format!("{line}\n"))
        .collect();
    let header = v1::ImportHeader {
        mode: v1::ImportMode::Replace.into(),
        dry_run: true,
        ..header()
    };
    let report = import(
        &mut service.declarations(),
        header.clone(),
        changed.as_bytes(),
    )
    .await
    .unwrap();
    assert!(!report.applied);
    let kinds: Vec<_> = report
        .changes
        .iter()
        .map(|change| (change.kind(), change.fields.join(",")))
        .collect();
    assert_eq!(
        kinds,
        [
            (v1::ChangeKind::Changed, "quantity".to_owned()),
            (v1::ChangeKind::Removed, String::new())
        ]
    );
    let again = import(&mut service.declarations(), header, changed.as_bytes())
        .await
        .unwrap();
    assert_eq!(again, report, "the first dry run changed something");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_exported_is_imported_back_without_a_change() {
    let service = Service::temporary().await;
    service.open().await;
    service.import(SHEET.as_bytes()).await;
    for format in [v1::FileFormat::Xlsx, v1::FileFormat::Csv] {
        let request = v1::ExportDeclarationsRequest {
            territory: TERRITORY.to_owned(),
            zone: ZONE.to_owned(),
            format: format.into(),
            language: v1::Language::Fr.into(),
        };
        let mut chunks = service
            .declarations()
            .export_declarations(request)
            .await
            .unwrap()
            .into_inner();
        let mut file = Vec::new();
        while let Some(chunk) = chunks.message().await.unwrap() {
            file.extend(chunk.data);
        }
        let header = v1::ImportHeader {
            mode: v1::ImportMode::Replace.into(),
            ..header()
        };
        let report = import(&mut service.declarations(), header, &file)
            .await
            .unwrap();
        assert!(report.applied, "{:#?}", report.findings);
        assert_eq!(
            (report.changes.len(), report.unchanged),
            (0, 3),
            "{format:?}: {:#?}",
            report.changes
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_above_the_limit_is_refused_while_it_comes() {
    let service = Service::temporary().await;
    service.open().await;
    use v1::import_declarations_request::Part;
    let chunk = v1::ImportDeclarationsRequest {
        part: Some(Part::Chunk(vec![b'x'; 1 << 20])),
    };
    let first = v1::ImportDeclarationsRequest {
        part: Some(Part::Header(header())),
    };
    let parts = std::iter::once(first).chain(std::iter::repeat_n(chunk, 65));
    let refused = service
        .declarations()
        .import_declarations(tokio_stream::iter(parts.collect::<Vec<_>>()))
        .await;
    assert_eq!(
        reason(&refused.unwrap_err(), Code::ResourceExhausted),
        "TOO_LARGE"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_id_gives_the_same_run_and_another_body_is_refused() {
    let service = Service::temporary().await;
    service.open().await;
    service.import(SHEET.as_bytes()).await;
    let request = v1::CreateRunRequest {
        request_id: "6f1f3a5e-5b7b-4b0e-9f6b-0d7f3a1c2e4d".to_owned(),
        ..run_request()
    };
    let first = service
        .runs()
        .create_run(request.clone())
        .await
        .unwrap()
        .into_inner();
    let second = service
        .runs()
        .create_run(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first.id, second.id);
    let other = v1::CreateRunRequest {
        valid_on: "2026-12-01".to_owned(),
        ..request.clone()
    };
    let refused = service.runs().create_run(other).await.unwrap_err();
    assert_eq!(reason(&refused, Code::AlreadyExists), "REQUEST_ID_REUSED");
    let text = v1::CreateRunRequest {
        request_id: "mine".to_owned(),
        ..request
    };
    let refused = service.runs().create_run(text).await.unwrap_err();
    assert_eq!(
        details(&refused).bad_request().unwrap().field_violations[0].field,
        "request_id"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_import_sent_twice_is_done_once() {
    let service = Service::temporary().await;
    service.open().await;
    let header = v1::ImportHeader {
        request_id: "0b6a8c1e-0a44-4d55-8f0e-7a1d5a9f9a10".to_owned(),
        ..header()
    };
    let first = import(
        &mut service.declarations(),
        header.clone(),
        SHEET.as_bytes(),
    )
    .await
    .unwrap();
    let second = import(
        &mut service.declarations(),
        header.clone(),
        SHEET.as_bytes(),
    )
    .await
    .unwrap();
    assert_eq!(first, second);
    assert_eq!(first.changes.len(), 3);
    let refused = import(&mut service.declarations(), header, b"firm;direction\n")
        .await
        .unwrap_err();
    assert_eq!(reason(&refused, Code::AlreadyExists), "REQUEST_ID_REUSED");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_answer_has_the_same_bytes_for_the_same_input() {
    let service = Service::temporary().await;
    service.open().await;
    service.import(SHEET.as_bytes()).await;
    let mut texts = Vec::new();
    for _ in 0..2 {
        let run = service.solved().await;
        let request = v1::GetAnswerRequest {
            territory: TERRITORY.to_owned(),
            run: run.id.clone(),
        };
        let mut chunks = service
            .runs()
            .get_answer(request)
            .await
            .unwrap()
            .into_inner();
        let mut text = Vec::new();
        while let Some(chunk) = chunks.message().await.unwrap() {
            text.extend(chunk.data);
        }
        assert!(!String::from_utf8(text.clone()).unwrap().contains(&run.id));
        texts.push(text);
    }
    assert_eq!(texts[0], texts[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_models_of_a_run_are_built_again_from_its_snapshot() {
    let service = Service::temporary().await;
    service.open().await;
    service.import(SHEET.as_bytes()).await;
    let run = service.solved().await;
    let request = v1::StreamModelsRequest {
        territory: TERRITORY.to_owned(),
        run: run.id,
    };
    let mut chunks = service
        .runs()
        .stream_models(request)
        .await
        .unwrap()
        .into_inner();
    let mut models: Vec<(String, Vec<u8>, bool)> = Vec::new();
    while let Some(chunk) = chunks.message().await.unwrap() {
        match models.last_mut() {
            Some(model) if !model.2 => {
                assert_eq!(model.0, chunk.name);
                model.1.extend(chunk.mps);
                model.2 = chunk.last;
            }
            _ => models.push((chunk.name, chunk.mps, chunk.last)),
        }
    }
    assert!(!models.is_empty());
    for (name, mps, whole) in models {
        let mps = String::from_utf8(mps).unwrap();
        assert!(
            whole && mps.contains("ROWS") && mps.contains("ENDATA"),
            "{name}"
        );
    }
}
