//! Questions a run leaves open, the answers given to them, and what profiles suggest.

mod harness;

use boucle_proto::v1;
use boucle_proto::v1::question_service_client::QuestionServiceClient;
use boucle_proto::v1::suggestion_service_client::SuggestionServiceClient;
use harness::{SHEET, Service, TERRITORY, header, import, reason};
use tonic::Code;
use tonic::transport::Channel;

/// Gypsum known by its code alone, beside a need for it. Invented.
const CODED: &str = "\
firm;site;activity;headcount;latitude;longitude;ref;direction;name;resource;quantity;unit;period;price;waste_code;visibility
Centrale Essai;;D35.11;80;51.00;2.30;vrac;sortant;Matiere blanche;;9000;t;an;30;10 01 05;zone
Plaques Essai;;C23.62;40;51.01;2.31;gypse;entrant;Gypse naturel;mat.mineral.gypsum;12000;t;an;25;;zone
";

fn questions(service: &Service) -> QuestionServiceClient<Channel> {
    QuestionServiceClient::new(service.embedded.channel())
}

async fn open(service: &Service, run: &str) -> Vec<v1::OpenQuestion> {
    let ask = v1::ListQuestionsRequest {
        territory: TERRITORY.to_owned(),
        run: run.to_owned(),
    };
    let found = questions(service).list_questions(ask).await.unwrap();
    found.into_inner().questions
}

fn answer(question: &str, value: &str) -> v1::GiveAnswerRequest {
    v1::GiveAnswerRequest {
        territory: TERRITORY.to_owned(),
        question: question.to_owned(),
        value: value.to_owned(),
        by: "animateur".to_owned(),
        evidence: "visite".to_owned(),
    }
}

