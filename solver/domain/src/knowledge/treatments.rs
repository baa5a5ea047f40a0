//! Treatment steps and what they cost, in the unit in which the donor is counted.

use std::collections::HashMap;

use super::Knowledge;
use super::fault::Fault;
use super::rules::DonorUnit;
use super::table::Tables;
use crate::id::{ResourceKey, TreatmentId};
use crate::interval::Interval;
use crate::text::Text;
use crate::units::{Price, Share, Unit};

/// The thermal dryer: alone counted per tonne of water evaporated.
const DRYING: &str = "T-DRY";
/// In `treatment_units.csv`: per MWh delivered by the step.
const DELIVERED: &str = "MWh_out";

/// A treatment step, per tonne entering it. All ranges are trade knowledge.
#[derive(Clone, Debug, PartialEq)]
pub struct Treatment {
    /// Id.
    pub id: TreatmentId,
    /// Name.
    pub label: Text,
    /// Share of what enters that goes on; for the rest see `loses_matter`. Already inside the ratios of rules.
    pub yield_: Interval<Share>,
    /// Energy, kWh per tonne entering.
    pub kwh: Interval<f64>,
    /// Cost, per tonne entering.
    pub euros: Interval<Price>,
    /// Whether what does not go on is a waste with an outlet of its own; else it leaves as vapour,
    /// gas or effluent, is a product of the step, or stays with the material.
    pub loses_matter: bool,
}

/// What a step cost is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PerUnit {
    /// One donor unit entering.
    DonorUnit,
    /// One tonne of material entering, the donor being counted by its content.
    TonneOfMaterial,
    /// One tonne of water evaporated.
    TonneOfWater,
    /// One MWh delivered: ratio times quantity.
    MwhDelivered,
}

/// Cost of one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepCost {
    /// Cost per `per`.
    pub euros: Interval<Price>,
    /// Energy, kWh per `per`.
    pub kwh: Interval<f64>,
    /// What it is counted by.
    pub per: PerUnit,
    /// Share of what enters that goes on.
    pub yield_: Interval<Share>,
}

/// A row of `treatment_units.csv`.
struct UnitCost {
    per: String,
    need: Option<ResourceKey>,
    kwh: Interval<f64>,
    euros: Interval<Price>,
}

/// The steps and their costs in other units than the tonne.
pub(super) struct Treatments {
    treatments: Vec<Treatment>,
    index: HashMap<TreatmentId, usize>,
    units: HashMap<TreatmentId, Vec<UnitCost>>,
}

impl Treatments {
    pub(super) fn read(tables: &Tables, faults: &mut Vec<Fault>) -> Treatments {
        let mut treatments = Vec::new();
        for record in tables.records("treatments.csv") {
            let shares = record.bounds(["yield_low", "yield_high"], faults);
            let kwh = record.bounds(["kwh_per_t_low", "kwh_per_t_high"], faults);
            let euros = record.bounds(["eur_per_t_low", "eur_per_t_high"], faults);
            let yield_ = shares.and_then(share_interval);
            if shares.is_some() && yield_.is_none() {
                faults.push(record.fault("yield outside ]0;1]"));
            }
            let loses_matter = read_loss(record.text("loss"));
            if loses_matter.is_none() {
                faults.push(record.fault(format!("loss '{}'", record.text("loss"))));
            }
            let (Some(yield_), Some(kwh), Some(euros), Some(loses_matter)) =
                (yield_, kwh, euros.and_then(price_interval), loses_matter)
            else {
                continue;
            };
            treatments.push(Treatment {
                id: TreatmentId::new(record.text("treatment")),
                label: Text::new(record.text("label_fr"), record.text("label_en")),
                yield_,
                kwh,
                euros,
                loses_matter,
            });
        }
        let mut units: HashMap<TreatmentId, Vec<UnitCost>> = HashMap::new();
        for record in tables.records("treatment_units.csv") {
            let kwh = record.bounds(["kwh_low", "kwh_high"], faults);
            let euros = record
                .bounds(["eur_low", "eur_high"], faults)
                .and_then(price_interval);
            let (Some(kwh), Some(euros)) = (kwh, euros) else {
                continue;
            };
            let need = Some(record.text("need"))
                .filter(|need| !need.is_empty())
                .map(ResourceKey::new);
            let cost = UnitCost {
                per: record.text("per").to_owned(),
                need,
                kwh,
                euros,
            };
            units
                .entry(TreatmentId::new(record.text("treatment")))
                .or_default()
                .push(cost);
        }
        let index = treatments
            .iter()
            .enumerate()
            .map(|(at, step)| (step.id.clone(), at))
            .collect();
        Treatments {
            treatments,
            index,
            units,
        }
    }
}

