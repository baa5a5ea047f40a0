//! Promises of the catalogue: each look-up rule on the embedded tables.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::civil::date;

use super::*;
use crate::flow::Identity;
use crate::id::{
    Direction, DonorKey, EvidenceId, FactorId, FlagId, ResourceKey, RuleId, TreatmentId, WasteCode,
};
use crate::interval::Interval;
use crate::units::{Price, Unit};

mod prices;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::embedded().unwrap());

fn resource(key: &str) -> ResourceKey {
    ResourceKey::new(key)
}

fn donor(key: &str) -> DonorKey {
    DonorKey::new(key)
}

fn ids<'r>(rules: impl Iterator<Item = &'r Rule>) -> Vec<&'r str> {
    rules.map(|rule| rule.id.as_str()).collect()
}

/// Low, mid and high in euros.
fn euros(price: Interval<Price>) -> (f64, f64, f64) {
    (
        price.low().euros(),
        price.mid().euros(),
        price.high().euros(),
    )
}

#[test]
fn the_embedded_catalogue_is_read_without_a_fault() {
    assert_eq!(KNOWLEDGE.rules().len(), 708);
    assert_eq!(KNOWLEDGE.donors().len(), 473);
    assert_eq!(KNOWLEDGE.resources().len(), 202);
    assert_eq!(KNOWLEDGE.waste_codes().len(), 842);
    assert_eq!(KNOWLEDGE.activities().count(), 1728);
    assert_eq!(KNOWLEDGE.communes().len(), 35_014);
}

#[test]
fn the_readme_of_the_tables_counts_every_one_of_them() {
    let readme = include_str!("../../data/README.md");
    for name in Knowledge::table_names() {
        let line = readme
            .lines()
            .find(|line| line.starts_with(&format!("| `{name}` |")));
        let line = line.unwrap_or_else(|| panic!("{name} is not in the README"));
        let counted: usize = line
            .split('|')
            .nth(2)
            .unwrap()
            .trim()
            .replace(' ', "")
            .parse()
            .unwrap();
        let text = Knowledge::embedded_table(name).unwrap();
        let rows = csv::Reader::from_reader(text.as_bytes())
            .into_records()
            .count();
        assert_eq!(counted, rows, "{name}");
    }
}

#[test]
fn every_donor_and_every_answerable_resource_has_words_of_the_trade() {
    let known = |key: &Identity| {
        KNOWLEDGE
            .lexicon_terms()
            .iter()
            .filter(|term| term.keys.contains(key))
            .count()
    };
    for donor in KNOWLEDGE.donors() {
        let key = Identity::Donor(donor.key.clone());
        assert!(known(&key) >= 1, "{}", donor.key);
    }
    for resource in KNOWLEDGE.resources() {
        let parent = KNOWLEDGE
            .resources()
            .iter()
            .any(|other| other.parent.as_ref() == Some(&resource.key));
        let key = Identity::Resource(resource.key.clone());
        assert!(parent || known(&key) >= 1, "{}", resource.key);
    }
}

#[test]
fn a_lexicon_row_of_a_key_that_does_not_exist_is_a_fault() {
    let table = "key,terms_fr,terms_en\nDON:nothing,rien,nothing\n".to_owned();
    let replaced = [("lexicon_outputs.csv".to_owned(), table)].into();
    let error = Knowledge::from_tables(&replaced).unwrap_err();
    assert!(error.to_string().contains("DON:nothing"), "{error}");
}

#[test]
fn the_version_follows_the_contents() {
    assert_eq!(KNOWLEDGE.version().len(), 64);
    assert_eq!(
        Knowledge::from_tables(&BTreeMap::new()).unwrap().version(),
        KNOWLEDGE.version()
    );
    let text =
        Knowledge::embedded_table("factors.csv")
            .unwrap()
            .replacen("0.02,0.06", "0.03,0.06", 1);
    let replaced = BTreeMap::from([("factors.csv".to_owned(), text)]);
    let other = Knowledge::from_tables(&replaced).unwrap();
    assert_ne!(other.version(), KNOWLEDGE.version());
    assert_eq!(
        other.factor(&FactorId::new("F-ELEC")).unwrap().value.low(),
        0.03
    );
}

#[test]
fn ancestors_follow_the_parent_column_not_the_dots() {
    let key = resource("water.highcod");
    let chain: Vec<_> = KNOWLEDGE.ancestors(&key).map(ResourceKey::as_str).collect();
    assert_eq!(chain, ["water.highcod", "water.effluent", "water"]);
    assert!(KNOWLEDGE.is_within(&key, &resource("water.effluent")));
    assert!(!KNOWLEDGE.is_within(&resource("water.effluent"), &key));
    assert_eq!(KNOWLEDGE.ancestors(&resource("nothing")).count(), 0);
}

