//! The answer in its words: candidates, confidence, question.

use boucle_domain::text::Text;

use crate::lexicon::Lexicon;
use crate::reasons::Reason;
use crate::recognition::{Asked, Candidate, Outcome, Recognition};
use crate::scoring::Scored;

pub(crate) fn answer(
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

pub(crate) fn unknown(reasons: Vec<Reason>) -> Recognition {
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
pub(crate) fn unknown_with(
    lexicon: &Lexicon,
    found: Vec<Scored>,
    reasons: Vec<Reason>,
) -> Recognition {
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
pub(crate) fn spaced(code: &str) -> String {
    let digits = code.trim_end_matches('*');
    match (digits.get(..2), digits.get(2..4), digits.get(4..)) {
        (Some(a), Some(b), Some(c)) if digits.len() == 6 => {
            format!("{a} {b} {c}{}", &code[digits.len()..])
        }
        _ => code.to_owned(),
    }
}
