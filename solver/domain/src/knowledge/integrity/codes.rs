//! The code lists, the codes without exchange, and that every code ends somewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::Check;
use crate::knowledge::Fault;
use crate::knowledge::codes::EntryType;
use crate::knowledge::editions::CodeList;

impl<'t> Check<'t> {
    pub(super) fn code_lists(&mut self) {
        let table = "waste_codes.csv";
        self.unique(table, &["code"]);
        let parents: BTreeSet<&str> = self
            .tables
            .records(table)
            .map(|record| record.text("code"))
            .collect();
        for record in self.tables.records(table) {
            self.filled(&record, &["label_fr", "label_en"]);
            let (level, code, parent) = (
                record.text("level"),
                record.text("code"),
                record.text("parent"),
            );
            let length = match level {
                "1" => 2,
                "2" => 4,
                "3" => 6,
                _ => 0,
            };
            if code.len() != length || !code.bytes().all(|byte| byte.is_ascii_digit()) {
                self.fault(&record, format!("form of code '{code}' at level {level}"));
            } else if length > 2 && (!code.starts_with(parent) || !parents.contains(parent)) {
                self.fault(&record, format!("parent '{parent}' of {code}"));
            }
            let leaf = level == "3";
            if leaf != ["0", "1"].contains(&record.text("hazardous")) {
                self.fault(&record, format!("hazardous '{}'", record.text("hazardous")));
            }
            let kinds = [EntryType::Absolute, EntryType::Mirror].map(EntryType::code);
            if leaf != kinds.contains(&record.text("entry_type")) {
                self.fault(
                    &record,
                    format!("entry_type '{}'", record.text("entry_type")),
                );
            }
        }
        self.waste_code_changes(&parents);
        self.unique("activities.csv", &["code"]);
        self.unique("activities_2025.csv", &["code"]);
        for record in self.tables.records("activities_2025.csv") {
            self.filled(&record, &["label_fr"]);
        }
        for record in self.tables.records("activities.csv") {
            self.filled(&record, &["label_fr", "section"]);
            if record.text("level") != "5" {
                self.filled(&record, &["label_en"]);
            }
        }
        self.unique("treatment_operations.csv", &["operation"]);
        for record in self.tables.records("operation_headings.csv") {
            if !self.operations.contains(record.text("operation")) {
                self.fault(
                    &record,
                    format!("unknown operation {}", record.text("operation")),
                );
            }
        }
        self.unique("communes.csv", &["code"]);
        for record in self.tables.records("communes.csv") {
            self.filled(&record, &["name", "department"]);
            for (column, limit) in [("lat", 90.0), ("lon", 180.0)] {
                if !record.text(column).is_empty() {
                    let value = record.number(column, &mut self.faults);
                    if value.is_some_and(|value| value.abs() > limit) {
                        self.fault(&record, format!("{column} {}", record.text(column)));
                    }
                }
            }
        }
        self.editions();
    }

    /// What the amending edition adds is new, what it changes or removes exists, and what takes the
    /// place of a removed code is in the amended list.
    fn waste_code_changes(&mut self, before: &BTreeSet<&str>) {
        let table = "waste_code_changes.csv";
        self.unique(table, &["code"]);
        let mut after: BTreeSet<&str> = before.clone();
        for record in self.tables.records(table) {
            match record.text("change") {
                "removed" => after.remove(record.text("code")),
                _ => after.insert(record.text("code")),
            };
        }
        for record in self.tables.records(table) {
            let (code, change) = (record.text("code"), record.text("change"));
            if before.contains(code) == (change == "added") {
                self.fault(&record, format!("{change} {code}"));
            }
            if change != "removed" {
                self.filled(
                    &record,
                    &["hazardous", "entry_type", "label_fr", "label_en"],
                );
            }
            for successor in record.items("successors") {
                if !after.contains(successor.trim_end_matches('*')) {
                    self.fault(&record, format!("successor '{successor}'"));
                }
            }
        }
    }

    /// Each list has an embedded edition, and no two editions hold on the same day.
    fn editions(&mut self) {
        let table = "editions.csv";
        self.unique(table, &["list", "edition"]);
        let mut embedded: BTreeMap<&str, usize> = BTreeMap::new();
        let mut last: BTreeMap<&str, &str> = BTreeMap::new();
        for record in self.tables.records(table) {
            self.filled(&record, &["edition", "valid_from", "source"]);
            let (list, from, to) = (
                record.text("list"),
                record.text("valid_from"),
                record.text("valid_to"),
            );
            if !to.is_empty() && to < from {
                self.fault(&record, "valid_to before valid_from");
            }
            // ISO dates compare as text. An open end is followed by nothing.
            if last
                .get(list)
                .is_some_and(|before| before.is_empty() || *before >= from)
            {
                self.fault(&record, format!("{list}: overlaps the edition before it"));
            }
            last.insert(list, to);
            match record.text("embedded") {
                "1" => *embedded.entry(list).or_default() += 1,
                "0" => {}
                other => self.fault(&record, format!("embedded '{other}'")),
            }
        }
        for list in CodeList::ALL.map(CodeList::code) {
            if !embedded.contains_key(list) {
                self.faults.push(Fault::whole(
                    table,
                    format!("no embedded edition of {list}"),
                ));
            }
        }
    }

    pub(super) fn outlets(&mut self) {
        let table = "outlets.csv";
        self.unique(table, &["low_code"]);
        let in_rules = self.codes_in_rules();
        for record in self.tables.records(table) {
            let code = record.text("low_code");
            if self.waste(&record, code).is_some() && in_rules.contains(code) {
                self.fault(&record, format!("{code} is in a rule as well"));
            }
            self.filled(&record, &["why_fr", "why_en", "usual_treatment"]);
            for operation in record.items("usual_treatment") {
                if !self.operations.contains(operation) {
                    self.fault(&record, format!("unknown operation {operation}"));
                }
            }
            self.cited(&record, "evidence", Check::is_source);
        }
    }

    /// Every code is in a rule or in `outlets.csv`; every donor feeds a rule or is wholly in the latter.
    pub(super) fn coverage(&mut self) {
        let in_rules = self.codes_in_rules();
        let in_outlets: BTreeSet<&str> = self
            .tables
            .records("outlets.csv")
            .map(|record| record.text("low_code"))
            .collect();
        for code in self.codes.clone() {
            let code = format!("EWC:{code}");
            if !in_rules.contains(code.as_str()) && !in_outlets.contains(code.as_str()) {
                let text = format!("waste code {code} neither in a rule nor in outlets.csv");
                self.faults.push(Fault::whole("rules.csv", text));
            }
        }
        let in_rule: BTreeSet<&str> = self
            .tables
            .records("rules.csv")
            .flat_map(|record| record.items("donor_codes"))
            .collect();
        for record in self.tables.records("donors.csv") {
            let key = record.text("donor_key");
            let Some(codes) = self.donors.get(key).cloned() else {
                continue;
            };
            for code in &codes {
                if !in_rules.contains(code) && !in_outlets.contains(code) {
                    self.fault(
                        &record,
                        format!("{code} neither in a rule nor in outlets.csv"),
                    );
                }
            }
            if !in_rule.contains(key) && !codes.is_subset(&in_outlets) {
                self.fault(
                    &record,
                    format!("{key} feeds no rule and is not wholly in outlets.csv"),
                );
            }
        }
    }

    fn codes_in_rules(&self) -> BTreeSet<&'t str> {
        let items = self
            .tables
            .records("rules.csv")
            .flat_map(|record| record.items("donor_codes"));
        items.filter(|item| item.starts_with("EWC:")).collect()
    }
}
