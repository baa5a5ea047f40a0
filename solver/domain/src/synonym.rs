//! A territory's own words: what its operator decided that a name means.

use serde::{Deserialize, Serialize};

use crate::flow::Identity;

/// Words that, in one territory, name one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synonym {
    /// As firms write it; compared without case, accents and plurals.
    pub words: String,
    /// What it names: a donor for outputs, a resource for both sides.
    pub key: Identity,
}
