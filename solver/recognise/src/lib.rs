//! What a firm wrote, read as a resource of the catalogue, a question, or not known.
//!
//! A text is cut into words (`words`), the words find the terms of the lexicon they belong to
//! (`lexicon`), the terms give each key a score, the waste code and the activity move it
//! (`evidence`), and `decide` answers: one key, the question between several, or nothing. No
//! clock, no chance, no model: the same text gives the same answer, with its reasons.

mod decide;
pub mod evaluation;
mod evidence;
mod lexicon;
mod reasons;
mod recognition;
mod spelling;
mod words;

pub use reasons::Reason;
pub use recognition::{Asked, Candidate, Outcome, Recognition};

use boucle_domain::knowledge::Knowledge;
use boucle_domain::synonym::Synonym;

/// Reads texts. Built once for a catalogue and a territory's own words; share it behind an `Arc`.
pub struct Recogniser {
    lexicon: lexicon::Lexicon,
    facts: evidence::Facts,
}

impl Recogniser {
    /// The recogniser of a catalogue, with a territory's own words, which go before all others.
    pub fn new(knowledge: &Knowledge, own: &[Synonym]) -> Recogniser {
        Recogniser {
            lexicon: lexicon::Lexicon::new(knowledge, own),
            facts: evidence::Facts::new(knowledge),
        }
    }

    /// What a text is, with its confidence and its reasons, or the question that would settle it.
    pub fn recognise(&self, asked: &Asked<'_>) -> Recognition {
        decide::recognition(&self.lexicon, &self.facts, asked)
    }
}

#[cfg(test)]
mod tests;
