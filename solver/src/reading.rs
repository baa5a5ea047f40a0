//! A flow as the solver reads it: what it is, what it weighs, what going on as today costs.

use boucle_domain::flow::{Flow, Identity};
use boucle_domain::id::{Direction, DonorKey, ResourceKey, normalised};
use boucle_domain::interval::Interval;
use boucle_domain::knowledge::{Basis, DefaultRow, Kind, Knowledge, VehicleClass};
use boucle_domain::organisation::Site;
use boucle_domain::snapshot::Snapshot;
use boucle_domain::units::{Price, Unit};

use crate::answer::{DefaultPrice, RecognisedBy, Recognition};
use crate::recognise::Read;

/// What goes through the exchange model, and what does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// Moves as goods: materials, solid and liquid fuels, equipment.
    Goods,
    /// Water, heat, power, gas, space, people: declared and kept, matched by other models.
    Other,
    /// Not recognised.
    Unknown,
}

/// A flow with what the catalogue adds to it.
#[derive(Clone, Debug)]
pub(crate) struct Reading<'a> {
    /// As declared.
    pub flow: &'a Flow,
    /// Its site.
    pub site: &'a Site,
    /// Position of the site in the snapshot.
    pub site_position: usize,
    /// What it moves as.
    pub carrier: Carrier,
    /// How it was recognised.
    pub recognition: Recognition,
    /// Avoidable price of today's outlet or supply, EUR per unit of the flow.
    pub price: Interval<Price>,
    /// Rows of the catalogue the price rests on, when none was declared.
    pub defaults: Vec<DefaultPrice>,
    /// No price was declared and the catalogue has none.
    pub unpriced: bool,
    /// Tonnes per unit of the flow.
    pub tonnes_per_unit: Interval<f64>,
}

/// Reads every flow of a snapshot; `None` for a flow whose site is not in it.
pub(crate) fn read<'a>(read: &'a Read<'a>, knowledge: &Knowledge) -> Vec<Option<Reading<'a>>> {
    let snapshot: &Snapshot = &read.snapshot;
    let year = snapshot.valid_on().year();
    let one = |flow: &'a Flow| {
        let site_position = snapshot
            .sites()
            .binary_search_by(|site| site.key.cmp(&flow.key.site))
            .ok()?;
        let site = &snapshot.sites()[site_position];
        let price = priced(flow, knowledge, year);
        Some(Reading {
            flow,
            site,
            site_position,
            carrier: carrier(flow, knowledge),
            recognition: recognition(flow, read, knowledge),
            price: price.value,
            defaults: price.defaults,
            unpriced: price.missing,
            tonnes_per_unit: tonnes_per_unit(flow, knowledge),
        })
    };
    snapshot.flows().iter().map(one).collect()
}

/// Whether a resource moves as goods.
pub(crate) fn moves_as_goods(key: &ResourceKey, knowledge: &Knowledge) -> bool {
    let within = |root: &str| key.as_str() == root || key.as_str().starts_with(&format!("{root}."));
    match knowledge.resource(key).map(|resource| resource.kind) {
        Some(Kind::Material) => true,
        Some(Kind::Energy) => within("en.fuel"),
        Some(Kind::Asset) => within("equip") || within("pack"),
        _ => false,
    }
}

/// The resource of an identity, when it is one.
pub(crate) fn resource(identity: &Identity) -> Option<&ResourceKey> {
    match identity {
        Identity::Resource(key) => Some(key),
        _ => None,
    }
}

/// The donor of an identity, when it is one.
pub(crate) fn donor(identity: &Identity) -> Option<&DonorKey> {
    match identity {
        Identity::Donor(key) => Some(key),
        _ => None,
    }
}

/// Lorry for the goods of a need: what is carried decides, then how much of it.
pub(crate) fn vehicle(
    reading: &Reading<'_>,
    need: &ResourceKey,
    knowledge: &Knowledge,
) -> VehicleClass {
    let class = knowledge
        .distance_class_of_resource(need)
        .map_or("", |class| class.id.as_str());
    let yearly = reading.flow.quantity.amount().mid().units() * reading.tonnes_per_unit.mid();
    if reading.flow.is_hazardous() {
        VehicleClass::TankerAdr
    } else if yearly < FULL_LOADS_FROM_TONNES {
        VehicleClass::Rigid19
    } else {
        match class {
            "D-AGG" | "D-BULKMIN" => VehicleClass::Tipper,
            "D-FOOD" | "D-ABP" => VehicleClass::Reefer,
            _ => VehicleClass::General,
        }
    }
}

