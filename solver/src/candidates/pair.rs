//! One output, one need, one rule: every step evaluated, in the order in which it is explained.

use std::sync::Arc as Shared;

use boucle_domain::flow::Identity;
use boucle_domain::id::{FlowKey, PairKey, ResourceKey};
use boucle_domain::interval::Interval;
use boucle_domain::knowledge::{Freight, Kind, NeedFit};
use boucle_domain::organisation::Agreement;
use boucle_domain::property::PropertyValue;
use boucle_domain::units::{Distance, Price, Ratio};

use super::carbon::{self, UnitCarbon};
use super::context::Context;
use super::economics::{self, Haul, UnitEconomics};
use super::offer::Offer;
use crate::answer::{DistanceFinding, Outcome, PairState, Reason, RecognisedBy};
use crate::legal::{self, Case};
use crate::reading::{self, Reading};

/// A pair that passed every step it had to.
#[derive(Clone, Debug)]
pub(crate) struct Arc<'a> {
    /// Output, need and rule.
    pub key: PairKey,
    /// The output under its rule.
    pub offer: Shared<Offer<'a>>,
    /// Position of the need in the snapshot.
    pub input: usize,
    /// State.
    pub state: PairState,
    /// What is unknown.
    pub unknown: Vec<Missing>,
    /// Distance.
    pub distance: DistanceFinding,
    /// What carries it.
    pub freight: Option<Shared<Freight>>,
    /// Money per unit.
    pub money: UnitEconomics,
    /// Carbon per unit.
    pub carbon: UnitCarbon,
    /// The agreement it goes through, which limits it.
    pub agreement: Option<&'a Agreement>,
    /// Declared on both sides already.
    pub existing: bool,
}

/// Something that is not declared and must be before the pair is firm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// A condition of the rule, as written.
    Condition(String),
    /// Whether the need, more precise than the rule, would be met.
    NeedPrecision {
        /// What the rule gives.
        offered: ResourceKey,
        /// What is needed.
        wanted: ResourceKey,
    },
    /// Whether the output is a hazardous waste.
    Hazard,
    /// Price of today's outlet.
    OutletPrice,
    /// Price of today's supply.
    SupplyPrice,
    /// Whether a flow is what its words were read as.
    Identity {
        /// The flow.
        flow: FlowKey,
        /// What it was read as.
        read_as: Identity,
    },
    /// Whether the site has this flow at all: only its sector profile says so.
    Suggested(FlowKey),
}

/// Everything known of a pair, kept even when a step fails: what a rejection or an explanation shows.
#[derive(Clone, Debug)]
pub(crate) struct Evaluation<'a> {
    /// The pair, as far as it can be evaluated; `None` when distance or units are missing.
    pub arc: Option<Arc<'a>>,
    /// Every reason to leave it out, in the order of the steps.
    pub reasons: Vec<Reason>,
}

/// How far two flows are and whether a rule allows it.
pub(crate) fn distance_step(
    context: &Context<'_>,
    offer: &Offer<'_>,
    giver: &Reading<'_>,
    taker: &Reading<'_>,
) -> Result<DistanceFinding, Reason> {
    let (distance, source) = context
        .distances
        .between(giver.site, taker.site)
        .ok_or(Reason::NoPosition)?;
    let limit = limit(offer, giver, taker);
    Ok(DistanceFinding {
        distance,
        source,
        break_even: None,
        limit,
    })
}

/// The smallest of the limits that apply to a pair.
fn limit(offer: &Offer<'_>, giver: &Reading<'_>, taker: &Reading<'_>) -> Distance {
    let own = [giver.flow.maximum_distance, taker.flow.maximum_distance];
    own.into_iter()
        .flatten()
        .fold(offer.rule.maximum_distance, Distance::min)
}

