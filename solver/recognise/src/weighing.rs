//! What the code, the activity and words of hazard, temperature and pressure add to the scores.

use boucle_domain::flow::Identity;

use crate::evidence::{Facts, Standing};
use crate::lexicon::{Lexicon, Side};
use crate::reasons::Reason;
use crate::recognition::Asked;
use crate::scoring::{Known, Scored};
use crate::words::Cut;

/// What carries heat as a liquid, by its stem.
const FLUIDS: [&str; 6] = ["eau", "huil", "fluid", "water", "oil", "caloporteur"];

/// What code, activity and words of hazard do to the scores.
pub(crate) fn weigh(
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
        if harmless || soiled {
            match facts.hazard(&key.identity) {
                Some(true) if harmless => one.score *= 0.6,
                Some(false) if soiled && !harmless => one.score *= 0.8,
                _ => {}
            }
        }
        one.words = one.score;
        if let Some(activity) = asked.activity {
            let factor = facts.activity(&key.identity, activity);
            one.usual = factor > 1.0;
            one.score *= factor;
        }
    }
}

/// How much of a score depends on where the words are at home.
const KIN: f32 = 0.4;

/// Weighs, of each key, how much the words of matter are at home in it.
pub(crate) fn relate(side: &Side, known: &Known, found: &mut [Scored]) {
    let mut most = f32::EPSILON;
    for one in &mut *found {
        let of_word = |(word, _)| side.kinship.weight(word, one.key);
        one.kin = known.matter(side).map(of_word).sum();
        most = most.max(one.kin);
    }
    for one in found {
        one.kin /= most;
        one.score *= 1.0 - KIN + KIN * one.kin;
    }
}

/// Temperature and pressure choose among the levels of heat and steam; gives the key they choose.
pub(crate) fn level(
    lexicon: &Lexicon,
    cut: &Cut,
    found: &mut [Scored],
    reasons: &mut Vec<Reason>,
) -> Option<u32> {
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
        (None, None) => return None,
    };
    let heat = |key: u32| {
        lexicon
            .keys
            .get(key as usize)
            .is_some_and(|key| matches!(&key.identity, Identity::Resource(key) if key.as_str().starts_with("en.heat")))
    };
    let best = found
        .iter()
        .filter(|one| heat(one.key))
        .map(|one| one.score)
        .reduce(f32::max)?;
    let number = lexicon.key_number(wanted)?;
    let one = found.iter_mut().find(|one| one.key == number)?;
    one.score = best.max(one.score) * 1.3;
    one.words = one.score;
    reasons.push(Reason::Level(told));
    Some(number)
}
