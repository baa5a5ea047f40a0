//! The recogniser with the help of a library, by the least that would join them.

use std::collections::{BTreeMap, HashMap, HashSet};

use boucle_domain::id::normalised;
use boucle_recognise::evaluation::Row;

use crate::names::Name;
use crate::rankers::{Own, Ranker, Tantivy, first_three};
use crate::spellers::{Dictionary, Speller, SymSpellRsByRule, by_rule};

/// Words the lexicon does not hold are replaced by SymSpell's before the text is read.
pub struct Respelt<'r> {
    own: Own<'r>,
    known: HashSet<&'r str>,
    /// A word as written, by its stem.
    written: HashMap<String, String>,
    speller: SymSpellRsByRule,
}

impl<'r> Respelt<'r> {
    pub fn new(own: Own<'r>, names: &[Name], known: &'r Dictionary) -> Respelt<'r> {
        let mut written = HashMap::new();
        for name in names {
            for word in normalised(&name.text).split('-') {
                let stem = own.recogniser.form(word);
                written.entry(stem).or_insert_with(|| word.to_owned());
            }
        }
        Respelt {
            own,
            known: known.words.iter().map(String::as_str).collect(),
            written,
            speller: by_rule(known, false),
        }
    }

    fn respelt(&self, text: &str) -> String {
        let is_letter = |c: char| c.is_alphanumeric();
        let mut read = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            let inside = is_letter(letter);
            let end = rest.find(|c| is_letter(c) != inside).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let other = Some(word)
                .filter(|_| inside)
                .and_then(|word| self.other(word));
            read.push_str(other.unwrap_or(word));
            rest = after;
        }
        read
    }

    fn other(&self, word: &str) -> Option<&str> {
        let stem = self.own.recogniser.form(word);
        if self.known.contains(stem.as_str()) {
            return None;
        }
        let stem = self.speller.nearest(&stem)?;
        self.written.get(&stem).map(String::as_str)
    }
}

impl Ranker for Respelt<'_> {
    fn keys(&self, row: &Row, text: &str) -> Vec<String> {
        let read = self.own.read(row, &self.respelt(text));
        first_three(read.candidates.iter().map(|one| one.key.key()))
    }
}

/// The confidence of each candidate and its BM25, each as a share of the best, added.
pub struct Together<'r> {
    pub own: Own<'r>,
    pub bm25: Tantivy<'r>,
}

impl Ranker for Together<'_> {
    fn keys(&self, row: &Row, text: &str) -> Vec<String> {
        let read = self.own.read(row, text);
        let confidences = read.candidates.iter();
        let ours = confidences.map(|one| (one.key.key(), one.confidence));
        let bm25 = self.bm25.scored(row, text).into_iter();
        let bm25 = bm25.map(|(key, score)| (key, f64::from(score)));
        let mut shares: BTreeMap<&str, f64> = BTreeMap::new();
        for scored in [ours.collect::<Vec<_>>(), bm25.collect()] {
            let best = scored.iter().map(|one| one.1).fold(f64::EPSILON, f64::max);
            for (key, score) in scored {
                *shares.entry(key).or_default() += score / best;
            }
        }
        let mut keys: Vec<(&str, f64)> = shares.into_iter().collect();
        keys.sort_by(|a, b| b.1.total_cmp(&a.1));
        first_three(keys.into_iter().map(|(key, _)| key))
    }
}
