//! From scores to an answer: one key, a question, or not known.

use boucle_domain::flow::Identity;
use boucle_domain::id::{Direction, WasteCode};
use boucle_domain::text::Text;

use crate::Recogniser;
use crate::answer::{answer, spaced, unknown, unknown_with};
use crate::calibration::{ANSWER, SIGNS, probability, signs};
use crate::evidence::{Facts, Standing};
use crate::lexicon::{Lexicon, Side};
use crate::reasons::Reason;
use crate::recognition::{Asked, Outcome, Recognition};
use crate::scoring::{Known, Scored, bare, known, scores};
use crate::weighing::{level, relate, weigh};
use crate::words::Cut;

/// Least score worth a question.
const WORTH_ASKING: f32 = 0.45;
/// The same for what the waste code lists.
const WORTH_ASKING_WITH_CODE: f32 = 0.42;
/// A second key this near to the first makes the words ambiguous.
const NEAR: f32 = 0.9;
/// Least score, beside that of the first, of a key that a question offers.
const WORTH_OFFERING: f32 = 0.5;
/// Keys that a question offers however far behind they come.
const ALWAYS_OFFERED: usize = 3;
/// How likely a level of heat or steam is, once its temperature or pressure is told.
const LEVELED: f32 = 0.9;
/// How likely a key is whose name in the catalogue is all that is written.
const PLAIN_NAME: f32 = 0.8;
/// Least share of the terms of a word that are a key's, for the word to be mostly its.
const MOSTLY: f32 = 0.3;
/// Least share of a text that is all of it.
const WHOLE_TEXT: f32 = 0.9;
/// Keys offered by a question.
const OFFERED: usize = 8;

pub(crate) fn recognition(recogniser: &Recogniser, asked: &Asked<'_>) -> Recognition {
    match asked.direction {
        Some(direction) => one_way(recogniser, asked, direction),
        None => both_ways(recogniser, asked),
    }
}

/// Without a direction, an output and a need are both possible: that is the question.
fn both_ways(recogniser: &Recogniser, asked: &Asked<'_>) -> Recognition {
    // A waste code is only ever on an output.
    if asked.waste_code.is_some() {
        return one_way(recogniser, asked, Direction::Output);
    }
    let output = one_way(recogniser, asked, Direction::Output);
    let input = one_way(recogniser, asked, Direction::Input);
    if output.outcome == Outcome::Unknown && input.outcome == Outcome::Unknown {
        return output;
    }
    if output.outcome == Outcome::Recognised && output.key == input.key {
        return output;
    }
    let mut candidates = output.candidates;
    for candidate in input.candidates {
        if !candidates.iter().any(|known| known.key == candidate.key) {
            candidates.push(candidate);
        }
    }
    candidates.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut reasons = vec![Reason::NoDirection];
    reasons.extend(output.reasons);
    Recognition {
        outcome: Outcome::Ask,
        key: None,
        confidence: output.confidence.max(input.confidence).min(0.5),
        candidates,
        question: Text::new(
            format!(
                "« {} » : est-ce un flux sortant (dont on se défait) ou entrant (acheté) ?",
                asked.text.trim()
            ),
            format!(
                "“{}”: is it an output (got rid of) or an input (bought)?",
                asked.text.trim()
            ),
        ),
        reasons,
    }
}

