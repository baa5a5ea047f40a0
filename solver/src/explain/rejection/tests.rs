//! Every reason read out, in both languages.

use boucle_domain::flow::{Flow, Present};
use boucle_domain::id::{FlagId, ResourceKey, RuleId};
use boucle_domain::interval::Interval;
use boucle_domain::property::PropertyValue;
use boucle_domain::snapshot::Snapshot;

use super::*;
use crate::answer::{ConditionResult, Outcome};
use crate::explain::example;

/// The text with French spaces made plain, to be readable here.
fn plain(text: &str) -> String {
    text.replace(['\u{202f}', '\u{a0}'], " ")
}

fn told(reason: &Reason) -> (String, String) {
    told_in(&example::zone(), reason)
}

/// Listed under the slag of the smelter, about the need for binder of the northern depot.
fn told_in(zone: &Snapshot, reason: &Reason) -> (String, String) {
    let names = Names::new(zone, example::knowledge());
    let slag = example::output("four", "laitier");
    let binder = example::input("nord", "liant");
    let text = text(reason, &slag, Some(&binder), &names);
    (plain(&text.fr), text.en)
}

fn alone(reason: &Reason, flow: &FlowKey) -> (String, String) {
    let zone = example::zone();
    let names = Names::new(&zone, example::knowledge());
    let text = text(reason, flow, None, &names);
    (plain(&text.fr), text.en)
}

fn kilometres(value: f64) -> Distance {
    Distance::from_kilometres(value).unwrap()
}

fn euros(value: f64) -> Money {
    Money::from_euros(value).unwrap()
}

fn with_flow(change: impl Fn(&mut Flow)) -> Snapshot {
    let zone = example::zone();
    let mut flows = zone.flows().to_vec();
    flows.iter_mut().for_each(change);
    Snapshot::new(
        zone.territory().clone(),
        zone.valid_on(),
        zone.zones().to_vec(),
        zone.firms().to_vec(),
        zone.sites().to_vec(),
        flows,
    )
}

fn failed(failures: u32) -> Reason {
    Reason::ConditionFailed {
        result: ConditionResult {
            condition: "chloride_pct<=0.1".into(),
            declared: Some(PropertyValue::Number(Interval::exact(0.3))),
            method: Some("analyse".into()),
            outcome: Outcome::Fail,
        },
        failures,
    }
}

/// One of each variant, in the order of their declaration.
fn one_of_each() -> Vec<Reason> {
    vec![
        Reason::Unrecognised,
        Reason::NoExchangeKnown {
            why: Text::new("Rien de connu.", "Nothing known."),
            usual_treatment: "D5, R4".into(),
        },
        Reason::OtherCarrier,
        Reason::NoRule,
        Reason::NoCounterpart {
            wanted: vec!["mat.mineral.cementitious".into()],
        },
        Reason::SameSite,
        Reason::NeedTooPrecise {
            offered: ResourceKey::new("mat.mineral.aggregate"),
            wanted: ResourceKey::new("mat.mineral.aggregate.road"),
        },
        Reason::UnitMismatch {
            rule: Unit::Tonne,
            flow: Unit::CubicMetre,
        },
        Reason::TooFar {
            distance: kilometres(74.0),
            limit: kilometres(50.0),
        },
        Reason::BeyondBreakEven {
            distance: kilometres(74.0),
            break_even: kilometres(31.0),
            loss: boucle_domain::units::Price::from_milli(1500),
        },
        failed(1),
        Reason::Blocked {
            flag: FlagId::new("HAZ"),
            label: Text::new("Déchet dangereux", "Hazardous waste"),
            next_act: Text::new("Obtenir l'accord écrit", "Obtain the written agreement"),
        },
        Reason::NoCommonPeriod,
        Reason::NotWorthTheLink {
            gain: euros(180.0),
            link: euros(600.0),
        },
        Reason::BelowMinimumLot {
            possible: Amount::from_milli(3_000),
            lot: Amount::from_milli(10_000),
        },
        Reason::Forbidden {
            reason: "refus sur place".into(),
        },
        Reason::Engaged {
            partner: SiteKey::new("sud"),
        },
        Reason::Beaten {
            by: vec![PairKey {
                output: example::output("four", "laitier"),
                input: example::input("sud", "grave"),
                rule: RuleId::new("R002"),
            }],
            loss: Some(euros(1_250.0)),
        },
        Reason::NoPosition,
        Reason::Crowded { kept: 40 },
        Reason::NoPrice,
    ]
}

