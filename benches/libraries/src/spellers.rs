//! One way to ask each library for the nearest known word.

use std::collections::HashMap;

use fst::automaton::Levenshtein;
use fst::{IntoStreamer, Streamer};
use rapidfuzz::distance::osa;
use symspell::UnicodeStringStrategy;

use crate::own_spelling::Spelling;

/// Known words, how many terms hold each.
pub struct Dictionary {
    pub words: Vec<String>,
    pub frequency: Vec<u32>,
}

impl Dictionary {
    fn entries(&self) -> impl Iterator<Item = (&str, u32)> {
        let words = self.words.iter().map(String::as_str);
        words.zip(self.frequency.iter().copied())
    }
}

/// Finds the word that was meant.
pub trait Speller {
    fn nearest(&self, word: &str) -> Option<String>;
}

/// A library and how it is made ready.
pub struct Entry {
    pub name: &'static str,
    pub build: fn(&Dictionary) -> Box<dyn Speller + '_>,
}

/// Everything that is compared, ours first.
pub const ENTRIES: [Entry; 8] = [
    Entry {
        name: "Boucle",
        build: |dictionary| {
            let words = dictionary.words.iter().map(String::as_str).enumerate();
            Box::new(Own {
                index: Spelling::new(words.map(|(at, word)| (at as u32, word))),
                dictionary,
            })
        },
    },
    Entry {
        name: "symspell 0.5, two errors",
        build: |dictionary| {
            let mut index = symspell::SymSpell::<UnicodeStringStrategy>::default();
            for (word, count) in dictionary.entries() {
                index.load_dictionary_line(&format!("{word} {count}"), 0, 1, " ");
            }
            Box::new(SymSpell(index))
        },
    },
    Entry {
        name: "symspell_rs 7, two errors",
        build: |dictionary| Box::new(SymSpellRs(symspell_rs_index(dictionary))),
    },
    Entry {
        name: "symspell_rs 7, our rule",
        build: |dictionary| Box::new(by_rule(dictionary, false)),
    },
    Entry {
        name: "symspell_rs 7, our rule, any first letter",
        build: |dictionary| Box::new(by_rule(dictionary, true)),
    },
    Entry {
        name: "rapidfuzz 0.5 over all words, our rule",
        build: |dictionary| Box::new(RapidFuzz(dictionary)),
    },
    Entry {
        name: "strsim 0.11 over all words, our rule",
        build: |dictionary| Box::new(StrSim(dictionary)),
    },
    Entry {
        name: "fst 0.4 automaton, our rule",
        build: |dictionary| {
            let sorted: std::collections::BTreeSet<&str> =
                dictionary.words.iter().map(String::as_str).collect();
            Box::new(Automaton {
                set: fst::Set::from_iter(sorted).unwrap_or_default(),
                frequency: dictionary.entries().collect(),
            })
        },
    },
];

fn symspell_rs_index(dictionary: &Dictionary) -> symspell_rs::SymSpell {
    let mut index = symspell_rs::SymSpell::new(2, None, 7, 1);
    for (word, count) in dictionary.entries() {
        index.create_dictionary_entry(word, count as usize);
    }
    index
}

/// Errors that `own_spelling` allows in a word; none in short words.
fn allowed(word: &str) -> Option<usize> {
    match word.len() {
        0..5 => None,
        5..9 => Some(1),
        _ => Some(2),
    }
}

/// Words that `own_spelling` would read a word as.
fn may_be(word: &str, other: &str) -> bool {
    same_first(word, other) && is_sought(other)
}

fn same_first(word: &str, other: &str) -> bool {
    word.as_bytes().first() == other.as_bytes().first()
}

fn is_sought(other: &str) -> bool {
    other.len() >= 5
        && !other.starts_with("sans:")
        && !other.bytes().any(|letter| letter.is_ascii_digit())
}

/// The nearest, then the most frequent, then the first.
fn best<'a>(found: impl Iterator<Item = (usize, u32, &'a str)>) -> Option<String> {
    found
        .min_by_key(|&(distance, frequency, _)| (distance, std::cmp::Reverse(frequency)))
        .map(|(_, _, word)| word.to_owned())
}

struct Own<'d> {
    index: Spelling,
    dictionary: &'d Dictionary,
}

impl Speller for Own<'_> {
    fn nearest(&self, word: &str) -> Option<String> {
        let Dictionary { words, frequency } = self.dictionary;
        let at = self.index.nearest(word, words, frequency)?;
        words.get(at as usize).cloned()
    }
}

struct SymSpell(symspell::SymSpell<UnicodeStringStrategy>);

