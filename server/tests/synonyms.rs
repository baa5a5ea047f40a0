//! Words of a territory over the wire.

mod harness;

use boucle_proto::v1;
use boucle_proto::v1::synonym_service_client::SynonymServiceClient;
use harness::{SHEET, Service, TERRITORY, ZONE, details, header, import, open, reason};
use tonic::Code;
use tonic::transport::Channel;

/// The sheet of the tests with gypsum under words that nobody knows.
fn sheet() -> String {
    SHEET.replace("sortant;Gypse;DON:fgd_gypsum;", "sortant;Trucmuche gris;;")
}

fn synonyms(service: &Service) -> SynonymServiceClient<Channel> {
    SynonymServiceClient::new(service.embedded.channel())
}

fn add(words: &str, key: &str) -> v1::AddSynonymRequest {
    v1::AddSynonymRequest {
        territory: TERRITORY.to_owned(),
        words: words.to_owned(),
        key: key.to_owned(),
        ..v1::AddSynonymRequest::default()
    }
}

async fn unknown(service: &Service, territory: &str) -> Vec<v1::UnknownWords> {
    let ask = v1::ListUnknownWordsRequest {
        territory: territory.to_owned(),
        ..v1::ListUnknownWordsRequest::default()
    };
    let found = synonyms(service).list_unknown_words(ask).await.unwrap();
    found.into_inner().words
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_of_the_territory_makes_a_firm_proposal_that_says_who_decided_it() {
    let service = Service::temporary().await;
    service.open().await;
    service.import(sheet().as_bytes()).await;
    let before = service.solved().await;
    let [asked] = &unknown(&service, TERRITORY).await[..] else {
        panic!("one name");
    };
    assert_eq!(
        (asked.words.as_str(), asked.flows, asked.firms),
        ("Trucmuche gris", 1, 1)
    );
    let added = synonyms(&service)
        .add_synonym(add("Trucmuches gris", "DON:fgd_gypsum"))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (added.direction(), added.by.as_str()),
        (v1::Direction::Output, "local")
    );
    assert!(!added.label.unwrap().fr.is_empty());
    assert!(unknown(&service, TERRITORY).await.is_empty());
    let run = service.solved().await;
    assert_ne!(run.input_digest, before.input_digest);
    let ask = v1::ListProposalsRequest {
        territory: TERRITORY.to_owned(),
        run: run.id,
        ..v1::ListProposalsRequest::default()
    };
    let found = service.runs().list_proposals(ask).await.unwrap();
    let found = found.into_inner().proposals;
    let read = found[0].output_recognised.clone().unwrap();
    assert_eq!(read.by(), v1::RecognisedBy::Territory);
    assert!(read.reasons[0].fr.contains("mot du territoire"));
    assert_eq!(found[0].plan(), v1::PlanKind::Firm);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_refused_field_by_field_and_an_ambiguous_label_may_be_settled() {
    let service = Service::temporary().await;
    service.open().await;
    let mut client = synonyms(&service);
    let refused = client.add_synonym(add(" … ", "DON:no")).await.unwrap_err();
    assert_eq!(reason(&refused, Code::InvalidArgument), "INVALID_FIELDS");
    let fields: Vec<String> = details(&refused)
        .bad_request()
        .unwrap()
        .field_violations
        .iter()
        .map(|violation| violation.field.clone())
        .collect();
    assert_eq!(fields, ["words", "key"]);
    let long = "x".repeat(201);
    assert!(
        client
            .add_synonym(add(&long, "DON:fgd_gypsum"))
            .await
            .is_err()
    );
    let nowhere = v1::AddSynonymRequest {
        territory: "nowhere".to_owned(),
        ..add("bidule", "DON:fgd_gypsum")
    };
    let refused = client.add_synonym(nowhere).await.unwrap_err();
    assert_eq!(reason(&refused, Code::NotFound), "NOT_FOUND");
    let ask = v1::ListSynonymsRequest {
        territory: "nowhere".to_owned(),
    };
    let refused = client.list_synonyms(ask).await.unwrap_err();
    assert_eq!(reason(&refused, Code::NotFound), "NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_names_are_grouped_by_their_words_and_cut_where_asked() {
    let service = Service::temporary().await;
    service.open().await;
    let mut rows = String::from("firm;direction;ref;name;quantity;unit;period\n");
    for (firm, name) in [
        ("A", "Trucmuche gris"),
        ("B", "trucmuches gris"),
        ("B", "Trucmuche gris"),
        ("C", "bidule"),
        ("C", "Sciure de bois"),
    ] {
        let number = rows.lines().count();
        rows.push_str(&format!(
            "{firm} (fictif);sortant;r{number};{name};1;t;an\n"
        ));
    }
    service.import(rows.as_bytes()).await;
    let found = unknown(&service, TERRITORY).await;
    let told: Vec<(&str, u32, u32)> = found
        .iter()
        .map(|one| (one.words.as_str(), one.flows, one.firms))
        .collect();
    assert_eq!(told, [("Trucmuche gris", 3, 2), ("bidule", 1, 1)]);
    let ask = v1::ListUnknownWordsRequest {
        territory: TERRITORY.to_owned(),
        limit: 1,
        ..v1::ListUnknownWordsRequest::default()
    };
    let cut = synonyms(&service).list_unknown_words(ask).await.unwrap();
    let cut = cut.into_inner();
    assert_eq!((cut.words.len(), cut.left_out), (1, 1));
    // An answer settles the flow it is about, and its name is no longer collected.
    let flow = format!("flow:{}/output/r4:identity", site_of_c(&service).await);
    let answer = v1::GiveAnswerRequest {
        territory: TERRITORY.to_owned(),
        question: flow,
        value: "DON:sawdust".to_owned(),
        ..v1::GiveAnswerRequest::default()
    };
    boucle_proto::v1::question_service_client::QuestionServiceClient::new(
        service.embedded.channel(),
    )
    .give_answer(answer)
    .await
    .unwrap();
    assert_eq!(unknown(&service, TERRITORY).await.len(), 1);
}

async fn site_of_c(service: &Service) -> String {
    let ask = v1::ListFlowsRequest {
        territory: TERRITORY.to_owned(),
        ..v1::ListFlowsRequest::default()
    };
    let flows = service.declarations().list_flows(ask).await.unwrap();
    let flows = flows.into_inner().flows;
    let of_c = flows.into_iter().find(|flow| flow.name == "bidule");
    of_c.unwrap().key.unwrap().site
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_one_territory_are_not_those_of_another() {
    let service = Service::temporary().await;
    service.open().await;
    open(&mut service.territories(), "other", ZONE).await;
    service.import(sheet().as_bytes()).await;
    let elsewhere = v1::ImportHeader {
        territory: "other".to_owned(),
        ..header()
    };
    import(&mut service.declarations(), elsewhere, sheet().as_bytes())
        .await
        .unwrap();
    synonyms(&service)
        .add_synonym(add("Trucmuche gris", "DON:fgd_gypsum"))
        .await
        .unwrap();
    assert!(unknown(&service, TERRITORY).await.is_empty());
    assert_eq!(unknown(&service, "other").await.len(), 1);
    let read = async |territory: &str| {
        let ask = v1::RecogniseRequest {
            flows: vec![v1::WrittenFlow {
                text: "trucmuche gris".to_owned(),
                direction: v1::Direction::Output.into(),
                ..v1::WrittenFlow::default()
            }],
            territory: territory.to_owned(),
        };
        let read = service.reference().recognise(ask).await.unwrap();
        read.into_inner().recognitions[0].key.clone()
    };
    assert_eq!(read(TERRITORY).await, "DON:fgd_gypsum");
    assert_eq!(read("other").await, "");
    assert_eq!(read("").await, "");
}
