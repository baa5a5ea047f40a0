//! A territory's own words: what its operator decided that a name means.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::flow::Identity;
use crate::id::{Direction, normalised};

/// Words that, in one territory, name one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synonym {
    /// As firms write it; compared without case, accents and plurals.
    pub words: String,
    /// What it names: a donor for outputs, a resource for both sides.
    pub key: Identity,
}

impl Synonym {
    /// The words without case, accents and punctuation: what tells two synonyms of one side apart.
    pub fn name(&self) -> String {
        normalised(&self.words)
    }

    /// The side it is decided for. A donor is only ever an output. A resource is a need first; an
    /// output under these words is read as it too, unless a donor bears them.
    pub fn direction(&self) -> Direction {
        match self.key {
            Identity::Donor(_) => Direction::Output,
            Identity::Resource(_) | Identity::Unrecognised => Direction::Input,
        }
    }
}

/// A synonym as it is kept, with who decided it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptSynonym {
    /// What was decided.
    pub synonym: Synonym,
    /// Who decided it: a role or a service, never a contact.
    pub by: String,
    /// On which day.
    pub on: Date,
}