/// Column `loss`: `waste` is true, `none` false.
fn read_loss(text: &str) -> Option<bool> {
    match text {
        "waste" => Some(true),
        "none" => Some(false),
        _ => None,
    }
}

fn share_interval(values: Interval<f64>) -> Option<Interval<Share>> {
    let share = |value: f64| Share::new(value).filter(|share| share.value() > 0.0);
    Interval::new(
        share(values.low())?,
        share(values.mid())?,
        share(values.high())?,
    )
}

/// Three numbers of euros per unit as prices.
pub(super) fn price_interval(values: Interval<f64>) -> Option<Interval<Price>> {
    Interval::new(
        Price::from_euros(values.low())?,
        Price::from_euros(values.mid())?,
        Price::from_euros(values.high())?,
    )
}

impl Knowledge {
    /// A step by its id.
    pub fn treatment(&self, id: &TreatmentId) -> Option<&Treatment> {
        self.treatments
            .index
            .get(id)
            .and_then(|&at| self.treatments.treatments.get(at))
    }

    /// Every step, in the order of the table.
    pub fn treatments(&self) -> &[Treatment] {
        &self.treatments.treatments
    }

    /// Cost of a step for a donor counted in `unit`, on the way to `need`.
    ///
    /// A donor in tonnes pays per tonne entering, except drying (per tonne of water evaporated) and
    /// the steps that deliver heat, cold or power (per MWh delivered, whatever the unit). A donor
    /// counted by its content pays per tonne of material. For other units the row of the nearest
    /// need that contains `need` is taken, else the row for any need; `None` if there is none: a
    /// cost is never converted from one unit to another.
    pub fn treatment_cost(
        &self,
        id: &TreatmentId,
        unit: DonorUnit,
        need: &ResourceKey,
    ) -> Option<StepCost> {
        let step = self.treatment(id)?;
        if let Some(cost) = self.unit_cost(id, DELIVERED, need) {
            return Some(step.cost(cost.kwh, cost.euros, PerUnit::MwhDelivered));
        }
        match unit {
            DonorUnit::Unit(Unit::Tonne) | DonorUnit::KilogramContent => {
                let per = match unit {
                    _ if id.as_str() == DRYING => PerUnit::TonneOfWater,
                    DonorUnit::KilogramContent => PerUnit::TonneOfMaterial,
                    DonorUnit::Unit(_) => PerUnit::DonorUnit,
                };
                Some(step.cost(step.kwh, step.euros, per))
            }
            DonorUnit::Unit(other) => {
                let cost = self.unit_cost(id, other.code(), need)?;
                Some(step.cost(cost.kwh, cost.euros, PerUnit::DonorUnit))
            }
        }
    }

    fn unit_cost(&self, id: &TreatmentId, per: &str, need: &ResourceKey) -> Option<&UnitCost> {
        let rows = self.treatments.units.get(id)?;
        let of = |wanted: Option<&ResourceKey>| {
            rows.iter()
                .find(|row| row.per == per && row.need.as_ref() == wanted)
        };
        self.ancestors(need)
            .find_map(|key| of(Some(key)))
            .or_else(|| of(None))
    }
}

impl Treatment {
    fn cost(&self, kwh: Interval<f64>, euros: Interval<Price>, per: PerUnit) -> StepCost {
        StepCost {
            euros,
            kwh,
            per,
            yield_: self.yield_,
        }
    }
}
