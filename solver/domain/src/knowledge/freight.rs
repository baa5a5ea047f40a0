//! Vehicles and links: what moving a tonne and keeping an exchange alive cost.

use std::collections::HashMap;

use super::Knowledge;
use super::fault::Fault;
use super::prices::{DefaultRow, PriceKind, PriceUnit};
use super::table::Tables;
use crate::id::{EvidenceId, FactorId};
use crate::interval::Interval;
use crate::text::Text;
use crate::units::Amount;

/// Class of vehicle.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum VehicleClass {
    /// Articulated lorry, general goods.
    General,
    /// Articulated tipper, bulk minerals and grain.
    Tipper,
    /// Tanker, liquids that are not dangerous.
    Tanker,
    /// Tanker for dangerous goods.
    TankerAdr,
    /// Refrigerated lorry.
    Reefer,
    /// Rigid lorry of 19 t.
    Rigid19,
    /// Van of 3.5 t.
    Van,
    /// Inland barge or coaster, quay to quay.
    Barge,
    /// Full train, siding to siding.
    Rail,
}

impl VehicleClass {
    /// Every class.
    pub const ALL: [VehicleClass; 9] = [
        VehicleClass::General,
        VehicleClass::Tipper,
        VehicleClass::Tanker,
        VehicleClass::TankerAdr,
        VehicleClass::Reefer,
        VehicleClass::Rigid19,
        VehicleClass::Van,
        VehicleClass::Barge,
        VehicleClass::Rail,
    ];

    /// The word of the table.
    pub fn code(self) -> &'static str {
        match self {
            VehicleClass::General => "general",
            VehicleClass::Tipper => "tipper",
            VehicleClass::Tanker => "tanker",
            VehicleClass::TankerAdr => "tanker_adr",
            VehicleClass::Reefer => "reefer",
            VehicleClass::Rigid19 => "rigid19",
            VehicleClass::Van => "van",
            VehicleClass::Barge => "barge",
            VehicleClass::Rail => "rail",
        }
    }

    /// The class of a word of the table.
    pub fn from_code(code: &str) -> Option<VehicleClass> {
        VehicleClass::ALL
            .into_iter()
            .find(|class| class.code() == code)
    }
}

/// A vehicle with its prices of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freight {
    /// Class.
    pub class: VehicleClass,
    /// Name.
    pub label: Text,
    /// Per tonne carried over one kilometre, empty returns included.
    pub per_tonne_km: DefaultRow,
    /// Per tour: loading, waiting, unloading.
    pub per_tour: DefaultRow,
    /// Tonnes per tour.
    pub payload: Interval<Amount>,
    /// Emissions per tonne-kilometre: a factor of the catalogue.
    pub factor: FactorId,
    /// Sources of the payload.
    pub evidence: Vec<EvidenceId>,
}

/// What an exchange asks of those who keep it alive.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum LinkClass {
    /// Pallets, cartons, furniture.
    SimpleReuse,
    /// Waste that is not hazardous, without treatment.
    SimpleNonHazardous,
    /// Treatment, end of waste, spreading, animal by-product.
    TreatedOrRegulated,
    /// Prior acceptance, consignment notes, audits.
    Hazardous,
    /// Energy or water by pipe: metering, contract, insurance.
    Pipe,
    /// Any.
    Default,
}

/// A row of `vehicles.csv`.
struct Vehicle {
    label: Text,
    price: String,
    fixed: String,
    payload: Interval<Amount>,
    factor: FactorId,
    evidence: Vec<EvidenceId>,
}

/// The vehicles by class.
pub(super) struct Vehicles {
    vehicles: HashMap<VehicleClass, Vehicle>,
}

impl Vehicles {
    pub(super) fn read(tables: &Tables, faults: &mut Vec<Fault>) -> Vehicles {
        let mut vehicles = HashMap::new();
        for record in tables.records("vehicles.csv") {
            let Some(class) = VehicleClass::from_code(record.text("vehicle")) else {
                faults.push(record.fault(format!("vehicle '{}'", record.text("vehicle"))));
                continue;
            };
            let values = record.interval(["payload_low", "payload_mid", "payload_high"], faults);
            let Some(values) = values.filter(|values| values.low() > 0.0) else {
                faults.push(record.fault("payload not above zero"));
                continue;
            };
            let tonnes = [values.low(), values.mid(), values.high()].map(Amount::from_units);
            let [Some(low), Some(mid), Some(high)] = tonnes else {
                faults.push(record.fault("payload too large"));
                continue;
            };
            let vehicle = Vehicle {
                label: Text::new(record.text("label_fr"), record.text("label_en")),
                price: record.text("price").to_owned(),
                fixed: record.text("fixed_price").to_owned(),
                payload: Interval::spanning(low, mid, high),
                factor: FactorId::new(record.text("factor")),
                evidence: record.items("source").map(EvidenceId::new).collect(),
            };
            vehicles.insert(class, vehicle);
        }
        Vehicles { vehicles }
    }
}

impl Knowledge {
    /// A vehicle with its prices in money of `year`.
    pub fn freight(&self, class: VehicleClass, year: i16) -> Option<Freight> {
        let vehicle = self.vehicles.vehicles.get(&class)?;
        let price = |key: &str, unit| self.named_price(key, PriceKind::Transport, unit, year);
        Some(Freight {
            class,
            label: vehicle.label.clone(),
            per_tonne_km: price(&vehicle.price, PriceUnit::TonneKilometre)?,
            per_tour: price(&vehicle.fixed, PriceUnit::Tour)?,
            payload: vehicle.payload,
            factor: vehicle.factor.clone(),
            evidence: vehicle.evidence.clone(),
        })
    }

    /// Yearly cost of animating and contracting one exchange, in money of `year`.
    ///
    /// Charged once per open link, not per tonne.
    pub fn link_price(&self, class: LinkClass, year: i16) -> Option<DefaultRow> {
        let key = match class {
            LinkClass::SimpleReuse => "service@simple_reuse",
            LinkClass::SimpleNonHazardous => "service@simple_nonhaz",
            LinkClass::TreatedOrRegulated => "service@treated_or_regulated",
            LinkClass::Hazardous => "service@hazardous",
            LinkClass::Pipe => "service@pipe_energy_water",
            LinkClass::Default => "service",
        };
        self.named_price(key, PriceKind::Link, PriceUnit::LinkYear, year)
    }
}