#[test]
fn every_reason_is_told_in_both_languages_with_or_without_another_party() {
    let zone = example::zone();
    let names = Names::new(&zone, example::knowledge());
    let ends = [
        example::output("four", "laitier"),
        example::input("nord", "liant"),
        example::output("nowhere", "nothing"),
    ];
    for reason in one_of_each() {
        for flow in &ends {
            for other in [None, Some(&ends[0]), Some(&ends[1]), Some(&ends[2])] {
                let text = text(&reason, flow, other, &names);
                for said in [&text.fr, &text.en] {
                    assert!(said.ends_with('.'), "{}: {said}", kind(&reason));
                    assert!(!said.contains(['{', '}']), "{said}");
                    assert!(!said.contains(".."), "{said}");
                }
            }
        }
    }
}

#[test]
fn every_kind_has_a_name_of_its_own() {
    let mut kinds: Vec<&str> = one_of_each().iter().map(kind).collect();
    let all = kinds.len();
    assert_eq!(kinds[8], "too_far");
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), all);
    for reason in one_of_each() {
        // The name under which it is counted is that under which it is serialised.
        let serialised = serde_json::to_string(&reason).unwrap();
        assert!(serialised.contains(kind(&reason)), "{serialised}");
    }
}

#[test]
fn too_far_says_by_how_much_and_whose_limit_it_is() {
    let reason = &one_of_each()[8];
    assert_eq!(
        told(reason),
        (
            "Routes Essai - Dépôt nord (« Liant d'essai ») : 74 km, alors que la règle s'arrête à 50 km : 24 km de trop.".into(),
            "Routes Essai - Dépôt nord (“Liant d'essai”): 74 km, while the rule stops at 50 km: 24 km too far.".into()
        )
    );
    let zone = with_flow(|flow| {
        if flow.key.reference == "laitier" {
            flow.maximum_distance = Some(kilometres(50.0));
        }
    });
    assert!(
        told_in(&zone, reason)
            .0
            .contains("alors que Fonderie Essai n'accepte pas plus de 50 km")
    );
}

#[test]
fn break_even_tells_what_loses_next_door_from_what_is_only_too_far() {
    let beyond = |even| {
        told(&Reason::BeyondBreakEven {
            distance: kilometres(74.0),
            break_even: kilometres(even),
            loss: boucle_domain::units::Price::from_milli(1500),
        })
        .1
    };
    assert!(beyond(31.0).contains(
        "74 km; beyond 31 km carriage costs more than the exchange saves: 43 km too far."
    ));
    assert!(beyond(0.0).contains("even next door"));
    assert!(beyond(74.0).contains("nothing to gain"));
}

#[test]
fn a_failed_condition_counts_the_others() {
    assert!(
        told(&failed(1))
            .0
            .ends_with("est de 0,3 % ; la règle demande au plus 0,1 %, soit 0,2 point de trop.")
    );
    assert!(
        told(&failed(2))
            .1
            .ends_with("One more condition is not met either.")
    );
    assert!(
        told(&failed(4))
            .1
            .ends_with("3 more conditions are not met either.")
    );
}

#[test]
fn a_link_that_does_not_pay_says_what_is_missing() {
    let not_worth = |gain| {
        told(&Reason::NotWorthTheLink {
            gain: euros(gain),
            link: euros(600.0),
        })
        .1
    };
    assert!(not_worth(180.0).contains("save 180 EUR/yr"));
    assert!(not_worth(180.0).contains("420 EUR/yr is missing. Going on as today"));
    assert!(not_worth(-50.0).contains("cost 50 EUR/yr more than today"));
    assert!(not_worth(900.0).contains("given what is still to be checked"));
}

