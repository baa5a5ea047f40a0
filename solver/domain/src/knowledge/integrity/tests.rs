//! The embedded catalogue is whole, and a broken one is told by its table and row.

use std::collections::BTreeMap;

use crate::knowledge::{Fault, Knowledge};

/// The faults of the embedded catalogue with one table changed by a replacement of text.
fn broken(table: &str, from: &str, to: &str) -> Vec<String> {
    let text = Knowledge::embedded_table(table).unwrap();
    assert!(text.contains(from), "{table} has no '{from}'");
    let replaced = BTreeMap::from([(table.to_owned(), text.replacen(from, to, 1))]);
    match Knowledge::from_tables(&replaced) {
        Ok(_) => Vec::new(),
        Err(error) => error.faults.iter().map(Fault::to_string).collect(),
    }
}

#[track_caller]
fn told(faults: &[String], expected: &str) {
    assert!(
        faults.iter().any(|fault| fault == expected),
        "'{expected}' not in {faults:#?}"
    );
}

#[test]
fn the_embedded_catalogue_passes_every_integrity_check() {
    let all = Knowledge::table_names()
        .map(|name| {
            (
                name.to_owned(),
                Knowledge::embedded_table(name).unwrap().to_owned(),
            )
        })
        .collect();
    if let Err(error) = Knowledge::from_tables(&all) {
        let lines: Vec<String> = error.faults.iter().map(Fault::to_string).collect();
        panic!("{} faults:\n{}", lines.len(), lines.join("\n"));
    }
}

#[test]
fn a_rule_to_an_unknown_need_is_told_with_its_row() {
    let faults = broken(
        "rules.csv",
        "mat.mineral.cementitious",
        "mat.mineral.cementitous",
    );
    told(&faults, "rules.csv:2: unknown need mat.mineral.cementitous");
}

#[test]
fn a_code_with_the_wrong_star_is_told_apart_from_an_unknown_one() {
    told(
        &broken("donors.csv", "EWC:060101*", "EWC:060101"),
        "donors.csv:3: waste code EWC:060101 has the wrong star",
    );
    told(
        &broken("donors.csv", "EWC:060101*", "EWC:990101"),
        "donors.csv:3: waste code EWC:990101 does not exist",
    );
}

#[test]
fn a_hazardous_rule_without_its_flag_is_a_fault() {
    let faults = broken("rules.csv", ",HAZ;", ",");
    assert!(
        faults.iter().any(|fault| fault.contains("without HAZ")),
        "{faults:#?}"
    );
}

#[test]
fn a_cycle_in_the_taxonomy_is_a_fault_and_never_a_hang() {
    let faults = broken("taxonomy.csv", "mat,,material", "mat,mat.mineral,material");
    assert!(
        faults.iter().any(|fault| fault.contains("cycle through")),
        "{faults:#?}"
    );
}

#[test]
fn all_faults_come_at_once_from_all_tables() {
    let change = |table: &str, from: &str, to: &str| {
        (
            table.to_owned(),
            Knowledge::embedded_table(table)
                .unwrap()
                .replacen(from, to, 1),
        )
    };
    let replaced = BTreeMap::from([
        change("treatments.csv", "0.85,0.98,1,15", "0.85,1.98,1,15"),
        change("flags.csv", "BLOCK_UNLESS_ACCEPTED", "BLOCK"),
        change("vehicles.csv", "F-VAN", "E-DAE"),
        change("editions.csv", "2026-12-08", "2026-12-32"),
        ("taxonomy".to_owned(), String::new()),
    ]);
    let error = Knowledge::from_tables(&replaced).unwrap_err();
    let faults: Vec<String> = error.faults.iter().map(Fault::to_string).collect();
    told(&faults, "treatments.csv:3: yield outside ]0;1]");
    told(&faults, "flags.csv:2: effect 'BLOCK'");
    told(&faults, "vehicles.csv:8: factor E-DAE is in money");
    told(
        &faults,
        "editions.csv:2: valid_to '2026-12-32' is not a date YYYY-MM-DD",
    );
    assert!(
        faults[0].starts_with("taxonomy: no table has this name"),
        "{faults:#?}"
    );
    assert!(error.to_string().contains("and "), "{error}");
}

#[test]
fn a_price_that_nothing_reaches_any_more_is_missed_by_name() {
    let faults = broken(
        "prices.csv",
        "DON:used_cooking_oil,outlet",
        "DON:used_cooking_oil@bulk,outlet",
    );
    // Its code falls back on the chapter, so the row is not missed: no fault.
    assert_eq!(faults, Vec::<String>::new());
    let faults = broken("prices.csv", ",EWC:18*,outlet", ",EWC:18,collection");
    told(&faults, "prices.csv: waste code 180103* does not resolve");
}

#[test]
fn a_table_cut_short_is_a_fault() {
    let faults = broken("factors.csv", "F-ELEC,CO2,", "F-ELEC,");
    told(&faults, "factors.csv:2: 8 fields instead of 9");
}

