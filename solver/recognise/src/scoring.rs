//! Score of every key that shares words with the text.

use crate::evidence::Standing;
use crate::lexicon::{Lexicon, Side, UNKNOWN_WEIGHT};
use crate::reasons::Reason;
use crate::words::Cut;

/// What a term is worth that stands only where the text tells an origin or a use.
const TAIL: f32 = 0.6;
/// What a term is worth without the first word of the text.
const NOT_HEAD: f32 = 0.94;
/// What a word of form is worth beside a word of matter.
const FORM: f32 = 0.75;

/// Least part of a term that must stand in the text.
const LEAST_PART: f32 = 0.42;
/// A packaging that holds something counts no more than this.
const HELD: f32 = 0.32;

/// A key with its score and where it came from.
#[derive(Clone, Debug)]
pub(crate) struct Scored {
    pub key: u32,
    pub score: f32,
    /// Its score before the activity was weighed.
    pub words: f32,
    pub term: u32,
    pub whole: bool,
    /// Places of the words of the text that its terms explain.
    pub places: u64,
    /// Share of the text that these are.
    pub told: f32,
    /// How much the words are at home in it, beside the key where they are most.
    pub kin: f32,
    pub standing: Option<Standing>,
    pub usual: bool,
}

pub(crate) fn bare(key: u32, score: f32) -> Scored {
    Scored {
        key,
        score,
        words: score,
        term: u32::MAX,
        whole: false,
        places: 0,
        told: 0.0,
        kin: 0.0,
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

/// The words of a text that a direction knows.
pub(crate) struct Known {
    /// By number, each with its weight in the text.
    pub words: Vec<(u32, f32)>,
    /// Places of those that only tell an origin or a use.
    tails: u64,
    /// Weight of the whole text.
    pub total: f32,
}

impl Known {
    /// The words that tell the matter, with their weights: no weak ones, no packaging that holds it.
    pub(crate) fn matter<'k>(&'k self, side: &'k Side) -> impl Iterator<Item = (u32, f32)> + 'k {
        let tells =
            |&(word, weight): &(u32, f32)| !side.is_weak(word) && weight > HELD * side.weight(word);
        self.words.iter().copied().filter(tells)
    }
}

/// Finds the words of a text, misspelt ones too.
pub(crate) fn known(lexicon: &Lexicon, side: &Side, cut: &Cut, reasons: &mut Vec<Reason>) -> Known {
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
    Known {
        words,
        tails,
        total,
    }
}

/// Score of every key that shares a word with the text.
///
/// A term scores by how much of it stands in the text, then by how much of the text it tells; what
/// several whole terms of one key tell is put together.
pub(crate) fn scores(lexicon: &Lexicon, side: &Side, cut: &Cut, known: &Known) -> Vec<Scored> {
    let Known {
        words,
        tails,
        total,
    } = known;
    let (tails, total) = (*tails, *total);
    if total <= 0.0 || words.is_empty() {
        return Vec::new();
    }
    let mut touched: Vec<(u32, u64)> = Vec::new();
    // Weak words stand in too many terms to be looked up, and find none by themselves.
    let mut weak: Vec<(u32, u64)> = Vec::new();
    let mut of_weak = 0.0;
    for (place, &(word, _)) in words.iter().enumerate().take(64) {
        let place = 1 << place;
        if side.is_weak(word) {
            weak.push((word, place));
            of_weak += side.weight(word);
        } else {
            touched.extend(side.with(word).iter().map(|&term| (term, place)));
        }
    }
    // Each word gives its terms in order: a sort that keeps to such runs is the faster one.
    touched.sort();
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
        let mut core = 0.0;
        let mut left = places;
        while left != 0 {
            let place = left.trailing_zeros() as usize;
            left &= left - 1;
            core += words.get(place).map_or(0.0, |&(word, _)| side.weight(word));
        }
        if core + of_weak < LEAST_PART * term.weight {
            continue;
        }
        for &(word, place) in &weak {
            if term.words.binary_search(&word).is_ok() {
                places |= place;
            }
        }
        let mut told = 0.0;
        let mut held = 0.0;
        for (place, (word, weight)) in words.iter().enumerate().take(64) {
            if places & (1 << place) != 0 {
                held += side.weight(*word);
                told += weight;
            }
        }
        let part = (held / term.weight).min(1.0);
        if part < LEAST_PART {
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
    gathered(&found, words, total, lexicon.keys.len())
}

/// The keys of what was found, each with its best term and all that its whole terms explain.
fn gathered(found: &[Match], words: &[(u32, f32)], total: f32, keys: usize) -> Vec<Scored> {
    /// What one key gathers.
    struct Gathered {
        best: Match,
        together: u64,
        single: bool,
    }
    let mut of_key: Vec<Option<Gathered>> = Vec::new();
    of_key.resize_with(keys, || None);
    let mut order: Vec<u32> = Vec::new();
    for one in found {
        let Some(slot) = of_key.get_mut(one.key as usize) else {
            continue;
        };
        let gathered = slot.get_or_insert_with(|| {
            order.push(one.key);
            Gathered {
                best: *one,
                together: 0,
                single: false,
            }
        });
        gathered.together |= one.whole;
        gathered.single |= one.single && one.whole != 0;
        // Terms come in order: of equals the first stays.
        if one.score > gathered.best.score {
            gathered.best = *one;
        }
    }
    order.sort_unstable();
    let mut keys = Vec::with_capacity(order.len());
    for key in order {
        let Some(Some(gathered)) = of_key.get(key as usize) else {
            continue;
        };
        let best = &gathered.best;
        let places = gathered.together | best.places;
        let told: f32 = words
            .iter()
            .enumerate()
            .take(64)
            .filter(|(place, _)| places & (1 << place) != 0)
            .map(|(_, (_, weight))| weight)
            .sum();
        keys.push(Scored {
            score: best.score.max(best.base * (0.45 + 0.55 * told / total)),
            term: best.term,
            whole: best.whole != 0 && gathered.single,
            places,
            told: told / total,
            ..bare(key, 0.0)
        });
    }
    keys
}
