//! From scores to an answer: one key, a question, or not known.

use boucle_domain::id::{Direction, WasteCode};
use boucle_domain::text::Text;

use crate::Recogniser;
use crate::answer::{answer, confidence, spaced, unknown, unknown_with};
use crate::evidence::{Facts, Standing};
use crate::lexicon::Lexicon;
use crate::reasons::Reason;
use crate::recognition::{Asked, Outcome, Recognition};
use crate::scoring::{Scored, bare, known, scores};
use crate::weighing::{level, weigh};

/// Least score of an answer.
const ENOUGH: f32 = 0.62;
/// Least score worth a question.
const WORTH_ASKING: f32 = 0.45;
/// A second key this near to the first makes a question.
const RIVAL: f32 = 0.90;
/// A word alone answers with a key that has at least this share of its terms.
const OF_ONE_KEY: f32 = 0.3;
/// Keys offered by a question.
const OFFERED: usize = 8;
/// Least score of an answer whose term stands whole in the text and names one thing.
const ENOUGH_WHOLE: f32 = 0.55;
/// A second key this near makes a question, where the text says `ou`.
const RIVAL_EITHER: f32 = 0.6;
/// Least score of an answer that the waste code lists.
const ENOUGH_WITH_CODE: f32 = 0.42;

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
    let cut = lexicon.table.cut(asked.text);
    let mut reasons = Vec::new();
    if let Some(word) = &cut.void {
        reasons.push(Reason::NotAResource(word.clone()));
        return unknown(reasons);
    }
    let side = lexicon.side(direction);
    let known = known(lexicon, side, &cut, &mut reasons);
    let mut found = scores(lexicon, side, &cut, &known);
    weigh(lexicon, facts, asked, &cut, &mut found, &mut reasons);
    level(lexicon, &cut, &mut found, &mut reasons);
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.key.cmp(&b.key)));

    let best = found.first().map_or(0.0, |best| best.score);
    let listed = waste.is_some()
        && found
            .first()
            .is_some_and(|best| best.standing == Some(Standing::Listed));
    if best
        < if listed {
            ENOUGH_WITH_CODE
        } else {
            WORTH_ASKING
        }
    {
        return by_code(lexicon, facts, asked, waste, found, reasons);
    }
    let rival = if cut.either { RIVAL_EITHER } else { RIVAL };
    // The activity orders the keys of an ambiguous word, and does not choose among them.
    let same_word = |one: &Scored| {
        found.first().is_some_and(|first| {
            !first.whole && one.term == first.term && one.words >= first.words * rival
        })
    };
    let plausible: Vec<Scored> = found
        .iter()
        .filter(|one| one.score >= best * rival || same_word(one))
        .take(OFFERED)
        .cloned()
        .collect();
    let Some(first) = plausible.first() else {
        return unknown(reasons);
    };
    let term = side
        .terms
        .get(first.term as usize)
        .map_or("", |term| term.text.as_str());
    let second = found.get(1).map_or(0.0, |second| second.score);
    // Words and code that name different things: neither is believed.
    if let Some(code) = waste
        && first.standing == Some(Standing::Far)
        && !facts.of_code(code).is_empty()
    {
        reasons.push(Reason::CodeDisagrees(spaced(code.as_str())));
        let offered = with_code(lexicon, facts, plausible, code, best);
        return answer(lexicon, Outcome::Ask, &offered, 0.4, asked, reasons);
    }
    if plausible.len() > 1 {
        reasons.insert(0, Reason::Ambiguous(term.to_owned()));
        return answer(lexicon, Outcome::Ask, &plausible, 0.5, asked, reasons);
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
    let confidence = confidence(first.score, second);
    let enough = if first.standing == Some(Standing::Listed) {
        ENOUGH_WITH_CODE
    } else if first.whole {
        ENOUGH_WHOLE
    } else {
        ENOUGH
    };
    // A word alone, of which most terms are other keys': `huile usagée`.
    if best >= enough && first.standing != Some(Standing::Listed) && found.len() > 1 {
        let mut matter = known.words.iter().filter(|(word, _)| !side.is_weak(*word));
        if let (Some(&(word, _)), None) = (matter.next(), matter.next())
            && side.votes.share(word, first.key) < OF_ONE_KEY
        {
            let offered: Vec<Scored> = found.iter().take(OFFERED).cloned().collect();
            return answer(lexicon, Outcome::Ask, &offered, 0.5, asked, reasons);
        }
    }
    if best < enough {
        if found.len() < 2 {
            return unknown(reasons);
        }
        let offered: Vec<Scored> = found
            .iter()
            .filter(|one| one.score >= best * 0.7)
            .take(OFFERED)
            .cloned()
            .collect();
        if offered.len() < 2 {
            return unknown_with(lexicon, offered, reasons);
        }
        return answer(lexicon, Outcome::Ask, &offered, confidence, asked, reasons);
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
