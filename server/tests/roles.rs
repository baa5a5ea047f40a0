//! Who sees what: tokens, territories, and what one firm may learn of another.

mod harness;

use boucle_proto::v1;
use boucle_proto::v1::declaration_service_client::DeclarationServiceClient;
use boucle_proto::v1::own_code_service_client::OwnCodeServiceClient;
use boucle_proto::v1::question_service_client::QuestionServiceClient;
use boucle_proto::v1::reference_service_client::ReferenceServiceClient;
use boucle_proto::v1::run_service_client::RunServiceClient;
use boucle_proto::v1::suggestion_service_client::SuggestionServiceClient;
use boucle_proto::v1::synonym_service_client::SynonymServiceClient;
use boucle_proto::v1::territory_service_client::TerritoryServiceClient;
use boucle_server::{Bound, Config, ServeError};
use harness::{Guarded, SHEET, TERRITORY, ZONE, ended, header, import, open, reason, run_request};
use tonic::Code;

const OPERATOR: &str = "operator-token-0001";
const ANIMATOR: &str = "animator-token-0001";
const ELSEWHERE: &str = "animator-token-0002";
const GIVER: &str = "firm-token-giver-01";
const TAKER: &str = "firm-token-taker-01";
const VIEWER: &str = "viewer-token-000001";

fn tokens() -> String {
    [
        format!("{OPERATOR}\toperator\t*"),
        format!("{ANIMATOR}\tanimator\t{TERRITORY}"),
        format!("{ELSEWHERE}\tanimator\telsewhere"),
        format!("{GIVER}\tfirm\t{TERRITORY}\tname:centrale-essai"),
        format!("{TAKER}\tfirm\t{TERRITORY}\tname:plaques-essai"),
        format!("{VIEWER}\tviewer\t{TERRITORY}"),
    ]
    .join("\n")
}

/// A guarded server with the sheet imported and solved.
async fn solved() -> (Guarded, v1::Run) {
    let server = Guarded::start(&tokens()).await;
    let wanted = v1::Territory {
        id: TERRITORY.to_owned(),
        name: "Essai".to_owned(),
    };
    let request = v1::CreateTerritoryRequest {
        territory: Some(wanted),
        allow_existing: false,
    };
    TerritoryServiceClient::new(server.with(OPERATOR))
        .create_territory(request)
        .await
        .expect("a territory");
    let zone = v1::Zone {
        id: ZONE.to_owned(),
        territory: TERRITORY.to_owned(),
        name: "Parc".to_owned(),
        ..v1::Zone::default()
    };
    let request = v1::CreateZoneRequest {
        zone: Some(zone),
        allow_existing: false,
    };
    TerritoryServiceClient::new(server.with(ANIMATOR))
        .create_zone(request)
        .await
        .expect("a zone");
    let mut declarations = DeclarationServiceClient::new(server.with(ANIMATOR));
    let report = import(&mut declarations, header(), SHEET.as_bytes())
        .await
        .expect("an import");
    assert!(report.applied, "{:#?}", report.findings);
    let mut runs = RunServiceClient::new(server.with(ANIMATOR));
    let run = runs
        .create_run(run_request())
        .await
        .expect("a run")
        .into_inner();
    let run = ended(&mut runs, &run.id).await;
    assert_eq!(run.state(), v1::RunState::Succeeded, "{:?}", run.failure);
    (server, run)
}

