//! Default prices: used when a firm has declared none, and shown as such.
//!
//! An outlet price is what the holder pays to get rid of one unit (negative: is paid); a purchase
//! price is what the buyer pays. How a row is found is in `lookup`, how it is brought to a year
//! in `inflation`.

use std::collections::HashMap;
use std::fmt;

use super::fault::Fault;
use super::table::Tables;
use super::treatments::price_interval;
use crate::id::{EvidenceId, PriceId};
use crate::interval::Interval;
use crate::units::{Price, Unit};

mod inflation;
mod lookup;

/// The only place whose rows are read.
pub(super) const PLACE: &str = "FR";

/// What a price is for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum PriceKind {
    /// Paid by the holder to get rid of a unit.
    Outlet,
    /// Paid by the buyer for a unit.
    Purchase,
    /// Per pick-up.
    Collection,
    /// Per tonne-kilometre or per tour.
    Transport,
    /// Per tonne and month.
    Storage,
    /// Per analysis.
    Analysis,
    /// Per open link and year.
    Link,
}

impl PriceKind {
    /// Every kind.
    pub const ALL: [PriceKind; 7] = [
        PriceKind::Outlet,
        PriceKind::Purchase,
        PriceKind::Collection,
        PriceKind::Transport,
        PriceKind::Storage,
        PriceKind::Analysis,
        PriceKind::Link,
    ];

    /// The word of the table.
    pub fn code(self) -> &'static str {
        match self {
            PriceKind::Outlet => "outlet",
            PriceKind::Purchase => "purchase",
            PriceKind::Collection => "collection",
            PriceKind::Transport => "transport",
            PriceKind::Storage => "storage",
            PriceKind::Analysis => "analysis",
            PriceKind::Link => "link",
        }
    }

    /// The two letters that begin the ids of the kind.
    pub fn prefix(self) -> &'static str {
        match self {
            PriceKind::Outlet => "PO",
            PriceKind::Purchase => "PP",
            PriceKind::Collection => "PC",
            PriceKind::Transport => "PT",
            PriceKind::Storage => "PS",
            PriceKind::Analysis => "PA",
            PriceKind::Link => "PL",
        }
    }

    /// The kind of a word of the table.
    pub fn from_code(code: &str) -> Option<PriceKind> {
        PriceKind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What a price includes, hence what is still to be added.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Delivered at the treatment site, tax included: add transport and one collection per pick-up.
    Gate,
    /// At the seller's gate. Outlet: nothing to add. Purchase: add transport.
    Exw,
    /// At the buyer's gate: nothing to add.
    Delivered,
    /// The whole service: nothing to add.
    AllIn,
    /// Rejected or idle today: nothing to add.
    Vent,
    /// Per pick-up or tour, whatever the tonnage.
    Fixed,
    /// Part of another price: never add it to the row that contains it.
    Component,
}

impl Basis {
    /// The basis of a word of the table.
    pub fn from_code(code: &str) -> Option<Basis> {
        Some(match code {
            "gate" => Basis::Gate,
            "exw" => Basis::Exw,
            "delivered" => Basis::Delivered,
            "all_in" => Basis::AllIn,
            "vent" => Basis::Vent,
            "fixed" => Basis::Fixed,
            "component" => Basis::Component,
            _ => return None,
        })
    }
}

/// What a price is counted by.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum PriceUnit {
    /// One canonical unit (per year for areas, slots, seats and full-time equivalents).
    Unit(Unit),
    /// One pick-up.
    PickUp,
    /// One tonne carried over one kilometre.
    TonneKilometre,
    /// One tour of a vehicle.
    Tour,
    /// One tonne stored for one month.
    TonneMonth,
    /// One analysis.
    Analysis,
    /// One open link for one year.
    LinkYear,
    /// One hour.
    Hour,
    /// One day.
    Day,
    /// One month.
    Month,
    /// One year.
    Year,
    /// One kilometre of a vehicle.
    Kilometre,
}

