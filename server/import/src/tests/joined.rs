//! What an import would do, and what it does.

use boucle_domain::text::Language;
use boucle_domain::validate::Field;

use super::*;

const OLD: &str = "firm;ref;direction;name;quantity;unit;period\n\
    A;one;output;écorces;10;t;an\nA;two;output;sciure;20;t;an\nB;three;input;gypse;30;t;an\n";
const NEW: &str = "firm;headcount;ref;direction;name;quantity;unit;period\n\
    A;12;one;output;écorces;11;t;mois\nA;;two;output;sciure;20;t;an\nC;;four;input;gypse;40;t;an\n";

fn declared(text: &str) -> Declaration {
    let reading = read_text(text);
    assert!(!reading.is_refused(), "{:?}", reading.findings);
    reading.declaration
}

fn names(keys: &[boucle_domain::id::FlowKey]) -> Vec<&str> {
    keys.iter().map(|key| key.reference.as_str()).collect()
}

#[test]
fn a_merge_adds_and_updates_and_removes_nothing() {
    let (old, new) = (declared(OLD), declared(NEW));
    let found = changes(&old, &new, Mode::Merge);
    assert_eq!(names(&found.added), ["four"]);
    assert_eq!(found.changed.len(), 1);
    assert_eq!(found.changed[0].fields, [Field::Quantity, Field::Period]);
    assert_eq!((found.removed.len(), found.unchanged), (0, 2));
    assert_eq!(found.added_sites.len(), 1);
    assert_eq!(found.changed_sites[0].fields, [Field::Headcount]);
    let result = apply(&old, &new, Mode::Merge);
    assert_eq!(
        (result.firms.len(), result.sites.len(), result.flows.len()),
        (3, 3, 4)
    );
    assert!(
        changes(&result, &new, Mode::Merge).is_empty(),
        "done once, nothing is left to do"
    );
}

#[test]
fn a_replacement_removes_the_flows_that_are_absent() {
    let (old, new) = (declared(OLD), declared(NEW));
    let found = changes(&old, &new, Mode::Replace);
    assert_eq!(names(&found.removed), ["three"]);
    let result = apply(&old, &new, Mode::Replace);
    assert_eq!(result.flows, new.flows);
    assert!(changes(&result, &new, Mode::Replace).is_empty());
}

#[test]
fn an_append_refuses_what_exists_at_its_row() {
    let (old, new) = (declared(OLD), read_text(NEW));
    let found = changes(&old, &new.declaration, Mode::Append);
    assert_eq!(names(&found.conflicts), ["one", "two"]);
    let findings = new.conflicts(&found.conflicts);
    assert_eq!(codes(&findings), [Code::E1703, Code::E1703]);
    assert_eq!((findings[0].place.row, findings[1].place.row), (2, 3));
    let kept = apply(&old, &new.declaration, Mode::Append);
    assert_eq!(
        kept.flows
            .iter()
            .filter(|flow| old.flows.contains(flow))
            .count(),
        3
    );
}

#[test]
fn exporting_and_importing_again_changes_nothing() {
    let stored = declared(NEW);
    for format in [Format::Csv, Format::Xlsx] {
        let bytes = export(&stored, Language::Fr, format).unwrap();
        let context = context().with_known(stored.firms.clone(), stored.sites.clone());
        let again = read(&bytes, "export", &context);
        for mode in [Mode::Merge, Mode::Replace] {
            let found = changes(&stored, &again.declaration, mode);
            assert!(found.is_empty(), "{found:?}");
        }
        assert_eq!(apply(&stored, &again.declaration, Mode::Replace), stored);
    }
}