fn proposals(run: &v1::Run) -> v1::ListProposalsRequest {
    v1::ListProposalsRequest {
        territory: TERRITORY.to_owned(),
        run: run.id.clone(),
        ..v1::ListProposalsRequest::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_known_token_nothing_answers_but_health() {
    let server = Guarded::start(&tokens()).await;
    let info = v1::GetServerInfoRequest {};
    let nobody = ReferenceServiceClient::new(server.endpoint.clone())
        .get_server_info(info)
        .await
        .unwrap_err();
    assert_eq!(reason(&nobody, Code::Unauthenticated), "TOKEN");
    let unknown = ReferenceServiceClient::new(server.with("some-other-token-01"))
        .get_server_info(info)
        .await;
    assert_eq!(
        reason(&unknown.unwrap_err(), Code::Unauthenticated),
        "TOKEN"
    );
    let known = ReferenceServiceClient::new(server.with(ANIMATOR))
        .get_server_info(info)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (known.role.as_str(), known.territory.as_str()),
        ("animator", TERRITORY)
    );
    let mut health = tonic_health::pb::health_client::HealthClient::new(server.endpoint.clone());
    let request = tonic_health::pb::HealthCheckRequest {
        service: "boucle.v1.RunService".to_owned(),
    };
    let status = health.check(request).await.unwrap().into_inner().status();
    assert_eq!(
        status,
        tonic_health::pb::health_check_response::ServingStatus::Serving
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_versions_of_reflection_list_every_service() {
    let server = Guarded::start(&tokens()).await;
    let mut names: Vec<Vec<String>> = Vec::new();
    {
        use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
        use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
        use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
        let request = tonic_reflection::pb::v1::ServerReflectionRequest {
            host: String::new(),
            message_request: Some(MessageRequest::ListServices(String::new())),
        };
        let mut client = ServerReflectionClient::new(server.endpoint.clone());
        let mut answers = client
            .server_reflection_info(tokio_stream::iter([request]))
            .await
            .unwrap()
            .into_inner();
        let answer = answers
            .message()
            .await
            .unwrap()
            .unwrap()
            .message_response
            .unwrap();
        let MessageResponse::ListServicesResponse(list) = answer else {
            panic!("{answer:?}")
        };
        names.push(
            list.service
                .into_iter()
                .map(|service| service.name)
                .collect(),
        );
    }
    {
        use tonic_reflection::pb::v1alpha::server_reflection_client::ServerReflectionClient;
        use tonic_reflection::pb::v1alpha::server_reflection_request::MessageRequest;
        use tonic_reflection::pb::v1alpha::server_reflection_response::MessageResponse;
        let request = tonic_reflection::pb::v1alpha::ServerReflectionRequest {
            host: String::new(),
            message_request: Some(MessageRequest::ListServices(String::new())),
        };
        let mut client = ServerReflectionClient::new(server.endpoint.clone());
        let mut answers = client
            .server_reflection_info(tokio_stream::iter([request]))
            .await
            .unwrap()
            .into_inner();
        let answer = answers
            .message()
            .await
            .unwrap()
            .unwrap()
            .message_response
            .unwrap();
        let MessageResponse::ListServicesResponse(list) = answer else {
            panic!("{answer:?}")
        };
        names.push(
            list.service
                .into_iter()
                .map(|service| service.name)
                .collect(),
        );
    }
    for names in names {
        for name in ["Territory", "Declaration", "Run", "Reference"] {
            assert!(
                names.contains(&format!("boucle.v1.{name}Service")),
                "{names:?}"
            );
        }
        assert!(names.contains(&"grpc.health.v1.Health".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_another_territory_is_not_found() {
    let (server, run) = solved().await;
    let mut runs = RunServiceClient::new(server.with(ELSEWHERE));
    assert_eq!(
        reason(
            &runs.list_proposals(proposals(&run)).await.unwrap_err(),
            Code::NotFound
        ),
        "NOT_FOUND"
    );
    let request = v1::GetRunRequest {
        territory: TERRITORY.to_owned(),
        run: run.id.clone(),
    };
    assert_eq!(
        reason(&runs.get_run(request).await.unwrap_err(), Code::NotFound),
        "NOT_FOUND"
    );
    // Nor is a run of another territory found under one's own.
    let request = v1::GetRunRequest {
        territory: "elsewhere".to_owned(),
        run: run.id,
    };
    assert_eq!(
        reason(&runs.get_run(request).await.unwrap_err(), Code::NotFound),
        "NOT_FOUND"
    );
    let listed = TerritoryServiceClient::new(server.with(ELSEWHERE));
    let listed = { listed }
        .list_territories(v1::ListTerritoriesRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert!(listed.territories.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_firm_sees_its_own_side_of_a_proposal_and_not_the_other() {
    let (server, run) = solved().await;
    let whole = RunServiceClient::new(server.with(ANIMATOR))
        .list_proposals(proposals(&run))
        .await;
    let whole = whole.unwrap().into_inner().proposals;
    assert_eq!(whole.len(), 1, "the sheet has one exchange");
    let all = whole[0].economics.as_ref().unwrap();
    assert!(all.gain.is_some() && all.giver_gain.is_some() && all.taker_gain.is_some());

    for (token, is_giver) in [(GIVER, true), (TAKER, false)] {
        let seen = RunServiceClient::new(server.with(token))
            .list_proposals(proposals(&run))
            .await;
        let seen = seen.unwrap().into_inner().proposals;
        assert_eq!(seen.len(), 1);
        let own = seen[0].economics.as_ref().unwrap();
        assert_eq!(own.outlet_avoided.is_some(), is_giver);
        assert_eq!(own.giver_gain.is_some(), is_giver);
        assert_eq!(own.supply_avoided.is_some(), !is_giver);
        assert_eq!(own.taker_gain.is_some(), !is_giver);
        // From the whole, one's own part and the span of prices the other's could be worked out.
        assert!(own.gain.is_none() && own.price_range.is_none() && own.defaults.is_empty());
        assert!(
            seen[0].score.is_none() && seen[0].summary.is_none() && seen[0].alternatives.is_empty()
        );
        assert!(seen[0].distance.as_ref().unwrap().break_even_km.is_none());
        assert!(seen[0].withheld.iter().any(|name| name == "economics.gain"));
        assert_eq!(seen[0].sent, whole[0].sent);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_firm_sees_open_flows_without_their_prices_and_no_closed_one() {
    let (server, _) = solved().await;
    let listing = v1::ListFlowsRequest {
        territory: TERRITORY.to_owned(),
        ..v1::ListFlowsRequest::default()
    };
    let mut client = DeclarationServiceClient::new(server.with(GIVER));
    let flows = client.list_flows(listing).await.unwrap().into_inner().flows;
    assert_eq!(flows.len(), 2, "the pallets are for the animator");
    for flow in flows {
        let own = flow.key.as_ref().unwrap().site.contains("centrale");
        assert_eq!(flow.price.is_empty(), !own);
        assert_eq!(flow.withheld.is_empty(), own);
        assert_eq!(flow.reading.unwrap().avoidable_price.is_some(), own);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_firm_declares_for_itself_alone() {
    let (server, _) = solved().await;
    let listing = v1::ListFlowsRequest {
        territory: TERRITORY.to_owned(),
        ..v1::ListFlowsRequest::default()
    };
    let mut animator = DeclarationServiceClient::new(server.with(ANIMATOR));
    let flows = animator
        .list_flows(listing)
        .await
        .unwrap()
        .into_inner()
        .flows;
    let mut firm = DeclarationServiceClient::new(server.with(GIVER));
    for flow in flows
        .into_iter()
        .filter(|flow| !flow.name.contains("Palettes"))
    {
        let own = flow.key.as_ref().unwrap().site.contains("centrale");
        let request = v1::UpdateFlowRequest {
            territory: TERRITORY.to_owned(),
            flow: Some(flow),
        };
        let done = firm.update_flow(request).await;
        match own {
            true => assert!(done.is_ok(), "{done:?}"),
            false => assert_eq!(reason(&done.unwrap_err(), Code::PermissionDenied), "ROLE"),
        }
    }
    let refused = import(&mut firm, header(), SHEET.as_bytes())
        .await
        .unwrap_err();
    assert_eq!(reason(&refused, Code::PermissionDenied), "ROLE");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_reads_totals_only_when_no_firm_can_be_read_out_of_them() {
    let (server, run) = solved().await;
    let mut client = RunServiceClient::new(server.with(VIEWER));
    let request = v1::GetRunRequest {
        territory: TERRITORY.to_owned(),
        run: run.id.clone(),
    };
    let seen = client.get_run(request).await.unwrap().into_inner();
    assert_eq!(seen.plans.len(), 2);
    for plan in &seen.plans {
        // One exchange between two firms: each could take its own part away.
        assert!(
            plan.gain.is_none() && plan.cost.is_none() && plan.links == 0,
            "{plan:?}"
        );
        assert!(plan.withheld.iter().any(|name| name == "gain"));
    }
    assert!(seen.settings.is_none() && seen.questions.is_empty());
    let refused = client.list_proposals(proposals(&run)).await.unwrap_err();
    assert_eq!(reason(&refused, Code::PermissionDenied), "ROLE");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_address_without_tokens_is_refused_before_anything_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new("0.0.0.0:0".parse().unwrap());
    config.place.store = Some(folder.path().join("boucle.db"));
    let refused = Bound::bind(config).await.map(|_| ()).unwrap_err();
    assert!(
        matches!(refused, ServeError::TokensRequired(_)),
        "{refused}"
    );
    assert!(refused.to_string().contains("token file"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_flow_stays_out_of_the_runs_of_others() {
    let server = Guarded::start(&tokens()).await;
    let wanted = v1::Territory {
        id: TERRITORY.to_owned(),
        name: "Essai".to_owned(),
    };
    let request = v1::CreateTerritoryRequest {
        territory: Some(wanted),
        allow_existing: false,
    };
    TerritoryServiceClient::new(server.with(OPERATOR))
        .create_territory(request)
        .await
        .unwrap();
    let zone = v1::Zone {
        id: ZONE.to_owned(),
        territory: TERRITORY.to_owned(),
        name: "Parc".to_owned(),
        ..v1::Zone::default()
    };
    let request = v1::CreateZoneRequest {
        zone: Some(zone),
        allow_existing: false,
    };
    TerritoryServiceClient::new(server.with(ANIMATOR))
        .create_zone(request)
        .await
        .unwrap();
    let sheet = SHEET.replace(";1;animateur;", ";1;privé;");
    let mut declarations = DeclarationServiceClient::new(server.with(ANIMATOR));
    assert!(
        import(&mut declarations, header(), sheet.as_bytes())
            .await
            .unwrap()
            .applied
    );
    let listing = v1::ListFlowsRequest {
        territory: TERRITORY.to_owned(),
        ..v1::ListFlowsRequest::default()
    };
    assert_eq!(
        declarations
            .list_flows(listing)
            .await
            .unwrap()
            .into_inner()
            .flows
            .len(),
        2
    );
    let run = RunServiceClient::new(server.with(ANIMATOR))
        .create_run(run_request())
        .await
        .unwrap()
        .into_inner();
    assert_eq!((run.flow_count, run.private_flows_left_out), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_person_at_the_machine_reads_everything() {
    let service = harness::Service::temporary().await;
    open(&mut service.territories(), TERRITORY, ZONE).await;
    service
        .import(SHEET.replace(";1;animateur;", ";1;privé;").as_bytes())
        .await;
    let run = service.solved().await;
    assert_eq!((run.flow_count, run.private_flows_left_out), (3, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_animator_answers_questions_and_reads_suggestions() {
    let server = Guarded::start(&tokens()).await;
    let ask = v1::GiveAnswerRequest {
        territory: TERRITORY.to_owned(),
        question: "flow:s/output/r:hazardous".to_owned(),
        value: "non".to_owned(),
        ..v1::GiveAnswerRequest::default()
    };
    let mut firm = QuestionServiceClient::new(server.with(GIVER));
    let refused = firm.give_answer(ask.clone()).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let mut stranger = QuestionServiceClient::new(server.with(ELSEWHERE));
    let refused = stranger.give_answer(ask).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    let ask = v1::ListSuggestionsRequest {
        territory: TERRITORY.to_owned(),
        ..v1::ListSuggestionsRequest::default()
    };
    let mut firm = SuggestionServiceClient::new(server.with(GIVER));
    let refused = firm.list_suggestions(ask).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_animator_decides_what_words_mean_and_the_territory_reads_them() {
    let (server, _) = solved().await;
    let add = v1::AddSynonymRequest {
        territory: TERRITORY.to_owned(),
        words: "trucmuche".to_owned(),
        key: "DON:sawdust".to_owned(),
        ..v1::AddSynonymRequest::default()
    };
    let list = v1::ListSynonymsRequest {
        territory: TERRITORY.to_owned(),
    };
    let remove = v1::RemoveSynonymRequest {
        territory: TERRITORY.to_owned(),
        words: "trucmuche".to_owned(),
        ..v1::RemoveSynonymRequest::default()
    };
    let unknown = v1::ListUnknownWordsRequest {
        territory: TERRITORY.to_owned(),
        ..v1::ListUnknownWordsRequest::default()
    };
    for (token, code, name) in [
        (OPERATOR, Code::PermissionDenied, "ROLE"),
        (GIVER, Code::PermissionDenied, "ROLE"),
        (VIEWER, Code::PermissionDenied, "ROLE"),
        (ELSEWHERE, Code::NotFound, "NOT_FOUND"),
    ] {
        let mut client = SynonymServiceClient::new(server.with(token));
        let refused = [
            client.add_synonym(add.clone()).await.unwrap_err(),
            client.remove_synonym(remove.clone()).await.unwrap_err(),
            client
                .list_unknown_words(unknown.clone())
                .await
                .unwrap_err(),
        ];
        for refused in refused {
            assert_eq!(reason(&refused, code), name, "{token}");
        }
    }
    let mut animator = SynonymServiceClient::new(server.with(ANIMATOR));
    animator.add_synonym(add).await.expect("a decision");
    let recognise = |territory: &str| v1::RecogniseRequest {
        flows: vec![v1::WrittenFlow {
            text: "Trucmuches".to_owned(),
            direction: v1::Direction::Output.into(),
            ..v1::WrittenFlow::default()
        }],
        territory: territory.to_owned(),
    };
    for token in [ANIMATOR, GIVER] {
        let mut client = SynonymServiceClient::new(server.with(token));
        let read = client.list_synonyms(list.clone()).await.unwrap();
        assert_eq!(read.into_inner().synonyms.len(), 1, "{token}");
        let mut client = ReferenceServiceClient::new(server.with(token));
        let read = client.recognise(recognise(TERRITORY)).await.unwrap();
        assert_eq!(read.into_inner().recognitions[0].key, "DON:sawdust");
    }
    for (token, code) in [
        (OPERATOR, Code::PermissionDenied),
        (VIEWER, Code::PermissionDenied),
        (ELSEWHERE, Code::NotFound),
    ] {
        let mut client = SynonymServiceClient::new(server.with(token));
        let refused = client.list_synonyms(list.clone()).await.unwrap_err();
        assert_eq!(refused.code(), code, "{token}");
        let mut client = ReferenceServiceClient::new(server.with(token));
        let refused = client.recognise(recognise(TERRITORY)).await.unwrap_err();
        assert_eq!(refused.code(), code, "{token}");
        // The catalogue itself is for all.
        let read = client.recognise(recognise("")).await.unwrap();
        assert!(read.into_inner().recognitions[0].key.is_empty());
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_animator_decides_the_codes_of_the_territory_and_who_reads_declarations_reads_them() {
    let (server, _) = solved().await;
    let add = v1::AddOwnCodesRequest {
        territory: TERRITORY.to_owned(),
        codes: vec![v1::OwnCode {
            list: v1::CodeList::WasteCodes.into(),
            code: "CART-01".to_owned(),
            stands_for: vec!["15 01 01".to_owned()],
            source: "liste inventée".to_owned(),
            ..v1::OwnCode::default()
        }],
    };
    let remove = v1::RemoveOwnCodeRequest {
        territory: TERRITORY.to_owned(),
        list: v1::CodeList::WasteCodes.into(),
        code: "CART-01".to_owned(),
    };
    let list = v1::ListOwnCodesRequest {
        territory: TERRITORY.to_owned(),
    };
    for (token, code, name) in [
        (OPERATOR, Code::PermissionDenied, "ROLE"),
        (GIVER, Code::PermissionDenied, "ROLE"),
        (VIEWER, Code::PermissionDenied, "ROLE"),
        (ELSEWHERE, Code::NotFound, "NOT_FOUND"),
    ] {
        let mut client = OwnCodeServiceClient::new(server.with(token));
        for refused in [
            client.add_own_codes(add.clone()).await.unwrap_err(),
            client.remove_own_code(remove.clone()).await.unwrap_err(),
        ] {
            assert_eq!(reason(&refused, code), name, "{token}");
        }
    }
    let mut animator = OwnCodeServiceClient::new(server.with(ANIMATOR));
    animator.add_own_codes(add).await.expect("a decision");
    for token in [ANIMATOR, GIVER] {
        let mut client = OwnCodeServiceClient::new(server.with(token));
        let read = client.list_own_codes(list.clone()).await.unwrap();
        assert_eq!(read.into_inner().codes.len(), 1, "{token}");
    }
    for (token, code) in [
        (OPERATOR, Code::PermissionDenied),
        (VIEWER, Code::PermissionDenied),
        (ELSEWHERE, Code::NotFound),
    ] {
        let mut client = OwnCodeServiceClient::new(server.with(token));
        let refused = client.list_own_codes(list.clone()).await.unwrap_err();
        assert_eq!(refused.code(), code, "{token}");
    }
    let removed = animator.remove_own_code(remove).await.unwrap();
    assert_eq!(removed.into_inner().removed.len(), 1);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_of_a_private_flow_is_not_collected() {
    let (server, _) = solved().await;
    let sheet = "firm;direction;ref;name;quantity;unit;period;visibility\n\
        A (fictif);sortant;1;bidule secret;1;t;an;privé\n\
        A (fictif);sortant;2;trucmuche;1;t;an;animateur\n";
    let mut declarations = DeclarationServiceClient::new(server.with(ANIMATOR));
    let report = import(&mut declarations, header(), sheet.as_bytes()).await;
    assert!(report.unwrap().applied);
    let ask = v1::ListUnknownWordsRequest {
        territory: TERRITORY.to_owned(),
        ..v1::ListUnknownWordsRequest::default()
    };
    let mut client = SynonymServiceClient::new(server.with(ANIMATOR));
    let found = client.list_unknown_words(ask).await.unwrap().into_inner();
    let words: Vec<&str> = found.words.iter().map(|one| one.words.as_str()).collect();
    assert_eq!((words, found.left_out), (vec!["trucmuche"], 0));
    server.stop().await;
}