#[test]
fn a_rule_is_read_with_its_ratio_conditions_and_notes() {
    let rule = KNOWLEDGE.rule(&RuleId::new("R001")).unwrap();
    assert_eq!(rule.donors, [donor("DON:granulated_blast_furnace_slag")]);
    assert_eq!(
        rule.waste_codes,
        [WasteCode::new("100201"), WasteCode::new("100202")]
    );
    assert_eq!(
        (rule.ratio.low().value(), rule.ratio.high().value()),
        (0.8, 1.0)
    );
    assert!((rule.ratio.mid().value() - 0.9).abs() < 1e-12);
    assert_eq!(
        (rule.donor_unit, rule.need_unit),
        (DonorUnit::Unit(Unit::Tonne), Unit::Tonne)
    );
    assert_eq!(rule.conditions[3].to_string(), "chloride_pct<=0.10");
    assert_eq!(rule.notes.len(), 1);
    assert_eq!(rule.treatment.len(), 3);
    assert_eq!(rule.confidence, 3);
}

#[test]
fn a_wide_need_is_answered_and_a_narrow_one_is_to_check() {
    // R002 leads to road aggregates.
    let rule = KNOWLEDGE.rule(&RuleId::new("R002")).unwrap();
    let aggregate = resource("mat.mineral.aggregate");
    assert!(ids(KNOWLEDGE.rules_to_need(&aggregate)).contains(&"R002"));
    assert_eq!(KNOWLEDGE.need_fit(rule, &aggregate), NeedFit::Answers);
    assert!(
        !ids(KNOWLEDGE.rules_to_need(&resource("mat.mineral.aggregate.light"))).contains(&"R002")
    );
    assert_eq!(
        KNOWLEDGE.need_fit(rule, &resource("mat.mineral.aggregate.light")),
        NeedFit::Apart
    );
    // A rule to industrial water at large, for a need of process water.
    let water = resource("water.industrial");
    let wide = KNOWLEDGE
        .rules()
        .iter()
        .find(|rule| rule.need == water)
        .unwrap();
    let process = resource("water.process");
    assert_eq!(KNOWLEDGE.need_fit(wide, &process), NeedFit::ToCheck);
    assert!(ids(KNOWLEDGE.rules_to_check(&process)).contains(&wide.id.as_str()));
    assert!(!ids(KNOWLEDGE.rules_to_need(&process)).contains(&wide.id.as_str()));
}

#[test]
fn a_donor_resource_takes_the_rules_of_what_contains_it() {
    let low = ids(KNOWLEDGE.rules_of_resource(&resource("en.heat.steam.lp")));
    // R592 lists low-pressure steam, R591 steam at large, R240 both: each comes once.
    for id in ["R240", "R591", "R592"] {
        assert_eq!(
            low.iter().filter(|found| **found == id).count(),
            1,
            "{id} in {low:?}"
        );
    }
    let steam = ids(KNOWLEDGE.rules_of_resource(&resource("en.heat.steam")));
    assert!(
        !steam.contains(&"R592"),
        "steam at large is not taken for low-pressure steam"
    );
}

#[test]
fn one_code_may_be_known_under_many_donors() {
    let code = WasteCode::new("020304");
    assert!(KNOWLEDGE.donors_with_code(&code).len() > 10);
    assert_eq!(KNOWLEDGE.rules_with_code(&code).count(), 29);
    assert!(KNOWLEDGE.outlet_reason(&code).is_none());
    let nothing = WasteCode::new("010305*");
    assert_eq!(
        KNOWLEDGE.outlet_reason(&nothing).unwrap().usual_treatment,
        ["D5", "D1"]
    );
    assert_eq!(KNOWLEDGE.rules_with_code(&nothing).count(), 0);
}

#[test]
fn two_states_of_a_donor_give_one_density_range() {
    let density = KNOWLEDGE.density_range(&donor("DON:cardboard")).unwrap();
    assert_eq!((density.low().value(), density.high().value()), (0.05, 0.6));
    let heating = KNOWLEDGE
        .heating_range(&donor("DON:used_cooking_oil"))
        .unwrap();
    assert!((heating.low().value() - 10.0).abs() < 1e-9);
    assert!(KNOWLEDGE.density_range(&donor("DON:pallets")).is_none());
}

