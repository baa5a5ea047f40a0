//! Codes of a territory's own over the wire. Codes and sources are invented.

mod harness;

use boucle_proto::v1;
use boucle_proto::v1::own_code_service_client::OwnCodeServiceClient;
use harness::{Service, TERRITORY, details, reason};
use tonic::Code;
use tonic::transport::Channel;

fn client(service: &Service) -> OwnCodeServiceClient<Channel> {
    OwnCodeServiceClient::new(service.embedded.channel())
}

fn own(code: &str, stands_for: &[&str]) -> v1::OwnCode {
    v1::OwnCode {
        list: v1::CodeList::WasteCodes.into(),
        code: code.to_owned(),
        stands_for: stands_for.iter().map(|&code| code.to_owned()).collect(),
        source: "liste inventée".to_owned(),
        ..v1::OwnCode::default()
    }
}

fn add(codes: Vec<v1::OwnCode>) -> v1::AddOwnCodesRequest {
    v1::AddOwnCodesRequest {
        territory: TERRITORY.to_owned(),
        codes,
    }
}

async fn listed(service: &Service) -> Vec<v1::OwnCode> {
    let ask = v1::ListOwnCodesRequest {
        territory: TERRITORY.to_owned(),
    };
    let found = client(service).list_own_codes(ask).await.unwrap();
    found.into_inner().codes
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_kept_as_the_reference_list_writes_what_they_stand_for_and_once() {
    let service = Service::temporary().await;
    service.open().await;
    let codes = vec![
        own(" CART-01 ", &["150101", "15.01.01"]),
        own("SOLV", &["140603"]),
        v1::OwnCode {
            list: v1::CodeList::Activities.into(),
            ..own("BTP", &["41.20"])
        },
    ];
    let mut client = client(&service);
    let kept = client.add_own_codes(add(codes.clone())).await.unwrap();
    let kept = kept.into_inner();
    assert_eq!(kept.added, 3);
    let meanings: Vec<(&str, &[String])> = kept
        .codes
        .iter()
        .map(|one| (one.code.as_str(), &one.stands_for[..]))
        .collect();
    assert_eq!(meanings[0], ("CART-01", &["15 01 01".to_owned()][..]));
    assert_eq!(meanings[1].1, ["14 06 03*"]);
    assert_eq!(meanings[2].1, ["F41.20"]);
    let again = client.add_own_codes(add(codes)).await.unwrap();
    assert_eq!(again.into_inner().added, 0);
    assert_eq!(listed(&service).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_every_code_is_told_at_its_field_and_nothing_is_kept() {
    let service = Service::temporary().await;
    service.open().await;
    let mut client = client(&service);
    client
        .add_own_codes(add(vec![own("KEPT", &["15 01 01"])]))
        .await
        .unwrap();
    let faulty = vec![
        own("GOOD", &["15 01 01"]),
        own("15 01 06", &["15 01 01"]),
        own("A", &["99 99 99", "15 01 01*"]),
        own("B", &[]),
        v1::OwnCode {
            list: 0,
            valid_from: "2026-13-01".to_owned(),
            source: String::new(),
            ..own(" … ", &["15 01 01"])
        },
        v1::OwnCode {
            valid_from: "2026-02-01".to_owned(),
            valid_to: "2026-01-31".to_owned(),
            ..own("C", &["15 01 01"])
        },
        own("kept", &["15 01 06"]),
        own("Good", &["15 01 06"]),
    ];
    let refused = client.add_own_codes(add(faulty)).await.unwrap_err();
    assert_eq!(reason(&refused, Code::InvalidArgument), "INVALID_FIELDS");
    let told = details(&refused);
    let violations = &told.bad_request().unwrap().field_violations;
    let mut fields: Vec<&str> = violations.iter().map(|one| one.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "codes[1].code",
            "codes[2].stands_for",
            "codes[2].stands_for",
            "codes[3].stands_for",
            "codes[4].code",
            "codes[4].list",
            "codes[4].source",
            "codes[4].valid_from",
            "codes[5].valid_to",
            "codes[6].code",
            "codes[7].code",
        ]
    );
    assert_eq!(listed(&service).await.len(), 1);
    let many = (0..5_000).map(|number| own(&format!("code {number}"), &["15 01 01"]));
    let refused = client.add_own_codes(add(many.collect())).await.unwrap_err();
    let told = details(&refused);
    let violations = &told.bad_request().unwrap().field_violations;
    assert_eq!(violations[0].field, "codes");
    let nowhere = v1::AddOwnCodesRequest {
        territory: "nowhere".to_owned(),
        ..add(vec![own("A", &["15 01 01"])])
    };
    let refused = client.add_own_codes(nowhere).await.unwrap_err();
    assert_eq!(reason(&refused, Code::NotFound), "NOT_FOUND");
}
