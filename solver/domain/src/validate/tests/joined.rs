//! Rows joined: keys, partners, contradictions.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::*;

#[test]
fn a_site_is_known_by_its_identifier_or_by_its_names() {
    let named = |firm: &str, site: &str, id: &str, reference: &str| {
        gypsum()
            .with(Field::Firm, firm)
            .with(Field::Site, site)
            .with(Field::SiteId, id)
            .with(Field::Ref, reference)
    };
    let joined = gathered(&[
        named("Centrale A", "Usine nord", "35600000000048", "a"),
        named("CENTRALE  A", "usine Nord", "", "b"),
        named("", "", "35600000000048", "c"),
        named("Centrale A", "", "", "d"),
    ]);
    assert_eq!(joined.findings, vec![]);
    let declaration = joined.declaration;
    assert_eq!(
        (
            declaration.firms.len(),
            declaration.sites.len(),
            declaration.flows.len()
        ),
        (1, 1, 4)
    );
    assert_eq!(declaration.firms[0].key.as_str(), "siren:356000000");
    assert_eq!(
        declaration.firms[0].external.as_ref().unwrap().scheme,
        IdScheme::Siren
    );
    assert_eq!(declaration.sites[0].key.as_str(), "siret:35600000000048");
    assert!(
        declaration
            .flows
            .iter()
            .all(|flow| flow.key.site == declaration.sites[0].key)
    );
}

#[test]
fn rows_that_contradict_each_other_are_told() {
    let codes = |drafts: &[Draft]| -> Vec<(usize, Code)> {
        gathered(drafts)
            .findings
            .into_iter()
            .map(|(row, finding)| (row, finding.code))
            .collect()
    };
    let second = || gypsum().with(Field::Ref, "gypse 2");
    assert_eq!(codes(&[gypsum(), gypsum()]), vec![(1, Code::E1701)]);
    assert_eq!(
        codes(&[gypsum().with(Field::Ref, ""), gypsum().with(Field::Ref, "")]),
        vec![(1, Code::E1702)]
    );
    assert_eq!(
        codes(&[
            gypsum().with(Field::Headcount, "12"),
            second().with(Field::Headcount, "13")
        ]),
        vec![(1, Code::E1206)]
    );
    assert_eq!(
        codes(&[gypsum().with(Field::Partner, "Nulle part")]),
        vec![(0, Code::E1503)]
    );
    assert_eq!(
        codes(&[gypsum().with(Field::Partner, "Centrale A")]),
        vec![(0, Code::E1504)]
    );
    let twins = [
        gypsum().with(Field::Firm, "B").with(Field::Site, "un"),
        gypsum().with(Field::Firm, "B").with(Field::Site, "deux"),
    ];
    assert_eq!(
        codes(&[
            twins[0].clone(),
            twins[1].clone(),
            gypsum().with(Field::Partner, "B")
        ]),
        vec![(2, Code::E1505)]
    );
    assert_eq!(
        codes(&[
            twins[0].clone(),
            twins[1].clone(),
            gypsum().with(Field::Firm, "B")
        ]),
        vec![(2, Code::E1207)]
    );
    let shared = |name: &str, reference: &str| {
        gypsum()
            .with(Field::Firm, name)
            .with(Field::SiteId, "K-1")
            .with(Field::Ref, reference)
    };
    // One identifier of a site under two firms.
    assert!(codes(&[shared("C", "1"), shared("D", "2")]).contains(&(1, Code::E1206)));
    let lone = gypsum().with(Field::Firm, "").with(Field::SiteId, "K-2");
    assert_eq!(codes(&[lone]), vec![(0, Code::E1109)]);
}

#[test]
fn a_partner_is_found_by_identifier_site_or_firm() {
    let plant = gypsum()
        .with(Field::Firm, "Plâtrerie B")
        .with(Field::Site, "Atelier")
        .with(Field::SiteId, "EPRTR:77")
        .with(Field::Direction, "entrant")
        .with(Field::Resource, "mat.mineral.gypsum");
    for words in [
        "EPRTR:77",
        "77",
        "Plâtrerie B / Atelier",
        "atelier",
        "PLATRERIE B",
    ] {
        let joined = gathered(&[plant.clone(), gypsum().with(Field::Partner, words)]);
        assert_eq!(joined.findings, vec![], "{words}");
        let partner = joined
            .declaration
            .flows
            .iter()
            .find_map(|flow| flow.present.partner.as_ref());
        assert_eq!(partner.map(|key| key.as_str()), Some("eprtr:77"), "{words}");
    }
}

