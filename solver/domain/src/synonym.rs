//! A territory's own words: what its operator decided that a name means.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::flow::Identity;
use crate::id::{Direction, normalised};

/// Words that, in one territory and on one side, name one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synonym {
    /// As firms write it; compared without case, accents and plurals.
    pub words: String,
    /// The side it is decided for: the same words on the other side mean what they meant.
    pub direction: Direction,
    /// What it names: a donor of outputs only, a resource of either side.
    pub key: Identity,
}

impl Synonym {
    /// Characters of the longest words kept.
    pub const LONGEST: usize = 200;

    /// Synonyms that one territory may hold.
    pub const MOST: usize = 2_000;

    /// The words without case, accents and punctuation: what tells two synonyms of one side apart.
    pub fn name(&self) -> String {
        normalised(&self.words)
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