#[test]
fn a_broken_reference_form_or_order_is_told_in_each_table() {
    // Table, text replaced, by what, the fault expected somewhere among the faults.
    let cases = [
        (
            "outlets.csv",
            "EWC:010305*",
            "EWC:100201",
            "EWC:100201 is in a rule as well",
        ),
        (
            "outlets.csv",
            "EWC:010305*",
            "EWC:010307*",
            "EWC:010305* neither in a rule nor in outlets.csv",
        ),
        (
            "outlets.csv",
            ",D5;D1,",
            ",D5;D99,",
            "unknown operation D99",
        ),
        ("rules.csv", "R002,", "R001,", "same rule_id as row 2: R001"),
        (
            "rules.csv",
            "0.80..1.00 t/t",
            "1.80..1.00 t/t",
            "form of ratio '1.80..1.00 t/t'",
        ),
        (
            "rules.csv",
            "0.80..1.00 t/t",
            "0.80..1.00 m3/t",
            "ratio in m3, need mat.mineral.cementitious",
        ),
        (
            "rules.csv",
            "T-GRANULATE+",
            "T-GRANULAT+",
            "unknown treatment T-GRANULAT",
        ),
        (
            "rules.csv",
            "glass_pct>=67",
            "glass_pct>67",
            "form of condition 'glass_pct>67'",
        ),
        (
            "rules.csv",
            "S78;S79;S03,3",
            "BG,3",
            "trade knowledge only, with confidence 3",
        ),
        (
            "rules.csv",
            "S78;S79;S03,3",
            "S78;S9999,3",
            "unknown source S9999",
        ),
        (
            "rules.csv",
            "C23.51;",
            "D23.51;",
            "activity D23.51: division 23 is not in its section",
        ),
        (
            "rules.csv",
            "EWC:100201;EWC:100202,",
            "EWC:100201;EWC:100101,",
            "belongs to none of the donors",
        ),
        ("rules.csv", ",250,glass", ",2500,glass", "distance 2500 km"),
        (
            "donors.csv",
            "lhv_mj_kg=10..25",
            "lhv_mj_kg=25..10",
            "property not in order: lhv_mj_kg=25..10",
        ),
        (
            "taxonomy.csv",
            "mat.mineral.gypsum,mat.mineral,",
            "mat.mineral.gypsum,mat.rock,",
            "unknown parent mat.rock",
        ),
        (
            "taxonomy.csv",
            "Gypse,Gypsum,",
            "Gypse,Clinker ,",
            "label_en has a space at its edge",
        ),
        (
            "treatments.csv",
            "T-SORT,",
            "T-NONE,",
            "same treatment as row 2: T-NONE",
        ),
        (
            "treatment_units.csv",
            "T-PSA,MWh,",
            "T-PSA,kWh,",
            "no cost of T-PSA per MWh",
        ),
        (
            "flags.csv",
            "Code env. L541-4-2,INFO",
            ",INFO",
            "no legal_basis",
        ),
        (
            "evidence.csv",
            "http://www.symbiosis.dk/,",
            "symbiosis,",
            "no web address",
        ),
        (
            "factors.csv",
            ",0.02,0.06,",
            ",0.06,0.02,",
            "low..high not in order: 0.06..0.02",
        ),
        ("factor_keys.csv", "F-AL,", "F-ALU,", "unknown factor F-ALU"),
        (
            "distance_keys.csv",
            "D-METAL",
            "D-METALS",
            "unknown distance class D-METALS",
        ),
        (
            "prices.csv",
            "PO148,",
            "PO149,",
            "id PO149 does not follow PO147",
        ),
        (
            "prices.csv",
            "DON:fgd_gypsum,",
            "DON:fgd_gipsum,",
            "unknown donor DON:fgd_gipsum",
        ),
        (
            "prices.csv",
            "-15,-4,12,EUR/t,",
            "-15,-4,12,EUR/MWh,",
            "unit EUR/MWh for DON:fgd_gypsum",
        ),
        (
            "prices.csv",
            "-15,-4,12,EUR/t,",
            "-4,-15,12,EUR/t,",
            "low..mid..high not in order",
        ),
        (
            "prices.csv",
            "purchase,16,28,50,EUR/t",
            "outlet,16,28,50,EUR/t",
            "id PP014 for kind outlet",
        ),
        (
            "prices.csv",
            "2025,FR,BG,basis=exw",
            "2025,FR,BG,basis=free",
            "no known basis in note",
        ),
        (
            "waste_codes.csv",
            "3,010101,0101,0,absolute",
            "3,010101,0101,2,absolute",
            "hazardous '2'",
        ),
        (
            "waste_code_changes.csv",
            "160605,removed",
            "160605,added",
            "added 160605",
        ),
        (
            "waste_code_changes.csv",
            ",190212*;190213*",
            ",190212*;190214*",
            "successor '190214*'",
        ),
        (
            "profiles.csv",
            "A,output,DON:reusable_eee",
            "A,output,DON:reusable_eeee",
            "unknown output DON:reusable_eeee",
        ),
        (
            "profiles.csv",
            "A-02,A,input,space.parking",
            "A-02,A9,input,space.parking",
            "unknown activity A9",
        ),
        ("communes.csv", "46.15372", "146.15372", "lat 146.15372"),
        (
            "editions.csv",
            "2026-12-09",
            "2026-12-08",
            "overlaps the edition before it",
        ),
        (
            "vehicles.csv",
            "artic40_tipper",
            "artic40_dumper",
            "no price service.freight@artic40_dumper",
        ),
    ];
    for (table, from, to, expected) in cases {
        let faults = broken(table, from, to);
        assert!(
            faults.iter().any(|fault| fault.contains(expected)),
            "'{expected}' not in {faults:#?}"
        );
    }
}

#[test]
fn a_step_with_an_unknown_word_for_its_loss_is_told() {
    let text = Knowledge::embedded_table("treatments.csv").unwrap();
    let text = text.replacen("10,60,waste", "10,60,lost", 1);
    let replaced = BTreeMap::from([("treatments.csv".to_owned(), text)]);
    let error = Knowledge::from_tables(&replaced).unwrap_err();
    let faults: Vec<String> = error.faults.iter().map(Fault::to_string).collect();
    told(&faults, "treatments.csv:3: loss 'lost'");
}
