//! How likely the best key is the right one: signs read off the scores, weighed together.
//!
//! The weights are those of a logistic regression on the labelled texts that may be read
//! (`cargo run -p boucle-recognise --example calibrate -- FILE...` prints them). The texts kept to
//! measure had no part in it. Each sign says something a person would: how much of the name is there,
//! how near the next key comes, how many keys the words belong to.

use crate::evidence::Standing;
use crate::lexicon::Side;
use crate::scoring::{Known, Scored};
use crate::words::Cut;

/// Signs of a text.
pub const SIGNS: usize = 15;

/// What the signs are, in their order.
pub const NAMES: [&str; SIGNS] = [
    "how much of the best term stands in the text",
    "how much of the text the best key explains",
    "score of the second key beside that of the first",
    "share of the terms of these words that are the best key's",
    "how much the words are at home in the best key, beside the key where they are most",
    "the same of the key that comes next in this",
    "one word of matter",
    "two words of matter",
    "the second key explains part of what the first does",
    "the best term names one key",
    "the text names one thing or another",
    "the waste code is of another chapter",
    "the best term stands whole in the text",
    "share of the text that nobody knows",
    "usual for the activity",
];

/// What each sign weighs.
const WEIGHTS: [f32; SIGNS] = [
    5.76, -3.23, -4.24, 1.62, 1.86, -1.48, -3.35, -1.02, 1.57, 1.42, -2.48, -3.63, 0.02, 4.19, 0.86,
];
/// What stands without any sign.
const START: f32 = -1.59;
/// Least probability of an answer; below it is a question.
pub const ANSWER: f32 = 0.7;

/// The signs of the best key, `found` in the order of the scores; `None` when there is none.
pub(crate) fn signs(
    side: &Side,
    known: &Known,
    cut: &Cut,
    found: &[Scored],
) -> Option<[f32; SIGNS]> {
    let first = found.first()?;
    let second = found.get(1);
    let of_first: f32 = known
        .matter(side)
        .map(|(word, weight)| side.kinship.share(word, first.key) * weight)
        .sum();
    let rival_kin = found.iter().skip(1).map(|one| one.kin).fold(0.0, f32::max);
    let in_text: f32 = known.words.iter().map(|(_, weight)| weight).sum();
    let words = known
        .words
        .iter()
        .filter(|(word, _)| !side.is_weak(*word))
        .count();
    let yes = |is: bool| f32::from(u8::from(is));
    let within = |one: &Scored| one.places & !first.places == 0 && one.places != first.places;
    let term = side.terms.get(first.term as usize);
    Some([
        (first.words / (0.45 + 0.55 * first.told)).min(1.3),
        first.told,
        second.map_or(0.0, |second| second.score / first.score.max(f32::EPSILON)),
        of_first / in_text.max(f32::EPSILON),
        first.kin,
        rival_kin,
        yes(words == 1),
        yes(words == 2),
        yes(second.is_some_and(within)),
        yes(term.is_some_and(|term| term.keys.len() == 1)),
        yes(cut.either),
        yes(first.standing == Some(Standing::Far)),
        yes(first.whole),
        1.0 - in_text / known.total.max(f32::EPSILON),
        yes(first.usual),
    ])
}

/// How likely the best key is the right one.
pub(crate) fn probability(signs: &[f32; SIGNS]) -> f32 {
    let sum: f32 = signs
        .iter()
        .zip(WEIGHTS)
        .map(|(sign, weight)| sign * weight)
        .sum();
    1.0 / (1.0 + (-(START + sum)).exp())
}
