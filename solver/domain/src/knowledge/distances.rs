//! Sensible distances by class of resource, beside the break-even of each case.

use std::collections::HashMap;

use super::Knowledge;
use super::fault::Fault;
use super::table::Tables;
use crate::flow::Identity;
use crate::id::{EvidenceId, ResourceKey};
use crate::interval::Interval;
use crate::text::Text;
use crate::units::Distance;

/// A class of distance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistanceClass {
    /// Id, as `D-AGG`.
    pub id: String,
    /// Name.
    pub label: Text,
    /// Low, typical and high distance.
    pub distance: Interval<Distance>,
    /// Road, pipe, foot and so on, in French.
    pub mode: String,
    /// Why, in French.
    pub why: String,
    /// Sources.
    pub evidence: Vec<EvidenceId>,
}

/// The classes, and the class of each resource or donor that has one.
pub(super) struct Distances {
    classes: HashMap<String, DistanceClass>,
    keys: HashMap<String, String>,
}

impl Distances {
    pub(super) fn read(tables: &Tables, faults: &mut Vec<Fault>) -> Distances {
        let mut classes = HashMap::new();
        for record in tables.records("distances.csv") {
            let Some(values) = record.interval(["low_km", "typical_km", "high_km"], faults) else {
                continue;
            };
            let kilometres = Distance::from_kilometres;
            let bounds = (
                kilometres(values.low()),
                kilometres(values.mid()),
                kilometres(values.high()),
            );
            let (Some(low), Some(typical), Some(high)) = bounds else {
                faults.push(record.fault("negative distance"));
                continue;
            };
            let id = record.text("distance_class").to_owned();
            let class = DistanceClass {
                id: id.clone(),
                label: Text::new(record.text("label_fr"), record.text("label_en")),
                distance: Interval::spanning(low, typical, high),
                mode: record.text("mode").to_owned(),
                why: record.text("why").to_owned(),
                evidence: record.items("evidence").map(EvidenceId::new).collect(),
            };
            classes.insert(id, class);
        }
        let keys = tables
            .records("distance_keys.csv")
            .map(|record| {
                (
                    record.text("key").to_owned(),
                    record.text("distance_class").to_owned(),
                )
            })
            .collect();
        Distances { classes, keys }
    }
}

impl Knowledge {
    /// A class of distance by its id.
    pub fn distance_class(&self, id: &str) -> Option<&DistanceClass> {
        self.distances.classes.get(id)
    }

    /// The class of a resource (its own, else that of the nearest one that contains it).
    pub fn distance_class_of_resource(&self, key: &ResourceKey) -> Option<&DistanceClass> {
        let id = self
            .ancestors(key)
            .find_map(|key| self.distances.keys.get(key.as_str()))?;
        self.distance_class(id)
    }

    /// Upper sensible distance of what a flow is recognised as, where a class says one.
    ///
    /// A rule's own `maximum_distance` is about its pathway and is often larger: where there is a
    /// rule, it stands.
    pub fn high_distance(&self, identity: &Identity) -> Option<Distance> {
        let class = match identity {
            Identity::Donor(key) => self.distance_class(self.distances.keys.get(key.as_str())?)?,
            Identity::Resource(key) => self.distance_class_of_resource(key)?,
            Identity::Unrecognised => return None,
        };
        Some(class.distance.high())
    }
}
