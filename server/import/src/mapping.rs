//! Which column is which, where the headings do not say it: confirmed by a person, kept for the next
//! file of the same shape. The format as people write it is in `docs/mapping.md`.

use std::collections::BTreeMap;

use boucle_domain::id::normalised;
use boucle_domain::validate::Field;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A mapping of columns to fields. Fields go by their code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mapping {
    /// Row of the headings as the spreadsheet counts; `None`: found.
    pub heading_row: Option<u32>,
    /// The only sheet read; `None`: all.
    pub sheet: Option<String>,
    /// Decimal mark of every number; `None`: told from each column.
    pub decimal: Option<char>,
    /// Headings of columns that are known and not read.
    pub ignored: Vec<String>,
    /// Field, and the headings or letters of its columns, joined with a space.
    pub columns: BTreeMap<String, Vec<String>>,
    /// Field, and what it is on every row.
    pub constants: BTreeMap<String, String>,
    /// Field, and what is put before what stands in its column.
    pub prefixes: BTreeMap<String, String>,
    /// Field, and what its words mean.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
}

impl Mapping {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Mapping::default()
    }

    /// Codes it names that are no field.
    pub fn unknown_fields(&self) -> Vec<&str> {
        let named = self
            .columns
            .keys()
            .chain(self.constants.keys())
            .chain(self.prefixes.keys())
            .chain(self.values.keys());
        let mut unknown: Vec<&str> = named
            .map(String::as_str)
            .filter(|code| Field::from_code(code).is_none())
            .collect();
        unknown.sort_unstable();
        unknown.dedup();
        unknown
    }

    /// What stands in a column of a field, with the prefix of the field.
    pub(crate) fn prefixed(&self, field: Field, text: &str) -> Option<String> {
        let prefix = self.prefixes.get(field.code())?;
        Some(format!("{prefix}{text}"))
    }

    /// What a word of a field means.
    pub(crate) fn meaning<'m>(&'m self, field: Field, word: &str) -> Option<&'m str> {
        let words = self.values.get(field.code())?;
        let exact = words.get(word.trim()).map(String::as_str);
        exact.or_else(|| {
            let word = normalised(word);
            let same = |(known, _): &(&String, &String)| normalised(known) == word;
            words.iter().find(same).map(|(_, meaning)| meaning.as_str())
        })
    }
}

/// The shape of a sheet: a digest of its headings, whatever their order, case and accents.
pub(crate) fn shape<'h>(headings: impl Iterator<Item = &'h str>) -> String {
    let mut headings: Vec<String> = headings
        .map(normalised)
        .filter(|heading| !heading.is_empty())
        .collect();
    headings.sort();
    let digest = Sha256::digest(headings.join("\n").as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_of_a_sheet_does_not_depend_on_order_case_or_accents() {
        let one = shape(["Société", "Quantité (t)"].into_iter());
        assert_eq!(one, shape(["QUANTITE (T)", "", "societe"].into_iter()));
        assert_ne!(one, shape(["Société"].into_iter()));
    }

    #[test]
    fn a_word_is_translated_whatever_its_case() {
        let mut mapping = Mapping::default();
        let words = BTreeMap::from([("Off-site".to_owned(), "output".to_owned())]);
        mapping.values.insert("direction".to_owned(), words);
        mapping
            .constants
            .insert("colour".to_owned(), "red".to_owned());
        assert_eq!(
            mapping.meaning(Field::Direction, "OFF SITE"),
            Some("output")
        );
        assert_eq!(mapping.meaning(Field::Direction, "on-site"), None);
        assert_eq!(mapping.meaning(Field::Unit, "Off-site"), None);
        assert_eq!(mapping.unknown_fields(), ["colour"]);
    }
}