#[test]
fn a_step_costs_in_the_unit_of_the_donor() {
    let cost = |step: &str, unit, need: &str| {
        KNOWLEDGE.treatment_cost(&TreatmentId::new(step), unit, &resource(need))
    };
    let unit = DonorUnit::Unit;
    let range = |cost: Option<StepCost>| {
        cost.map(|cost| {
            (
                cost.euros.low().euros(),
                cost.euros.high().euros(),
                cost.per,
            )
        })
        .unwrap()
    };
    let tonne = cost("T-GRIND", unit(Unit::Tonne), "mat.mineral.cementitious");
    assert_eq!(range(tonne), (10.0, 30.0, PerUnit::DonorUnit));
    let pallet = cost("T-REPAIR", unit(Unit::Piece), "pack.pallet");
    assert_eq!(range(pallet), (1.5, 4.0, PerUnit::DonorUnit));
    let other = cost("T-REPAIR", unit(Unit::Piece), "pack.crate");
    assert_eq!(range(other), (5.0, 150.0, PerUnit::DonorUnit));
    let dryer = cost("T-DRY", unit(Unit::Tonne), "mat.bio.feed");
    assert_eq!(range(dryer), (40.0, 120.0, PerUnit::TonneOfWater));
    let exchanger = cost("T-HX", unit(Unit::MegawattHour), "en.heat.hot");
    assert_eq!(range(exchanger), (3.0, 15.0, PerUnit::MwhDelivered));
    let content = cost("T-LEACH", DonorUnit::KilogramContent, "mat.metal.precious");
    assert_eq!(range(content), (300.0, 5000.0, PerUnit::TonneOfMaterial));
    assert_eq!(cost("T-CRUSH", unit(Unit::CubicMetre), "water"), None);
    assert_eq!(cost("T-NOTHING", unit(Unit::Tonne), "mat"), None);
}

#[test]
fn a_step_says_whether_what_it_takes_away_is_a_waste() {
    let loses = |step: &str| {
        KNOWLEDGE
            .treatment(&TreatmentId::new(step))
            .map(|step| step.loses_matter)
    };
    assert_eq!(loses("T-SORT"), Some(true));
    assert_eq!(loses("T-SMELT"), Some(true));
    // Vapour of rendering and of drying, heat lost in a pipe.
    assert_eq!(loses("T-RENDER"), Some(false));
    assert_eq!(loses("T-DRY"), Some(false));
    assert_eq!(loses("T-PIPE"), Some(false));
}

#[test]
fn every_step_of_every_rule_has_a_cost() {
    for rule in KNOWLEDGE.rules() {
        for step in &rule.treatment {
            let cost = KNOWLEDGE.treatment_cost(step, rule.donor_unit, &rule.need);
            assert!(cost.is_some(), "{} {step}", rule.id);
        }
    }
}

#[test]
fn every_reference_of_a_rule_is_found() {
    for rule in KNOWLEDGE.rules() {
        assert!(
            rule.flags.iter().all(|flag| KNOWLEDGE.flag(flag).is_some()),
            "{}",
            rule.id
        );
        assert!(
            rule.evidence
                .iter()
                .all(|id| KNOWLEDGE.evidence(id).is_some()),
            "{}",
            rule.id
        );
        assert!(rule.acceptor_activities.iter().all(|code| {
            KNOWLEDGE
                .activity(code.as_str())
                .is_some_and(|entry| entry.code == *code)
        }));
    }
    assert!(KNOWLEDGE.evidence(&EvidenceId::new("P26")).is_some());
}

#[test]
fn a_flag_says_its_effect_and_its_next_act() {
    let flag = KNOWLEDGE.flag(&FlagId::new("HAZ")).unwrap();
    assert_eq!(flag.effect, FlagEffect::BlockUnlessAccepted);
    assert_eq!(flag.checked_on, None);
    let acts: std::collections::BTreeSet<_> = KNOWLEDGE
        .flags()
        .iter()
        .map(|flag| &flag.next_act.en)
        .collect();
    assert_eq!(
        acts.len(),
        KNOWLEDGE.flags().len(),
        "each flag has an act of its own"
    );
}

#[test]
fn an_avoided_factor_is_in_the_unit_of_the_resource() {
    let avoided = |key: &str| {
        KNOWLEDGE.avoided_factor(&resource(key)).map(|(id, value)| {
            (
                id.as_str().to_owned(),
                value.low().value(),
                value.high().value(),
            )
        })
    };
    assert_eq!(
        avoided("mat.metal.aluminium"),
        Some(("F-AL".to_owned(), 5000.0, 9000.0))
    );
    assert_eq!(
        avoided("mat.mineral.aggregate.road"),
        Some(("F-AGG".to_owned(), 2.0, 10.0))
    );
    assert_eq!(avoided("mat.mineral.aggregate.light"), None);
    assert_eq!(avoided("mat.chem.paint"), None);
    let (id, value) = KNOWLEDGE
        .avoided_factor(&resource("en.gas.natural"))
        .unwrap();
    assert_eq!(id.as_str(), "F-GAS");
    assert!((value.high().value() - 243.0).abs() < 1e-9);
    let (_, landfill) = KNOWLEDGE.disposal_factor().unwrap();
    assert_eq!(
        (landfill.low().value(), landfill.high().value()),
        (50.0, 600.0)
    );
}

