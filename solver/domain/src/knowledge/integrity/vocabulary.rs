//! Form of the fields, the taxonomy and the donors.

use super::Check;
use crate::knowledge::conditions::is_name;
use crate::knowledge::table::{Record, SCHEMAS, range};
use crate::knowledge::taxonomy::Kind;
use crate::units::Unit;

impl<'t> Check<'t> {
    /// No field with a space at its edge; dates are dates.
    pub(super) fn form(&mut self) {
        for schema in SCHEMAS {
            for record in self.tables.records(schema.name) {
                for (column, value) in record.fields() {
                    if value != value.trim() {
                        self.fault(&record, format!("{column} has a space at its edge"));
                    }
                    if ["checked_on", "valid_from", "valid_to"].contains(&column) {
                        record.date(column, &mut self.faults);
                    }
                }
            }
        }
    }

    pub(super) fn taxonomy(&mut self) {
        let table = "taxonomy.csv";
        self.unique(table, &["key"]);
        for record in self.tables.records(table) {
            let (key, parent) = (record.text("key"), record.text("parent"));
            if !key.split('.').all(is_name) {
                self.fault(&record, format!("form of key '{key}'"));
            }
            if !parent.is_empty() && !self.taxonomy.contains_key(parent) {
                self.fault(&record, format!("unknown parent {parent}"));
            }
            // A few keys keep a shorter stable path under a deeper parent: the same kind is enough.
            if let Some((path, _)) = key.rsplit_once('.').filter(|(path, _)| *path != parent) {
                let kind = self.taxonomy.get(parent).map(|record| record.text("kind"));
                if kind != Some(record.text("kind")) {
                    self.fault(
                        &record,
                        format!("parent {parent} is neither {path} nor of the same kind"),
                    );
                }
            }
            if Kind::from_code(record.text("kind")).is_none() {
                self.fault(&record, format!("kind '{}'", record.text("kind")));
            }
            if Unit::from_code(record.text("unit")).is_none() {
                self.fault(&record, format!("unit '{}'", record.text("unit")));
            }
            self.filled(&record, &["label_fr", "label_en", "unit"]);
            let last = self.chain(key).last().copied().unwrap_or(key);
            if self
                .taxonomy
                .get(last)
                .is_some_and(|record| !record.text("parent").is_empty())
                && self
                    .taxonomy
                    .contains_key(self.taxonomy[last].text("parent"))
            {
                self.fault(&record, format!("cycle through {last}"));
            }
            for column in ["synonyms_fr", "synonyms_en", "properties"] {
                self.distinct(&record, column);
            }
        }
        self.unique(table, &["label_fr"]);
        self.unique(table, &["label_en"]);
    }

    pub(super) fn donors(&mut self) {
        let table = "donors.csv";
        for column in ["donor_key", "label_fr", "label_en"] {
            self.unique(table, &[column]);
        }
        for record in self.tables.records(table) {
            let key = record.text("donor_key");
            if !key.strip_prefix("DON:").is_some_and(is_name) {
                self.fault(&record, format!("form of key '{key}'"));
            }
            self.filled(
                &record,
                &["label_fr", "label_en", "low_codes", "typical_donor_nace"],
            );
            for column in ["low_codes", "typical_donor_nace", "synonyms_fr"] {
                self.distinct(&record, column);
            }
            for code in record.items("low_codes") {
                self.waste(&record, code);
            }
            for activity in record.items("typical_donor_nace") {
                self.activity(&record, activity, false);
            }
            for property in record.items("typical_properties") {
                match property
                    .split_once('=')
                    .filter(|(name, value)| is_name(name) && !value.is_empty())
                {
                    None => self.fault(&record, format!("form of property '{property}'")),
                    Some((_, value)) => {
                        if range(value).is_some_and(|(low, high, _)| low > high) {
                            self.fault(&record, format!("property not in order: {property}"));
                        }
                    }
                }
            }
        }
    }

    /// A class `C20.13` (or, unless `classes_only`, a section, division or group) of the right section.
    pub(super) fn activity(&mut self, record: &Record<'_>, text: &str, classes_only: bool) {
        let bytes = text.as_bytes();
        let letter = bytes
            .first()
            .is_some_and(|letter| (b'A'..=b'U').contains(letter));
        let rest = text.get(1..).unwrap_or("");
        let digits = |text: &str, lengths: &[usize]| {
            lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let form = match rest.split_once('.') {
            Some((division, end)) => {
                digits(division, &[2]) && digits(end, if classes_only { &[2] } else { &[1, 2] })
            }
            None => !classes_only && digits(rest, &[0, 2]),
        };
        if !(letter && form) {
            self.fault(
                record,
                format!("activity '{text}' is not in the form C20.13"),
            );
        } else if let Some(division) = rest.get(..2) {
            let section = section(division);
            if section != text.get(..1) {
                self.fault(
                    record,
                    format!("activity {text}: division {division} is not in its section"),
                );
            }
        }
    }
}

/// Section of a division of NACE Rev. 2.
fn section(division: &str) -> Option<&'static str> {
    Some(match division.parse::<u8>().ok()? {
        1..=3 => "A",
        5..=9 => "B",
        10..=33 => "C",
        35 => "D",
        36..=39 => "E",
        41..=43 => "F",
        45..=47 => "G",
        49..=53 => "H",
        55..=56 => "I",
        58..=63 => "J",
        64..=66 => "K",
        68 => "L",
        69..=75 => "M",
        77..=82 => "N",
        84 => "O",
        85 => "P",
        86..=88 => "Q",
        90..=93 => "R",
        94..=96 => "S",
        97..=98 => "T",
        99 => "U",
        _ => return None,
    })
}
