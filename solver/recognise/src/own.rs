//! The territory's own words, which go before all others.

use std::collections::HashMap;

use boucle_domain::id::{Direction, normalised};
use boucle_domain::synonym::Synonym;

use crate::lexicon::Lexicon;
use crate::words::{Word, WordTable};

/// Keys by the form of the words, for outputs and for needs.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnWords {
    output: HashMap<String, u32>,
    input: HashMap<String, u32>,
}

impl OwnWords {
    /// Words whose key the catalogue no longer holds are left out.
    pub(crate) fn new(lexicon: &Lexicon, own: &[Synonym]) -> OwnWords {
        let mut words = OwnWords::default();
        for synonym in own {
            let Some(key) = lexicon.key_number(synonym.key.key()) else {
                continue;
            };
            let form = form(&lexicon.table, &synonym.words);
            words.side(synonym.direction).insert(form, key);
        }
        words
    }

    fn side(&mut self, direction: Direction) -> &mut HashMap<String, u32> {
        match direction {
            Direction::Output => &mut self.output,
            Direction::Input => &mut self.input,
        }
    }

    /// What the territory decided for a text: as a whole, else without the packaging that holds it.
    pub(crate) fn key(&self, table: &WordTable, text: &str, direction: Direction) -> Option<u32> {
        let side = match direction {
            Direction::Output => &self.output,
            Direction::Input => &self.input,
        };
        if side.is_empty() {
            return None;
        }
        let held = |table: &WordTable| {
            let words = table.cut(text).words;
            let matter = words
                .iter()
                .filter(|word| !word.container || word.share > HELD);
            side.get(&joined(matter)).copied()
        };
        side.get(&form(table, text))
            .copied()
            .or_else(|| held(table))
    }
}

/// A packaging that is said to hold something counts no more than this.
const HELD: f32 = 0.3;

/// Words as the territory's own are compared: their stems, in order, measures left out.
pub(crate) fn form(table: &WordTable, text: &str) -> String {
    let cut = table.cut(text);
    match joined(cut.words.iter()) {
        // Nothing but measures and words that are passed over.
        stems if stems.is_empty() => normalised(text),
        stems => stems,
    }
}

fn joined<'w>(words: impl Iterator<Item = &'w Word>) -> String {
    let stems: Vec<&str> = words.map(|word| word.stem.as_str()).collect();
    stems.join(" ")
}
