//! What the catalogue knows: rules, resources, donors, treatments, law, prices, factors, codes.
//!
//! Everything comes from tables (`domain/data`, described in its README), embedded in the program
//! and replaceable one by one. A [`Knowledge`] is parsed once, indexed, and never changes; its
//! [`version`](Knowledge::version) is the digest of the tables it was read from.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest, Sha256};

pub mod activities;
pub mod codes;
pub mod conditions;
pub mod distances;
pub mod donors;
pub mod editions;
pub mod evidence;
pub mod factors;
pub mod fault;
pub mod flags;
pub mod freight;
mod integrity;
mod labels;
pub mod lexicon;
pub mod outlets;
pub mod places;
pub mod prices;
pub mod profiles;
pub mod rules;
mod table;
pub mod taxonomy;
pub mod treatments;

pub use activities::{ActivityEntry, NewActivity};
pub use codes::{CodeChange, CodeOn, EntryType, WasteEntry};
pub use conditions::{Condition, Test, Verdict};
pub use distances::DistanceClass;
pub use donors::{Donor, TypicalProperty};
pub use editions::{CodeList, Edition, Standing};
pub use evidence::Evidence;
pub use factors::{Factor, FactorKind};
pub use fault::{Fault, KnowledgeError};
pub use flags::{Flag, FlagEffect};
pub use freight::{Freight, LinkClass, VehicleClass};
pub use lexicon::{LexiconTerm, WordRole};
pub use outlets::NoExchange;
pub use places::Commune;
pub use prices::{Basis, DefaultRow, PriceKind, PriceUnit};
pub use profiles::{ProfileRow, Scaling};
pub use rules::{DonorUnit, NeedFit, Rule};
pub use taxonomy::{Kind, Resource};
pub use treatments::{PerUnit, StepCost, Treatment};

use table::{SCHEMAS, Table, Tables};

/// The catalogue, parsed and indexed. Immutable; share it behind an `Arc`.
pub struct Knowledge {
    version: String,
    taxonomy: taxonomy::Taxonomy,
    donors: donors::Donors,
    rules: rules::Rules,
    treatments: treatments::Treatments,
    flags: flags::Flags,
    outlets: outlets::Outlets,
    prices: prices::Prices,
    profiles: profiles::Profiles,
    vehicles: freight::Vehicles,
    factors: factors::Factors,
    distances: distances::Distances,
    evidence: evidence::Sources,
    codes: codes::WasteCodes,
    activities: activities::Activities,
    places: places::Places,
    editions: editions::Editions,
    labels: labels::Labels,
    lexicon: lexicon::Lexicon,
}

impl Knowledge {
    /// The catalogue that the program carries.
    ///
    /// # Errors
    /// None as long as the tests of this package pass; the tables are read all the same.
    pub fn embedded() -> Result<Knowledge, KnowledgeError> {
        Knowledge::assembled(&BTreeMap::new(), false)
    }

    /// The embedded catalogue with some tables replaced, by file name (`prices.csv`).
    ///
    /// The replaced catalogue passes every integrity check, references between tables included,
    /// before it is used.
    ///
    /// # Errors
    /// Every fault found, each with its table and row; a name that is no table is one.
    pub fn from_tables(replaced: &BTreeMap<String, String>) -> Result<Knowledge, KnowledgeError> {
        Knowledge::assembled(replaced, !replaced.is_empty())
    }

    /// Digest of the tables, names and contents: SHA-256 in hexadecimal.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// File names of the tables, in alphabetical order.
    pub fn table_names() -> impl Iterator<Item = &'static str> {
        SCHEMAS.iter().map(|schema| schema.name)
    }

    /// Text of an embedded table, for export as a starting point of a replacement.
    pub fn embedded_table(name: &str) -> Option<&'static str> {
        SCHEMAS
            .iter()
            .find(|schema| schema.name == name)
            .map(|schema| schema.embedded)
    }

    fn assembled(
        replaced: &BTreeMap<String, String>,
        checked: bool,
    ) -> Result<Knowledge, KnowledgeError> {
        let mut faults = Vec::new();
        for name in replaced.keys() {
            if !SCHEMAS.iter().any(|schema| schema.name == name) {
                let names: Vec<_> = Knowledge::table_names().collect();
                faults.push(Fault::whole(
                    name,
                    format!("no table has this name; known: {}", names.join(", ")),
                ));
            }
        }
        let texts: Vec<(&'static str, Cow<'static, str>)> = SCHEMAS
            .iter()
            .map(|schema| match replaced.get(schema.name) {
                Some(text) => (schema.name, Cow::Owned(text.clone())),
                None => (schema.name, Cow::Borrowed(schema.embedded)),
            })
            .collect();
        let mut tables = Tables::default();
        for (schema, (_, text)) in SCHEMAS.iter().zip(&texts) {
            // The communes are ten times all the rest: read when first asked for, unless replaced.
            if schema.name != places::TABLE || replaced.contains_key(places::TABLE) {
                tables.insert(Table::read(schema, text, &mut faults));
            }
        }
        if checked {
            faults.extend(integrity::faults(&tables));
        }
        let version = digest(&texts);
        let communes = texts
            .into_iter()
            .find(|(name, _)| *name == places::TABLE)
            .map(|(_, text)| text);
        // A table out of form gives one fault by its reader or its check, not two.
        let mut reading = Vec::new();
        let taxonomy = taxonomy::Taxonomy::read(&tables, &mut reading);
        let donors = donors::Donors::read(&tables, &mut reading);
        let labels = labels::Labels::of(&taxonomy, &donors);
        let knowledge = Knowledge {
            version,
            rules: rules::Rules::read(&tables, &taxonomy, &mut reading),
            treatments: treatments::Treatments::read(&tables, &mut reading),
            flags: flags::Flags::read(&tables, &mut reading),
            outlets: outlets::Outlets::read(&tables, &mut reading),
            prices: prices::Prices::read(&tables, &mut reading),
            profiles: profiles::Profiles::read(&tables, &mut reading),
            vehicles: freight::Vehicles::read(&tables, &mut reading),
            factors: factors::Factors::read(&tables, &mut reading),
            distances: distances::Distances::read(&tables, &mut reading),
            evidence: evidence::Sources::read(&tables, &mut reading),
            codes: codes::WasteCodes::read(&tables, &mut reading),
            activities: activities::Activities::read(&tables, &mut reading),
            places: places::Places::new(communes.unwrap_or_default()),
            editions: editions::Editions::read(&tables, &mut reading),
            lexicon: lexicon::Lexicon::read(&tables, &taxonomy, &donors, &mut reading),
            taxonomy,
            donors,
            labels,
        };
        if faults.is_empty() {
            faults = reading;
        }
        if faults.is_empty() {
            Ok(knowledge)
        } else {
            Err(KnowledgeError { faults })
        }
    }
}

impl fmt::Debug for Knowledge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Knowledge")
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// SHA-256 over the tables in the order of their names; lengths keep name and content apart.
fn digest(texts: &[(&'static str, Cow<'static, str>)]) -> String {
    let mut hash = Sha256::new();
    for (name, text) in texts {
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name.as_bytes());
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests;
