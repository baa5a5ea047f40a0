//! How much a word says of a key: the share of its terms that are the key's.
//!
//! `huile usagée` may be a whole term of one key while `huile` stands in the terms of many: alone, it is no
//! answer. The share is what a naive Bayes classifier knows of a word, before any smoothing.

use std::collections::HashMap;

use crate::lexicon::Term;

/// Of each word, the keys whose terms hold it, and their shares of these terms.
#[derive(Debug, Default)]
pub(crate) struct Votes {
    by_word: HashMap<u32, Vec<(u32, f32)>>,
}

impl Votes {
    /// Counts the terms of every key, word by word; a term of several keys is shared among them.
    pub(crate) fn new(terms: &[Term], by_word: &HashMap<u32, Vec<u32>>) -> Votes {
        let mut votes = HashMap::with_capacity(by_word.len());
        for (&word, numbers) in by_word {
            let mut counts: Vec<(u32, f32)> = Vec::new();
            let held = numbers.iter().filter_map(|&at| terms.get(at as usize));
            for term in held {
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
            let all: f32 = counts.iter().map(|&(_, count)| count).sum();
            for (_, count) in &mut counts {
                *count /= all.max(f32::EPSILON);
            }
            votes.insert(word, counts);
        }
        Votes { by_word: votes }
    }

    /// Share of the terms of a word that are a key's.
    pub(crate) fn share(&self, word: u32, key: u32) -> f32 {
        let keys = self.by_word.get(&word).map_or(&[][..], Vec::as_slice);
        let of_key = keys.iter().find(|&&(other, _)| other == key);
        of_key.map_or(0.0, |&(_, share)| share)
    }
}