impl Speller for SymSpell {
    fn nearest(&self, word: &str) -> Option<String> {
        let found = self.0.lookup(word, symspell::Verbosity::Top, 2);
        found.into_iter().next().map(|one| one.term)
    }
}

struct SymSpellRs(symspell_rs::SymSpell);

impl Speller for SymSpellRs {
    fn nearest(&self, word: &str) -> Option<String> {
        let top = symspell_rs::Verbosity::Top;
        let found = self.0.lookup(word, top, 2, &None, None, false);
        found.into_iter().next().map(|one| one.term)
    }
}

/// SymSpell's answers under the rule of `own_spelling`, with or without its care for the first letter.
pub struct SymSpellRsByRule {
    index: symspell_rs::SymSpell,
    any_first: bool,
}

/// The whole index of two errors, asked only what our rule allows.
pub fn by_rule(dictionary: &Dictionary, any_first: bool) -> SymSpellRsByRule {
    SymSpellRsByRule {
        index: symspell_rs_index(dictionary),
        any_first,
    }
}

impl Speller for SymSpellRsByRule {
    fn nearest(&self, word: &str) -> Option<String> {
        let errors = allowed(word)?;
        let all = symspell_rs::Verbosity::All;
        let found = self.index.lookup(word, all, errors, &None, None, false);
        // Nearest and most frequent first.
        found
            .into_iter()
            .find(|one| is_sought(&one.term) && (self.any_first || same_first(word, &one.term)))
            .map(|one| one.term)
    }
}

struct RapidFuzz<'d>(&'d Dictionary);

impl Speller for RapidFuzz<'_> {
    fn nearest(&self, word: &str) -> Option<String> {
        let errors = allowed(word)?;
        let scorer = osa::BatchComparator::new(word.bytes());
        let arguments = osa::Args::default().score_cutoff(errors);
        let found = self.0.entries().filter_map(|(other, frequency)| {
            if !may_be(word, other) {
                return None;
            }
            let distance = scorer.distance_with_args(other.bytes(), &arguments)?;
            Some((distance, frequency, other))
        });
        best(found)
    }
}

struct StrSim<'d>(&'d Dictionary);

impl Speller for StrSim<'_> {
    fn nearest(&self, word: &str) -> Option<String> {
        let errors = allowed(word)?;
        let found = self.0.entries().filter_map(|(other, frequency)| {
            if !may_be(word, other) || other.len().abs_diff(word.len()) > errors {
                return None;
            }
            let distance = strsim::osa_distance(word, other);
            (distance <= errors).then_some((distance, frequency, other))
        });
        best(found)
    }
}

/// The automaton knows no change of places: two letters that do so are two errors.
struct Automaton<'d> {
    set: fst::Set<Vec<u8>>,
    frequency: HashMap<&'d str, u32>,
}

impl Speller for Automaton<'_> {
    fn nearest(&self, word: &str) -> Option<String> {
        let errors = allowed(word)?;
        let automaton = Levenshtein::new(word, errors as u32).ok()?;
        let mut stream = self.set.search(automaton).into_stream();
        let mut found = Vec::new();
        while let Some(other) = stream.next() {
            let other = String::from_utf8_lossy(other).into_owned();
            if may_be(word, &other) {
                found.push(other);
            }
        }
        best(found.iter().map(|other| {
            let frequency = self.frequency.get(other.as_str()).copied();
            let distance = strsim::osa_distance(word, other);
            (distance, frequency.unwrap_or(0), other.as_str())
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_our_rule_an_index_and_a_search_of_all_words_find_the_same() {
        let words = ["soude", "souffre", "polystyren", "polyuretan", "hydroxid"];
        let dictionary = Dictionary {
            words: words.map(str::to_owned).to_vec(),
            frequency: vec![3, 1, 4, 1, 5],
        };
        let (index, all) = (by_rule(&dictionary, false), RapidFuzz(&dictionary));
        let asked = [
            ("soudd", Some("soude")),
            ("polistirem", None),
            ("polistiren", Some("polystyren")),
            ("aoude", None),
            ("hidroxyd", None),
            ("hydroxdi", Some("hydroxid")),
        ];
        for (word, meant) in asked {
            assert_eq!(index.nearest(word).as_deref(), meant, "{word}");
            assert_eq!(all.nearest(word).as_deref(), meant, "{word}");
            assert_eq!(
                StrSim(&dictionary).nearest(word).as_deref(),
                meant,
                "{word}"
            );
        }
        assert_eq!(
            by_rule(&dictionary, true).nearest("aoude").as_deref(),
            Some("soude")
        );
    }
}