#[test]
fn what_beats_a_pair_is_named_with_the_cost_of_forcing() {
    let (french, english) = told(&one_of_each()[17]);
    assert!(
        french.ends_with(
            "le plan fait mieux autrement : « Laitier d'essai » va de Fonderie Essai à Routes Essai - Dépôt sud. L'imposer coûterait 1 250 EUR/an à la zone."
        ),
        "{french}"
    );
    assert!(english.contains("Forcing it would cost the zone 1,250 EUR/yr."));
    let Reason::Beaten { by, loss } = one_of_each().swap_remove(17) else {
        panic!("not beaten")
    };
    let by = [&by[..], &by[..], &by[..], &by[..]].concat();
    assert!(
        told(&Reason::Beaten { by, loss })
            .1
            .contains("and 2 more exchanges.")
    );
    let free = Reason::Beaten {
        by: vec![],
        loss: Some(Money::ZERO),
    };
    assert!(told(&free).1.ends_with("nothing more."));
}

#[test]
fn a_block_says_what_would_lift_it() {
    assert!(told(&one_of_each()[11]).0.ends_with(
        "déchet dangereux ; aucune autorisation déclarée n'y répond. Pour lever ce point, obtenir l'accord écrit."
    ));
}

#[test]
fn units_that_do_not_convert_say_what_to_declare() {
    let remedy = |rule, flow| told(&Reason::UnitMismatch { rule, flow }).1;
    assert!(remedy(Unit::Tonne, Unit::CubicMetre).contains("density"));
    assert!(remedy(Unit::MegawattHour, Unit::Tonne).contains("heating value"));
    assert!(remedy(Unit::Piece, Unit::Tonne).contains("declared in pieces"));
}

#[test]
fn seasons_that_never_meet_are_both_named() {
    let zone = example::zone();
    let names = Names::new(&zone, example::knowledge());
    let text = text(
        &Reason::NoCommonPeriod,
        &example::output("four", "pulpes"),
        Some(&example::input("sud", "grave")),
        &names,
    );
    assert!(
        text.fr
            .ends_with("(octobre à décembre d'un côté, juin à juillet de l'autre)."),
        "{}",
        text.fr
    );
}

#[test]
fn the_flow_that_is_engaged_or_has_no_price_or_place_is_the_one_that_is_named() {
    let zone = with_flow(|flow| {
        if flow.key.reference == "liant" {
            flow.present = Present {
                partner: Some(SiteKey::new("sud")),
                ..Present::default()
            };
        }
    });
    let engaged = Reason::Engaged {
        partner: SiteKey::new("sud"),
    };
    assert!(
        told_in(&zone, &engaged)
            .1
            .contains("“Liant d'essai” already comes from Routes Essai - Dépôt sud")
    );
    assert!(
        told_in(&zone, &Reason::NoPrice)
            .1
            .contains("what buying “Liant d'essai” costs today")
    );
    let lost = example::input("perdu", "sable");
    assert!(
        alone(&Reason::NoPosition, &lost)
            .1
            .contains("where Essai Seul - Atelier perdu is")
    );
}

#[test]
fn a_long_list_of_wants_is_counted() {
    let wanted: Vec<String> = ["mineral", "metal", "wood", "bio", "chem", "gas", "fibre"]
        .map(|kind| format!("mat.{kind}"))
        .to_vec();
    let slag = example::output("four", "laitier");
    let (french, english) = alone(&Reason::NoCounterpart { wanted }, &slag);
    assert!(french.starts_with("Personne dans la zone n'a déclaré acheter"));
    assert!(
        english.contains("“Minerals”, ") && english.ends_with(" or 3 others."),
        "{english}"
    );
    let (_, english) = alone(&Reason::NoCounterpart { wanted: vec![] }, &slag);
    assert_eq!(english, "No flow declared in the zone goes with this one.");
}

#[test]
fn a_waste_without_exchange_says_why_and_where_it_usually_goes() {
    let (french, english) = alone(&one_of_each()[1], &example::output("four", "laitier"));
    assert_eq!(
        french,
        "Aucun échange entre entreprises n'est connu pour ce déchet (rien de connu). \
         Traitement habituel : mise en décharge spécialement aménagée (D5) ou R4."
    );
    assert!(english.ends_with("Usual treatment: D5 or R4."), "{english}");
}

#[test]
fn amounts_below_the_lot_are_in_the_unit_of_the_output() {
    let zone = with_flow(|flow| {
        if flow.key.reference == "laitier" {
            flow.unit = Unit::CubicMetre;
        }
    });
    let (_, english) = told_in(&zone, &one_of_each()[14]);
    assert!(english.contains("at most 3 m³/yr could flow"), "{english}");
    assert!(english.ends_with("7 m³/yr is missing."));
}
