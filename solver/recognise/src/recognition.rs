//! What is asked of the recogniser, and what it answers.

use boucle_domain::flow::Identity;
use boucle_domain::id::{ActivityCode, Direction, WasteCode};
use boucle_domain::text::Text;
use serde::{Deserialize, Serialize};

use crate::reasons::Reason;

/// A flow as far as it is known.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The words of the firm.
    pub text: &'a str,
    /// Waste code, of outputs only.
    pub waste_code: Option<&'a WasteCode>,
    /// Activity of the firm.
    pub activity: Option<&'a ActivityCode>,
    /// Which way it goes; `None` when nobody said.
    pub direction: Option<Direction>,
}

/// The kind of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// One key.
    Recognised,
    /// Several stay plausible: a question.
    Ask,
    /// Nothing the catalogue knows.
    Unknown,
}

/// A key with how likely it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Donor or resource.
    pub key: Identity,
    /// Its label.
    pub label: Text,
    /// From 0 to 1.
    pub confidence: f64,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recognition {
    /// Its kind.
    pub outcome: Outcome,
    /// The key, when recognised.
    pub key: Option<Identity>,
    /// From 0 to 1; nought when not known.
    pub confidence: f64,
    /// The keys that were weighed, most likely first; those to choose from in a question.
    pub candidates: Vec<Candidate>,
    /// What to ask; empty unless asked.
    pub question: Text,
    /// Why, most telling first.
    pub reasons: Vec<Reason>,
}

impl Recognition {
    /// Whether the operator of the territory decided what these words name.
    pub fn is_decided(&self) -> bool {
        let own = |reason: &Reason| matches!(reason, Reason::OwnWords(_));
        self.outcome == Outcome::Recognised && self.reasons.iter().any(own)
    }

    /// Whether it is a question that the words themselves raise; a waste code alone raises its own.
    pub fn asks_about_words(&self) -> bool {
        let by_code = |reason: &Reason| matches!(reason, Reason::CodeAlone(_));
        self.outcome == Outcome::Ask && !self.reasons.iter().any(by_code)
    }
}