/// Evaluates a pair in full, whatever fails.
pub(crate) fn evaluate<'a>(
    context: &Context<'a>,
    offer: &Shared<Offer<'a>>,
    input: usize,
) -> Evaluation<'a> {
    let mut reasons = Vec::new();
    let (Some(giver), Some(taker)) = (context.reading(offer.output), context.reading(input)) else {
        return Evaluation {
            arc: None,
            reasons: vec![Reason::Unrecognised],
        };
    };
    if giver.site_position == taker.site_position {
        reasons.push(Reason::SameSite);
    }
    let key = PairKey {
        output: giver.flow.key.clone(),
        input: taker.flow.key.clone(),
        rule: offer.rule.id.clone(),
    };
    if let Some(reason) = context.forbidden(&key.output, &key.input, &key.rule) {
        reasons.push(Reason::Forbidden {
            reason: reason.to_owned(),
        });
    }
    let ratio = match ratio(context, offer, taker) {
        Ok(ratio) => ratio,
        Err(reason) => {
            reasons.push(reason);
            return Evaluation { arc: None, reasons };
        }
    };
    let mut distance = match distance_step(context, offer, giver, taker) {
        Ok(distance) => distance,
        Err(reason) => {
            reasons.push(reason);
            return Evaluation { arc: None, reasons };
        }
    };
    if distance.distance.mid() > distance.limit {
        reasons.push(Reason::TooFar {
            distance: distance.distance.mid(),
            limit: distance.limit,
        });
    }
    reasons.extend(offer.failure());
    let site = taker_site(context, taker);
    let case = Case::new(context, giver.flow, giver.site, offer.rule, site).of_pair(&key);
    let legal = legal::effect(&case);
    reasons.extend(legal.block.clone());
    let haul = haul(context, offer, giver, taker, distance.distance);
    let money = economics::of_pair(offer, giver, taker, ratio, &haul);
    let carbon = carbon::of_pair(context, offer, ratio, &haul);
    distance.break_even = economics::break_even(&haul, &money);
    let worth = money.saving() + carbon_value(context, &carbon);
    if worth <= 0.0 {
        let break_even = distance
            .break_even
            .unwrap_or(Distance::ZERO)
            .min(distance.distance.mid());
        reasons.push(Reason::BeyondBreakEven {
            distance: distance.distance.mid(),
            break_even,
            loss: Price::from_euros(-worth).unwrap_or(Price::ZERO),
        });
    }
    let unknown = missing(context, offer, giver, taker, legal.hazard_unknown);
    let state = state(&reasons, &unknown, offer);
    let arc = Arc {
        key,
        offer: Shared::clone(offer),
        input,
        state,
        unknown,
        distance,
        freight: haul.freight,
        money,
        carbon,
        agreement: legal.agreement,
        existing: false,
    };
    Evaluation {
        arc: Some(arc),
        reasons,
    }
}

/// What carries a unit of the output: the vehicle of the way the user gave, else that of the goods.
fn haul(
    context: &Context<'_>,
    offer: &Offer<'_>,
    giver: &Reading<'_>,
    taker: &Reading<'_>,
    distance: Interval<Distance>,
) -> Haul {
    let given = context.distances.vehicle(giver.site, taker.site);
    let freight = match given {
        Some(class) => context
            .knowledge
            .freight(class, context.year())
            .map(Shared::new),
        None => offer.freight.clone(),
    };
    Haul {
        freight,
        distance,
        tonnes: offer.tonnes,
    }
}

/// Euros that carbon adds to the worth of a unit: zero by default.
pub(crate) fn carbon_value(context: &Context<'_>, carbon: &UnitCarbon) -> f64 {
    context.settings.carbon_value.euros() * carbon.avoided.mid().value() / 1000.0
}

/// The taker's site with the lifetime of the snapshot.
fn taker_site<'a>(
    context: &Context<'a>,
    taker: &Reading<'a>,
) -> &'a boucle_domain::organisation::Site {
    &context.snapshot.sites()[taker.site_position]
}

fn state(reasons: &[Reason], unknown: &[Missing], offer: &Offer<'_>) -> PairState {
    let blocked = |reason: &Reason| matches!(reason, Reason::Blocked { .. });
    let failed = |reason: &Reason| {
        matches!(
            reason,
            Reason::TooFar { .. } | Reason::ConditionFailed { .. }
        )
    };
    if reasons.iter().any(blocked) {
        PairState::Blocked
    } else if reasons.iter().any(failed) {
        PairState::Failed
    } else if !unknown.is_empty() {
        PairState::ToCheck
    } else if offer
        .rule
        .treatment
        .iter()
        .any(|step| step.as_str() != "T-NONE")
    {
        PairState::FeasibleWithTreatment
    } else {
        PairState::Feasible
    }
}

