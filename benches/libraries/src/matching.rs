//! Labelled texts that have one right key: where each library puts it.

use boucle_domain::id::Direction;
use boucle_domain::knowledge::Knowledge;
use boucle_recognise::evaluation::{Row, read};
use boucle_recognise::{Outcome, Recogniser};

use crate::clock::Stopwatch;
use crate::misspelt::in_text;
use crate::names::Name;
use crate::rankers::{Bm25, Own, Ranker, Tantivy, TokenSet, Unit, Words};
use crate::spelling::{SEED, dictionary, percent, stems};
use crate::together::{Respelt, Together};

/// The files that may be read; the held-out texts are only for the figures of the recogniser.
const FILES: [&str; 3] = ["tuning", "seen", "development"];
/// Seconds over which the speed is taken, at least.
const SECONDS: f64 = 0.5;

/// Prints the table.
pub fn measure(
    knowledge: &Knowledge,
    recogniser: &Recogniser,
    names: &[Name],
) -> Result<(), Box<dyn std::error::Error>> {
    let mut rows = Vec::new();
    for file in FILES {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/recognise");
        let text = std::fs::read_to_string(format!("{root}/{file}.csv"))?;
        rows.extend(read(&text, knowledge));
    }
    rows.retain(|row| row.outcome == Outcome::Recognised);
    let outputs = rows.iter().filter(|row| is_output(row)).count();
    println!(
        "{} texts with one key ({outputs} outputs, {} needs); {} names of keys\n",
        rows.len(),
        rows.len() - outputs,
        names.len()
    );
    println!(
        "| | outputs: first | among three | needs: first | among three | all: first | no shared label: first | first, where Boucle's words fail | a word misspelt by one error: first | by two | texts/s |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    let ours = Words::Ours(recogniser);
    let own = |with_codes| Own {
        recogniser,
        with_codes,
    };
    let (plain, snowball) = (Words::Plain, Words::Snowball);
    let stems = stems(recogniser, names);
    let known = dictionary(stems.iter());
    let rankers: Vec<(&str, Box<dyn Ranker + '_>)> = vec![
        ("Boucle, with waste code and activity", Box::new(own(true))),
        ("Boucle, words only", Box::new(own(false))),
        (
            "tantivy, a document a key, no stemmer",
            Box::new(Tantivy::new(names, plain, Unit::Key)?),
        ),
        (
            "tantivy, a document a key, Snowball French",
            Box::new(Tantivy::new(names, snowball, Unit::Key)?),
        ),
        (
            "tantivy, a document a key, our stems",
            Box::new(Tantivy::new(names, ours, Unit::Key)?),
        ),
        (
            "tantivy, a document a name, Snowball French",
            Box::new(Tantivy::new(names, snowball, Unit::Name)?),
        ),
        (
            "tantivy, a document a name, our stems",
            Box::new(Tantivy::new(names, ours, Unit::Name)?),
        ),
        (
            "bm25, a document a key, our stems",
            Box::new(Bm25::new(names, recogniser)),
        ),
        (
            "rapidfuzz, ratio of token sets over names",
            Box::new(TokenSet::new(names)),
        ),
        (
            "Boucle with codes, words respelt by symspell_rs",
            Box::new(Respelt::new(own(true), names, &known)),
        ),
        (
            "Boucle with codes, BM25 of tantivy added",
            Box::new(Together {
                own: own(true),
                bm25: Tantivy::new(names, ours, Unit::Key)?,
            }),
        ),
    ];
    let failed: Vec<bool> = rows
        .iter()
        .map(|row| own(false).keys(row, &row.text).first() != Some(&row.key))
        .collect();
    for (name, ranker) in &rankers {
        let places: Vec<Option<usize>> = rows
            .iter()
            .map(|row| {
                ranker
                    .keys(row, &row.text)
                    .iter()
                    .position(|key| *key == row.key)
            })
            .collect();
        let share = |of: &dyn Fn(usize, &Row) -> bool, within: usize| {
            let among = || rows.iter().zip(&places).enumerate();
            let chosen = || among().filter(|(at, (row, _))| of(*at, row));
            let right = chosen().filter(|(_, (_, place))| place.is_some_and(|at| at < within));
            percent(right.count(), chosen().count())
        };
        println!(
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {:.0} |",
            share(&|_, row| is_output(row), 1),
            share(&|_, row| is_output(row), 3),
            share(&|_, row| !is_output(row), 1),
            share(&|_, row| !is_output(row), 3),
            share(&|_, _| true, 1),
            share(&|_, row| !row.shares_label, 1),
            share(&|at, _| failed[at], 1),
            misspelt(&**ranker, &rows, 1),
            misspelt(&**ranker, &rows, 2),
            speed(&**ranker, &rows),
        );
    }
    println!();
    agreement(&own(true), &Tantivy::new(names, ours, Unit::Key)?, &rows);
    Ok(())
}

/// How often the recogniser's answers are right where BM25 puts the same key first, and where not.
fn agreement(own: &Own<'_>, bm25: &Tantivy<'_>, rows: &[Row]) {
    let (mut same, mut other) = ((0, 0), (0, 0));
    // Texts it does not answer: how many, BM25 right, offered nothing at all.
    let (mut open, mut found, mut nothing) = (0, 0, 0);
    for row in rows {
        let read = own.read(row, &row.text);
        let scored = bm25.scored(row, &row.text);
        let first = scored.first().map(|(key, _)| *key);
        let Some(answer) = read.key else {
            open += 1;
            found += usize::from(first == Some(row.key.as_str()));
            nothing += usize::from(read.candidates.is_empty());
            continue;
        };
        let of = if first == Some(answer.key()) {
            &mut same
        } else {
            &mut other
        };
        of.1 += 1;
        of.0 += usize::from(answer.key() == row.key);
    }
    println!(
        "Answers of Boucle: {} where BM25 puts the same key first, {} of them right; {} where not, {} of them right",
        same.1,
        percent(same.0, same.1),
        other.1,
        percent(other.0, other.1),
    );
    println!(
        "Texts it does not answer: {open}, {nothing} of them without a candidate; BM25 puts the right key first in {found}"
    );
}

/// Right keys put first when one word of each text is misspelt.
fn misspelt(ranker: &dyn Ranker, rows: &[Row], errors: usize) -> String {
    let right = (0_u64..).zip(rows).filter(|(at, row)| {
        let text = in_text(&row.text, errors, SEED, *at);
        ranker.keys(row, &text).first() == Some(&row.key)
    });
    percent(right.count(), rows.len())
}

fn is_output(row: &Row) -> bool {
    row.direction == Some(Direction::Output)
}

fn speed(ranker: &dyn Ranker, rows: &[Row]) -> f64 {
    let start = Stopwatch::start();
    let mut texts = 0;
    while texts == 0 || start.seconds() < SECONDS {
        for row in rows {
            std::hint::black_box(ranker.keys(row, &row.text));
        }
        texts += rows.len();
    }
    texts as f64 / start.seconds()
}
