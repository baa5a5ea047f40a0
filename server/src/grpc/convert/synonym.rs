//! Words of a territory on the wire.

use boucle_domain::id::Direction;
use boucle_proto::v1;

use super::quantity::text;
use super::recognition::{candidate, outcome};
use crate::app::synonym::Word;
use crate::app::unknown::UnknownWords;

/// A decision.
pub fn synonym(word: &Word) -> v1::Synonym {
    let decided = &word.kept.synonym;
    v1::Synonym {
        words: decided.words.clone(),
        direction: direction(decided.direction).into(),
        key: decided.key.key().to_owned(),
        label: Some(text(&word.label)),
        by: word.kept.by.clone(),
        on: word.kept.on.to_string(),
    }
}

/// A name nobody knows.
pub fn unknown_words(words: &UnknownWords) -> v1::UnknownWords {
    v1::UnknownWords {
        words: words.words.clone(),
        direction: direction(words.direction).into(),
        flows: words.flows,
        firms: words.firms,
        outcome: outcome(words.outcome).into(),
        candidates: words.candidates.iter().map(candidate).collect(),
    }
}

/// The side a caller says; `None` where he says none.
pub fn side(direction: v1::Direction) -> Option<Direction> {
    match direction {
        v1::Direction::Output => Some(Direction::Output),
        v1::Direction::Input => Some(Direction::Input),
        v1::Direction::Unspecified => None,
    }
}

fn direction(direction: Direction) -> v1::Direction {
    match direction {
        Direction::Output => v1::Direction::Output,
        Direction::Input => v1::Direction::Input,
    }
}
