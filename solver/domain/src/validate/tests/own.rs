//! Codes of the territory in the cells of a sheet. Codes, labels and sources are invented.

use jiff::civil::Date;

use super::*;
use crate::own_code::{OwnCode, OwnList};
use crate::validity::Validity;

fn own(list: OwnList, code: &str, stands_for: &[&str]) -> OwnCode {
    OwnCode {
        list,
        code: code.to_owned(),
        label: "Banal (inventé)".to_owned(),
        stands_for: stands_for.iter().map(|&code| code.to_owned()).collect(),
        validity: Validity::ALWAYS,
        source: "liste du collecteur (inventée)".to_owned(),
    }
}

fn waste(code: &str, stands_for: &[&str]) -> OwnCode {
    own(OwnList::WasteCodes, code, stands_for)
}

fn within(mut own: OwnCode, from: Option<Date>, to: Option<Date>) -> OwnCode {
    own.validity = Validity { from, to };
    own
}

/// The code read of a cell, with the findings about it.
fn read_code(
    own: &[OwnCode],
    cell: &str,
    cells: &[(Field, &str)],
) -> (Option<String>, Vec<Finding>) {
    let mut draft = gypsum();
    draft.set(Field::WasteCode, cell);
    for (field, text) in cells {
        draft.set(*field, text);
    }
    let read = read_row(&draft, &context().with_own_codes(own.to_vec()));
    let code = read.value.flow.and_then(|flow| flow.waste_code);
    let findings = read.findings.into_iter();
    let about = findings.filter(|finding| finding.field == Some(Field::WasteCode));
    (code.map(|code| code.spaced()), about.collect())
}

