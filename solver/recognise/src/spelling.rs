//! Words the lexicon does not hold, read as the nearest one it holds.
//!
//! Candidates come from an index of words with one letter taken out (the idea of SymSpell); the
//! distance that decides is `strsim`'s optimal string alignment, where two letters changing places
//! is one error.

use std::collections::HashMap;

/// Words by each of their forms with one letter less.
pub(crate) struct Spelling {
    forms: HashMap<String, Vec<u32>>,
}

impl Spelling {
    pub(crate) fn new<'a>(words: impl Iterator<Item = (u32, &'a str)>) -> Spelling {
        let mut forms: HashMap<String, Vec<u32>> = HashMap::new();
        for (at, word) in words {
            if word.len() < 5
                || word.starts_with("sans:")
                || word.chars().any(|c| c.is_ascii_digit())
            {
                continue;
            }
            forms.entry(word.to_owned()).or_default().push(at);
            for form in shorter(word) {
                forms.entry(form).or_default().push(at);
            }
        }
        Spelling { forms }
    }

    /// The nearest word, one error away, two in long words.
    pub(crate) fn nearest(&self, word: &str, known: &[String], frequency: &[u32]) -> Option<u32> {
        if word.len() < 5 || word.chars().any(|c| c.is_ascii_digit()) {
            return None;
        }
        let mut best: Option<(usize, std::cmp::Reverse<u32>, u32)> = None;
        let mut weigh = |form: &str| {
            for &at in self.forms.get(form).into_iter().flatten() {
                let Some(other) = known.get(at as usize) else {
                    continue;
                };
                let distance = strsim::osa_distance(word, other);
                let allowed = if word.len() >= 9 { 2 } else { 1 };
                // A first letter is seldom the wrong one.
                if distance > allowed || word.as_bytes().first() != other.as_bytes().first() {
                    continue;
                }
                let often = frequency.get(at as usize).copied().unwrap_or(0);
                let entry = (distance, std::cmp::Reverse(often), at);
                if best.is_none_or(|known| entry < known) {
                    best = Some(entry);
                }
            }
        };
        weigh(word);
        for form in shorter(word) {
            weigh(&form);
        }
        best.map(|(_, _, at)| at)
    }
}

fn shorter(word: &str) -> impl Iterator<Item = String> + '_ {
    word.char_indices().map(move |(at, letter)| {
        let mut form = String::with_capacity(word.len());
        form.push_str(&word[..at]);
        form.push_str(&word[at + letter.len_utf8()..]);
        form
    })
}
