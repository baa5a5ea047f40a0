//! How much the words of a text belong to a key, whatever terms they make: BM25 with one document a
//! key, made of all its terms.
//!
//! The terms say what a text names; this says where its words are at home, and errs elsewhere: where
//! both agree the answer is nearly always right.

use std::collections::HashMap;

use crate::lexicon::Term;

/// Saturation of a word that stands in many terms of a key.
const K1: f32 = 1.2;
/// How far a long document is held against its key.
const B: f32 = 0.75;

/// Of each word, the keys it is at home in.
#[derive(Debug, Default)]
pub(crate) struct Kinship {
    by_word: Vec<Vec<Home>>,
}

/// A key, and what a word says of it.
#[derive(Clone, Copy, Debug)]
struct Home {
    key: u32,
    /// BM25 of the word in the document of the key.
    weight: f32,
    /// Share of the terms of the word that are the key's.
    share: f32,
}

impl Kinship {
    /// Counts the terms of every key, word by word; a term of several keys is shared among them.
    pub(crate) fn new(terms: &[Term], by_word: &[Vec<u32>]) -> Kinship {
        let mut lengths: HashMap<u32, f32> = HashMap::new();
        let mut counted: Vec<Vec<(u32, f32)>> = Vec::with_capacity(by_word.len());
        for numbers in by_word {
            let mut counts: Vec<(u32, f32)> = Vec::new();
            for term in numbers.iter().filter_map(|&at| terms.get(at as usize)) {
                let part = term.trust / term.keys.len().max(1) as f32;
                counts.extend(term.keys.iter().map(|&key| (key, part)));
            }
            counts.sort_by_key(|&(key, _)| key);
            counts.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                if same {
                    kept.1 += next.1;
                }
                same
            });
            counted.push(counts);
        }
        for &(key, count) in counted.iter().flatten() {
            *lengths.entry(key).or_default() += count;
        }
        let keys = lengths.len().max(1) as f32;
        let mut all: Vec<(u32, f32)> = lengths
            .iter()
            .map(|(&key, &length)| (key, length))
            .collect();
        all.sort_by_key(|&(key, _)| key);
        let average = all.iter().map(|(_, length)| length).sum::<f32>() / keys;
        let home = |counts: Vec<(u32, f32)>| {
            let sum: f32 = counts.iter().map(|(_, count)| count).sum();
            let held = counts.len() as f32;
            let rare = (1.0 + (keys - held + 0.5) / (held + 0.5)).ln();
            counts
                .into_iter()
                .map(|(key, count)| {
                    let length = lengths.get(&key).copied().unwrap_or(average);
                    let damped = count + K1 * (1.0 - B + B * length / average);
                    Home {
                        key,
                        weight: rare * count * (K1 + 1.0) / damped,
                        share: count / sum.max(f32::EPSILON),
                    }
                })
                .collect()
        };
        Kinship {
            by_word: counted.into_iter().map(home).collect(),
        }
    }

    /// Share of the terms of a word that are a key's.
    pub(crate) fn share(&self, word: u32, key: u32) -> f32 {
        self.home(word, key).map_or(0.0, |home| home.share)
    }

    /// What a word says of a key.
    pub(crate) fn weight(&self, word: u32, key: u32) -> f32 {
        self.home(word, key).map_or(0.0, |home| home.weight)
    }

    fn home(&self, word: u32, key: u32) -> Option<&Home> {
        let homes = self.by_word.get(word as usize)?;
        let at = homes.binary_search_by_key(&key, |home| home.key).ok()?;
        homes.get(at)
    }
}
