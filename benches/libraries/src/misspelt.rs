//! Words of the lexicon with errors put into them, always the same ones for a seed.

use std::collections::BTreeSet;

use boucle_domain::id::normalised;
use boucle_domain::knowledge::Knowledge;
use boucle_recognise::Recogniser;

use crate::random::Random;

/// A misspelt word as the recogniser compares it, and the one that was meant.
pub struct Misspelt {
    pub written: String,
    pub meant: String,
    /// The error spared the first letter.
    pub keeps_first: bool,
}

/// Words of six letters and more in the tables of the lexicon, folded.
pub fn words(knowledge: &Knowledge) -> Vec<String> {
    let mut words = BTreeSet::new();
    for term in knowledge.lexicon_terms() {
        for word in normalised(&term.text).split('-') {
            if word.len() >= 6 && word.bytes().all(|letter| letter.is_ascii_lowercase()) {
                words.insert(word.to_owned());
            }
        }
    }
    words.into_iter().collect()
}

/// Each word with so many errors. What then is another word of the lexicon, or differs in an
/// ending that the stem drops, is no misspelling a speller could see, and is left out.
pub fn with_errors(
    words: &[String],
    errors: usize,
    seed: u64,
    recogniser: &Recogniser,
    is_known: impl Fn(&str) -> bool,
) -> Vec<Misspelt> {
    let mut misspelt = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let mut random = Random::of(seed, at as u64);
        let mut letters: Vec<u8> = word.bytes().collect();
        for _ in 0..errors {
            edit(&mut letters, &mut random);
        }
        let written = String::from_utf8_lossy(&letters).into_owned();
        let (written, meant) = (recogniser.form(&written), recogniser.form(word));
        if !is_known(&written) && is_known(&meant) {
            misspelt.push(Misspelt {
                keeps_first: written.as_bytes().first() == meant.as_bytes().first(),
                written,
                meant,
            });
        }
    }
    misspelt
}

/// A text with so many errors in one of its words of six letters and more, if it has one.
pub fn in_text(text: &str, errors: usize, seed: u64, member: u64) -> String {
    let mut random = Random::of(seed, member);
    let words: Vec<&str> = text
        .split(|letter: char| !letter.is_alphabetic())
        .filter(|word| word.chars().count() >= 6)
        .collect();
    let Some(&word) = random.pick(&words) else {
        return text.to_owned();
    };
    // Accents are seldom what is mistaken, and the recogniser passes over them.
    let mut letters = normalised(word).into_bytes();
    for _ in 0..errors {
        edit(&mut letters, &mut random);
    }
    text.replacen(word, &String::from_utf8_lossy(&letters), 1)
}

/// One letter put in, taken out or replaced, or two neighbours that change places.
fn edit(letters: &mut Vec<u8>, random: &mut Random) {
    let before = letters.clone();
    while *letters == before {
        let letter = b'a' + random.below(26) as u8;
        match random.below(4) {
            0 => letters.insert(random.below(letters.len() + 1), letter),
            1 => {
                letters.remove(random.below(letters.len()));
            }
            2 => {
                let at = random.below(letters.len());
                letters[at] = letter;
            }
            _ => {
                let at = random.below(letters.len() - 1);
                letters.swap(at, at + 1);
            }
        }
    }
}
