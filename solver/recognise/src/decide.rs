//! From scores to an answer: one key, a question, or not known.

use boucle_domain::flow::Identity;
use boucle_domain::id::Direction;
use boucle_domain::text::Text;

use crate::evidence::{Facts, Standing};
use crate::lexicon::{Lexicon, Side, UNKNOWN_WEIGHT, own_form};
use crate::reasons::Reason;
use crate::recognition::{Asked, Candidate, Outcome, Recognition};
use crate::words::Cut;

/// Least score of an answer.
const ENOUGH: f32 = 0.62;
/// Least score worth a question.
const WORTH_ASKING: f32 = 0.45;
/// A second key this near to the first makes a question.
const RIVAL: f32 = 0.90;
/// Keys offered by a question.
const OFFERED: usize = 8;

/// A key with its score and where it came from.
#[derive(Clone, Debug)]
struct Scored {
    key: u32,
    score: f32,
    /// Its score before the activity was weighed.
    words: f32,
    term: u32,
    whole: bool,
    standing: Option<Standing>,
    usual: bool,
}

pub(crate) fn recognition(lexicon: &Lexicon, facts: &Facts, asked: &Asked<'_>) -> Recognition {
    match asked.direction {
        Some(direction) => one_way(lexicon, facts, asked, direction),
        None => both_ways(lexicon, facts, asked),
    }
}

