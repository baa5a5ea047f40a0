//! Treatments, flags, sources, factors, distances and vehicles.

use super::Check;
use crate::knowledge::flags::FlagEffect;
use crate::knowledge::freight::VehicleClass;
use crate::knowledge::prices::PriceKind;
use crate::knowledge::{Fault, PriceUnit};

impl<'t> Check<'t> {
    pub(super) fn treatments(&mut self) {
        let table = "treatments.csv";
        self.unique(table, &["treatment"]);
        for record in self.tables.records(table) {
            self.filled(&record, &["label_fr", "label_en"]);
            if let Some((low, high)) = self.ordered(&record, ["yield_low", "yield_high"])
                && !(low > 0.0 && high <= 1.0)
            {
                self.fault(&record, "yield outside ]0;1]");
            }
            self.not_negative(&record, ["kwh_per_t_low", "kwh_per_t_high"]);
            self.not_negative(&record, ["eur_per_t_low", "eur_per_t_high"]);
        }
        let table = "treatment_units.csv";
        self.unique(table, &["treatment", "per", "need"]);
        for record in self.tables.records(table) {
            let (step, per, need) = (
                record.text("treatment"),
                record.text("per"),
                record.text("need"),
            );
            if !self.treatments.contains(step) {
                self.fault(&record, format!("unknown treatment {step}"));
            }
            if !["m3", "Nm3", "MWh", "MWh_out", "unit"].contains(&per) {
                self.fault(&record, format!("per '{per}'"));
            }
            if !need.is_empty() && !self.taxonomy.contains_key(need) {
                self.fault(&record, format!("unknown need {need}"));
            }
            self.not_negative(&record, ["kwh_low", "kwh_high"]);
            self.not_negative(&record, ["eur_low", "eur_high"]);
        }
    }

    fn not_negative(&mut self, record: &super::Record<'_>, columns: [&str; 2]) {
        if self
            .ordered(record, columns)
            .is_some_and(|(low, _)| low < 0.0)
        {
            self.fault(record, format!("negative {}", columns[0]));
        }
    }

    pub(super) fn flags_and_sources(&mut self) {
        self.unique("flags.csv", &["flag"]);
        for record in self.tables.records("flags.csv") {
            self.filled(
                &record,
                &[
                    "label_fr",
                    "label_en",
                    "legal_basis",
                    "next_act_fr",
                    "next_act_en",
                ],
            );
            if FlagEffect::from_code(record.text("effect")).is_none() {
                self.fault(&record, format!("effect '{}'", record.text("effect")));
            }
        }
        for table in ["evidence.csv", "prices_evidence.csv"] {
            self.unique(table, &["evidence_id"]);
            for record in self.tables.records(table) {
                let id = record.text("evidence_id");
                let number = id.strip_prefix(['S', 'P']).unwrap_or("");
                let numbered =
                    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
                if id != "BG" && !numbered {
                    self.fault(&record, format!("form of id '{id}'"));
                }
                let url = record.text("url");
                if id != "BG" && !url.starts_with("http://") && !url.starts_with("https://") {
                    self.fault(&record, "no web address");
                }
                self.filled(&record, &["supports"]);
                if table == "prices_evidence.csv" {
                    let year = record.text("data_year");
                    let digits = year.bytes().all(|byte| byte.is_ascii_digit());
                    let form =
                        year.len() == 4 && (year.starts_with("19") || year.starts_with("20"));
                    if !(year.is_empty() || (form && digits)) {
                        self.fault(&record, format!("data_year '{year}'"));
                    }
                }
            }
        }
    }

