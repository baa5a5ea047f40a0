//! What is read, and that it is written back the same.

use super::*;

#[test]
fn six_fields_are_enough() {
    let draft: Draft = gypsum()
        .iter()
        .filter(|(field, _)| field.is_required())
        .map(|(f, t)| (f, t.to_owned()))
        .collect();
    let read = read_row(&draft, &context());
    assert!(!read.is_refused(), "{:?}", read.findings);
    let flow = read.value.flow.unwrap();
    assert_eq!(flow.key.direction, Direction::Output);
    assert_eq!(flow.key.reference, "gypse-de-desulfuration");
    assert_eq!(yearly(&flow), (1200.0, 1200.0, 1200.0));
    assert_eq!(flow.unit, Unit::Tonne);
}

#[test]
fn periods_and_campaigns_give_the_year() {
    let base = gypsum().with(Field::Quantity, "10");
    assert_eq!(
        yearly(&flow(&base.clone().with(Field::Period, "mois"))).1,
        120.0
    );
    assert_eq!(
        yearly(&flow(&base.clone().with(Field::Period, "semaine"))).1,
        520.0
    );
    assert_eq!(
        yearly(&flow(
            &base
                .clone()
                .with(Field::Period, "")
                .with(Field::Unit, "t/trimestre")
        ))
        .1,
        40.0
    );
    // Ten tonnes a month during a campaign of four months are forty a year, not a hundred and twenty.
    let campaign = base
        .with(Field::Period, "mois")
        .with(Field::Profile, "09-12");
    assert_eq!(yearly(&flow(&campaign)).1, 40.0);
    assert_eq!(flow(&campaign).entered.quantity, "10");
}

#[test]
fn a_ranged_density_of_the_catalogue_widens_the_quantity() {
    let bark = gypsum()
        .with(Field::Resource, "DON:bark")
        .with(Field::Name, "écorces")
        .with(Field::Unit, "m3");
    let (low, mid, high) = yearly(&flow(&bark));
    assert!(low < mid && mid < high, "{low} {mid} {high}");
    let declared = flow(&bark.with(Field::Density, "0,3"));
    assert_eq!(yearly(&declared), (360.0, 360.0, 360.0));
}

#[test]
fn prices_are_carried_to_the_canonical_unit() {
    let draft = gypsum()
        .with(Field::Unit, "kg")
        .with(Field::Price, "0,08")
        .with(Field::PriceYear, "2026");
    assert_eq!(
        flow(&draft).present.avoidable_price.unwrap().mid().euros(),
        80.0
    );
    let sold = gypsum()
        .with(Field::Price, "-12..-8")
        .with(Field::PriceUnit, "EUR/t")
        .with(Field::PriceYear, "2026");
    let price = flow(&sold).present.avoidable_price.unwrap();
    assert_eq!((price.low().euros(), price.high().euros()), (-12.0, -8.0));
}

/// A row that uses every field.
fn everything() -> Draft {
    let mut draft = gypsum();
    for (field, text) in [
        (Field::FirmId, "CVR:12345678"),
        (Field::Site, "Usine"),
        (Field::SiteId, "LOCAL:2026"),
        (Field::Activity, "35.11"),
        (Field::Commune, "59183"),
        (Field::Latitude, "51,034"),
        (Field::Longitude, "2,377"),
        (Field::Headcount, "120"),
        (Field::Icpe, "2910; 3110"),
        (Field::Quantity, "1 000..1 500"),
        (Field::Unit, "m3"),
        (Field::Period, "mois"),
        (Field::WasteCode, "10 01 05"),
        (Field::Hazardous, "non"),
        (Field::Density, "0,7..1,1"),
        (Field::HeatingValue, "1..2"),
        (
            Field::Properties,
            "purity_pct=92..96 (analyse, 2026-02-01); moisture_pct=8,5; grade=A",
        ),
        (Field::StorageCapacity, "350"),
        (Field::ShelfLifeDays, "90"),
        (Field::Counterpart, "Centre d'enfouissement"),
        (Field::Price, "40..45"),
        (Field::PriceUnit, "t"),
        (Field::PriceYear, "2025"),
        (Field::TakeOrPay, "333"),
        (Field::ContractEnd, "31/12/2027"),
        (Field::MinimumLot, "77"),
        (Field::MaximumDistance, "120"),
        (Field::Method, "mesuré"),
        (Field::SourceYear, "2025"),
        (Field::Source, "registre"),
        (Field::ValidFrom, "2026-01-01"),
        (Field::ValidTo, "2028-01-01"),
        (Field::Visibility, "zone"),
        (Field::Comment, "=inventé"),
    ] {
        draft.set(field, text);
    }
    for (at, field) in Field::MONTHS.into_iter().enumerate() {
        draft.set(field, at.to_string());
    }
    draft
}

