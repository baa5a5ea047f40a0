//! Recognising a label: exact names and synonyms, whatever their case, accents and punctuation.

use std::collections::HashMap;

use super::Knowledge;
use super::donors::Donors;
use super::taxonomy::{Kind, Taxonomy};
use crate::flow::Identity;
use crate::id::{Direction, DonorKey, ResourceKey, normalised};

/// Donors and resources by their folded names.
pub(super) struct Labels {
    donors: HashMap<String, Vec<DonorKey>>,
    resources: HashMap<String, Vec<ResourceKey>>,
}

impl Labels {
    pub(super) fn of(taxonomy: &Taxonomy, donors: &Donors) -> Labels {
        let mut labels = Labels {
            donors: HashMap::new(),
            resources: HashMap::new(),
        };
        for donor in &donors.donors {
            let names = [donor.key.as_str(), &donor.label.fr, &donor.label.en];
            for name in names
                .into_iter()
                .chain(donor.synonyms.iter().map(String::as_str))
            {
                insert(&mut labels.donors, name, &donor.key);
            }
        }
        for resource in &taxonomy.resources {
            let names = [
                resource.key.as_str(),
                &resource.label.fr,
                &resource.label.en,
            ];
            let synonyms = resource
                .synonyms_fr
                .iter()
                .chain(&resource.synonyms_en)
                .map(String::as_str);
            for name in names.into_iter().chain(synonyms) {
                insert(&mut labels.resources, name, &resource.key);
            }
        }
        labels
    }
}

fn insert<K: Clone + PartialEq>(names: &mut HashMap<String, Vec<K>>, name: &str, key: &K) {
    let folded = normalised(name);
    if !folded.is_empty() {
        let keys = names.entry(folded).or_default();
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
}

impl Knowledge {
    /// What a label may be: an exact name, synonym or key, in French or English.
    ///
    /// An output is a donor if any donor has this name, else a resource, unless it is a material from
    /// which no rule starts: that name is of a need only. An input is a resource.
    /// Several answers mean that the label is ambiguous, none that it was not recognised.
    pub fn recognise_label(&self, label: &str, direction: Direction) -> Vec<Identity> {
        let folded = normalised(label);
        let resources = self.labels.resources.get(&folded).into_iter().flatten();
        let donors = match direction {
            Direction::Output => self.labels.donors.get(&folded),
            Direction::Input => None,
        };
        match donors {
            Some(donors) => donors.iter().cloned().map(Identity::Donor).collect(),
            None => resources
                .filter(|key| direction == Direction::Input || self.may_be_given(key))
                .cloned()
                .map(Identity::Resource)
                .collect(),
        }
    }

    /// Whether the catalogue holds a key.
    pub fn holds(&self, identity: &Identity) -> bool {
        match identity {
            Identity::Donor(key) => self.donor(key).is_some(),
            Identity::Resource(key) => self.resource(key).is_some(),
            Identity::Unrecognised => false,
        }
    }

    /// Whether a resource can be an output: a rule starts from it, or it is no material.
    fn may_be_given(&self, key: &ResourceKey) -> bool {
        let kind = self.resource(key).map(|resource| resource.kind);
        kind != Some(Kind::Material) || self.rules_of_resource(key).next().is_some()
    }
}