    pub(super) fn factors_and_distances(&mut self) {
        self.unique("factors.csv", &["factor_id"]);
        for record in self.tables.records("factors.csv") {
            self.ordered(&record, ["low", "high"]);
            self.cited(&record, "evidence", Check::is_source);
            self.filled(&record, &["label_fr", "label_en", "unit"]);
            if !["CO2", "CO2 évité", "EUR"].contains(&record.text("kind")) {
                self.fault(&record, format!("kind '{}'", record.text("kind")));
            }
        }
        self.unique("factor_keys.csv", &["key"]);
        for record in self.tables.records("factor_keys.csv") {
            self.known_resource(&record, record.text("key"));
            match record.text("factor") {
                "" if !record.text("multiplier").is_empty() => {
                    self.fault(&record, "multiplier without a factor")
                }
                "" => {}
                factor => {
                    self.known_emission_factor(&record, factor);
                    if record
                        .number("multiplier", &mut self.faults)
                        .is_some_and(|value| value <= 0.0)
                    {
                        self.fault(&record, "multiplier not above zero");
                    }
                }
            }
        }
        self.unique("distances.csv", &["distance_class"]);
        for record in self.tables.records("distances.csv") {
            let values = record.interval(["low_km", "typical_km", "high_km"], &mut self.faults);
            if values.is_some_and(|values| values.low() < 0.0) {
                self.fault(&record, "negative distance");
            }
            self.filled(&record, &["label_fr", "label_en"]);
            self.cited(&record, "evidence", Check::is_source);
        }
        self.unique("distance_keys.csv", &["key"]);
        for record in self.tables.records("distance_keys.csv") {
            let key = record.text("key");
            if !self.donors.contains_key(key) {
                self.known_resource(&record, key);
            }
            let class = record.text("distance_class");
            if !self
                .tables
                .records("distances.csv")
                .any(|known| known.text("distance_class") == class)
            {
                self.fault(&record, format!("unknown distance class {class}"));
            }
        }
    }

    fn known_resource(&mut self, record: &super::Record<'_>, key: &str) {
        if !self.taxonomy.contains_key(key) {
            self.fault(record, format!("unknown key {key}"));
        }
    }

    fn known_emission_factor(&mut self, record: &super::Record<'_>, factor: &str) {
        let known = self
            .tables
            .records("factors.csv")
            .find(|known| known.text("factor_id") == factor);
        match known.map(|known| known.text("kind")) {
            None => self.fault(record, format!("unknown factor {factor}")),
            Some("EUR") => self.fault(record, format!("factor {factor} is in money")),
            Some(_) => {}
        }
    }

    /// Every class of vehicle is there, with prices per tonne-kilometre and per tour.
    pub(super) fn vehicles(&mut self) {
        let table = "vehicles.csv";
        self.unique(table, &["vehicle"]);
        for record in self.tables.records(table) {
            self.filled(&record, &["label_fr", "label_en"]);
            if VehicleClass::from_code(record.text("vehicle")).is_none() {
                self.fault(&record, format!("vehicle '{}'", record.text("vehicle")));
            }
            let payload = record.interval(
                ["payload_low", "payload_mid", "payload_high"],
                &mut self.faults,
            );
            if payload.is_some_and(|payload| payload.low() <= 0.0) {
                self.fault(&record, "payload not above zero");
            }
            for (column, unit) in [
                ("price", PriceUnit::TonneKilometre),
                ("fixed_price", PriceUnit::Tour),
            ] {
                let key = record.text(column);
                let kind = PriceKind::Transport.code();
                let priced = self.tables.records("prices.csv").any(|price| {
                    price.text("key") == key
                        && price.text("kind") == kind
                        && price.text("unit") == unit.code()
                });
                if !priced {
                    self.fault(&record, format!("no price {key} in {unit}"));
                }
            }
            self.known_emission_factor(&record, record.text("factor"));
            self.cited(&record, "source", |check, id| {
                check.is_source(id) || check.is_price_source(id)
            });
        }
        for class in VehicleClass::ALL {
            if !self
                .tables
                .records(table)
                .any(|record| record.text("vehicle") == class.code())
            {
                self.faults
                    .push(Fault::whole(table, format!("no vehicle {}", class.code())));
            }
        }
    }
}