/// Tonnes a year below which a flow goes by rigid lorry: about one full articulated load a quarter.
const FULL_LOADS_FROM_TONNES: f64 = 100.0;

fn carrier(flow: &Flow, knowledge: &Knowledge) -> Carrier {
    match &flow.identity {
        Identity::Donor(_) => Carrier::Goods,
        Identity::Resource(key) if moves_as_goods(key, knowledge) => Carrier::Goods,
        Identity::Resource(_) => Carrier::Other,
        Identity::Unrecognised => Carrier::Unknown,
    }
}

fn recognition(flow: &Flow, read: &Read<'_>, knowledge: &Knowledge) -> Recognition {
    if let Some(words) = read.by_words(&flow.key) {
        return Recognition {
            donor: donor(&flow.identity).cloned(),
            resource: resource(&flow.identity).cloned(),
            by: match words.is_decided() {
                true => RecognisedBy::Territory,
                false => RecognisedBy::Words,
            },
            reasons: words.reasons.iter().map(|reason| reason.text()).collect(),
        };
    }
    // A name that leads to the same place by itself was recognised by its words.
    let by_name = knowledge.recognise_label(&flow.name, flow.key.direction);
    let written = match &flow.identity {
        Identity::Donor(key) => normalised(key.as_str()),
        Identity::Resource(key) => normalised(key.as_str()),
        Identity::Unrecognised => String::new(),
    };
    let by_key = by_name != [flow.identity.clone()] || normalised(&flow.name) == written;
    Recognition {
        donor: donor(&flow.identity).cloned(),
        resource: resource(&flow.identity).cloned(),
        by: if by_key {
            RecognisedBy::Key
        } else {
            RecognisedBy::Label
        },
        reasons: Vec::new(),
    }
}

/// A price with its origin.
struct Priced {
    value: Interval<Price>,
    defaults: Vec<DefaultPrice>,
    missing: bool,
}

/// Avoidable price of going on as today.
///
/// The declared one, except where the other end is a declared partner: the money the two exchange
/// is no cost of the zone, and what counts is the *replacement* price if the exchange stopped.
fn priced(flow: &Flow, knowledge: &Knowledge, year: i16) -> Priced {
    if flow.present.partner.is_none()
        && let Some(declared) = flow.present.avoidable_price
    {
        return Priced {
            value: declared,
            defaults: Vec::new(),
            missing: false,
        };
    }
    let found = match flow.key.direction {
        Direction::Output => outlet(flow, knowledge, year),
        Direction::Input => resource(&flow.identity)
            .and_then(|key| {
                in_unit_of(flow, knowledge, |unit| {
                    knowledge.purchase_price(key, unit, year)
                })
            })
            .map(|(row, factor)| (scaled(&row, factor), vec![default("purchase", &row)])),
    };
    match found {
        Some((value, defaults)) => Priced {
            value,
            defaults,
            missing: false,
        },
        None => Priced {
            value: Interval::exact(Price::ZERO),
            defaults: Vec::new(),
            missing: true,
        },
    }
}

/// Default price of an outlet; a gate price leaves the pick-up to be added.
fn outlet(
    flow: &Flow,
    knowledge: &Knowledge,
    year: i16,
) -> Option<(Interval<Price>, Vec<DefaultPrice>)> {
    let codes: Vec<_> = flow.waste_code.iter().cloned().collect();
    let (row, factor) = in_unit_of(flow, knowledge, |unit| {
        knowledge.outlet_price(&flow.identity, &codes, unit, year)
    })?;
    let mut value = scaled(&row, factor);
    let mut defaults = vec![default("outlet", &row)];
    if row.basis == Basis::Gate
        && let Some(pick_up) = knowledge.collection_price(&flow.identity, year)
    {
        let tonnes = tonnes_per_unit(flow, knowledge);
        let per_unit = |euros: f64, tonnes: f64| euros * tonnes / TONNES_PER_PICK_UP;
        let added = |price: Price, euros: Price, tonnes: f64| {
            price + Price::from_euros(per_unit(euros.euros(), tonnes)).unwrap_or(Price::ZERO)
        };
        value = Interval::spanning(
            added(value.low(), pick_up.price.low(), tonnes.low()),
            added(value.mid(), pick_up.price.mid(), tonnes.mid()),
            added(value.high(), pick_up.price.high(), tonnes.high()),
        );
        defaults.push(default("collection", &pick_up));
    }
    Some((value, defaults))
}

