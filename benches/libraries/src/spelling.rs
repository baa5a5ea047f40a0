//! Misspelt words of the lexicon, and words it does not hold: what each library makes of them.

use std::collections::{BTreeMap, HashSet};

use boucle_domain::knowledge::Knowledge;
use boucle_recognise::Recogniser;

use crate::clock::Stopwatch;
use crate::misspelt::{Misspelt, with_errors, words};
use crate::names::Name;
use crate::random::Random;
use crate::spellers::{Dictionary, ENTRIES, Speller};

/// Seed of all that is drawn.
pub const SEED: u64 = 1;

/// Prints the table.
pub fn measure(
    knowledge: &Knowledge,
    recogniser: &Recogniser,
    names: &[Name],
) -> Result<(), Box<dyn std::error::Error>> {
    let counts = stems(recogniser, names);
    let all = dictionary(counts.iter());
    // Words nobody knows: a tenth of the dictionary, looked up in what is left of it.
    let mut random = Random::new(SEED);
    let (unknown, rest): (Vec<_>, Vec<_>) = counts.iter().partition(|(word, _)| {
        word.len() >= 6 && word.bytes().all(|c| c.is_ascii_lowercase()) && random.chance(0.1)
    });
    let rest = dictionary(rest.into_iter());
    let unknown: Vec<String> = unknown.into_iter().map(|(word, _)| word.clone()).collect();

    let known: HashSet<&str> = counts.keys().map(String::as_str).collect();
    let words = words(knowledge);
    let one = with_errors(&words, 1, SEED, recogniser, |word| known.contains(word));
    let two = with_errors(&words, 2, SEED, recogniser, |word| known.contains(word));
    println!(
        "{} stems known; {} words; misspelt: {} by one error, {} by two; {} stems left out\n",
        counts.len(),
        words.len(),
        one.len(),
        two.len(),
        unknown.len()
    );
    println!(
        "| | one error: right | wrong | first letter kept: right | two errors: right | wrong | not in the dictionary: corrected | words/s, one error | words/s, two errors |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for entry in &ENTRIES {
        let speller = (entry.build)(&all);
        let first = Tried::of(&*speller, &one);
        let second = Tried::of(&*speller, &two);
        let reduced = (entry.build)(&rest);
        let corrected = unknown
            .iter()
            .filter(|word| reduced.nearest(word).is_some());
        println!(
            "| {} | {} | {} | {} | {} | {} | {} | {:.0} | {:.0} |",
            entry.name,
            percent(first.right, first.tried),
            percent(first.wrong, first.tried),
            percent(first.right_of_kept, first.kept),
            percent(second.right, second.tried),
            percent(second.wrong, second.tried),
            percent(corrected.count(), unknown.len()),
            first.tried as f64 / first.seconds,
            second.tried as f64 / second.seconds,
        );
    }
    println!();
    Ok(())
}

/// The stems of all names, with how many names hold each.
pub fn stems(recogniser: &Recogniser, names: &[Name]) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for name in names {
        for stem in recogniser.form(&name.text).split(' ') {
            *counts.entry(stem.to_owned()).or_default() += 1;
        }
    }
    counts
}

/// Stems as the libraries take them.
pub fn dictionary<'a>(counts: impl Iterator<Item = (&'a String, &'a u32)>) -> Dictionary {
    let (words, frequency) = counts.map(|(word, count)| (word.clone(), *count)).unzip();
    Dictionary { words, frequency }
}

#[derive(Default)]
struct Tried {
    tried: usize,
    right: usize,
    wrong: usize,
    kept: usize,
    right_of_kept: usize,
    seconds: f64,
}

impl Tried {
    fn of(speller: &dyn Speller, misspelt: &[Misspelt]) -> Tried {
        let start = Stopwatch::start();
        let read: Vec<Option<String>> = misspelt
            .iter()
            .map(|one| speller.nearest(&one.written))
            .collect();
        let mut tried = Tried {
            seconds: start.seconds(),
            ..Tried::default()
        };
        for (one, read) in misspelt.iter().zip(read) {
            let right = read.as_ref() == Some(&one.meant);
            tried.tried += 1;
            tried.right += usize::from(right);
            tried.wrong += usize::from(!right && read.is_some());
            tried.kept += usize::from(one.keeps_first);
            tried.right_of_kept += usize::from(one.keeps_first && right);
        }
        tried
    }
}

/// A share in hundredths, to a tenth.
pub fn percent(part: usize, whole: usize) -> String {
    format!("{:.1} %", 100.0 * part as f64 / whole.max(1) as f64)
}
