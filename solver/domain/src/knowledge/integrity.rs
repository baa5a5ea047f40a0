//! Whether the tables agree with each other.
//!
//! Works on the tables as written, so that every fault has its row; the typed readers come after.
//! A replaced catalogue passes through here before it is used, the embedded one in the tests.

use std::collections::{BTreeMap, BTreeSet};

use super::fault::Fault;
use super::table::{Record, Tables};

mod codes;
mod prices;
mod profiles;
mod reference;
mod rules;
mod vocabulary;

/// Every fault of the tables, in the order of the checks.
pub(super) fn faults(tables: &Tables) -> Vec<Fault> {
    let mut check = Check::new(tables);
    check.form();
    check.taxonomy();
    check.donors();
    check.code_lists();
    check.treatments();
    check.flags_and_sources();
    check.factors_and_distances();
    check.vehicles();
    check.rules();
    check.outlets();
    check.coverage();
    check.prices();
    check.profiles();
    check.faults
}

/// The tables with the vocabularies that their references are checked against.
struct Check<'t> {
    tables: &'t Tables,
    faults: Vec<Fault>,
    /// Key to its record in `taxonomy.csv`.
    taxonomy: BTreeMap<&'t str, Record<'t>>,
    /// Donor to its waste codes (`EWC:` form, known codes only).
    donors: BTreeMap<&'t str, BTreeSet<&'t str>>,
    /// Six-digit codes with their star.
    codes: BTreeSet<String>,
    /// Codes of the amended list that differ: known, and not asked to end in a rule of their own.
    amended: BTreeSet<String>,
    treatments: BTreeSet<&'t str>,
    flags: BTreeSet<&'t str>,
    sources: BTreeSet<&'t str>,
    price_sources: BTreeSet<&'t str>,
    operations: BTreeSet<&'t str>,
}

impl<'t> Check<'t> {
    fn new(tables: &'t Tables) -> Check<'t> {
        let keys = |table, column: &'static str| {
            tables
                .records(table)
                .map(|record| record.text(column))
                .collect()
        };
        let starred = |record: Record<'_>| {
            let hazardous = record.text("hazardous") == "1";
            let star = if hazardous { "*" } else { "" };
            format!("{}{star}", record.text("code"))
        };
        let codes: BTreeSet<String> = tables
            .records("waste_codes.csv")
            .filter(|record| record.text("level") == "3")
            .map(starred)
            .collect();
        let amended = tables
            .records("waste_code_changes.csv")
            .filter(|record| record.text("change") != "removed")
            .map(starred)
            .collect();
        let known = |item: &&str| {
            item.strip_prefix("EWC:")
                .is_some_and(|code| codes.contains(code))
        };
        let donors = tables
            .records("donors.csv")
            .map(|record| {
                (
                    record.text("donor_key"),
                    record.items("low_codes").filter(known).collect(),
                )
            })
            .collect();
        Check {
            tables,
            faults: Vec::new(),
            taxonomy: tables
                .records("taxonomy.csv")
                .map(|record| (record.text("key"), record))
                .collect(),
            donors,
            treatments: keys("treatments.csv", "treatment"),
            flags: keys("flags.csv", "flag"),
            sources: keys("evidence.csv", "evidence_id"),
            price_sources: keys("prices_evidence.csv", "evidence_id"),
            operations: keys("treatment_operations.csv", "operation"),
            codes,
            amended,
        }
    }

    fn fault(&mut self, record: &Record<'_>, text: impl Into<String>) {
        self.faults.push(record.fault(text));
    }

    /// A key and what contains it; stops at the first repetition.
    fn chain(&self, key: &'t str) -> Vec<&'t str> {
        let mut chain = Vec::new();
        let mut next = key;
        while !next.is_empty() && !chain.contains(&next) {
            chain.push(next);
            next = self
                .taxonomy
                .get(next)
                .map_or("", |record| record.text("parent"));
        }
        chain
    }

    fn unit_of(&self, key: &str) -> Option<&'t str> {
        self.taxonomy.get(key).map(|record| record.text("unit"))
    }

    /// No two rows with the same values in these columns, and no empty first column.
    fn unique(&mut self, table: &str, columns: &[&str]) {
        let mut seen: BTreeMap<Vec<&str>, u64> = BTreeMap::new();
        for record in self.tables.records(table) {
            let key: Vec<&str> = columns.iter().map(|column| record.text(column)).collect();
            if key.first().is_some_and(|first| first.is_empty()) {
                self.fault(&record, format!("empty {}", columns[0]));
            }
            match seen.get(&key) {
                Some(line) => {
                    let text = format!(
                        "same {} as row {line}: {}",
                        columns.join("+"),
                        key.join("|")
                    );
                    self.fault(&record, text);
                }
                None => {
                    seen.insert(key, record.line);
                }
            }
        }
    }

    /// Columns that may not be empty.
    fn filled(&mut self, record: &Record<'_>, columns: &[&str]) {
        for column in columns {
            if record.text(column).is_empty() {
                self.fault(record, format!("no {column}"));
            }
        }
    }

    /// A list without empty or repeated items.
    fn distinct(&mut self, record: &Record<'_>, column: &str) {
        let text = record.text(column);
        let mut seen = BTreeSet::new();
        for item in text.split(';').filter(|_| !text.is_empty()) {
            if item.is_empty() {
                self.fault(record, format!("empty item in {column}"));
            } else if !seen.insert(item) {
                self.fault(record, format!("{item} twice in {column}"));
            }
        }
    }

    /// At least one source, all known.
    fn cited(&mut self, record: &Record<'_>, column: &str, known: fn(&Check<'t>, &str) -> bool) {
        self.filled(record, &[column]);
        self.distinct(record, column);
        for source in record.items(column) {
            if !known(self, source) {
                self.fault(record, format!("unknown source {source}"));
            }
        }
    }

    fn is_source(&self, id: &str) -> bool {
        self.sources.contains(id)
    }

    fn is_price_source(&self, id: &str) -> bool {
        self.price_sources.contains(id)
    }

    /// An `EWC:` code that exists with this star; returns it without its prefix.
    fn waste(&mut self, record: &Record<'_>, code: &'t str) -> Option<&'t str> {
        let Some(bare) = code.strip_prefix("EWC:") else {
            self.fault(record, format!("form of code '{code}'"));
            return None;
        };
        if self.codes.contains(bare) || self.amended.contains(bare) {
            return Some(bare);
        }
        let other = bare
            .strip_suffix('*')
            .map_or_else(|| format!("{bare}*"), str::to_owned);
        let what = if self.codes.contains(&other) {
            "has the wrong star"
        } else {
            "does not exist"
        };
        self.fault(record, format!("waste code {code} {what}"));
        None
    }

    /// Numbers that must be there and in order; `None` and a fault otherwise.
    fn ordered(&mut self, record: &Record<'_>, columns: [&str; 2]) -> Option<(f64, f64)> {
        let bounds = record.bounds(columns, &mut self.faults)?;
        Some((bounds.low(), bounds.high()))
    }
}

#[cfg(test)]
mod tests;
