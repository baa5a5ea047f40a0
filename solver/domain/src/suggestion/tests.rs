//! What sites are suggested, on an invented dairy.

use std::sync::LazyLock;

use jiff::civil::date;

use super::*;
use crate::id::{ActivityCode, FirmKey, SiteKey, TerritoryId, ZoneId};
use crate::organisation::Territory;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::embedded().unwrap());

fn dairy(headcount: Option<u32>, flows: Vec<Flow>) -> Snapshot {
    let site = Site {
        key: SiteKey::new("s"),
        firm: FirmKey::new("f"),
        zone: ZoneId::new("z"),
        name: String::new(),
        external: None,
        activity: Some(ActivityCode::new("C10.51")),
        commune: None,
        position: None,
        headcount,
        icpe_rubrics: Vec::new(),
        agreements: Vec::new(),
    };
    let territory = Territory {
        id: TerritoryId::new("t"),
        name: String::new(),
    };
    let day = date(2027, 1, 15);
    Snapshot::new(territory, day, Vec::new(), Vec::new(), vec![site], flows)
}

fn references(snapshot: &Snapshot) -> Vec<String> {
    let found = suggestions(snapshot, &KNOWLEDGE);
    found
        .iter()
        .map(|one| one.flow.key.reference.clone())
        .collect()
}

#[test]
fn a_profile_is_resolved_from_class_to_section_each_flow_once() {
    let rows = KNOWLEDGE.profile(&ActivityCode::new("C10.51"));
    assert!((8..=40).contains(&rows.len()), "{}", rows.len());
    let of = |resource: &str| rows.iter().filter(|row| row.resource == resource).count();
    assert_eq!(of("en.elec"), 1);
    assert!(rows.iter().any(|row| row.activity.as_str() == "C10.51"));
    assert!(
        rows.iter().any(|row| row.activity.as_str().len() < 6),
        "completed from above"
    );
}

#[test]
fn independent_factors_combine_in_logarithms_and_a_low_of_nought_stays() {
    let row = KNOWLEDGE
        .profile_rows()
        .find(|row| row.product.is_some() && row.amount.low() > 0.0)
        .unwrap();
    let (_, tonnes) = row.product.as_ref().unwrap();
    let yearly = row.yearly(10).unwrap();
    assert!((yearly.mid() - row.amount.mid() * tonnes.mid() * 10.0).abs() < 1e-9 * yearly.mid());
    let half = |a: f64, b: f64| (a / b).ln();
    let expected = (half(row.amount.high(), row.amount.mid()).powi(2)
        + half(tonnes.high(), tonnes.mid()).powi(2))
    .sqrt();
    assert!((half(yearly.high(), yearly.mid()) - expected).abs() < 1e-9);
    let nought = KNOWLEDGE
        .profile_rows()
        .find(|row| row.amount.low() == 0.0)
        .unwrap();
    assert_eq!(nought.yearly(10).unwrap().low(), 0.0);
    let small = KNOWLEDGE
        .profile_rows()
        .find(|row| row.product.is_none() && row.scaling == Scaling::Jobs && row.amount.low() > 0.0)
        .unwrap();
    let ratio = |jobs| {
        let yearly = small.yearly(jobs).unwrap();
        yearly.high() / yearly.mid()
    };
    assert!(ratio(4) > ratio(5), "wider below five jobs");
}

#[test]
fn a_site_without_size_is_suggested_nothing_and_every_suggestion_is_generic_with_its_source() {
    assert!(references(&dairy(None, Vec::new())).is_empty());
    let found = suggestions(&dairy(Some(60), Vec::new()), &KNOWLEDGE);
    assert!(found.len() > 5);
    assert!(found.windows(2).all(|pair| pair[0].share >= pair[1].share));
    for one in &found {
        assert_eq!(one.flow.provenance.method, Method::Generic);
        assert!(one.source.starts_with("profil "), "{}", one.source);
        assert!(!one.question.fr.is_empty() && !one.question.en.is_empty());
        assert_ne!(one.flow.visibility, Visibility::Public);
    }
}

#[test]
fn what_a_firm_declares_or_denies_is_not_suggested() {
    let empty = dairy(Some(60), Vec::new());
    let first = suggestions(&empty, &KNOWLEDGE)[0].flow.clone();
    let reference = first.key.reference.clone();
    let mut declared = first.clone();
    declared.key.reference = "the-firms-own".to_owned();
    let with = references(&dairy(Some(60), vec![declared]));
    assert!(!with.contains(&reference) && !with.is_empty());
    let denial = GivenAnswer {
        question: QuestionId::Exists(first.key),
        value: AnswerValue::YesNo(false),
        by: "firme".to_owned(),
        on: date(2027, 1, 10),
        evidence: String::new(),
    };
    let denied = references(&empty.clone().with_answers(vec![denial]));
    assert!(!denied.contains(&reference) && !denied.is_empty());
}

#[test]
fn only_the_likely_ones_enter_a_snapshot_and_are_marked() {
    let snapshot = dairy(Some(60), Vec::new()).with_suggestions(&KNOWLEDGE);
    assert!(!snapshot.flows().is_empty());
    assert!(
        snapshot
            .flows()
            .iter()
            .all(|flow| snapshot.is_suggested(&flow.key))
    );
    assert!(snapshot.flows().len() < references(&dairy(Some(60), Vec::new())).len());
    assert_ne!(snapshot.digest(), dairy(Some(60), Vec::new()).digest());
}
