//! The resources and their hierarchy: what a need is declared as, and what rules lead to.

use std::collections::HashMap;

use super::Knowledge;
use super::fault::Fault;
use super::table::Tables;
use crate::id::{PropertyName, ResourceKey};
use crate::text::Text;
use crate::units::Unit;

/// Nature of a resource.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Matter that is weighed or counted.
    Material,
    /// Heat, cold, power, fuel.
    Energy,
    /// Water of some quality.
    Water,
    /// Space, equipment, skill, service.
    Asset,
}

impl Kind {
    /// The word used in the table.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Material => "material",
            Kind::Energy => "energy",
            Kind::Water => "water",
            Kind::Asset => "asset",
        }
    }

    /// The kind of a word of the table.
    pub fn from_code(code: &str) -> Option<Kind> {
        [Kind::Material, Kind::Energy, Kind::Water, Kind::Asset]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// A resource of the taxonomy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Dotted path, stable; the hierarchy is in `parent`, not in the dots.
    pub key: ResourceKey,
    /// The resource that contains it; `None` at a root.
    pub parent: Option<ResourceKey>,
    /// Nature.
    pub kind: Kind,
    /// Name.
    pub label: Text,
    /// Other French names.
    pub synonyms_fr: Vec<String>,
    /// Other English names.
    pub synonyms_en: Vec<String>,
    /// Unit in which it is counted.
    pub unit: Unit,
    /// Properties worth declaring for it.
    pub properties: Vec<PropertyName>,
}

/// The taxonomy, indexed by key.
pub(super) struct Taxonomy {
    pub(super) resources: Vec<Resource>,
    index: HashMap<ResourceKey, usize>,
}

impl Taxonomy {
    pub(super) fn read(tables: &Tables, faults: &mut Vec<Fault>) -> Taxonomy {
        let mut resources = Vec::new();
        for record in tables.records("taxonomy.csv") {
            let kind = Kind::from_code(record.text("kind"));
            let unit = Unit::from_code(record.text("unit"));
            let (Some(kind), Some(unit)) = (kind, unit) else {
                let text = format!(
                    "kind '{}' or unit '{}' unknown",
                    record.text("kind"),
                    record.text("unit")
                );
                faults.push(record.fault(text));
                continue;
            };
            let owned = |column| record.items(column).map(str::to_owned).collect();
            resources.push(Resource {
                key: ResourceKey::new(record.text("key")),
                parent: Some(record.text("parent"))
                    .filter(|parent| !parent.is_empty())
                    .map(ResourceKey::new),
                kind,
                label: Text::new(record.text("label_fr"), record.text("label_en")),
                synonyms_fr: owned("synonyms_fr"),
                synonyms_en: owned("synonyms_en"),
                unit,
                properties: record
                    .text("properties")
                    .split([',', ';'])
                    .filter(|name| !name.is_empty())
                    .map(PropertyName::new)
                    .collect(),
            });
        }
        let index = resources
            .iter()
            .enumerate()
            .map(|(at, resource)| (resource.key.clone(), at))
            .collect();
        Taxonomy { resources, index }
    }

    pub(super) fn get(&self, key: &ResourceKey) -> Option<&Resource> {
        self.index.get(key).and_then(|&at| self.resources.get(at))
    }

    /// The resource and what contains it, nearest first. No longer than the table, whatever it says.
    pub(super) fn ancestors(&self, key: &ResourceKey) -> impl Iterator<Item = &Resource> {
        std::iter::successors(self.get(key), |resource| {
            self.get(resource.parent.as_ref()?)
        })
        .take(self.resources.len())
    }
}

impl Knowledge {
    /// A resource by its key.
    pub fn resource(&self, key: &ResourceKey) -> Option<&Resource> {
        self.taxonomy.get(key)
    }

    /// Every resource, in the order of the table.
    pub fn resources(&self) -> &[Resource] {
        &self.taxonomy.resources
    }

    /// The resource itself, then what contains it, up to the root; nothing for an unknown key.
    pub fn ancestors(&self, key: &ResourceKey) -> impl Iterator<Item = &ResourceKey> {
        self.taxonomy.ancestors(key).map(|resource| &resource.key)
    }

    /// Whether `descendant` is `ancestor` or lies within it.
    pub fn is_within(&self, descendant: &ResourceKey, ancestor: &ResourceKey) -> bool {
        self.ancestors(descendant).any(|key| key == ancestor)
    }
}