/// Without a direction, an output and a need are both possible: that is the question.
fn both_ways(lexicon: &Lexicon, facts: &Facts, asked: &Asked<'_>) -> Recognition {
    // A waste code is only ever on an output.
    if asked.waste_code.is_some() {
        return one_way(lexicon, facts, asked, Direction::Output);
    }
    let output = one_way(lexicon, facts, asked, Direction::Output);
    let input = one_way(lexicon, facts, asked, Direction::Input);
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

fn one_way(
    lexicon: &Lexicon,
    facts: &Facts,
    asked: &Asked<'_>,
    direction: Direction,
) -> Recognition {
    let own = own_form(&lexicon.table, asked.text);
    if let Some(key) = lexicon.own(&own, direction) {
        let reasons = vec![Reason::OwnWords(asked.text.trim().to_owned())];
        let scored = vec![bare(key, 1.0)];
        return answer(lexicon, Outcome::Recognised, &scored, 1.0, asked, reasons);
    }
    let cut = lexicon.table.cut(asked.text);
    let mut reasons = Vec::new();
    let waste = asked.waste_code.filter(|_| direction == Direction::Output);
    if let Some(word) = &cut.void {
        reasons.push(Reason::NotAResource(word.clone()));
        return unknown(reasons);
    }
    let side = lexicon.side(direction);
    let mut found = scores(lexicon, side, &cut, &mut reasons);
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
        let mut offered = plausible;
        for key in facts.of_code(code) {
            if let Some(number) = lexicon.key_number(key)
                && offered.len() < OFFERED
                && !offered.iter().any(|one| one.key == number)
            {
                offered.push(bare(number, best * 0.8));
            }
        }
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

/// Nothing in the words: the code asks, and never answers.
fn by_code(
    lexicon: &Lexicon,
    facts: &Facts,
    asked: &Asked<'_>,
    code: Option<&boucle_domain::id::WasteCode>,
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

fn bare(key: u32, score: f32) -> Scored {
    Scored {
        key,
        score,
        words: score,
        term: u32::MAX,
        whole: false,
        standing: None,
        usual: false,
    }
}

/// A term of a key that stands in the text, whole or in part.
#[derive(Clone, Copy, Debug)]
struct Match {
    key: u32,
    score: f32,
    term: u32,
    /// Places of its words, when all that matter are there.
    whole: u64,
    places: u64,
    base: f32,
    form: bool,
    single: bool,
}

/// What a term is worth that stands only where the text tells an origin or a use.
const TAIL: f32 = 0.6;
/// What a term is worth without the first word of the text.
const NOT_HEAD: f32 = 0.94;
/// Least score of an answer whose term stands whole in the text and names one thing.
const ENOUGH_WHOLE: f32 = 0.55;
/// A second key this near makes a question, where the text says `ou`.
const RIVAL_EITHER: f32 = 0.6;
/// What a word of form is worth beside a word of matter.
const FORM: f32 = 0.75;
/// Least score of an answer that the waste code lists.
const ENOUGH_WITH_CODE: f32 = 0.42;

/// Score of every key that shares a word with the text.
///
/// A term scores by how much of it stands in the text, then by how much of the text it tells; what
/// several whole terms of one key tell is put together.
fn scores(lexicon: &Lexicon, side: &Side, cut: &Cut, reasons: &mut Vec<Reason>) -> Vec<Scored> {
    // Words of the text by number, each with its place.
    let mut words: Vec<(u32, f32)> = Vec::new();
    let mut tails = 0_u64;
    let mut total = 0.0_f32;
    for word in &cut.words {
        let known = lexicon
            .word(&word.stem)
            .filter(|&at| !side.with(at).is_empty());
        let number = known.or_else(|| {
            let at = lexicon.spelled(&word.stem)?;
            if side.with(at).is_empty() || lexicon.word(&word.stem).is_some() {
                return None;
            }
            reasons.push(Reason::Spelling {
                written: word.written.clone(),
                read: lexicon.stem_of(at).to_owned(),
            });
            Some(at)
        });
        match number {
            Some(at) if words.iter().any(|(known, _)| *known == at) => {}
            Some(at) => {
                let weight = side.weight(at) * word.share;
                total += weight;
                if word.tail && words.len() < 64 {
                    tails |= 1 << words.len();
                }
                words.push((at, weight));
            }
            None => {
                let weak = if word.weak { 0.4 } else { 1.0 };
                total += UNKNOWN_WEIGHT * word.share * weak;
            }
        }
    }
    if total <= 0.0 || words.is_empty() {
        return Vec::new();
    }
    let mut touched: Vec<(u32, u64)> = Vec::new();
    for (place, (word, _)) in words.iter().enumerate().take(64) {
        for &term in side.with(*word) {
            touched.push((term, 1 << place));
        }
    }
    touched.sort_unstable();
    // Something is named beside its packaging.
    let contents = cut.words.iter().any(|word| {
        !word.container && !word.weak && !word.tail && lexicon.word(&word.stem).is_some()
    });
    // French names begin with what the thing is.
    let head = cut
        .words
        .iter()
        .find(|word| !word.weak && word.share > 0.3)
        .and_then(|word| lexicon.word(&word.stem))
        .and_then(|head| words.iter().position(|(at, _)| *at == head))
        .map_or(0_u64, |place| 1_u64.checked_shl(place as u32).unwrap_or(0));
    let mut found: Vec<Match> = Vec::new();
    let mut at = 0;
    while at < touched.len() {
        let number = touched[at].0;
        let mut places = 0_u64;
        while at < touched.len() && touched[at].0 == number {
            places |= touched[at].1;
            at += 1;
        }
        let Some(term) = side.terms.get(number as usize) else {
            continue;
        };
        if term.packaging && contents {
            continue;
        }
        let mut told = 0.0;
        let mut held = 0.0;
        let mut core = 0.0;
        for (place, (word, weight)) in words.iter().enumerate().take(64) {
            if places & (1 << place) != 0 {
                held += side.weight(*word);
                told += weight;
                if !side.is_weak(*word) {
                    core += side.weight(*word);
                }
            }
        }
        let part = (held / term.weight).min(1.0);
        if part < 0.3 || term.core > 0.0 && core <= 0.0 {
            continue;
        }
        let is_whole = part > 0.97 || term.core > 0.0 && core > 0.97 * term.core;
        let tail = if places & !tails == 0 {
            TAIL
        } else if head != 0 && places & head == 0 {
            NOT_HEAD
        } else {
            1.0
        };
        let base = part.powf(1.6) * term.trust * tail;
        let score = base * (0.45 + 0.55 * told / total);
        for &key in &term.keys {
            found.push(Match {
                key,
                score,
                term: number,
                whole: if is_whole { places } else { 0 },
                places,
                base,
                form: term.form,
                single: term.keys.len() == 1,
            });
        }
    }
    // A word that tells the matter goes before one that tells a form: `emballages en polystyrène`.
    let told_by_form = found
        .iter()
        .filter(|one| one.form)
        .fold(0_u64, |places, one| places | one.places);
    let matter = found
        .iter()
        .any(|one| !one.form && one.whole != 0 && one.whole & !told_by_form & !tails != 0);
    if matter {
        for one in found.iter_mut().filter(|one| one.form) {
            one.score *= FORM;
            one.base *= FORM;
        }
    }
    // By key, its best term first.
    found.sort_by(|a, b| {
        a.key
            .cmp(&b.key)
            .then(b.score.total_cmp(&a.score))
            .then(a.term.cmp(&b.term))
    });
    let mut keys: Vec<Scored> = Vec::new();
    let mut at = 0;
    while at < found.len() {
        let Match {
            key,
            score: best,
            term,
            whole,
            places,
            base,
            ..
        } = found[at];
        let mut together = places | whole;
        let mut single = false;
        while at < found.len() && found[at].key == key {
            together |= found[at].whole;
            single |= found[at].single && found[at].whole != 0;
            at += 1;
        }
        let told: f32 = words
            .iter()
            .enumerate()
            .take(64)
            .filter(|(place, _)| together & (1 << place) != 0)
            .map(|(_, (_, weight))| weight)
            .sum();
        keys.push(Scored {
            key,
            score: best.max(base * (0.45 + 0.55 * told / total)),
            words: 0.0,
            term,
            whole: whole != 0 && single,
            standing: None,
            usual: false,
        });
    }
    keys
}

/// What code, activity and words of hazard do to the scores.
fn weigh(
    lexicon: &Lexicon,
    facts: &Facts,
    asked: &Asked<'_>,
    cut: &Cut,
    found: &mut [Scored],
    reasons: &mut Vec<Reason>,
) {
    let says = |stem: &str| cut.words.iter().any(|word| word.stem == stem);
    let harmless = says("sans:dangereu");
    let soiled = says("dangereu") || says("souill");
    if harmless || soiled {
        reasons.push(Reason::Hazard(!harmless));
    }
    for one in found {
        let Some(key) = lexicon.keys.get(one.key as usize) else {
            continue;
        };
        if let Some(code) = asked.waste_code
            && matches!(key.identity, Identity::Donor(_))
        {
            let standing = facts.standing(&key.identity, code);
            one.standing = Some(standing);
            one.score *= match standing {
                Standing::Listed => 1.25,
                Standing::Near => 0.85,
                Standing::Far => 0.75,
                Standing::Without => 1.0,
            };
        }
        match facts.hazard(&key.identity) {
            Some(true) if harmless => one.score *= 0.6,
            Some(false) if soiled && !harmless => one.score *= 0.8,
            _ => {}
        }
        one.words = one.score;
        if let Some(activity) = asked.activity {
            let factor = facts.activity(&key.identity, activity);
            one.usual = factor > 1.0;
            one.score *= factor;
        }
    }
}

/// What carries heat as a liquid, by its stem.
const FLUIDS: [&str; 6] = ["eau", "huil", "fluid", "water", "oil", "caloporteur"];

/// Temperature and pressure choose among the levels of heat and steam.
fn level(lexicon: &Lexicon, cut: &Cut, found: &mut [Scored], reasons: &mut Vec<Reason>) {
    let (wanted, told) = match (cut.celsius, cut.bar) {
        (_, Some(bar)) => {
            let key = match bar {
                bar if bar > 20.0 => "en.heat.steam.hp",
                bar if bar >= 8.0 => "en.heat.steam.mp",
                _ => "en.heat.steam.lp",
            };
            (key, format!("{bar} bar"))
        }
        (Some(celsius), None) => {
            let key = match celsius {
                celsius if celsius < 25.0 => "en.heat.low",
                celsius if celsius < 60.0 => "en.heat.warm",
                celsius if celsius <= 110.0 => "en.heat.hot",
                celsius if celsius <= 200.0 => "en.heat.pressurised",
                _ if cut
                    .words
                    .iter()
                    .any(|word| FLUIDS.contains(&word.stem.as_str())) =>
                {
                    "en.heat.pressurised"
                }
                _ => "en.heat.flue",
            };
            (key, format!("{celsius} °C"))
        }
        (None, None) => return,
    };
    let heat = |key: u32| {
        lexicon
            .keys
            .get(key as usize)
            .is_some_and(|key| matches!(&key.identity, Identity::Resource(key) if key.as_str().starts_with("en.heat")))
    };
    let Some(best) = found
        .iter()
        .filter(|one| heat(one.key))
        .map(|one| one.score)
        .reduce(f32::max)
    else {
        return;
    };
    let Some(number) = lexicon.key_number(wanted) else {
        return;
    };
    if let Some(one) = found.iter_mut().find(|one| one.key == number) {
        one.score = best.max(one.score) * 1.3;
        one.words = one.score;
        reasons.push(Reason::Level(told));
    }
}

/// Score against its rival, as a share of certainty.
fn confidence(score: f32, second: f32) -> f64 {
    let rival = (second / score.max(f32::EPSILON)).clamp(0.0, 1.0);
    let value = score.min(1.0) * (1.0 - 0.35 * (rival - 0.5).max(0.0) * 2.0);
    f64::from(value.clamp(0.0, 0.99))
}

fn answer(
    lexicon: &Lexicon,
    outcome: Outcome,
    scored: &[Scored],
    confidence: f64,
    asked: &Asked<'_>,
    reasons: Vec<Reason>,
) -> Recognition {
    let best = scored
        .first()
        .map_or(1.0, |one| one.score.max(f32::EPSILON));
    let mut candidates: Vec<Candidate> = scored
        .iter()
        .filter_map(|one| {
            let key = lexicon.keys.get(one.key as usize)?;
            let share = f64::from((one.score / best).clamp(0.0, 1.0));
            Some(Candidate {
                key: key.identity.clone(),
                label: key.label.clone(),
                confidence: rounded(confidence * share),
            })
        })
        .collect();
    candidates.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let recognised = outcome == Outcome::Recognised;
    let key = candidates
        .first()
        .filter(|_| recognised)
        .map(|candidate| candidate.key.clone());
    let question = if outcome == Outcome::Ask {
        question(asked, &candidates)
    } else {
        Text::default()
    };
    Recognition {
        outcome,
        key,
        confidence: rounded(confidence),
        candidates,
        question,
        reasons,
    }
}

/// `« Boues » : de quoi s'agit-il ? Boues d'épuration ; …`
fn question(asked: &Asked<'_>, candidates: &[Candidate]) -> Text {
    let list = |pick: fn(&Text) -> &str| {
        candidates
            .iter()
            .map(|candidate| pick(&candidate.label))
            .collect::<Vec<_>>()
            .join(" ; ")
    };
    let french = list(|label| &label.fr);
    let english = list(|label| &label.en).replace(" ;", ";");
    let name = asked.text.trim();
    let code = asked
        .waste_code
        .map(|code| spaced(code.as_str()))
        .unwrap_or_default();
    if name.is_empty() {
        Text::new(
            format!("Que recouvre le code déchet {code} : {french} ?"),
            format!("What is under waste code {code}: {english}?"),
        )
    } else {
        Text::new(
            format!("« {name} » : de quoi s'agit-il, {french} ?"),
            format!("“{name}”: which is it: {english}?"),
        )
    }
}

fn unknown(reasons: Vec<Reason>) -> Recognition {
    Recognition {
        outcome: Outcome::Unknown,
        key: None,
        confidence: 0.0,
        candidates: Vec::new(),
        question: Text::default(),
        reasons,
    }
}

/// Not known, with the resources it might mean, for the operator.
fn unknown_with(lexicon: &Lexicon, found: Vec<Scored>, reasons: Vec<Reason>) -> Recognition {
    let candidates = found
        .iter()
        .take(3)
        .filter_map(|one| {
            let key = lexicon.keys.get(one.key as usize)?;
            Some(Candidate {
                key: key.identity.clone(),
                label: key.label.clone(),
                confidence: rounded(f64::from(one.score.clamp(0.0, 1.0)) * 0.5),
            })
        })
        .collect();
    Recognition {
        candidates,
        ..unknown(reasons)
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// A code as people write it: `10 02 11*`.
fn spaced(code: &str) -> String {
    let digits = code.trim_end_matches('*');
    match (digits.get(..2), digits.get(2..4), digits.get(4..)) {
        (Some(a), Some(b), Some(c)) if digits.len() == 6 => {
            format!("{a} {b} {c}{}", &code[digits.len()..])
        }
        _ => code.to_owned(),
    }
}