fn codes(findings: &[Finding]) -> Vec<Code> {
    findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn a_code_of_the_territory_is_read_as_the_one_it_stands_for_and_says_so_with_its_source() {
    let list = [
        waste("CART-01", &["15 01 01"]),
        waste("Solv.", &["14 06 03*"]),
    ];
    let (code, findings) = read_code(&list, " cart 01", &[]);
    assert_eq!(code.as_deref(), Some("15 01 01"));
    assert_eq!(codes(&findings), [Code::I3306]);
    let cause = &findings[0].cause;
    assert!(
        cause.fr.contains("lu 15 01 01") && cause.fr.contains("liste du collecteur"),
        "{cause:?}"
    );
    assert!(cause.en.contains("CART-01 (Banal (inventé))"), "{cause:?}");
    // The star is that of the code it stands for: nothing is left to say about it.
    let (code, findings) = read_code(&list, "SOLV", &[]);
    assert_eq!(
        (code.as_deref(), codes(&findings)),
        (Some("14 06 03*"), vec![Code::I3306])
    );
    // And the declared hazard is held against it.
    let mut draft = gypsum();
    draft.set(Field::WasteCode, "SOLV");
    draft.set(Field::Hazardous, "non");
    let read = read_row(&draft, &context().with_own_codes(list.to_vec()));
    assert!(
        read.findings
            .iter()
            .any(|finding| finding.code == Code::E1302)
    );
    // Without the list it is refused as before.
    assert_eq!(codes(&read_code(&[], "CART-01", &[]).1), [Code::E1301]);
    assert_eq!(codes(&read_code(&list, "CART-02", &[]).1), [Code::E1301]);
}

#[test]
fn a_code_of_several_takes_none_and_asks_which_with_the_codes_to_write() {
    let list = [waste("DIB", &["20 03 01", "15 01 06"])];
    let (code, findings) = read_code(&list, "DIB", &[]);
    assert_eq!((code, codes(&findings)), (None, vec![Code::W2310]));
    let fix = &findings[0].fix;
    assert!(
        fix.fr.contains("« 20 03 01 »") && fix.fr.contains("« 15 01 06 »"),
        "{fix:?}"
    );
    assert!(
        fix.en.contains("\"20 03 01\"") && fix.en.contains("\"15 01 06\""),
        "{fix:?}"
    );
    // It refuses nothing: the flow is there without a code.
    let mut draft = gypsum();
    draft.set(Field::WasteCode, "DIB");
    let read = read_row(&draft, &context().with_own_codes(list.to_vec()));
    assert!(read.value.flow.is_some());
}

#[test]
fn a_code_of_the_territory_holds_on_its_days_only_and_each_span_has_its_meaning() {
    let list = [
        within(
            waste("A12", &["15 01 06"]),
            Some(date(2026, 6, 1)),
            Some(date(2027, 5, 31)),
        ),
        within(waste("A12", &["15 01 01"]), None, Some(date(2024, 12, 31))),
    ];
    let on = |from: &str, to: &str| {
        read_code(
            &list,
            "A12",
            &[(Field::ValidFrom, from), (Field::ValidTo, to)],
        )
    };
    // The day of reading is 2026-10-01; a declaration brings it within its own days.
    let (code, findings) = read_code(&list, "A12", &[]);
    assert_eq!(
        (code.as_deref(), codes(&findings)),
        (Some("15 01 06"), vec![Code::I3306])
    );
    let (code, findings) = on("2024-01-01", "2024-12-31");
    assert_eq!(
        (code.as_deref(), codes(&findings)),
        (Some("15 01 01"), vec![Code::I3306])
    );
    let (code, findings) = on("2027-05-31", "");
    assert_eq!(
        (code.as_deref(), codes(&findings)),
        (Some("15 01 06"), vec![Code::I3306])
    );
    for (from, to, held) in [
        (
            "2025-01-01",
            "2025-12-31",
            "jusqu'au 2024-12-31, pas le 2025-12-31",
        ),
        (
            "2027-06-01",
            "",
            "du 2026-06-01 au 2027-05-31, pas le 2027-06-01",
        ),
    ] {
        let (code, findings) = on(from, to);
        assert_eq!((code, codes(&findings)), (None, vec![Code::E1309]));
        assert!(
            findings[0].cause.fr.contains(held),
            "{:?}",
            findings[0].cause
        );
    }
    let to_come = [within(
        waste("A12", &["15 01 06"]),
        Some(date(2027, 1, 1)),
        None,
    )];
    let (_, findings) = read_code(&to_come, "A12", &[]);
    assert_eq!(codes(&findings), [Code::E1309]);
    assert!(findings[0].cause.en.contains("from 2027-01-01 on"));
    assert!(findings[0].fix.fr.contains("« 15 01 06 »"));
}

#[test]
fn a_code_of_the_reference_list_goes_before_one_of_the_territory() {
    let list = [
        waste("15 01 01", &["20 03 01"]),
        waste("150101", &["20 03 01"]),
        waste("10/01/2002", &["20 03 01"]),
    ];
    for (cell, code, told) in [
        ("15 01 01", Some("15 01 01"), vec![]),
        ("150101", Some("15 01 01"), vec![]),
        ("10/01/2002", Some("10 01 02"), vec![Code::W2307]),
    ] {
        let (read, findings) = read_code(&list, cell, &[]);
        assert_eq!((read.as_deref(), codes(&findings)), (code, told), "{cell}");
    }
    let waste = |text| is_read_without_own_codes(knowledge(), OwnList::WasteCodes, text);
    for text in [
        "15 01 01",
        "150101*",
        "CED 15-01-01",
        "10101",
        "10/01/2002",
        "15 01 01; 15 01 06",
    ] {
        assert!(waste(text), "{text}");
    }
    for text in ["DIB", "A12", "CART-01", "99 99 99", "1501"] {
        assert!(!waste(text), "{text}");
    }
}

#[test]
fn what_a_code_stands_for_is_judged_at_the_date_like_any_other() {
    // Removed by Decision (EU) 2025/934, see `validate/tests/joined.rs` for the days of both editions.
    let removed = knowledge()
        .waste_codes()
        .iter()
        .find(|entry| {
            let on = knowledge().waste_code_on(entry.code.digits(), date(2028, 1, 1));
            matches!(on, Some(crate::knowledge::CodeOn::Removed { .. }))
        })
        .expect("a removed code");
    let list = [waste("VIEUX", &[&removed.code.spaced()])];
    let (code, findings) = read_code(&list, "vieux", &[(Field::ValidFrom, "2028-01-01")]);
    assert_eq!(
        (code, codes(&findings)),
        (None, vec![Code::I3306, Code::E1308])
    );
    let (code, findings) = read_code(&list, "vieux", &[]);
    assert_eq!(
        (code, codes(&findings)),
        (Some(removed.code.spaced()), vec![Code::I3306])
    );
}

#[test]
fn an_activity_of_the_territory_is_read_the_same_way() {
    let list = vec![
        own(OwnList::Activities, "BTP", &["F41.20"]),
        own(OwnList::Activities, "AGRO", &["C10.11", "C10.12"]),
        own(OwnList::Activities, "C20.13", &["F41.20"]),
        waste("ENCORE", &["15 01 01"]),
    ];
    let read = |cell: &str| {
        let mut draft = gypsum();
        draft.set(Field::Activity, cell);
        let read = read_row(&draft, &context().with_own_codes(list.clone()));
        let about = |finding: &&Finding| finding.field == Some(Field::Activity);
        let codes = read
            .findings
            .iter()
            .filter(about)
            .map(|finding| finding.code);
        let codes: Vec<Code> = codes.collect();
        (read.value.site.activity.map(|code| code.to_string()), codes)
    };
    assert_eq!(read("btp"), (Some("F41.20".to_owned()), vec![Code::I3306]));
    assert_eq!(read("Agro"), (None, vec![Code::W2310]));
    assert_eq!(read("C20.13"), (Some("C20.13".to_owned()), vec![]));
    // A code of the list of waste is no activity.
    assert_eq!(read("ENCORE"), (None, vec![Code::E1202]));
}
