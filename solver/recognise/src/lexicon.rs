//! The terms of the catalogue, the lexicon and the territory, indexed by their words.

use std::collections::{BTreeMap, HashMap};

use boucle_domain::flow::Identity;
use boucle_domain::id::{Direction, ResourceKey, normalised};
use boucle_domain::knowledge::{Kind, Knowledge};
use boucle_domain::synonym::Synonym;
use boucle_domain::text::Text;

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
}

/// The terms of one direction, by word.
#[derive(Debug, Default)]
pub(crate) struct Side {
    pub terms: Vec<Term>,
    by_word: HashMap<u32, Vec<u32>>,
    weights: Vec<f32>,
    weak: Vec<bool>,
}

/// Everything a text is compared with.
pub(crate) struct Lexicon {
    pub table: WordTable,
    pub keys: Vec<Key>,
    key_numbers: HashMap<String, u32>,
    numbers: HashMap<String, u32>,
    words: Vec<String>,
    frequency: Vec<u32>,
    spelling: Spelling,
    output: Side,
    input: Side,
    own: [HashMap<String, u32>; 2],
}

/// Weight of a word no term holds: it tells that something else is meant too.
pub(crate) const UNKNOWN_WEIGHT: f32 = 2.0;
/// Rarest words weigh no more than this.
const HEAVIEST: f32 = 6.0;
/// Weight of a weak word beside its own.
const WEAK: f32 = 0.35;

impl Side {
    /// Terms that hold a word.
    pub(crate) fn with(&self, word: u32) -> &[u32] {
        self.by_word.get(&word).map_or(&[], Vec::as_slice)
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
    pub(crate) fn new(knowledge: &Knowledge, own: &[Synonym]) -> Lexicon {
        let mut building = Building {
            table: WordTable::new(knowledge),
            keys: Vec::new(),
            key_numbers: HashMap::new(),
            numbers: HashMap::new(),
            words: Vec::new(),
            weak: Vec::new(),
            container: Vec::new(),
            named: [BTreeMap::new(), BTreeMap::new()],
        };
        building.donors(knowledge);
        building.resources(knowledge);
        building.terms(knowledge);
        building.needs_of_donors(knowledge);
        building.finished(own)
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

    /// What the territory decided for these words.
    pub(crate) fn own(&self, words: &str, direction: Direction) -> Option<u32> {
        let side = match direction {
            Direction::Output => &self.own[0],
            Direction::Input => &self.own[1],
        };
        side.get(words).copied()
    }
}

/// Words as the territory's own are compared: their stems, in order.
pub(crate) fn own_form(table: &WordTable, text: &str) -> String {
    let stems: Vec<String> = table
        .cut(text)
        .words
        .into_iter()
        .map(|word| word.stem)
        .collect();
    if stems.is_empty() {
        normalised(text)
    } else {
        stems.join(" ")
    }
}