impl PriceUnit {
    const APART: [(PriceUnit, &'static str); 15] = [
        (PriceUnit::PickUp, "EUR/pickup"),
        (PriceUnit::TonneKilometre, "EUR/t.km"),
        (PriceUnit::Tour, "EUR/tour"),
        (PriceUnit::TonneMonth, "EUR/t.month"),
        (PriceUnit::Analysis, "EUR/analysis"),
        (PriceUnit::LinkYear, "EUR/link.y"),
        (PriceUnit::Hour, "EUR/h"),
        (PriceUnit::Day, "EUR/day"),
        (PriceUnit::Month, "EUR/month"),
        (PriceUnit::Year, "EUR/y"),
        (PriceUnit::Kilometre, "EUR/km"),
        (PriceUnit::Unit(Unit::SquareMetre), "EUR/m2.y"),
        (PriceUnit::Unit(Unit::Slot), "EUR/slot.y"),
        (PriceUnit::Unit(Unit::Seat), "EUR/seat.y"),
        (PriceUnit::Unit(Unit::FullTimeEquivalent), "EUR/fte.y"),
    ];

    /// The code of the table, as `EUR/t`.
    pub fn code(self) -> String {
        let apart = PriceUnit::APART
            .into_iter()
            .find(|(unit, _)| *unit == self)
            .map(|(_, code)| code);
        match (apart, self) {
            (Some(code), _) => code.to_owned(),
            (None, PriceUnit::Unit(unit)) => format!("EUR/{}", unit.code()),
            // Every unit that is not canonical is in the list above.
            (None, _) => "EUR".to_owned(),
        }
    }

    /// The unit of a code of the table.
    pub fn from_code(code: &str) -> Option<PriceUnit> {
        let apart = PriceUnit::APART
            .into_iter()
            .find(|(_, known)| *known == code)
            .map(|(unit, _)| unit);
        apart.or_else(|| {
            let unit = PriceUnit::Unit(Unit::from_code(code.strip_prefix("EUR/")?)?);
            // A yearly rate is written so: `EUR/m2` alone is not a price of this catalogue.
            (unit.code() == code).then_some(unit)
        })
    }
}

impl fmt::Display for PriceUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code())
    }
}

/// A default price, brought to the year asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultRow {
    /// The row of the catalogue (the first one, when several codes were combined).
    pub id: PriceId,
    /// Other rows that were combined with it.
    pub others: Vec<PriceId>,
    /// Euros per `unit`.
    pub price: Interval<Price>,
    /// What it is counted by.
    pub unit: PriceUnit,
    /// What it includes.
    pub basis: Basis,
    /// Year of the money in the catalogue (the oldest, when several were combined).
    pub year: i16,
    /// Levels of the taxonomy climbed to find it; each widened the interval by half.
    pub inherited: u8,
    /// Found by waste code, not by its own row: ranks below one found by its own.
    pub fallback: bool,
    /// More than three years older than the year asked for.
    pub stale: bool,
    /// Sources.
    pub sources: Vec<EvidenceId>,
}

/// A row of the table.
pub(super) struct PriceRow {
    id: PriceId,
    /// Key without its variant.
    key: String,
    variant: Option<String>,
    kind: PriceKind,
    unit: PriceUnit,
    price: Interval<Price>,
    basis: Basis,
    year: i16,
    sources: Vec<EvidenceId>,
}

/// The rows, indexed by kind and full key (with its variant).
pub(super) struct Prices {
    rows: Vec<PriceRow>,
    index: HashMap<PriceKind, HashMap<String, Vec<usize>>>,
}

impl Prices {
    pub(super) fn read(tables: &Tables, faults: &mut Vec<Fault>) -> Prices {
        let mut prices = Prices {
            rows: Vec::new(),
            index: HashMap::new(),
        };
        for record in tables.records("prices.csv") {
            let kind = PriceKind::from_code(record.text("kind"));
            let unit = PriceUnit::from_code(record.text("unit"));
            let basis = read_basis(record.text("note"));
            let year = read_year(record.text("price_year"));
            let price = record
                .interval(["low", "mid", "high"], faults)
                .and_then(price_interval);
            let (Some(kind), Some(unit), Some(basis), Some(year)) = (kind, unit, basis, year)
            else {
                faults.push(record.fault("kind, unit, basis or price_year not read"));
                continue;
            };
            if record.text("place") != PLACE {
                let place = record.text("place");
                faults
                    .push(record.fault(format!("place '{place}': only rows of {PLACE} are read")));
                continue;
            }
            let Some(price) = price else { continue };
            let full = record.text("key");
            let (key, variant) = match full.split_once('@') {
                Some((key, variant)) => (key, Some(variant.to_owned())),
                None => (full, None),
            };
            let at = prices.rows.len();
            prices
                .index
                .entry(kind)
                .or_default()
                .entry(full.to_owned())
                .or_default()
                .push(at);
            prices.rows.push(PriceRow {
                id: PriceId::new(record.text("price_id")),
                key: key.to_owned(),
                variant,
                kind,
                unit,
                price,
                basis,
                year,
                sources: record.items("source").map(EvidenceId::new).collect(),
            });
        }
        prices
    }
}

/// The basis that a note begins with.
pub(super) fn read_basis(note: &str) -> Option<Basis> {
    let word = note
        .strip_prefix("basis=")?
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .next()?;
    Basis::from_code(word)
}

/// A year of this century.
pub(super) fn read_year(text: &str) -> Option<i16> {
    let plain =
        text.len() == 4 && text.starts_with("20") && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}
