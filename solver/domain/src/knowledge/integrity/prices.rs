//! The prices: their form, and that everything that needs a price finds one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Record};
use crate::knowledge::prices::{Basis, PLACE, PriceKind, PriceUnit, read_basis, read_year};
use crate::knowledge::{DonorUnit, Fault, rules::read_ratio};
use crate::units::Unit;

/// Units of the bare rows, by kind and key.
type Priced<'t> = BTreeMap<(PriceKind, &'t str), BTreeSet<String>>;

impl<'t> Check<'t> {
    pub(super) fn prices(&mut self) {
        let table = "prices.csv";
        self.unique(table, &["price_id"]);
        self.unique(table, &["key", "kind", "unit", "price_year", "place"]);
        let mut priced = Priced::new();
        let mut last: BTreeMap<PriceKind, u32> = BTreeMap::new();
        let mut used = BTreeSet::new();
        for record in self.tables.records(table) {
            let key = record.text("key");
            let bare = key.split('@').next().unwrap_or(key);
            let kind = PriceKind::from_code(record.text("kind"));
            match kind {
                None => self.fault(&record, format!("kind '{}'", record.text("kind"))),
                Some(kind) => {
                    self.price_id(&record, kind, &mut last);
                    if bare == key {
                        priced
                            .entry((kind, bare))
                            .or_default()
                            .insert(record.text("unit").to_owned());
                    }
                }
            }
            self.price_key(&record, bare);
            self.price_unit(&record, kind, key, bare);
            let values = record.interval(["low", "mid", "high"], &mut self.faults);
            if read_year(record.text("price_year")).is_none() {
                self.fault(
                    &record,
                    format!("price_year '{}'", record.text("price_year")),
                );
            }
            if record.text("place") != PLACE {
                self.fault(
                    &record,
                    format!(
                        "place '{}': only rows of {PLACE} are read",
                        record.text("place")
                    ),
                );
            }
            match read_basis(record.text("note")) {
                None => self.fault(&record, "no known basis in note"),
                Some(Basis::Vent) if values.is_some_and(|values| values.low() < 0.0) => {
                    self.fault(&record, "vented and paid for");
                }
                Some(_) => {}
            }
            self.cited(&record, "source", Check::is_price_source);
            used.extend(record.items("source"));
        }
        for record in self.tables.records("prices_evidence.csv") {
            let id = record.text("evidence_id");
            if !used.contains(id) {
                self.fault(&record, format!("source {id} never cited"));
            }
        }
        self.resolved(&priced);
    }

    /// Ids of a kind follow each other without a gap.
    fn price_id(
        &mut self,
        record: &Record<'_>,
        kind: PriceKind,
        last: &mut BTreeMap<PriceKind, u32>,
    ) {
        let (id, prefix) = (record.text("price_id"), kind.prefix());
        let serial = id
            .strip_prefix(prefix)
            .filter(|digits| digits.len() == 3)
            .and_then(|digits| digits.parse().ok());
        let before = last.entry(kind).or_default();
        let expected = *before + 1;
        let text = match serial {
            None => Some(format!("id {id} for kind {}", kind.code())),
            Some(serial) => {
                *before = serial;
                (serial != expected)
                    .then(|| format!("id {id} does not follow {prefix}{:03}", expected - 1))
            }
        };
        if let Some(text) = text {
            self.fault(record, text);
        }
    }

    fn price_key(&mut self, record: &Record<'_>, bare: &str) {
        if bare.starts_with("DON:") {
            if !self.donors.contains_key(bare) {
                self.fault(record, format!("unknown donor {bare}"));
            }
        } else if let Some(prefix) = bare.strip_prefix("EWC:") {
            let (digits, star) = (prefix.trim_end_matches('*'), prefix.ends_with('*'));
            if !self
                .codes
                .iter()
                .any(|code| code.starts_with(digits) && (code.ends_with('*') || !star))
            {
                self.fault(record, format!("no waste code begins with {bare}"));
            }
        } else if !self.taxonomy.contains_key(bare) {
            self.fault(record, format!("unknown key {bare}"));
        }
    }