fn one_way(recogniser: &Recogniser, asked: &Asked<'_>, direction: Direction) -> Recognition {
    let (lexicon, facts) = (&*recogniser.lexicon, &*recogniser.facts);
    let waste = asked.waste_code.filter(|_| direction == Direction::Output);
    if let Some(key) = recogniser.own.key(&lexicon.table, asked.text, direction) {
        return by_own_words(lexicon, facts, asked, waste, key);
    }
    let Weighed {
        cut,
        known,
        found,
        leveled,
        mut reasons,
    } = weighed(recogniser, asked, direction);
    if let Some(word) = &cut.void {
        return unknown(vec![Reason::NotAResource(word.clone())]);
    }
    let side = lexicon.side(direction);
    let best = found.first().map_or(0.0, |best| best.score);
    let listed = waste.is_some()
        && found
            .first()
            .is_some_and(|best| best.standing == Some(Standing::Listed));
    if best
        < if listed {
            WORTH_ASKING_WITH_CODE
        } else {
            WORTH_ASKING
        }
    {
        return by_code(lexicon, facts, asked, waste, found, reasons);
    }
    let Some(signs) = signs(side, &known, &cut, &found) else {
        return unknown(reasons);
    };
    let mut likely = probability(&signs);
    // What the words leave open, the pressure or the temperature settles.
    if leveled.is_some() && leveled == found.first().map(|first| first.key) {
        likely = likely.max(LEVELED);
    }
    // A name of the catalogue, written alone: `cartons`, `REFIOM`.
    if is_plain_name(side, &known, &found) {
        likely = likely.max(PLAIN_NAME);
    }
    let plausible: Vec<Scored> = found
        .iter()
        .enumerate()
        .filter(|(at, one)| *at < ALWAYS_OFFERED || one.score >= best * WORTH_OFFERING)
        .map(|(_, one)| one.clone())
        .take(OFFERED)
        .collect();
    let Some(first) = plausible.first() else {
        return unknown(reasons);
    };
    let term = side
        .terms
        .get(first.term as usize)
        .map_or("", |term| term.text.as_str());
    // Words and code that name different things: neither is believed.
    if let Some(code) = waste
        && first.standing == Some(Standing::Far)
        && !facts.of_code(code).is_empty()
    {
        reasons.push(Reason::CodeDisagrees(spaced(code.as_str())));
        let offered = with_code(lexicon, facts, plausible, code, best);
        return answer(lexicon, Outcome::Ask, &offered, 0.4, asked, reasons);
    }
    let confidence = f64::from(likely);
    if likely < ANSWER {
        let near = |one: &&Scored| one.score >= best * NEAR;
        if plausible.iter().filter(near).count() > 1 {
            reasons.insert(0, Reason::Ambiguous(term.to_owned()));
        } else {
            reasons.insert(0, Reason::PartOfTerm(term.to_owned()));
        }
        return answer(
            lexicon,
            Outcome::Ask,
            &plausible,
            confidence,
            asked,
            reasons,
        );
    }
    let whole = if first.whole {
        Reason::Term(term.to_owned())
    } else {
        Reason::PartOfTerm(term.to_owned())
    };
    reasons.insert(0, whole);
    if first.standing == Some(Standing::Listed)
        && let Some(code) = waste
    {
        reasons.push(Reason::CodeAgrees(spaced(code.as_str())));
    }
    if first.usual
        && let Some(activity) = asked.activity
    {
        reasons.push(Reason::Activity(activity.to_string()));
    }
    let shown: Vec<Scored> = found.iter().take(OFFERED).cloned().collect();
    answer(
        lexicon,
        Outcome::Recognised,
        &shown,
        confidence,
        asked,
        reasons,
    )
}

/// Whether the words are, alone, what the catalogue calls one key, and mostly that key's.
fn is_plain_name(side: &Side, known: &Known, found: &[Scored]) -> bool {
    let Some(first) = found.first().filter(|first| first.whole) else {
        return false;
    };
    let term = side.terms.get(first.term as usize);
    term.is_some_and(|term| term.of_catalogue && term.keys.len() == 1)
        && known
            .matter(side)
            .all(|(word, _)| side.kinship.share(word, first.key) >= MOSTLY)
        && first.told > WHOLE_TEXT
}

/// The keys of a text with their scores, before anything is decided.
struct Weighed {
    cut: Cut,
    known: Known,
    /// The best first.
    found: Vec<Scored>,
    /// The key that a temperature or a pressure tells.
    leveled: Option<u32>,
    reasons: Vec<Reason>,
}