/// Tonnes taken by one pick-up: a skip or roll-off of mixed density (background figure).
const TONNES_PER_PICK_UP: f64 = 8.0;

/// A price row in the unit of the flow, else in one its density or heating value converts, with the
/// number of priced units per unit of the flow.
fn in_unit_of(
    flow: &Flow,
    knowledge: &Knowledge,
    row: impl Fn(Unit) -> Option<DefaultRow>,
) -> Option<(DefaultRow, f64)> {
    if let Some(found) = row(flow.unit) {
        return Some((found, 1.0));
    }
    [Unit::Tonne, Unit::CubicMetre, Unit::MegawattHour]
        .into_iter()
        .find_map(|unit| {
            let factor = conversion(flow, knowledge, unit)?;
            Some((row(unit)?, factor.mid()))
        })
}

fn scaled(row: &DefaultRow, factor: f64) -> Interval<Price> {
    row.price.map(|price| price.times(factor))
}

/// A row of the catalogue as it is shown beside a proposal.
pub(crate) fn default(role: &str, row: &DefaultRow) -> DefaultPrice {
    DefaultPrice {
        role: role.to_owned(),
        price: row.id.clone(),
        value: row.price,
        year: row.year,
        inherited: row.inherited,
        fallback: row.fallback,
    }
}

/// Units of `wanted` in one unit of the flow, by declared or ranged density or heating value.
///
/// `None` when nothing declared converts: a conversion is never guessed.
pub(crate) fn conversion(
    flow: &Flow,
    knowledge: &Knowledge,
    wanted: Unit,
) -> Option<Interval<f64>> {
    let density = || {
        let ranged = donor(&flow.identity).and_then(|key| knowledge.density_range(key));
        flow.density
            .or(ranged)
            .map(|interval| interval.map(|density| density.value()))
    };
    let heating = || {
        let ranged = donor(&flow.identity).and_then(|key| knowledge.heating_range(key));
        flow.heating_value
            .or(ranged)
            .map(|interval| interval.map(|value| value.value()))
    };
    let inverse = |interval: Interval<f64>| interval.map(|value| 1.0 / value);
    match (flow.unit, wanted) {
        (have, want) if have == want => Some(Interval::exact(1.0)),
        (Unit::CubicMetre, Unit::Tonne) => density(),
        (Unit::Tonne, Unit::CubicMetre) => density().map(inverse),
        (Unit::Tonne, Unit::MegawattHour) => heating(),
        (Unit::MegawattHour, Unit::Tonne) => heating().map(inverse),
        (Unit::Kilogram, Unit::Tonne) => Some(Interval::exact(0.001)),
        (Unit::Tonne, Unit::Kilogram) => Some(Interval::exact(1000.0)),
        _ => None,
    }
}

/// Tonnes to be carried per unit of the flow. Where nothing declared says, background ranges: they
/// move the cost of a lorry, never a quantity.
fn tonnes_per_unit(flow: &Flow, knowledge: &Knowledge) -> Interval<f64> {
    conversion(flow, knowledge, Unit::Tonne).unwrap_or_else(|| {
        let (low, mid, high) = match flow.unit {
            // A cubic metre of anything from baled board to slurry.
            Unit::CubicMetre => (0.2, 0.8, 1.2),
            // A pallet weighs 15 to 30 kg; a drum or a piece of equipment more.
            Unit::Piece => (0.01, 0.025, 0.2),
            // Fuels hold 3 to 12 MWh per tonne.
            Unit::MegawattHour => (0.08, 0.2, 0.35),
            Unit::NormalCubicMetre => (0.0001, 0.0012, 0.002),
            _ => (0.0, 0.0, 0.0),
        };
        Interval::spanning(low, mid, high)
    })
}