#[test]
fn a_class_of_distance_is_inherited() {
    let high = |identity| {
        KNOWLEDGE
            .high_distance(&identity)
            .map(|distance| distance.kilometres())
    };
    assert_eq!(
        high(Identity::Resource(resource("mat.mineral.aggregate.road"))),
        Some(40.0)
    );
    assert_eq!(
        high(Identity::Resource(resource("mat.mineral.gypsum"))),
        Some(300.0)
    );
    assert_eq!(high(Identity::Resource(resource("mat.chem.paint"))), None);
    assert_eq!(high(Identity::Unrecognised), None);
}

#[test]
fn a_waste_code_is_read_as_people_write_it() {
    for text in [
        "06 01 01*",
        "060101",
        "06.01.01 *",
        "EWC 060101*",
        " 06-01-01＊ ",
    ] {
        let entry = KNOWLEDGE
            .waste_code(text)
            .unwrap_or_else(|| panic!("{text}"));
        assert_eq!(entry.code, WasteCode::new("060101*"));
        assert_eq!(
            (entry.hazardous, entry.entry_type),
            (true, EntryType::Absolute)
        );
    }
    assert_eq!(KNOWLEDGE.waste_code("10 01 01").unwrap().chapter, "10");
    for text in ["", "0601", "990101", "060101 t", "six"] {
        assert!(KNOWLEDGE.waste_code(text).is_none(), "{text}");
    }
    assert!(KNOWLEDGE.waste_heading("1001").is_some());
    assert_eq!(KNOWLEDGE.operation("r 1").unwrap().code, "R1");
    assert!(
        KNOWLEDGE
            .operation("D1")
            .unwrap()
            .headings
            .contains(&"2720".to_owned())
    );
}

#[test]
fn an_activity_is_read_as_people_write_it() {
    for text in ["20.13B", "2013B", "20.13b", "C20.13B", "C2013B"] {
        let entry = KNOWLEDGE.activity(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(entry.code.as_str(), "C20.13");
        assert_eq!(entry.sub_class.as_deref(), Some("20.13B"));
        assert!(!entry.label.fr.is_empty() && !entry.label.en.is_empty());
    }
    for text in ["C20.13", "20.13", "2013"] {
        let entry = KNOWLEDGE.activity(text).unwrap();
        assert_eq!((entry.code.as_str(), entry.level), ("C20.13", 4));
    }
    assert_eq!(KNOWLEDGE.activity("01").unwrap().code.as_str(), "A01");
    assert_eq!(KNOWLEDGE.activity("C").unwrap().level, 1);
    for text in ["A20.13", "20.13Y", "", "é", "C", "99.99"]
        .into_iter()
        .filter(|text| *text != "C")
    {
        assert!(KNOWLEDGE.activity(text).is_none(), "{text}");
    }
}

#[test]
fn a_commune_is_found_by_code_name_and_postcode() {
    let dunkerque = KNOWLEDGE.commune_by_code("59183").unwrap();
    assert_eq!(dunkerque.name, "Dunkerque");
    assert!((dunkerque.point.unwrap().latitude() - 51.03).abs() < 0.1);
    assert!(
        KNOWLEDGE
            .communes_by_name("  DUNKERQUE ")
            .contains(&dunkerque)
    );
    assert!(KNOWLEDGE.communes_by_postcode("59140").contains(&dunkerque));
    assert!(
        KNOWLEDGE.communes_by_name("Saint-Denis").len() > 1,
        "a name shared by several"
    );
    assert_eq!(
        KNOWLEDGE.communes_by_name("St Denis").len(),
        KNOWLEDGE.communes_by_name("saint denis").len()
    );
    // The three cities with districts have a point as well.
    assert!(KNOWLEDGE.commune_by_code("13055").unwrap().point.is_some());
    assert!(KNOWLEDGE.commune_by_code("00000").is_none());
}

#[test]
fn a_waste_code_is_judged_by_the_edition_of_its_day() {
    let on = |text, month, day| KNOWLEDGE.waste_code_on(text, date(2026, month, day));
    let code = |found: Option<CodeOn<'static>>| match found {
        Some(CodeOn::InForce(entry)) => entry.code.to_string(),
        other => panic!("{other:?}"),
    };
    // Before, and from the day of the corrigendum on.
    assert_eq!(code(on("16 06 04", 11, 8)), "160604");
    assert_eq!(code(on("16 06 04", 12, 9)), "160604*");
    assert_eq!(code(on("10 01 05", 11, 20)), "100105");
    assert!(matches!(on("19 14 02", 11, 8), Some(CodeOn::NotYet { .. })));
    assert_eq!(code(on("19 14 02", 12, 9)), "191402*");
    let Some(CodeOn::Removed {
        successors, until, ..
    }) = on("16 06 05", 12, 9)
    else {
        panic!("16 06 05 left the list")
    };
    assert!(successors.contains(&WasteCode::new("160607*")));
    assert_eq!(until, Some(date(2026, 12, 8)));
    // Between the day published and the day corrected both editions are heard.
    for (text, read) in [
        ("16 06 04", "160604*"),
        ("16 06 05", "160605"),
        ("16 06 07", "160607*"),
    ] {
        let Some(CodeOn::Disputed { entry, .. }) = on(text, 11, 9) else {
            panic!("{text} is disputed")
        };
        assert_eq!(entry.code.as_str(), read);
    }
    assert!(on("99 99 99", 12, 9).is_none());
}