fn weighed(recogniser: &Recogniser, asked: &Asked<'_>, direction: Direction) -> Weighed {
    let (lexicon, facts) = (&*recogniser.lexicon, &*recogniser.facts);
    let cut = lexicon.table.cut(asked.text);
    let mut reasons = Vec::new();
    let side = lexicon.side(direction);
    let known = known(lexicon, side, &cut, &mut reasons);
    let mut found = scores(lexicon, side, &cut, &known);
    weigh(lexicon, facts, asked, &cut, &mut found, &mut reasons);
    let leveled = level(lexicon, &cut, &mut found, &mut reasons);
    relate(side, &known, &mut found);
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.key.cmp(&b.key)));
    Weighed {
        cut,
        known,
        found,
        leveled,
        reasons,
    }
}

/// The best key of a text and the signs that speak for or against it; `None` when no word is known.
pub(crate) fn best_with_signs(
    recogniser: &Recogniser,
    asked: &Asked<'_>,
) -> Option<(Identity, [f32; SIGNS])> {
    let direction = asked.direction?;
    let lexicon = &*recogniser.lexicon;
    let weighed = weighed(recogniser, asked, direction);
    let side = lexicon.side(direction);
    let signs = signs(side, &weighed.known, &weighed.cut, &weighed.found)?;
    let best = weighed.found.first()?;
    let key = lexicon.keys.get(best.key as usize)?;
    Some((key.identity.clone(), signs))
}

/// What the territory decided, unless the waste code lists other things: neither is believed then.
fn by_own_words(
    lexicon: &Lexicon,
    facts: &Facts,
    asked: &Asked<'_>,
    waste: Option<&WasteCode>,
    key: u32,
) -> Recognition {
    let mut reasons = vec![Reason::OwnWords(asked.text.trim().to_owned())];
    let own = vec![bare(key, 1.0)];
    let identity = lexicon.keys.get(key as usize).map(|key| &key.identity);
    if let (Some(code), Some(identity)) = (waste, identity) {
        match facts.standing(identity, code) {
            Standing::Listed => reasons.push(Reason::CodeAgrees(spaced(code.as_str()))),
            Standing::Far if !facts.of_code(code).is_empty() => {
                reasons.push(Reason::CodeDisagrees(spaced(code.as_str())));
                let offered = with_code(lexicon, facts, own, code, 1.0);
                return answer(lexicon, Outcome::Ask, &offered, 0.4, asked, reasons);
            }
            _ => {}
        }
    }
    answer(lexicon, Outcome::Recognised, &own, 1.0, asked, reasons)
}

/// The keys of the words, then those of the code.
fn with_code(
    lexicon: &Lexicon,
    facts: &Facts,
    mut offered: Vec<Scored>,
    code: &WasteCode,
    best: f32,
) -> Vec<Scored> {
    for key in facts.of_code(code) {
        if let Some(number) = lexicon.key_number(key)
            && offered.len() < OFFERED
            && !offered.iter().any(|one| one.key == number)
        {
            offered.push(bare(number, best * 0.8));
        }
    }
    offered
}

/// Nothing in the words: the code asks, and never answers.
fn by_code(
    lexicon: &Lexicon,
    facts: &Facts,
    asked: &Asked<'_>,
    code: Option<&WasteCode>,
    found: Vec<Scored>,
    mut reasons: Vec<Reason>,
) -> Recognition {
    let listed = code.map_or(&[][..], |code| facts.of_code(code));
    let (Some(code), false) = (code, listed.is_empty()) else {
        reasons.push(Reason::NoWord);
        return unknown_with(lexicon, found, reasons);
    };
    reasons.push(Reason::CodeAlone(spaced(code.as_str())));
    let mut offered: Vec<Scored> = listed
        .iter()
        .filter_map(|key| lexicon.key_number(key))
        .map(|key| {
            let words = found.iter().find(|one| one.key == key);
            bare(key, 0.3 + words.map_or(0.0, |one| one.score * 0.4))
        })
        .collect();
    if let Some(activity) = asked.activity {
        for one in &mut offered {
            if let Some(key) = lexicon.keys.get(one.key as usize) {
                one.score *= facts.activity(&key.identity, activity);
            }
        }
    }
    offered.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.key.cmp(&b.key)));
    offered.truncate(12);
    answer(lexicon, Outcome::Ask, &offered, 0.3, asked, reasons)
}
