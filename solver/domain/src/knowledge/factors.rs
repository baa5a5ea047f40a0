//! Emission factors and reference figures, always as intervals with their sources.

use std::collections::HashMap;

use super::Knowledge;
use super::fault::Fault;
use super::table::Tables;
use crate::id::{EvidenceId, FactorId, ResourceKey};
use crate::interval::Interval;
use crate::text::Text;
use crate::units::CarbonPerUnit;

/// Disposal of mixed business waste in landfill.
const LANDFILL: &str = "F-LANDFILL";

/// What a factor measures.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// Greenhouse gases emitted by a use.
    Emission,
    /// Greenhouse gases of what is displaced.
    Avoided,
    /// Money, an order of size beside the prices.
    Money,
}

/// A factor. Its value is in `unit`, as written in the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// Id, as `F-GAS`.
    pub id: FactorId,
    /// What it measures.
    pub kind: FactorKind,
    /// Name.
    pub label: Text,
    /// Unit, as `kgCO2e/kWh PCI`.
    pub unit: String,
    /// Bounds; the working value is their arithmetic mean.
    pub value: Interval<f64>,
    /// Sources.
    pub evidence: Vec<EvidenceId>,
    /// Remark, in French.
    pub note: String,
}

/// The factor of a resource: its id and the kilograms per unit of the resource for one of its unit.
type Keyed = Option<(FactorId, f64)>;

/// The factors, and those that say what displacing a resource avoids.
pub(super) struct Factors {
    factors: HashMap<FactorId, Factor>,
    keys: HashMap<ResourceKey, Keyed>,
}

impl Factors {
    pub(super) fn read(tables: &Tables, faults: &mut Vec<Fault>) -> Factors {
        let mut factors = HashMap::new();
        for record in tables.records("factors.csv") {
            let kind = match record.text("kind") {
                "CO2" => FactorKind::Emission,
                "CO2 évité" => FactorKind::Avoided,
                "EUR" => FactorKind::Money,
                other => {
                    faults.push(record.fault(format!("kind '{other}'")));
                    continue;
                }
            };
            let Some(value) = record.bounds(["low", "high"], faults) else {
                continue;
            };
            let id = FactorId::new(record.text("factor_id"));
            let factor = Factor {
                id: id.clone(),
                kind,
                label: Text::new(record.text("label_fr"), record.text("label_en")),
                unit: record.text("unit").to_owned(),
                value,
                evidence: record.items("evidence").map(EvidenceId::new).collect(),
                note: record.text("note").to_owned(),
            };
            factors.insert(id, factor);
        }
        let mut keys = HashMap::new();
        for record in tables.records("factor_keys.csv") {
            let factor = match record.text("factor") {
                "" => None,
                id => match record
                    .number("multiplier", faults)
                    .filter(|value| *value > 0.0)
                {
                    Some(multiplier) => Some((FactorId::new(id), multiplier)),
                    None => {
                        faults.push(record.fault("a factor goes with a multiplier above zero"));
                        continue;
                    }
                },
            };
            keys.insert(ResourceKey::new(record.text("key")), factor);
        }
        Factors { factors, keys }
    }
}

impl Knowledge {
    /// A factor by its id.
    pub fn factor(&self, id: &FactorId) -> Option<&Factor> {
        self.factors.factors.get(id)
    }

    /// What displacing one unit of a resource avoids, in kg CO2e per unit of the taxonomy.
    ///
    /// The resource's own factor, else that of the nearest one that contains it; `None` where the
    /// catalogue has no honest match, which is not zero.
    pub fn avoided_factor(&self, key: &ResourceKey) -> Option<(FactorId, Interval<CarbonPerUnit>)> {
        let (id, multiplier) = self
            .ancestors(key)
            .find_map(|key| self.factors.keys.get(key))?
            .clone()?;
        let value = self
            .factor(&id)?
            .value
            .map(|value| CarbonPerUnit::new(value * multiplier));
        Some((id, value))
    }

    /// What keeping one tonne out of landfill avoids, in kg CO2e per tonne (mixed business waste).
    pub fn disposal_factor(&self) -> Option<(FactorId, Interval<CarbonPerUnit>)> {
        let factor = self.factor(&FactorId::new(LANDFILL))?;
        Some((
            factor.id.clone(),
            factor
                .value
                .map(|tonnes| CarbonPerUnit::new(tonnes * 1000.0)),
        ))
    }
}
