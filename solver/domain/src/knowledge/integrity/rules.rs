//! The rules: what they refer to, their ratios, costs, conditions and legal marks.

use std::collections::BTreeMap;

use super::{Check, Record};
use crate::knowledge::conditions::Condition;
use crate::knowledge::rules::{read_attribute, read_ratio};

/// Codes of waste that contains asbestos: insulation and construction materials.
const ASBESTOS: [&str; 2] = ["EWC:170601*", "EWC:170605*"];

impl<'t> Check<'t> {
    pub(super) fn rules(&mut self) {
        let table = "rules.csv";
        self.unique(table, &["rule_id"]);
        let mut pathways: BTreeMap<[&str; 3], u64> = BTreeMap::new();
        for record in self.tables.records(table) {
            let id = record.text("rule_id");
            let digits = id.strip_prefix('R').unwrap_or("");
            if !(3..=4).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit())
            {
                self.fault(&record, format!("form of id '{id}'"));
            }
            for column in [
                "donor_codes",
                "acceptor_nace",
                "regulatory_flags",
                "conditions",
            ] {
                self.distinct(&record, column);
            }
            self.filled(
                &record,
                &["donor_label_fr", "donor_label_en", "acceptor_nace"],
            );
            let codes = self.rule_donors(&record, &mut pathways);
            self.rule_ratio(&record);
            for activity in record.items("acceptor_nace") {
                self.activity(&record, activity, true);
            }
            let distance = record.number("max_distance_km", &mut self.faults);
            if distance.is_some_and(|distance| !(distance > 0.0 && distance <= 2000.0)) {
                self.fault(
                    &record,
                    format!("distance {} km", record.text("max_distance_km")),
                );
            }
            for clause in record.items("conditions") {
                let read = clause.starts_with("note:")
                    || Condition::parse(clause).is_some()
                    || read_attribute(clause).is_some();
                if !read {
                    self.fault(
                        &record,
                        format!("form of condition '{clause}', or its bounds not in order"),
                    );
                }
            }
            self.rule_flags(&record, &codes);
            self.cited(&record, "evidence", Check::is_source);
            match record.text("confidence") {
                "1" | "2" => {}
                "3" if record.text("evidence") == "BG" => {
                    self.fault(&record, "trade knowledge only, with confidence 3");
                }
                "3" => {}
                other => self.fault(&record, format!("confidence '{other}'")),
            }
        }
        self.unique(
            table,
            &[
                "donor_codes",
                "acceptor_need",
                "treatment",
                "donor_label_fr",
            ],
        );
    }

    /// Donors, resources and codes of a rule; returns its known codes.
    fn rule_donors(
        &mut self,
        record: &Record<'t>,
        pathways: &mut BTreeMap<[&'t str; 3], u64>,
    ) -> Vec<&'t str> {
        let (mut own, mut codes, mut resources) = (Vec::new(), Vec::new(), 0);
        for code in record.items("donor_codes") {
            if code.starts_with("DON:") {
                own.push(code);
                if !self.donors.contains_key(code) {
                    self.fault(record, format!("unknown donor {code}"));
                }
            } else if let Some(key) = code.strip_prefix("RES:") {
                resources += 1;
                if !self.taxonomy.contains_key(key) {
                    self.fault(record, format!("unknown resource {code}"));
                }
            } else if self.waste(record, code).is_some() {
                codes.push(code);
            }
        }
        if own.is_empty() && resources == 0 {
            self.fault(record, "neither DON: nor RES:");
        }
        for code in &codes {
            if !own.iter().any(|key| {
                self.donors
                    .get(key)
                    .is_some_and(|owned| owned.contains(code))
            }) {
                self.fault(
                    record,
                    format!("{code} belongs to none of the donors of the rule"),
                );
            }
        }
        for key in own {
            let apart = self
                .donors
                .get(key)
                .is_some_and(|owned| !codes.iter().any(|code| owned.contains(code)));
            if apart && !codes.is_empty() {
                self.fault(record, format!("no code of {key} in the rule"));
            }
            let pathway = [
                key,
                record.text("acceptor_need"),
                record.text("donor_label_fr"),
            ];
            match pathways.get(&pathway) {
                Some(line) => {
                    self.fault(record, format!("same donor, need and label as row {line}"))
                }
                None => {
                    pathways.insert(pathway, record.line);
                }
            }
        }
        codes
    }

    /// The ratio is in the units of its need and its donor, and every step has a cost in the latter.
    fn rule_ratio(&mut self, record: &Record<'t>) {
        let (need, text) = (
            record.text("acceptor_need"),
            record.text("substitution_ratio"),
        );
        let expected = self.unit_of(need);
        if expected.is_none() {
            self.fault(record, format!("unknown need {need}"));
        }
        let donor = match read_ratio(text) {
            None => {
                self.fault(
                    record,
                    format!("form of ratio '{text}', or its bounds not in order"),
                );
                None
            }
            Some((ratio, need_unit, donor_unit)) => {
                if expected.is_some_and(|unit| unit != need_unit.code()) {
                    self.fault(
                        record,
                        format!("ratio in {need_unit}, need {need} in another unit"),
                    );
                }
                let per = donor_unit.code();
                if ["MWh", "m3", "Nm3"].contains(&per)
                    && need_unit.code() == per
                    && ratio.high().value() > 2.0
                {
                    self.fault(record, format!("ratio above 2 {per}/{per}"));
                }
                Some(per)
            }
        };
        for code in record.items("donor_codes") {
            let (Some(per), Some(key)) = (donor, code.strip_prefix("RES:")) else {
                continue;
            };
            if self
                .unit_of(key)
                .is_some_and(|unit| per != unit && per != "kg_content")
            {
                self.fault(
                    record,
                    format!("ratio per {per}, donor {code} in another unit"),
                );
            }
        }
        let of_donors = record
            .items("donor_codes")
            .any(|code| code.starts_with("DON:"));
        if of_donors && donor.is_some_and(|per| !["t", "m3", "unit", "kg_content"].contains(&per)) {
            self.fault(
                record,
                format!("ratio per {} for a donor", donor.unwrap_or_default()),
            );
        }
        for step in record.text("treatment").split('+') {
            if !self.treatments.contains(step) {
                self.fault(record, format!("unknown treatment {step}"));
            } else if let Some(per) = donor.filter(|per| !["t", "kg_content"].contains(per)) {
                let mut scopes = self.chain(need);
                scopes.push("");
                let costed = self.tables.records("treatment_units.csv").any(|cost| {
                    cost.text("treatment") == step
                        && [per, "MWh_out"].contains(&cost.text("per"))
                        && scopes.contains(&cost.text("need"))
                });
                if !costed {
                    self.fault(
                        record,
                        format!("no cost of {step} per {per} in treatment_units.csv"),
                    );
                }
            }
        }
    }

    /// Hazard is marked if and only if a code says so; asbestos always.
    fn rule_flags(&mut self, record: &Record<'t>, codes: &[&str]) {
        let marks: Vec<&str> = record.items("regulatory_flags").collect();
        for mark in &marks {
            if !self.flags.contains(mark) {
                self.fault(record, format!("unknown flag {mark}"));
            }
        }
        let hazardous = codes.iter().find(|code| code.ends_with('*'));
        match hazardous {
            Some(code) if !marks.contains(&"HAZ") => {
                self.fault(record, format!("hazardous {code} without HAZ"))
            }
            None if marks.contains(&"HAZ") && !codes.is_empty() => {
                self.fault(record, "HAZ without a hazardous code");
            }
            _ => {}
        }
        if codes.iter().any(|code| ASBESTOS.contains(code)) && !marks.contains(&"ASBESTOS") {
            self.fault(record, "asbestos code without ASBESTOS");
        }
    }
}