fn missing(
    context: &Context<'_>,
    offer: &Offer<'_>,
    giver: &Reading<'_>,
    taker: &Reading<'_>,
    hazard_unknown: bool,
) -> Vec<Missing> {
    let unknown = offer
        .conditions
        .iter()
        .filter(|result| result.outcome == Outcome::Unknown);
    let mut missing: Vec<Missing> = [&giver.flow.key, &taker.flow.key]
        .into_iter()
        .filter(|key| context.snapshot.is_suggested(key))
        .map(|key| Missing::Suggested(key.clone()))
        .collect();
    missing.extend(
        [giver, taker]
            .into_iter()
            .filter(|reading| reading.recognition.by == RecognisedBy::Words)
            .map(|reading| Missing::Identity {
                flow: reading.flow.key.clone(),
                read_as: reading.flow.identity.clone(),
            }),
    );
    missing.extend(unknown.map(|result| Missing::Condition(result.condition.clone())));
    if let Some(wanted) = reading::resource(&taker.flow.identity)
        && context.knowledge.need_fit(offer.rule, wanted) == NeedFit::ToCheck
    {
        missing.push(Missing::NeedPrecision {
            offered: offer.rule.need.clone(),
            wanted: wanted.clone(),
        });
    }
    if hazard_unknown {
        missing.push(Missing::Hazard);
    }
    if giver.unpriced {
        missing.push(Missing::OutletPrice);
    }
    if taker.unpriced {
        missing.push(Missing::SupplyPrice);
    }
    missing
}

/// Need units, as the taker counts them, displaced by one unit of the output.
fn ratio(
    context: &Context<'_>,
    offer: &Offer<'_>,
    taker: &Reading<'_>,
) -> Result<Interval<Ratio>, Reason> {
    let mismatch = || Reason::UnitMismatch {
        rule: offer.rule.need_unit,
        flow: taker.flow.unit,
    };
    let counted = reading::conversion(taker.flow, context.knowledge, offer.rule.need_unit)
        .ok_or_else(mismatch)?;
    let content = content(context, taker);
    let rule = offer.rule.ratio.map(|ratio| ratio.value());
    // An uncertain denominator is at its high end when the ratio is at its low one.
    let one = |per_unit: f64, ratio: f64, counted: f64, content: f64| {
        per_unit * ratio / (counted * content)
    };
    let values = Interval::spanning(
        one(
            offer.per_unit.low(),
            rule.low(),
            counted.high(),
            content.high(),
        ),
        one(
            offer.per_unit.mid(),
            rule.mid(),
            counted.mid(),
            content.mid(),
        ),
        one(
            offer.per_unit.high(),
            rule.high(),
            counted.low(),
            content.low(),
        ),
    );
    let (low, mid, high) = (
        Ratio::new(values.low()),
        Ratio::new(values.mid()),
        Ratio::new(values.high()),
    );
    match (low, mid, high) {
        (Some(low), Some(mid), Some(high)) => Interval::new(low, mid, high).ok_or_else(mismatch),
        _ => Err(mismatch()),
    }
}

/// Content of a need traded by content (nutrients, P2O5) when the firm declares tonnes of product.
fn content(context: &Context<'_>, taker: &Reading<'_>) -> Interval<f64> {
    let whole = Interval::exact(1.0);
    let Some(key) = reading::resource(&taker.flow.identity) else {
        return whole;
    };
    let is_material = context
        .knowledge
        .resource(key)
        .is_some_and(|resource| resource.kind == Kind::Material);
    let property = match key.as_str() {
        "mat.bio.fert_n" => "n_pct",
        "mat.bio.fert_pk" | "mat.chem.phosphate" => "p2o5_pct",
        _ => return whole,
    };
    let declared = taker
        .flow
        .properties
        .iter()
        .find(|(name, _)| name.as_str() == property);
    match declared.map(|(_, property)| &property.value) {
        Some(PropertyValue::Number(percent)) if is_material && percent.low() > 0.0 => {
            percent.map(|percent| percent / 100.0)
        }
        _ => whole,
    }
}
