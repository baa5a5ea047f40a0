//! Single declarations: what cannot be read comes back at once, field by field.

mod harness;

use boucle_proto::v1;
use harness::{Service, TERRITORY, ZONE, details, reason};
use tonic::{Code, Request};

fn site() -> v1::CreateSiteRequest {
    v1::CreateSiteRequest {
        territory: TERRITORY.to_owned(),
        zone: ZONE.to_owned(),
        site: Some(v1::SiteDraft {
            firm: "Plâtrerie d'essai".to_owned(),
            latitude: "51,01".to_owned(),
            longitude: "2,31".to_owned(),
            ..v1::SiteDraft::default()
        }),
    }
}

fn flow(site: &str) -> v1::Flow {
    v1::Flow {
        key: Some(v1::FlowKey {
            site: site.to_owned(),
            direction: v1::Direction::Output.into(),
            reference: "P1".to_owned(),
        }),
        name: "Gypse".to_owned(),
        resource: "DON:fgd_gypsum".to_owned(),
        quantity: "10..15".to_owned(),
        unit: "t".to_owned(),
        period: "an".to_owned(),
        ..v1::Flow::default()
    }
}

fn create(flow: v1::Flow) -> v1::CreateFlowRequest {
    v1::CreateFlowRequest {
        territory: TERRITORY.to_owned(),
        flow: Some(flow),
    }
}

async fn with_site() -> (Service, String) {
    let service = Service::temporary().await;
    service.open().await;
    let created = service
        .declarations()
        .create_site(site())
        .await
        .expect("a site")
        .into_inner();
    (service, created.key)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_flow_gives_all_its_field_violations_at_once() {
    let (service, site) = with_site().await;
    let bad = v1::Flow {
        quantity: "douze".to_owned(),
        unit: "tonneaux".to_owned(),
        waste_code: "99 99 99".to_owned(),
        visibility: "secret".to_owned(),
        contract_end: "demain".to_owned(),
        ..flow(&site)
    };
    let refused = service
        .declarations()
        .create_flow(create(bad))
        .await
        .unwrap_err();
    assert_eq!(reason(&refused, Code::InvalidArgument), "INVALID_FIELDS");
    let details = details(&refused);
    let fields: Vec<_> = details
        .bad_request()
        .unwrap()
        .field_violations
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    for field in [
        "flow.quantity",
        "flow.unit",
        "flow.waste_code",
        "flow.visibility",
        "flow.contract_end",
    ] {
        assert!(fields.contains(&field), "{field} is missing in {fields:?}");
    }
    assert!(
        details.bad_request().unwrap().field_violations[0]
            .description
            .starts_with('E')
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_told_in_the_language_of_the_caller() {
    let (service, site) = with_site().await;
    let mut texts = Vec::new();
    for language in ["fr", "en"] {
        let mut request = Request::new(create(v1::Flow {
            unit: "tonneaux".to_owned(),
            ..flow(&site)
        }));
        request
            .metadata_mut()
            .insert("accept-language", language.parse().unwrap());
        let refused = service
            .declarations()
            .create_flow(request)
            .await
            .unwrap_err();
        let details = details(&refused);
        assert_eq!(details.localized_message().unwrap().locale, language);
        texts.push(
            details.bad_request().unwrap().field_violations[0]
                .description
                .clone(),
        );
    }
    assert_ne!(texts[0], texts[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flow_comes_back_as_written_and_as_understood() {
    let (service, site) = with_site().await;
    let created = service
        .declarations()
        .create_flow(create(flow(&site)))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (created.quantity.as_str(), created.unit.as_str()),
        ("10..15", "t")
    );
    let reading = created.reading.as_ref().unwrap();
    let quantity = reading.quantity.as_ref().unwrap();
    assert_eq!(
        (
            quantity.low,
            quantity.mid,
            quantity.high,
            quantity.unit.as_str()
        ),
        (10.0, 12.5, 15.0, "t")
    );
    assert!(created.withheld.is_empty());

    let again = service
        .declarations()
        .create_flow(create(flow(&site)))
        .await
        .unwrap_err();
    assert_eq!(reason(&again, Code::AlreadyExists), "ALREADY_EXISTS");

    // What was sent back unchanged changes nothing but the etag.
    let update = |flow: v1::Flow| v1::UpdateFlowRequest {
        territory: TERRITORY.to_owned(),
        flow: Some(flow),
    };
    let updated = service
        .declarations()
        .update_flow(update(created.clone()))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(updated.reading, created.reading);
    let stale = service
        .declarations()
        .update_flow(update(created.clone()))
        .await;
    if updated.etag != created.etag {
        assert_eq!(reason(&stale.unwrap_err(), Code::Aborted), "STALE");
    }
    let key = created.key.clone();
    let deletion = v1::DeleteFlowRequest {
        territory: TERRITORY.to_owned(),
        key: key.clone(),
    };
    service.declarations().delete_flow(deletion).await.unwrap();
    let gone = v1::GetFlowRequest {
        territory: TERRITORY.to_owned(),
        key,
    };
    assert_eq!(
        reason(
            &service.declarations().get_flow(gone).await.unwrap_err(),
            Code::NotFound
        ),
        "NOT_FOUND"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_with_flows_is_kept_unless_all_is_to_go() {
    let (service, site) = with_site().await;
    service
        .declarations()
        .create_flow(create(flow(&site)))
        .await
        .unwrap();
    let request = |cascade| v1::DeleteSiteRequest {
        territory: TERRITORY.to_owned(),
        site: site.clone(),
        cascade,
    };
    let kept = service
        .declarations()
        .delete_site(request(false))
        .await
        .unwrap_err();
    assert_eq!(reason(&kept, Code::FailedPrecondition), "IN_USE");
    service
        .declarations()
        .delete_site(request(true))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_site_names_its_fields_and_those_of_its_agreements() {
    let service = Service::temporary().await;
    service.open().await;
    let mut request = site();
    let draft = request.site.as_mut().unwrap();
    draft.latitude = "nord".to_owned();
    draft.site_id = "1,23E+13".to_owned();
    draft.agreements.push(v1::AgreementDraft {
        reference: "A-1".to_owned(),
        waste_codes: "99 99 99".to_owned(),
        ..v1::AgreementDraft::default()
    });
    let refused = service
        .declarations()
        .create_site(request)
        .await
        .unwrap_err();
    let details = details(&refused);
    let fields: Vec<_> = details
        .bad_request()
        .unwrap()
        .field_violations
        .iter()
        .map(|violation| violation.field.clone())
        .collect();
    for field in [
        "site.latitude",
        "site.site_id",
        "site.agreements[0].waste_codes",
    ] {
        assert!(
            fields.iter().any(|found| found == field),
            "{field} is missing in {fields:?}"
        );
    }
}