    /// A bare row is in the unit of its key.
    fn price_unit(&mut self, record: &Record<'_>, kind: Option<PriceKind>, key: &str, bare: &str) {
        let text = record.text("unit");
        let Some(unit) = PriceUnit::from_code(text) else {
            self.fault(record, format!("unit '{text}'"));
            return;
        };
        if key != bare || !matches!(kind, Some(PriceKind::Outlet | PriceKind::Purchase)) {
            return;
        }
        let suits = if bare.starts_with("DON:") || bare.starts_with("EWC:") {
            [Unit::Tonne, Unit::Piece, Unit::CubicMetre]
                .map(PriceUnit::Unit)
                .contains(&unit)
        } else {
            self.price_unit_of(bare)
                .is_none_or(|expected| expected == text)
        };
        if !suits {
            self.fault(record, format!("unit {text} for {bare}"));
        }
    }

    /// The unit in which a resource is priced.
    fn price_unit_of(&self, key: &str) -> Option<String> {
        Unit::from_code(self.unit_of(key)?).map(|unit| PriceUnit::Unit(unit).code())
    }

    /// Leaves and needs have a purchase price; donors, donor resources and codes an outlet price.
    fn resolved(&mut self, priced: &Priced<'t>) {
        let has = |check: &Check<'t>, kind, key: &'t str| {
            check.price_unit_of(key).is_none_or(|unit| {
                check.chain(key).iter().any(|step| {
                    priced
                        .get(&(kind, *step))
                        .is_some_and(|units| units.contains(&unit))
                })
            })
        };
        let parents: BTreeSet<&str> = self
            .tables
            .records("taxonomy.csv")
            .map(|record| record.text("parent"))
            .collect();
        for record in self.tables.records("taxonomy.csv") {
            let key = record.text("key");
            if !parents.contains(key) && !has(self, PriceKind::Purchase, key) {
                self.fault(&record, format!("no purchase price for the leaf {key}"));
            }
        }
        let mut counted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for record in self.tables.records("rules.csv") {
            let need = record.text("acceptor_need");
            if !has(self, PriceKind::Purchase, need) {
                self.fault(&record, format!("no purchase price for the need {need}"));
            }
            let unit = match read_ratio(record.text("substitution_ratio")) {
                Some((_, _, DonorUnit::Unit(unit))) => Some(unit.code()),
                _ => None,
            };
            for code in record.items("donor_codes") {
                if let Some(key) = code.strip_prefix("RES:") {
                    if !has(self, PriceKind::Outlet, key) {
                        self.fault(&record, format!("no outlet price for {code}"));
                    }
                } else if code.starts_with("DON:") {
                    counted.entry(code).or_default().extend(unit);
                }
            }
        }
        let outlet = |key: &'t str, unit: &str| {
            priced
                .get(&(PriceKind::Outlet, key))
                .is_some_and(|units| units.contains(unit))
        };
        let by_code = |code: &str| {
            let star = if code.ends_with('*') { "*" } else { "" };
            [4, 2].into_iter().any(|length| {
                let prefix = format!("EWC:{}{star}", code.get(..length).unwrap_or(code));
                priced
                    .get(&(PriceKind::Outlet, prefix.as_str()))
                    .is_some_and(|units| units.contains("EUR/t"))
            })
        };
        for record in self.tables.records("donors.csv") {
            let key = record.text("donor_key");
            let codes = self.donors.get(key).cloned().unwrap_or_default();
            if !outlet(key, "EUR/t") && !codes.iter().all(|code| by_code(&code[4..])) {
                self.fault(
                    &record,
                    format!("no outlet price for {key}, own or by code"),
                );
            }
            for unit in counted.get(key).into_iter().flatten() {
                let found = match *unit {
                    "t" => true,
                    "m3" => outlet(key, "EUR/m3") || outlet(key, "EUR/t"),
                    unit => outlet(key, &format!("EUR/{unit}")),
                };
                if !found {
                    self.fault(&record, format!("no outlet price per {unit} for {key}"));
                }
            }
        }
        for code in self.codes.iter().filter(|code| !by_code(code)) {
            self.faults.push(Fault::whole(
                "prices.csv",
                format!("waste code {code} does not resolve"),
            ));
        }
    }
}