#[test]
fn what_is_written_back_is_read_the_same() {
    let agreed = Draft::new()
        .with(Field::SiteId, "LOCAL:2026")
        .with(Field::AgreementReference, "AP-1")
        .with(Field::AgreementWasteCodes, "13 02 05*; 12 01 09*")
        .with(Field::AgreementQuantity, "120,5")
        .with(Field::AgreementUnit, "t")
        .with(Field::AgreementTo, "2030-12-31");
    let lot = gypsum()
        .with(Field::Ref, "lot")
        .with(Field::Period, "lot")
        .with(Field::AvailableFrom, "2026-11-01");
    let campaign = gypsum()
        .with(Field::Ref, "été")
        .with(Field::Profile, "11-02")
        .with(Field::ShelfLifeDays, "3");
    let other = gypsum()
        .with(Field::Firm, "B")
        .with(Field::Partner, "LOCAL:2026");
    let first = gathered(&[everything(), agreed, lot, campaign, other]);
    assert!(
        first
            .findings
            .iter()
            .all(|(_, finding)| finding.severity() < Severity::Warning),
        "{:?}",
        first.findings
    );
    let declaration = first.declaration;
    assert_eq!((declaration.sites.len(), declaration.flows.len()), (2, 4));
    for language in [Language::Fr, Language::En] {
        let mut drafts = Vec::new();
        for site in &declaration.sites {
            let firm = declaration
                .firms
                .iter()
                .find(|firm| firm.key == site.firm)
                .unwrap();
            drafts.push(written_site(firm, site));
            drafts.extend(
                site.agreements
                    .iter()
                    .map(|agreement| written_agreement(firm, site, agreement)),
            );
            let flows = declaration
                .flows
                .iter()
                .filter(|flow| flow.key.site == site.key);
            drafts.extend(flows.map(|flow| written_row(firm, site, flow, language)));
        }
        drafts.reverse();
        let again = gathered(&drafts);
        assert_eq!(again.declaration, declaration);
    }
}

#[test]
fn months_and_lots_are_kept() {
    let read = flow(&everything());
    let Quantity::Rate {
        profile: Profile::Monthly(weights),
        ..
    } = read.quantity
    else {
        panic!("{:?}", read.quantity)
    };
    assert_eq!(weights, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    let lot = gypsum()
        .with(Field::Period, "lot")
        .with(Field::AvailableTo, "2027-02-01");
    let Quantity::Lot { amount, available } = flow(&lot).quantity else {
        panic!("a lot")
    };
    assert_eq!(
        (amount.mid(), available.to),
        (Amount::from_milli(1_200_000), Some(date(2027, 2, 1)))
    );
}

#[test]
fn a_code_alone_is_not_a_material() {
    let draft = gypsum()
        .with(Field::Resource, "")
        .with(Field::Name, "résidu")
        .with(Field::WasteCode, "10 01 05");
    assert_eq!(flow(&draft).identity, Identity::Unrecognised);
}
