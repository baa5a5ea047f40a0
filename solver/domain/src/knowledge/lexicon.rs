//! The words of the trade: terms by which firms name a resource, and the part single words play.

use super::Knowledge;
use super::donors::Donors;
use super::fault::Fault;
use super::table::Tables;
use super::taxonomy::Taxonomy;
use crate::flow::Identity;
use crate::id::{Direction, DonorKey, ResourceKey};

/// A term as firms write it. Several keys make it ambiguous: alone, it calls for a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LexiconTerm {
    /// As written.
    pub text: String,
    /// What it may name.
    pub keys: Vec<Identity>,
    /// On which side it is used; `None`: on both.
    pub direction: Option<Direction>,
    /// Tells a form (`boues`, `chutes`, `emballages`) and not a matter: a word that tells the matter
    /// goes before it.
    pub form: bool,
}

/// The part a word plays in a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordRole {
    /// Says nothing of what it is.
    Stop,
    /// Says little: state, colour, `waste`.
    Weak,
    /// Names a packaging when something is said to be in it.
    Package,
    /// Names a packaging whenever anything else is named beside it.
    Container,
    /// Belongs to accounts and remarks: what bears it is no resource.
    Void,
    /// Another spelling of this word, or a word of the same meaning.
    SameAs(String),
}

/// The terms and words, in the order of their tables.
pub(super) struct Lexicon {
    terms: Vec<LexiconTerm>,
    words: Vec<(String, WordRole)>,
}

impl Lexicon {
    pub(super) fn read(
        tables: &Tables,
        taxonomy: &Taxonomy,
        donors: &Donors,
        faults: &mut Vec<Fault>,
    ) -> Lexicon {
        let identity = |key: &str| -> Option<Identity> {
            if key.starts_with("DON:") {
                let key = DonorKey::new(key);
                donors
                    .get(&key)
                    .map(|donor| Identity::Donor(donor.key.clone()))
            } else {
                let key = ResourceKey::new(key);
                taxonomy
                    .get(&key)
                    .map(|found| Identity::Resource(found.key.clone()))
            }
        };
        let mut terms = Vec::new();
        for table in ["lexicon_needs.csv", "lexicon_outputs.csv"] {
            for record in tables.records(table) {
                let Some(key) = identity(record.text("key")) else {
                    faults.push(record.fault(format!("no key '{}'", record.text("key"))));
                    continue;
                };
                for term in record.items("terms_fr").chain(record.items("terms_en")) {
                    terms.push(LexiconTerm {
                        text: term.to_owned(),
                        keys: vec![key.clone()],
                        direction: None,
                        form: false,
                    });
                }
            }
        }
        for record in tables.records("lexicon_shared.csv") {
            let mut keys = Vec::new();
            for key in record.items("keys") {
                match identity(key) {
                    Some(key) => keys.push(key),
                    None => faults.push(record.fault(format!("no key '{key}'"))),
                }
            }
            let direction = match record.text("direction") {
                "output" => Some(Direction::Output),
                "input" => Some(Direction::Input),
                "both" => None,
                other => {
                    faults.push(record.fault(format!("direction '{other}'")));
                    continue;
                }
            };
            for term in record.items("term") {
                terms.push(LexiconTerm {
                    text: term.to_owned(),
                    keys: keys.clone(),
                    direction,
                    form: record.text("nature") == "form",
                });
            }
        }
        let mut words = Vec::new();
        for record in tables.records("lexicon_words.csv") {
            let role = match record.text("role") {
                "stop" => WordRole::Stop,
                "weak" => WordRole::Weak,
                "package" => WordRole::Package,
                "container" => WordRole::Container,
                "void" => WordRole::Void,
                "same" => WordRole::SameAs(record.text("same_as").to_owned()),
                other => {
                    faults.push(record.fault(format!("role '{other}'")));
                    continue;
                }
            };
            words.extend(
                record
                    .items("word")
                    .map(|word| (word.to_owned(), role.clone())),
            );
        }
        Lexicon { terms, words }
    }
}

impl Knowledge {
    /// The terms of the trade, in the order of their tables.
    pub fn lexicon_terms(&self) -> &[LexiconTerm] {
        &self.lexicon.terms
    }

    /// Words that play a part of their own.
    pub fn lexicon_words(&self) -> &[(String, WordRole)] {
        &self.lexicon.words
    }
}
