//! How near a pair left out came to being accepted.

use boucle_domain::knowledge::{Condition, Test};
use boucle_domain::property::PropertyValue;
use boucle_domain::units::{Distance, Money};

use crate::answer::{ConditionResult, Reason};

/// Order of the nearest rejections: smaller is nearer.
///
/// By class first, in this order: possible but beaten (least loss first); not worth its link (by
/// the share of the link that is missing); beyond break-even (by distance over break-even); one
/// failed condition (by the gap over the limit); too far (by distance over limit); a need more
/// precise than the rule; below the smallest lot (by the share of the lot that is missing); no
/// month in common; blocked by law; several failed conditions (fewest first); units that do not
/// convert; no price; no position; crowded out; engaged elsewhere; forbidden; on one site. Reasons
/// about a flow alone come last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Nearness {
    class: u8,
    /// Millionths of the class's measure; the largest when it has no bound.
    measure: u64,
}

/// How near the pair came to being accepted.
pub(crate) fn nearness(reason: &Reason) -> Nearness {
    let (class, measure) = match reason {
        Reason::Beaten { loss, .. } => (0, loss.map_or(u64::MAX, euros)),
        Reason::NotWorthTheLink { gain, link } => (1, missing(gain.milli(), link.milli())),
        Reason::BeyondBreakEven {
            distance,
            break_even,
            ..
        } => (2, ratio(*distance, *break_even)),
        Reason::ConditionFailed {
            result,
            failures: 0 | 1,
        } => (3, gap(result)),
        Reason::TooFar { distance, limit } => (4, ratio(*distance, *limit)),
        Reason::NeedTooPrecise { .. } => (5, 0),
        Reason::BelowMinimumLot { possible, lot } => (6, missing(possible.milli(), lot.milli())),
        Reason::NoCommonPeriod => (7, 0),
        Reason::Blocked { .. } => (8, 0),
        Reason::ConditionFailed { failures, .. } => (9, u64::from(*failures)),
        Reason::UnitMismatch { .. } => (10, 0),
        Reason::NoPrice => (11, 0),
        Reason::NoPosition => (12, 0),
        // Of two that were crowded out, the one that more nearer pairs kept out is farther.
        Reason::Crowded { kept } => (13, u64::from(*kept)),
        Reason::Engaged { .. } => (14, 0),
        Reason::Forbidden { .. } => (15, 0),
        Reason::SameSite => (16, 0),
        Reason::NoCounterpart { .. } => (17, 0),
        Reason::Unrecognised => (18, 0),
        Reason::NoExchangeKnown { .. } => (19, 0),
        Reason::NoRule => (20, 0),
        Reason::OtherCarrier => (21, 0),
    };
    Nearness { class, measure }
}

/// Millionths of a whole.
const WHOLE: f64 = 1e6;

/// A loss; a gain is no loss.
fn euros(loss: Money) -> u64 {
    u64::try_from(loss.milli()).unwrap_or(0)
}

/// Share of `wanted` that `present` lacks.
fn missing(present: i64, wanted: i64) -> u64 {
    if wanted <= 0 {
        return 0;
    }
    millionths((wanted as f64 - present as f64) / wanted as f64)
}

/// A distance over the one that would have done.
fn ratio(distance: Distance, limit: Distance) -> u64 {
    if limit <= Distance::ZERO {
        return u64::MAX;
    }
    millionths(distance.metres() as f64 / limit.metres() as f64)
}

/// Gap of a failed condition over its limit; without bound for a class or a limit of zero.
fn gap(result: &ConditionResult) -> u64 {
    let Some(PropertyValue::Number(declared)) = &result.declared else {
        return u64::MAX;
    };
    match Condition::parse(&result.condition).map(|condition| condition.test) {
        Some(Test::AtMost(limit)) if limit != 0.0 => {
            millionths((declared.low() - limit) / limit.abs())
        }
        Some(Test::AtLeast(limit)) if limit != 0.0 => {
            millionths((limit - declared.high()) / limit.abs())
        }
        _ => u64::MAX,
    }
}

/// Rounded, negative values and what is no number taken as zero, the greatest as the largest.
fn millionths(share: f64) -> u64 {
    (share * WHOLE).round() as u64
}

#[cfg(test)]
mod tests {
    use boucle_domain::id::FlagId;
    use boucle_domain::interval::Interval;
    use boucle_domain::text::Text;

    use super::*;
    use crate::answer::Outcome;

    fn failed(declared: f64, failures: u32) -> Reason {
        Reason::ConditionFailed {
            result: ConditionResult {
                condition: "chloride_pct<=0.10".into(),
                declared: Some(PropertyValue::Number(Interval::exact(declared))),
                method: None,
                outcome: Outcome::Fail,
            },
            failures,
        }
    }

    fn kilometres(value: f64) -> Distance {
        Distance::from_kilometres(value).unwrap()
    }

    fn euros_of(value: f64) -> Money {
        Money::from_euros(value).unwrap()
    }

    fn beaten(loss: Option<f64>) -> Reason {
        Reason::Beaten {
            by: vec![],
            loss: loss.map(euros_of),
        }
    }

    fn too_far(distance: f64, limit: f64) -> Reason {
        Reason::TooFar {
            distance: kilometres(distance),
            limit: kilometres(limit),
        }
    }

    #[test]
    fn what_was_possible_is_nearer_than_what_was_not() {
        let blocked = Reason::Blocked {
            flag: FlagId::new("HAZ"),
            label: Text::default(),
            next_act: Text::default(),
        };
        let not_worth = |gain| Reason::NotWorthTheLink {
            gain: euros_of(gain),
            link: euros_of(600.0),
        };
        let beyond = |even| Reason::BeyondBreakEven {
            distance: kilometres(10.0),
            break_even: kilometres(even),
            loss: boucle_domain::units::Price::from_milli(1500),
        };
        let from_near_to_far = [
            beaten(Some(0.0)),
            beaten(Some(10.0)),
            beaten(None),
            not_worth(590.0),
            not_worth(-100.0),
            beyond(9.0),
            beyond(0.0),
            failed(0.11, 1),
            failed(0.3, 1),
            too_far(51.0, 50.0),
            too_far(10.0, 5.0),
            blocked,
            failed(0.11, 2),
            failed(0.11, 3),
            Reason::NoRule,
        ];
        for pair in from_near_to_far.windows(2) {
            assert!(nearness(&pair[0]) < nearness(&pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn too_far_is_judged_by_ratio_and_not_by_kilometres() {
        assert!(nearness(&too_far(260.0, 250.0)) < nearness(&too_far(6.0, 5.0)));
    }
}
