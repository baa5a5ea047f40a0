//! What a firm wrote, read as a resource of the catalogue, a question, or not known.
//!
//! A text is cut into words (`words`), the words find the terms of the lexicon they belong to
//! (`lexicon`, made by `building`), the terms give each key a score (`scoring`), waste code, activity
//! and where the words are at home move it (`weighing`, `evidence`, `kinship`), `calibration` says how
//! likely the best key is right, and `decide` answers: one key, the question between several, or
//! nothing. No clock and no chance: the same text gives the same answer, with its reasons.

mod answer;
mod building;
mod calibration;
mod decide;
pub mod evaluation;
mod evidence;
mod kinship;
mod lexicon;
mod own;
mod reasons;
mod recognition;
mod scoring;
mod spelling;
mod weighing;
mod words;

pub use reasons::Reason;
pub use recognition::{Asked, Candidate, Outcome, Recognition};

use std::sync::Arc;

use boucle_domain::knowledge::Knowledge;
use boucle_domain::synonym::Synonym;

/// Reads texts. Built once for a catalogue; cheap to clone and to give a territory's own words.
#[derive(Clone)]
pub struct Recogniser {
    lexicon: Arc<lexicon::Lexicon>,
    facts: Arc<evidence::Facts>,
    own: own::OwnWords,
}

impl Recogniser {
    /// The recogniser of a catalogue, with a territory's own words, which go before all others.
    pub fn new(knowledge: &Knowledge, own: &[Synonym]) -> Recogniser {
        let lexicon = lexicon::Lexicon::new(knowledge);
        Recogniser {
            own: own::OwnWords::new(&lexicon, own),
            lexicon: Arc::new(lexicon),
            facts: Arc::new(evidence::Facts::new(knowledge)),
        }
    }

    /// The same catalogue with the own words of another territory.
    pub fn with_own(&self, own: &[Synonym]) -> Recogniser {
        Recogniser {
            own: own::OwnWords::new(&self.lexicon, own),
            ..self.clone()
        }
    }

    /// The form in which words of a territory are compared: two texts of one form are one word.
    pub fn form(&self, words: &str) -> String {
        own::form(&self.lexicon.table, words)
    }

    /// What a text is, with its confidence and its reasons, or the question that would settle it.
    pub fn recognise(&self, asked: &Asked<'_>) -> Recognition {
        decide::recognition(self, asked)
    }
}

#[cfg(test)]
mod tests;
