//! Finding the default price of a flow.
//!
//! In this order: the own row; inheritance from the nearest resource that contains it and has a row
//! in the same unit (the interval widens by half per level); for an output, fallback by waste code;
//! else no price, said so and never zero. A row with a variant (`key@variant`) is found only by its
//! full name.

use super::inflation::{Movement, widened};
use super::{Basis, DefaultRow, PriceKind, PriceRow, PriceUnit, Prices};
use crate::flow::Identity;
use crate::id::{ResourceKey, WasteCode};
use crate::interval::Interval;
use crate::knowledge::Knowledge;
use crate::units::{Price, Unit};

/// Widening of an inherited price, per level.
const WIDENING_PER_LEVEL: f64 = 1.5;
/// Age in years beyond which a row is stale.
const STALE_AFTER: i16 = 3;
/// Last resort of an output that is not hazardous.
const MIXED_WASTE: &str = "service.waste";

impl Prices {
    /// The row of a full key, the most recent one; for a tax, that of the year.
    fn row(&self, kind: PriceKind, key: &str, unit: PriceUnit, year: i16) -> Option<&PriceRow> {
        let positions = self.index.get(&kind)?.get(key)?;
        let rows = || {
            positions
                .iter()
                .filter_map(|&at| self.rows.get(at))
                .filter(|row| row.unit == unit)
        };
        let recent = rows().max_by_key(|row| row.year)?;
        if recent.movement() != Movement::Legal {
            return Some(recent);
        }
        // The law of the year, else the last one before it, else the first one known.
        let before = rows()
            .filter(|row| row.year <= year)
            .max_by_key(|row| row.year);
        before.or_else(|| rows().min_by_key(|row| row.year))
    }
}

impl PriceRow {
    fn found(&self, year: i16, inherited: u8, fallback: bool) -> DefaultRow {
        let price = self.in_year(year);
        DefaultRow {
            id: self.id.clone(),
            others: Vec::new(),
            price: widened(price, WIDENING_PER_LEVEL.powi(i32::from(inherited))),
            unit: self.unit,
            basis: self.basis,
            year: self.year,
            inherited,
            fallback,
            stale: year.saturating_sub(self.year) > STALE_AFTER,
            sources: self.sources.clone(),
        }
    }
}

impl Knowledge {
    /// What the holder of an output pays today to get rid of one `unit`, in money of `year`.
    ///
    /// `codes` are the declared waste codes; without any, those of the donor stand in for them in
    /// the fallback. Rows in another unit are never converted: ask again in tonnes.
    pub fn outlet_price(
        &self,
        identity: &Identity,
        codes: &[WasteCode],
        unit: Unit,
        year: i16,
    ) -> Option<DefaultRow> {
        let per = PriceUnit::Unit(unit);
        let own = match identity {
            Identity::Donor(key) => self
                .prices
                .row(PriceKind::Outlet, key.as_str(), per, year)
                .map(|row| row.found(year, 0, false)),
            Identity::Resource(key) => self.inherited_price(PriceKind::Outlet, key, per, year),
            Identity::Unrecognised => None,
        };
        let known = match identity {
            Identity::Donor(key) => self.donor(key).map_or(&[][..], |donor| &donor.waste_codes),
            _ => &[],
        };
        own.or_else(|| self.price_by_code(if codes.is_empty() { known } else { codes }, per, year))
    }

    /// What the buyer of a resource pays for one `unit`, in money of `year`.
    pub fn purchase_price(&self, key: &ResourceKey, unit: Unit, year: i16) -> Option<DefaultRow> {
        self.inherited_price(PriceKind::Purchase, key, PriceUnit::Unit(unit), year)
    }

    /// What one pick-up of an output costs, in money of `year`: the donor's own, else the default.
    pub fn collection_price(&self, identity: &Identity, year: i16) -> Option<DefaultRow> {
        let own = match identity {
            Identity::Donor(key) => {
                self.named_price(key.as_str(), PriceKind::Collection, PriceUnit::PickUp, year)
            }
            _ => None,
        };
        own.or_else(|| {
            self.named_price(MIXED_WASTE, PriceKind::Collection, PriceUnit::PickUp, year)
        })
    }

    /// A price by its full name (`service.freight@van3_5`), in money of `year`. Nothing is inherited.
    pub fn named_price(
        &self,
        key: &str,
        kind: PriceKind,
        unit: PriceUnit,
        year: i16,
    ) -> Option<DefaultRow> {
        self.prices
            .row(kind, key, unit, year)
            .map(|row| row.found(year, 0, false))
    }

    fn inherited_price(
        &self,
        kind: PriceKind,
        key: &ResourceKey,
        unit: PriceUnit,
        year: i16,
    ) -> Option<DefaultRow> {
        self.ancestors(key).zip(0u8..).find_map(|(key, level)| {
            self.prices
                .row(kind, key.as_str(), unit, year)
                .map(|row| row.found(year, level, false))
        })
    }

    /// The fallback of an output: by the four digits of its codes, else by their chapters.
    ///
    /// A hazardous code takes starred rows only, and gives no price at all rather than another's; the
    /// price of mixed waste stands in where no code is hazardous. Several codes: lowest low, median
    /// mid, highest high, each code counting once.
    fn price_by_code(&self, codes: &[WasteCode], unit: PriceUnit, year: i16) -> Option<DefaultRow> {
        let mut rows: Vec<&PriceRow> = Vec::new();
        for code in codes {
            let star = if code.is_hazardous() { "*" } else { "" };
            let row = [4, 2].into_iter().find_map(|length| {
                let prefix = code.digits().get(..length)?;
                self.prices.row(
                    PriceKind::Outlet,
                    &format!("EWC:{prefix}{star}"),
                    unit,
                    year,
                )
            });
            match row {
                Some(row) => rows.push(row),
                // Its price would be that of the harmless part alone.
                None if code.is_hazardous() => return None,
                None => {}
            }
        }
        if rows.is_empty() {
            rows.push(
                self.prices
                    .row(PriceKind::Outlet, MIXED_WASTE, unit, year)?,
            );
        }
        let first = rows.first()?;
        let mut found = first.found(year, 0, true);
        let prices: Vec<Interval<Price>> = rows.iter().map(|row| row.in_year(year)).collect();
        let mut mids: Vec<Price> = prices.iter().map(Interval::mid).collect();
        mids.sort_unstable();
        let half = mids.len() / 2;
        let median = match mids.len() % 2 {
            0 => (mids[half - 1] + mids[half]).times(0.5),
            _ => mids[half],
        };
        let low = prices.iter().map(Interval::low).min()?;
        let high = prices.iter().map(Interval::high).max()?;
        found.price = Interval::spanning(low, median, high);
        for row in &rows {
            if row.id != found.id && !found.others.contains(&row.id) {
                found.others.push(row.id.clone());
            }
        }
        // What must still be added is added as soon as one of the rows asks for it.
        if rows.iter().any(|row| row.basis == Basis::Gate) {
            found.basis = Basis::Gate;
        }
        found.year = rows.iter().map(|row| row.year).min().unwrap_or(found.year);
        found.stale = year.saturating_sub(found.year) > STALE_AFTER;
        for source in rows.iter().flat_map(|row| &row.sources) {
            if !found.sources.contains(source) {
                found.sources.push(source.clone());
            }
        }
        Some(found)
    }
}