#[test]
fn what_is_stored_lends_what_the_rows_leave_empty() {
    let full = gypsum()
        .with(Field::SiteId, "K-1")
        .with(Field::Headcount, "12")
        .with(Field::Commune, "59183");
    let stored = gathered(&[full]).declaration;
    let context = context().with_known(stored.firms.clone(), stored.sites.clone());
    let row = read_row(
        &gypsum().with(Field::Firm, "").with(Field::SiteId, "K-1"),
        &context,
    )
    .value;
    let joined = gather(&[row], &context);
    assert_eq!(joined.findings, vec![]);
    assert_eq!(joined.declaration.sites, stored.sites);
    assert_eq!(joined.declaration.firms, stored.firms);
}

#[test]
fn a_site_without_position_stands_at_its_commune() {
    let joined = gathered(&[gypsum().with(Field::Commune, "Dunkerque (59)")]);
    let site = &joined.declaration.sites[0];
    assert_eq!(site.commune.as_deref(), Some("59183"));
    assert_eq!(site.position.unwrap().source, PositionSource::Commune);
}

#[test]
fn a_later_edition_that_is_not_loaded_is_told_once() {
    let mut editions = String::from(Knowledge::embedded_table("editions.csv").unwrap());
    editions = editions.replace(",2026-11-09,1,", ",2026-11-09,0,");
    let tables = BTreeMap::from([("editions.csv".to_owned(), editions)]);
    let knowledge = Knowledge::from_tables(&tables).unwrap();
    let context = Context::new(&knowledge, date(2026, 12, 10), ZoneId::new("zone"));
    let rows: Vec<RowDeclaration> = ["a", "b"]
        .map(|reference| {
            gypsum()
                .with(Field::Ref, reference)
                .with(Field::WasteCode, "10 01 05")
        })
        .iter()
        .map(|draft| read_row(draft, &context).value)
        .collect();
    let codes: Vec<Code> = gather(&rows, &context)
        .findings
        .into_iter()
        .map(|(_, finding)| finding.code)
        .collect();
    assert_eq!(codes, vec![Code::I3303]);
}

#[test]
fn a_code_is_judged_on_the_day_of_its_flow_and_says_when_it_changed() {
    let codes = |on: Date, code: &str, ends: &str| {
        let context = Context::new(knowledge(), on, ZoneId::new("zone"));
        let draft = gypsum()
            .with(Field::WasteCode, code)
            .with(Field::ValidTo, ends);
        let read = read_row(&draft, &context);
        let about = |finding: &&Finding| finding.field == Some(Field::WasteCode);
        read.findings
            .iter()
            .filter(about)
            .map(|finding| finding.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(date(2026, 11, 1), "16 06 05", ""), []);
    assert_eq!(codes(date(2026, 11, 20), "16 06 05", ""), [Code::I3303]);
    assert_eq!(codes(date(2027, 1, 2), "16 06 05", ""), [Code::E1308]);
    // The flow stopped while the code still stood.
    assert_eq!(codes(date(2027, 1, 2), "16 06 05", "2026-10-31"), []);
    assert_eq!(codes(date(2026, 11, 1), "19 14 02*", ""), [Code::W2309]);
    assert_eq!(
        codes(date(2027, 1, 2), "16 06 04", ""),
        [Code::W2303],
        "the star is put back"
    );
    assert_eq!(codes(date(2026, 11, 1), "16 06 04*", ""), [Code::E1307]);
}

#[test]
fn an_activity_is_read_by_both_classifications_and_says_what_may_have_changed() {
    let read = |on: Date, code: &str| {
        let context = Context::new(knowledge(), on, ZoneId::new("zone"));
        let read = read_row(&gypsum().with(Field::Activity, code), &context);
        let about = |finding: &&Finding| finding.field == Some(Field::Activity);
        let codes: Vec<Code> = read
            .findings
            .iter()
            .filter(about)
            .map(|finding| finding.code)
            .collect();
        (read.value.site.activity.map(|code| code.to_string()), codes)
    };
    assert_eq!(
        read(date(2026, 11, 1), "01.12Y"),
        (Some("A01.12".into()), vec![])
    );
    assert_eq!(
        read(date(2027, 1, 1), "01.12Z"),
        (Some("A01.12".into()), vec![])
    );
    assert_eq!(
        read(date(2027, 1, 1), "01.63Z"),
        (Some("A01.63".into()), vec![Code::I3201])
    );
    assert_eq!(
        read(date(2026, 12, 31), "01.63Z"),
        (Some("A01.63".into()), vec![])
    );
    assert_eq!(read(date(2027, 1, 1), "01.63Y"), (None, vec![Code::W2209]));
}
