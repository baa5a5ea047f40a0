//! Labelled texts of the recogniser, and how well it reads them.

use std::fmt;

use crate::decide::best_with_signs;
use crate::{Asked, Outcome, Recogniser};

pub use crate::calibration::{ANSWER, NAMES, SIGNS};
use boucle_domain::flow::Identity;
use boucle_domain::id::{ActivityCode, Direction, WasteCode};
use boucle_domain::knowledge::Knowledge;

/// A text with the answer it should get.
#[derive(Debug)]
pub struct Row {
    /// Stable number.
    pub id: String,
    /// What was written.
    pub text: String,
    /// Waste code.
    pub waste_code: Option<WasteCode>,
    /// Activity.
    pub activity: Option<ActivityCode>,
    /// Output or input.
    pub direction: Option<Direction>,
    /// Answer wanted.
    pub outcome: Outcome,
    /// Key wanted.
    pub key: String,
    /// Keys a question should offer.
    pub candidates: Vec<String>,
    /// A label or synonym of the tables stands in the text.
    pub shares_label: bool,
}

impl Row {
    fn asked(&self) -> Asked<'_> {
        Asked {
            text: &self.text,
            waste_code: self.waste_code.as_ref(),
            activity: self.activity.as_ref(),
            direction: self.direction,
        }
    }
}

/// Reads a labelled file; a row it cannot read is left out.
pub fn read(text: &str, knowledge: &Knowledge) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let at = |name: &str| header.iter().position(|column| column == name);
    let columns = [
        "id",
        "text",
        "waste_code",
        "nace",
        "direction",
        "outcome",
        "key",
        "candidates",
        "shares_label",
    ]
    .map(at);
    reader
        .records()
        .flatten()
        .map(|record| {
            let field = |which: usize| {
                columns[which]
                    .and_then(|at| record.get(at))
                    .unwrap_or("")
                    .to_owned()
            };
            let code: String = field(2).chars().filter(|c| !c.is_whitespace()).collect();
            Row {
                id: field(0),
                text: field(1),
                waste_code: Some(code)
                    .filter(|code| !code.is_empty())
                    .map(WasteCode::new),
                activity: knowledge
                    .activity(&field(3))
                    .map(|entry| entry.code.clone()),
                direction: match field(4).as_str() {
                    "output" => Some(Direction::Output),
                    "input" => Some(Direction::Input),
                    _ => None,
                },
                outcome: match field(5).as_str() {
                    "recognise" => Outcome::Recognised,
                    "ask" => Outcome::Ask,
                    _ => Outcome::Unknown,
                },
                key: field(6),
                candidates: field(7)
                    .split(';')
                    .filter(|key| !key.is_empty())
                    .map(str::to_owned)
                    .collect(),
                shares_label: field(8) == "yes",
            }
        })
        .collect()
}

/// The signs on the best key of a labelled text, and whether that key is the right answer; `None` when
/// none of its words is known.
pub fn signs(recogniser: &Recogniser, row: &Row) -> Option<([f32; SIGNS], bool)> {
    let (key, signs) = best_with_signs(recogniser, &row.asked())?;
    let right = row.outcome == Outcome::Recognised && key.key() == row.key;
    Some((signs, right))
}

/// How well a set of texts was read.
#[derive(Debug, Default)]
pub struct Figures {
    /// Texts.
    pub texts: usize,
    with_key: usize,
    answered: usize,
    right: usize,
    should_ask: usize,
    asked: usize,
    offered: usize,
    over_asked: usize,
    should_not_know: usize,
    not_known: usize,
    /// What went wrong, a line each.
    pub confusions: Vec<String>,
}

impl Figures {
    /// Reads the texts and counts.
    pub fn of<'a>(recogniser: &Recogniser, rows: impl Iterator<Item = &'a Row>) -> Figures {
        let mut figures = Figures::default();
        for row in rows {
            figures.count(recogniser, row);
        }
        figures
    }

    fn count(&mut self, recogniser: &Recogniser, row: &Row) {
        let read = recogniser.recognise(&row.asked());
        let key = read.key.as_ref().map(Identity::key).unwrap_or_default();
        let offered: Vec<&str> = read.candidates.iter().map(|one| one.key.key()).collect();
        self.texts += 1;
        let answered = read.outcome == Outcome::Recognised;
        let asked = read.outcome == Outcome::Ask;
        self.answered += usize::from(answered);
        let mut fault = row.outcome != read.outcome;
        match row.outcome {
            Outcome::Recognised => {
                self.with_key += 1;
                self.right += usize::from(answered && key == row.key);
                self.over_asked += usize::from(asked);
                fault |= answered && key != row.key;
            }
            Outcome::Ask => {
                self.should_ask += 1;
                self.asked += usize::from(asked);
                let found = row
                    .candidates
                    .iter()
                    .filter(|key| offered.contains(&key.as_str()))
                    .count();
                self.offered += usize::from(asked && found == row.candidates.len());
            }
            Outcome::Unknown => {
                self.should_not_know += 1;
                self.not_known += usize::from(read.outcome == Outcome::Unknown);
            }
        }
        if fault {
            let code = row.waste_code.as_ref().map_or("", WasteCode::as_str);
            let activity = row.activity.as_ref().map_or("", ActivityCode::as_str);
            self.confusions.push(format!(
                "{} {:?} wanted {:?} {} | got {:?} {} {:.2} {:?} | {:?} {code} {activity}",
                row.id,
                row.text,
                row.outcome,
                row.key,
                read.outcome,
                key,
                read.confidence,
                &offered[..offered.len().min(4)],
                row.direction.map(Direction::code).unwrap_or(""),
            ));
        }
    }

    /// Right answers among those given.
    pub fn precision(&self) -> f64 {
        share(self.right, self.answered)
    }

    /// Right answers among the texts with a key.
    pub fn recall(&self) -> f64 {
        share(self.right, self.with_key)
    }

    /// Questions among the texts that call for one.
    pub fn ask_accuracy(&self) -> f64 {
        share(self.asked, self.should_ask)
    }

    /// Questions among the texts with a key.
    pub fn over_asking(&self) -> f64 {
        share(self.over_asked, self.with_key)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} texts: precision {:.3}, recall {:.3}, asks {:.3} (all candidates offered {:.3}), over-asking {:.3}, unknown {:.3}",
            self.texts,
            self.precision(),
            self.recall(),
            self.ask_accuracy(),
            share(self.offered, self.should_ask),
            self.over_asking(),
            share(self.not_known, self.should_not_know),
        )
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 1.0;
    }
    part as f64 / whole as f64
}