async fn proposals(service: &Service, run: &str) -> Vec<v1::Proposal> {
    let ask = v1::ListProposalsRequest {
        territory: TERRITORY.to_owned(),
        run: run.to_owned(),
        ..v1::ListProposalsRequest::default()
    };
    let found = service.runs().list_proposals(ask).await.unwrap();
    found.into_inner().proposals
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_makes_a_code_a_material_survives_an_import_and_can_be_withdrawn() {
    let service = Service::temporary().await;
    service.open().await;
    service.import(CODED.as_bytes()).await;
    let first = service.solved().await;
    assert!(proposals(&service, &first.id).await.is_empty());
    let asked = open(&service, &first.id).await;
    let question = &asked[0];
    assert!(question.id.starts_with("flow:") && question.id.ends_with(":identity"));
    assert!(
        question
            .candidates
            .iter()
            .any(|choice| choice.key == "DON:fgd_gypsum")
    );
    let given = questions(&service)
        .give_answer(answer(&question.id, "DON:fgd_gypsum"))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (given.by.as_str(), given.evidence.as_str()),
        ("animateur", "visite")
    );
    let left = open(&service, &first.id).await;
    assert!(
        left.iter().all(|other| other.id != question.id),
        "answered since"
    );
    service
        .import(CODED.replace("9000", "8000").as_bytes())
        .await;
    let second = service.solved().await;
    assert_ne!(first.input_digest, second.input_digest);
    let found = proposals(&service, &second.id).await;
    assert!(!found.is_empty());
    // What it leaves open names the pair, and is answered once for it.
    let legal = open(&service, &second.id).await;
    let legal = legal
        .iter()
        .find(|question| question.pair.is_some())
        .unwrap();
    assert!(legal.id.starts_with("pair:"));
    questions(&service)
        .give_answer(answer(&legal.id, "oui"))
        .await
        .unwrap();
    let third = service.solved().await;
    let left = open(&service, &third.id).await;
    assert!(left.iter().all(|other| other.id != legal.id));
    let answered: Vec<_> = proposals(&service, &third.id)
        .await
        .into_iter()
        .flat_map(|proposal| proposal.flags)
        .flat_map(|flag| flag.questions)
        .filter(|one| one.id == legal.id)
        .collect();
    assert_eq!(answered[0].answer, Some(true));
    assert!(answered[0].ground.contains("visite"));
    let withdrawn = v1::WithdrawAnswerRequest {
        territory: TERRITORY.to_owned(),
        question: question.id.clone(),
    };
    assert!(
        questions(&service)
            .withdraw_answer(withdrawn)
            .await
            .unwrap()
            .into_inner()
            .withdrawn
    );
    let fourth = service.solved().await;
    assert!(proposals(&service, &fourth.id).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_answers_nothing_is_refused_with_what_to_write() {
    let service = Service::temporary().await;
    service.open().await;
    service.import(CODED.as_bytes()).await;
    let run = service.solved().await;
    let question = open(&service, &run.id).await.remove(0).id;
    for (name, value) in [
        (question.as_str(), "DON:no_such_thing"),
        ("flow:nothing", "oui"),
        ("pair:a>b:SP:1", "oui"),
    ] {
        let refused = questions(&service)
            .give_answer(answer(name, value))
            .await
            .unwrap_err();
        assert_eq!(
            reason(&refused, Code::InvalidArgument),
            "INVALID_FIELDS",
            "{name}"
        );
    }
    let unknown = question.replace("/vrac:", "/autre:");
    let refused = questions(&service)
        .give_answer(answer(&unknown, "DON:fgd_gypsum"))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suggestion_is_written_to_be_confirmed_and_only_then_declared() {
    let service = Service::temporary().await;
    service.open().await;
    service.import(CODED.as_bytes()).await;
    service.import(SHEET.as_bytes()).await;
    let mut suggestions = SuggestionServiceClient::new(service.embedded.channel());
    let ask = v1::ListSuggestionsRequest {
        territory: TERRITORY.to_owned(),
        ..v1::ListSuggestionsRequest::default()
    };
    let found = suggestions
        .list_suggestions(ask.clone())
        .await
        .unwrap()
        .into_inner();
    assert!(found.suggestions.len() > 10);
    assert_eq!(found.silent_sites.len(), 1, "the pallets have no headcount");
    let first = &found.suggestions[0];
    assert!(first.low <= first.mid && first.mid <= first.high && first.share > 0.5);
    assert!(first.source.contains("profil"));
    let export = v1::ExportSuggestionsRequest {
        territory: TERRITORY.to_owned(),
        format: v1::FileFormat::Csv.into(),
        language: v1::Language::En.into(),
        ..v1::ExportSuggestionsRequest::default()
    };
    let mut chunks = suggestions
        .export_suggestions(export)
        .await
        .unwrap()
        .into_inner();
    let mut sheet = Vec::new();
    while let Some(chunk) = chunks.message().await.unwrap() {
        sheet.extend(chunk.data);
    }
    let text = String::from_utf8(sheet).unwrap();
    // As it comes nothing is confirmed: nothing is declared.
    let report = import(&mut service.declarations(), header(), text.as_bytes())
        .await
        .unwrap();
    assert!(
        report
            .findings
            .iter()
            .any(|finding| finding.code == "I3009"),
        "{report:#?}"
    );
    assert_eq!(report.changes.len(), 0);
    let confirmed: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(at, line)| match at {
            1 => format!("yes{line}"),
            _ => line.to_owned(),
        })
        .collect();
    let report = import(
        &mut service.declarations(),
        header(),
        confirmed.join("\n").as_bytes(),
    )
    .await
    .unwrap();
    assert!(report.applied, "{:#?}", report.findings);
    assert_eq!(report.changes.len(), 1);
    let after = suggestions
        .list_suggestions(ask)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(after.suggestions.len(), found.suggestions.len() - 1);
    // Denied, another one is not suggested again.
    let denied = &after.suggestions[0];
    questions(&service)
        .give_answer(answer(&denied.id, "non"))
        .await
        .unwrap();
    let ask = v1::ListSuggestionsRequest {
        territory: TERRITORY.to_owned(),
        ..v1::ListSuggestionsRequest::default()
    };
    let last = suggestions
        .list_suggestions(ask)
        .await
        .unwrap()
        .into_inner();
    assert!(last.suggestions.iter().all(|one| one.id != denied.id));

    // Nor are those that the sheet itself denies, and denying them again changes nothing.
    let denying = text.replace("\r\n", "\n");
    let denying: Vec<String> = denying
        .lines()
        .enumerate()
        .map(|(at, line)| match at {
            0 => line.to_owned(),
            _ => format!("no{line}"),
        })
        .collect();
    for _ in 0..2 {
        let sheet = denying.join("\n");
        let report = import(&mut service.declarations(), header(), sheet.as_bytes())
            .await
            .unwrap();
        assert!(report.applied, "{:#?}", report.findings);
        assert!(report.changes.is_empty());
        let left = suggestions.list_suggestions(list()).await.unwrap();
        let left = left.into_inner().suggestions;
        assert!(left.is_empty(), "{left:#?}");
    }
}

fn list() -> v1::ListSuggestionsRequest {
    v1::ListSuggestionsRequest {
        territory: TERRITORY.to_owned(),
        ..v1::ListSuggestionsRequest::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn suggestions_enter_a_run_only_if_asked() {
    let service = Service::temporary().await;
    service.open().await;
    service.import(CODED.as_bytes()).await;
    let declared = service.solved().await;
    let mut request = harness::run_request();
    request.settings = Some(v1::Settings {
        with_suggestions: true,
        ..v1::Settings::default()
    });
    let created = service
        .runs()
        .create_run(request)
        .await
        .unwrap()
        .into_inner();
    let with = service.ended(&created.id).await;
    assert!(with.flow_count > declared.flow_count);
    for proposal in proposals(&service, &with.id).await {
        assert!(!proposal.suggested || proposal.plan() == v1::PlanKind::Prospective);
    }
}
