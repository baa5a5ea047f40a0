//! The terms of the catalogue and the lexicon, indexed by their words.

use std::collections::HashMap;

use boucle_domain::flow::Identity;
use boucle_domain::id::Direction;
use boucle_domain::knowledge::Knowledge;
use boucle_domain::text::Text;

use crate::building::Building;
use crate::kinship::Kinship;
use crate::spelling::Spelling;
use crate::words::WordTable;

/// A key a text may be read as.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub identity: Identity,
    pub label: Text,
}

/// A term: its words, what it names.
#[derive(Debug)]
pub(crate) struct Term {
    /// As written in its table.
    pub text: String,
    /// Its words, by number, in order.
    pub words: Vec<u32>,
    /// Keys, by number.
    pub keys: Vec<u32>,
    /// How far the term itself is trusted.
    pub trust: f32,
    /// Sum of the weights of its words.
    pub weight: f32,
    /// The same without its weak words.
    pub core: f32,
    /// Made of packaging words only.
    pub packaging: bool,
    /// Tells a form, not a matter.
    pub form: bool,
    /// A name or synonym that the catalogue itself gives.
    pub of_catalogue: bool,
}

/// The terms of one direction, by word.
#[derive(Debug, Default)]
pub(crate) struct Side {
    pub terms: Vec<Term>,
    /// Terms that hold each word, in order.
    pub by_word: Vec<Vec<u32>>,
    pub weights: Vec<f32>,
    pub weak: Vec<bool>,
    pub kinship: Kinship,
}

/// Everything a text is compared with.
pub(crate) struct Lexicon {
    pub table: WordTable,
    pub keys: Vec<Key>,
    pub key_numbers: HashMap<String, u32>,
    pub numbers: HashMap<String, u32>,
    pub words: Vec<String>,
    pub frequency: Vec<u32>,
    pub spelling: Spelling,
    pub output: Side,
    pub input: Side,
}

/// Weight of a word no term holds: it tells that something else is meant too.
pub(crate) const UNKNOWN_WEIGHT: f32 = 2.0;

impl Side {
    /// Terms that hold a word.
    pub(crate) fn with(&self, word: u32) -> &[u32] {
        self.by_word.get(word as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether a word says little by itself.
    pub(crate) fn is_weak(&self, word: u32) -> bool {
        self.weak.get(word as usize).copied().unwrap_or(false)
    }

    /// Weight of a word on this side.
    pub(crate) fn weight(&self, word: u32) -> f32 {
        self.weights
            .get(word as usize)
            .copied()
            .filter(|weight| *weight > 0.0)
            .unwrap_or(UNKNOWN_WEIGHT)
    }
}

impl Lexicon {
    pub(crate) fn new(knowledge: &Knowledge) -> Lexicon {
        Building::of(knowledge).finished()
    }

    /// The terms of a direction.
    pub(crate) fn side(&self, direction: Direction) -> &Side {
        match direction {
            Direction::Output => &self.output,
            Direction::Input => &self.input,
        }
    }

    /// Number of a key, by its text.
    pub(crate) fn key_number(&self, text: &str) -> Option<u32> {
        self.key_numbers.get(text).copied()
    }

    /// Number of a word, by its stem.
    pub(crate) fn word(&self, stem: &str) -> Option<u32> {
        self.numbers.get(stem).copied()
    }

    /// A word by its number.
    pub(crate) fn stem_of(&self, word: u32) -> &str {
        self.words.get(word as usize).map_or("", String::as_str)
    }

    /// A word as the nearest one known.
    pub(crate) fn spelled(&self, stem: &str) -> Option<u32> {
        self.spelling.nearest(stem, &self.words, &self.frequency)
    }
}
