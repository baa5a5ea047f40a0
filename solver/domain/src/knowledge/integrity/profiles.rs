//! Sector profiles: keys, units, codes, shares, and no flow twice in one activity.

use std::collections::BTreeSet;

use super::Check;

impl<'t> Check<'t> {
    pub(super) fn profiles(&mut self) {
        let (table, evidence) = ("profiles.csv", "profiles_evidence.csv");
        self.unique(table, &["profile_id"]);
        self.unique(evidence, &["evidence_id"]);
        let sources: BTreeSet<&str> = self
            .tables
            .records(evidence)
            .map(|record| record.text("evidence_id"))
            .collect();
        let activities: BTreeSet<String> = self
            .tables
            .records("activities.csv")
            .map(|record| match record.text("level") {
                "1" => record.text("code").to_owned(),
                _ => format!("{}{}", record.text("section"), record.text("code")),
            })
            .collect();
        let mut seen = BTreeSet::new();
        for record in self.tables.records(table) {
            let (nace, resource) = (record.text("nace"), record.text("resource"));
            let direction = record.text("direction");
            if !activities.contains(nace) {
                self.fault(&record, format!("unknown activity {nace}"));
            }
            let donor = resource.starts_with("DON:");
            let unit = if donor && direction == "output" {
                self.donors.contains_key(resource).then_some("t")
            } else {
                self.taxonomy
                    .get(resource)
                    .map(|record| record.text("unit"))
            };
            match unit {
                None => self.fault(&record, format!("unknown {direction} {resource}")),
                Some(unit) if unit != record.text("unit") => {
                    self.fault(
                        &record,
                        format!("unit {} of {resource}", record.text("unit")),
                    );
                }
                Some(_) => {}
            }
            let code = record.text("waste_code");
            if !code.is_empty() && !self.codes.contains(code) && !self.amended.contains(code) {
                self.fault(&record, format!("waste code {code}"));
            }
            for source in record.items("source") {
                if source != "BG" && !sources.contains(source) {
                    self.fault(&record, format!("unknown source {source}"));
                }
            }
            let told_apart = match resource {
                "service.waste" => code,
                _ if resource.starts_with("en.heat") => record.text("props"),
                _ => "",
            };
            if !seen.insert((nace, direction, resource, told_apart)) {
                self.fault(&record, format!("{nace}: {direction} {resource} twice"));
            }
            if (record.text("basis") == "t_product") == record.text("t_per_job").is_empty() {
                self.fault(&record, "t_per_job goes with basis t_product");
            }
        }
    }
}
