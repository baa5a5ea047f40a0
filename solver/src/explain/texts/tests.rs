//! The table against itself and against the source that speaks with it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::*;

fn rows() -> Vec<(String, String, String)> {
    csv::Reader::from_reader(TABLE.as_bytes())
        .into_records()
        .map(|record| {
            let record = record.expect("a row of three columns");
            (
                record[0].to_owned(),
                record[1].to_owned(),
                record[2].to_owned(),
            )
        })
        .collect()
}

/// The source files of this package, tests apart.
fn sources() -> Vec<String> {
    fn gather(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                gather(&path, found);
            } else if path.extension().is_some_and(|ext| ext == "rs")
                && path.file_name().is_some_and(|name| name != "tests.rs")
            {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    gather(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    found.sort();
    found
        .iter()
        .map(|path| std::fs::read_to_string(path).expect("a source"))
        // What stands in a module of tests speaks to nobody.
        .map(|source| {
            source
                .split("#[cfg(test)]\nmod tests {")
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect()
}

/// String literals of the sources that begin with the first word of some key and a dot.
fn keys_written() -> BTreeSet<String> {
    let areas: BTreeSet<String> = rows()
        .iter()
        .filter_map(|(key, _, _)| key.split_once('.').map(|(area, _)| format!("{area}.")))
        .collect();
    sources()
        .iter()
        .flat_map(|source| {
            source
                .split('"')
                .filter(|piece| areas.iter().any(|area| piece.starts_with(area)))
                .filter(|piece| {
                    piece
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._".contains(c))
                })
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn every_text_is_written_in_both_languages_with_the_same_places() {
    for (key, french, english) in rows() {
        assert!(!french.trim().is_empty(), "{key} in French");
        assert!(!english.trim().is_empty(), "{key} in English");
        assert_eq!(places(&french), places(&english), "places of {key}");
        for text in [&french, &english] {
            assert_eq!(
                text.matches('{').count(),
                text.matches('}').count(),
                "{key}"
            );
        }
    }
}

#[test]
fn every_key_has_one_row_and_every_row_is_used() {
    let keys: Vec<String> = rows().into_iter().map(|(key, _, _)| key).collect();
    let once: BTreeSet<String> = keys.iter().cloned().collect();
    assert_eq!(once.len(), keys.len(), "a key stands twice");
    let written = keys_written();
    let missing: Vec<_> = written.difference(&once).collect();
    assert!(missing.is_empty(), "keys without a row: {missing:?}");
    let unused: Vec<_> = once.difference(&written).collect();
    assert!(unused.is_empty(), "rows without a use: {unused:?}");
}

#[test]
fn braces_inside_a_value_stay_what_they_are() {
    let values = [("a", same("{b}")), ("b", same("x"))];
    assert_eq!(filled("{a}-{b}-{c", &values, |text| &text.fr), "{b}-x-{c");
    assert_eq!(filled("{c}", &values, |text| &text.fr), "{c}");
}

#[test]
fn french_punctuation_keeps_to_its_word() {
    assert_eq!(
        spaced("« a » : b ; c ?"),
        "«\u{a0}a\u{a0}»\u{a0}: b\u{202f}; c\u{202f}?"
    );
}

#[test]
fn lists_end_with_their_conjunction() {
    let [a, b, c] = ["a", "b", "c"].map(same);
    assert_eq!(all_of(&[]).fr, "");
    assert_eq!(all_of(std::slice::from_ref(&a)).fr, "a");
    assert_eq!(any_of(&[a.clone(), b.clone(), c.clone()]).fr, "a, b ou c");
    assert_eq!(all_of(&[a, b, c]).en, "a, b and c");
}

#[test]
fn an_acronym_keeps_its_capital() {
    assert_eq!(
        uncapitalised(&same("Obtenir l'accord")).fr,
        "obtenir l'accord"
    );
    assert_eq!(uncapitalised(&same("DREAL")).fr, "DREAL");
    assert_eq!(uncapitalised(&same("")).fr, "");
    assert_eq!(capitalised(same("à deux pas")).fr, "À deux pas");
    assert_eq!(undotted(&same("Fini. ")).fr, "Fini");
}