#[test]
fn the_amended_list_has_the_codes_and_stars_that_were_counted_in_its_text() {
    let digits: BTreeSet<String> = (0..1_000_000)
        .map(|number| format!("{number:06}"))
        .filter(|text| KNOWLEDGE.waste_code(text).is_some())
        .collect();
    let day = date(2027, 1, 1);
    let entries: Vec<_> = digits
        .iter()
        .filter_map(|text| match KNOWLEDGE.waste_code_on(text, day) {
            Some(CodeOn::InForce(entry)) => Some(entry),
            _ => None,
        })
        .collect();
    assert_eq!(entries.len(), 880);
    assert_eq!(entries.iter().filter(|entry| entry.hazardous).count(), 435);
}

#[test]
fn a_code_of_naf_2025_leads_to_its_former_class_only_where_nothing_changed() {
    let kept = KNOWLEDGE.new_activity("01.12Y").unwrap();
    assert_eq!(kept.former.as_ref().unwrap().as_str(), "A01.12");
    let changed = KNOWLEDGE.new_activity("0163Y").unwrap();
    assert_eq!(changed.former, None);
    assert!(KNOWLEDGE.new_activity("20.13B").is_none(), "of NAF rév. 2");
}

#[test]
fn an_edition_is_in_force_on_its_days_and_announced_where_it_was_corrected() {
    let list = CodeList::WasteCodes;
    let before = KNOWLEDGE.edition_of(list, date(2026, 12, 8)).unwrap();
    let after = KNOWLEDGE.edition_of(list, date(2026, 12, 9)).unwrap();
    assert_ne!(before, after);
    assert_eq!(
        KNOWLEDGE.standing(list, date(2026, 12, 9)),
        Standing::InForce(after)
    );
    assert_eq!(KNOWLEDGE.announced_edition(list, date(2026, 11, 8)), None);
    assert_eq!(
        KNOWLEDGE.announced_edition(list, date(2026, 11, 9)),
        Some(after)
    );
    assert_eq!(KNOWLEDGE.announced_edition(list, date(2026, 12, 9)), None);
    assert_eq!(
        KNOWLEDGE.standing(list, date(2001, 1, 1)),
        Standing::Unknown
    );
}

#[test]
fn a_label_is_recognised_and_an_ambiguous_one_gives_all_its_meanings() {
    let recognise = |label, direction| KNOWLEDGE.recognise_label(label, direction);
    let gypsum = vec![Identity::Donor(donor("DON:fgd_gypsum"))];
    assert_eq!(recognise("DÉSULFOGYPSE", Direction::Output), gypsum);
    assert_eq!(recognise("DON:fgd_gypsum", Direction::Output), gypsum);
    assert_eq!(recognise("Désulfogypse", Direction::Input), []);
    let natural = vec![Identity::Resource(resource("mat.mineral.gypsum"))];
    assert_eq!(recognise("gypsum", Direction::Input), natural);
    assert_eq!(recognise("sulfate de calcium", Direction::Input), natural);
    assert!(recognise("rinçage", Direction::Input).len() > 1);
    assert_eq!(recognise("chose inconnue", Direction::Output), []);
    assert_eq!(recognise("…", Direction::Output), []);
}
