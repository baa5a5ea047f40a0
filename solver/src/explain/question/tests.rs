//! Questions as they are asked.

use boucle_domain::id::{PropertyName, ResourceKey};
use boucle_domain::interval::Interval;
use boucle_domain::property::Property;

use super::*;
use crate::explain::example;

fn plain(text: &str) -> String {
    text.replace(['\u{202f}', '\u{a0}'], " ")
}

fn asked(flow: &Flow) -> Question {
    for_flow(flow, example::knowledge()).expect("a question")
}

fn number(low: f64, high: f64) -> PropertyValue {
    PropertyValue::Number(Interval::new(low, low, high).unwrap())
}

#[test]
fn a_waste_code_alone_asks_which_of_its_materials_it_is() {
    let key = example::output("four", "marc");
    let flow = example::unrecognised(key, "Marc de pommes d'essai", Some("020304"));
    let question = asked(&flow);
    let donors = example::knowledge().donors_with_code(&WasteCode::new("020304"));
    assert!(donors.len() > 5);
    assert_eq!(question.candidates.len(), donors.len());
    let text = plain(&question.text.fr);
    assert_eq!(
        text,
        format!(
            "« Marc de pommes d'essai » : le code 02 03 04 recouvre {} matières du catalogue ; laquelle est-ce ?",
            donors.len()
        )
    );
    let first = &question.candidates[0].1;
    assert!(
        normalised(&first.fr).contains("marc") || normalised(&first.fr).contains("pomme"),
        "what shares words with the name comes first: {first:?}"
    );
}

#[test]
fn a_hazardous_code_keeps_its_star_and_a_code_of_one_material_is_confirmed() {
    let of_one = example::knowledge()
        .waste_codes()
        .iter()
        .find(|entry| {
            entry.hazardous
                && example::knowledge().outlet_reason(&entry.code).is_none()
                && example::knowledge().donors_with_code(&entry.code).len() == 1
        })
        .expect("a hazardous code of one donor");
    let key = example::output("four", "reste");
    let flow = example::unrecognised(key, "Reste d'essai", Some(of_one.code.as_str()));
    let question = asked(&flow);
    assert_eq!(question.candidates.len(), 1);
    assert!(question.text.en.contains('*'), "{}", question.text.en);
    assert!(question.text.en.ends_with("is it that?"));
}

#[test]
fn a_waste_known_to_have_no_exchange_gets_no_question() {
    let knowledge = example::knowledge();
    let code = knowledge
        .waste_codes()
        .iter()
        .map(|entry| &entry.code)
        .find(|code| knowledge.outlet_reason(code).is_some())
        .expect("a code without exchange");
    let key = example::output("four", "reste");
    let flow = example::unrecognised(key, "Reste d'essai", Some(code.as_str()));
    assert_eq!(for_flow(&flow, knowledge), None);
}

#[test]
fn a_name_nobody_knows_asks_for_a_code_and_a_purchase_for_a_resource() {
    let unknown = |key| example::unrecognised(key, "Chose d'essai", None);
    let output = asked(&unknown(example::output("four", "chose")));
    assert!(output.text.en.contains("six digits") && output.candidates.is_empty());
    let input = asked(&unknown(example::input("four", "chose")));
    assert!(input.text.en.contains("which resource do you buy"));
    let known = &example::zone().flows()[0].clone();
    assert_eq!(for_flow(known, example::knowledge()), None);
}

#[test]
fn an_ambiguous_name_gives_its_meanings() {
    let knowledge = example::knowledge();
    let name = knowledge
        .donors()
        .iter()
        .flat_map(|donor| donor.synonyms.iter().chain([&donor.label.fr]))
        .find(|name| knowledge.recognise_label(name, Direction::Output).len() > 1);
    // A catalogue without an ambiguous name has nothing to ask here.
    let Some(name) = name else { return };
    let key = example::output("four", "ambigu");
    let question = asked(&example::unrecognised(key, name, None));
    assert!(question.candidates.len() > 1);
    assert!(question.text.en.contains("may mean"));
}

#[test]
fn an_unknown_condition_asks_for_the_property_in_its_unit() {
    let text = for_condition("chloride_pct<=0.10", None);
    assert_eq!(
        plain(&text.fr),
        "Quelle est la teneur en chlorures (%) ? La règle demande au plus 0,10."
    );
    assert_eq!(
        text.en,
        "What is the chloride content (%)? The rule asks for at most 0.10."
    );
    assert_eq!(
        plain(&for_condition("ph>=3.5", None).fr),
        "Quel est le pH ? La règle demande au moins 3,5."
    );
    assert_eq!(
        for_condition("class_abc in A,B", None).en,
        "What is the wood class (A, B or C)? The rule asks for A or B."
    );
    assert!(for_condition("garbage", None).fr.contains("garbage"));
}

#[test]
fn a_range_that_straddles_the_limit_is_asked_more_exactly() {
    let text = for_condition("chloride_pct<=0.10", Some(&number(0.05, 0.2)));
    assert_eq!(
        plain(&text.fr),
        "Quelle est la teneur en chlorures, au juste ? La plage déclarée va de 0,05 à 0,2 %, et la règle demande au plus 0,10 %."
    );
}

#[test]
fn what_is_missing_of_a_lead_becomes_a_question() {
    let zone = example::zone();
    let mut giver = zone
        .flow(&example::output("four", "laitier"))
        .unwrap()
        .clone();
    let taker = zone.flow(&example::input("nord", "liant")).unwrap();
    let ask = |missing: &Missing, giver: &Flow| {
        for_missing(missing, giver, taker, example::knowledge()).en
    };
    let condition = Missing::Condition("glass_pct>=67".into());
    assert!(ask(&condition, &giver).starts_with("What is the glassy share (%)?"));
    giver.properties.insert(
        PropertyName::new("glass_pct"),
        Property {
            value: number(60.0, 90.0),
            method: None,
            date: None,
        },
    );
    assert!(ask(&condition, &giver).contains("goes from 60 to 90%"));
    let precision = Missing::NeedPrecision {
        offered: ResourceKey::new("mat.mineral.aggregate"),
        wanted: ResourceKey::new("mat.mineral.aggregate.road"),
    };
    assert_eq!(
        ask(&precision, &giver),
        "The declared need is “Road aggregates”; would “Aggregates”, less precise, do?"
    );
    assert!(ask(&Missing::Hazard, &giver).starts_with("Is “Laitier d'essai” a hazardous waste?"));
    assert!(ask(&Missing::OutletPrice, &giver).contains("getting rid of “Laitier d'essai”"));
    assert!(
        ask(&Missing::SupplyPrice, &giver).contains("buying “Liant d'essai” cost today, in EUR/t")
    );
}

#[test]
fn only_a_site_without_a_place_is_asked_where_it_is() {
    let zone = example::zone();
    let ask = |key: &boucle_domain::id::FlowKey| {
        for_position(zone.flow(key).unwrap(), zone.site(&key.site).unwrap())
    };
    let question = ask(&example::input("perdu", "sable")).expect("a question");
    assert!(question.text.fr.contains("Atelier perdu"));
    let mut nameless = zone
        .sites()
        .iter()
        .find(|site| site.position.is_none())
        .unwrap()
        .clone();
    nameless.name = String::new();
    let sand = zone.flow(&example::input("perdu", "sable")).unwrap();
    let question = for_position(sand, &nameless).expect("a question");
    assert!(
        question
            .text
            .en
            .starts_with("Where is the site that declares “Sable d'essai”?")
    );
    assert_eq!(ask(&example::input("nord", "liant")), None);
}
