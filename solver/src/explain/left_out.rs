//! What is left out of the plans, flow by flow, and why.

use std::collections::{BTreeMap, BTreeSet};

use boucle_domain::id::Direction;
use boucle_domain::units::{Amount, Money};

use super::names::Names;
use super::{question, rejection};
use crate::answer::{FlowRejections, Question, Reason, Rejection};
use crate::candidates::context::Context;
use crate::candidates::pair::Arc;
use crate::candidates::refused::Refused;
use crate::candidates::screen::Screened;
use crate::exchange::plan::Plan;
use crate::reading::{Carrier, Reading, resource};

/// Adds the reasons about flows alone: not recognised, another carrier, nothing at the other end.
pub(crate) fn alone(context: &Context<'_>, arcs: &[Arc<'_>], refused: &mut Refused) {
    let mut met: BTreeSet<usize> = BTreeSet::new();
    for arc in arcs {
        met.insert(arc.offer.output);
        met.insert(arc.input);
    }
    for flow in 0..context.readings.len() {
        let Some(reading) = context.reading(flow) else {
            continue;
        };
        match reading.carrier {
            Carrier::Unknown => refused.alone(flow, unrecognised(context, reading)),
            Carrier::Other => refused.alone(flow, Reason::OtherCarrier),
            Carrier::Goods => {}
        }
        let silent =
            reading.carrier == Carrier::Goods && !met.contains(&flow) && refused.is_empty(flow);
        if silent && reading.flow.key.direction == Direction::Input {
            refused.alone(flow, no_giver(context, reading));
        }
    }
}

fn unrecognised(context: &Context<'_>, reading: &Reading<'_>) -> Reason {
    let outlet = reading
        .flow
        .waste_code
        .as_ref()
        .and_then(|code| context.knowledge.outlet_reason(code));
    match outlet {
        Some(outlet) if reading.flow.key.direction == Direction::Output => {
            Reason::NoExchangeKnown {
                why: outlet.why.clone(),
                usual_treatment: outlet.usual_treatment.join(", "),
            }
        }
        _ => Reason::Unrecognised,
    }
}

/// A need that no declared output answers: what was looked for.
fn no_giver(context: &Context<'_>, reading: &Reading<'_>) -> Reason {
    let Some(key) = resource(&reading.flow.identity) else {
        return Reason::NoRule;
    };
    let rules = context
        .knowledge
        .rules_to_need(key)
        .chain(context.knowledge.rules_to_check(key));
    let mut wanted: Vec<String> = rules
        .flat_map(|rule| {
            let donors = rule.donors.iter().map(ToString::to_string);
            donors.chain(rule.resources.iter().map(ToString::to_string))
        })
        .collect();
    wanted.sort();
    wanted.dedup();
    if wanted.is_empty() {
        Reason::NoRule
    } else {
        Reason::NoCounterpart { wanted }
    }
}

/// Adds the candidates that a plan does not use: beaten, or not worth their link with what is left.
///
/// `only` says which arcs the plan may speak of: a pair of the firm plan is not judged twice.
pub(crate) fn beaten(
    arcs: &[Arc<'_>],
    screened: &Screened,
    plan: &Plan,
    refused: &mut Refused,
    only: impl Fn(&Arc<'_>) -> bool,
) {
    let mut by_source: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut by_sink: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (link, candidate) in screened.model.links.iter().enumerate() {
        if plan.yearly_sent(link) > Amount::ZERO {
            by_source.entry(candidate.source).or_default().push(link);
            by_sink.entry(candidate.sink).or_default().push(link);
        }
    }
    for (position, reason) in &screened.refused {
        if only(&arcs[*position]) {
            let arc = &arcs[*position];
            refused.pair(arc.offer.output, arc.input, &arc.key.rule, reason.clone());
        }
    }
    let year = |months: &[Amount; 12]| months.iter().copied().sum::<Amount>();
    for (link, &position) in screened.arcs.iter().enumerate() {
        let arc = &arcs[position];
        if plan.yearly_sent(link) > Amount::ZERO || !only(arc) {
            continue;
        }
        let candidate = &screened.model.links[link];
        let rivals = by_source
            .get(&candidate.source)
            .into_iter()
            .chain(by_sink.get(&candidate.sink))
            .flatten();
        let by: BTreeSet<_> = rivals
            .map(|&rival| arcs[screened.arcs[rival]].key.clone())
            .collect();
        let reason = if by.is_empty() {
            let left = year(&plan.source_rest[candidate.source]);
            let wanted = year(&plan.sink_rest[candidate.sink]).units() / candidate.ratio.value();
            let possible = left
                .units()
                .min(wanted)
                .min(screened.model.most(candidate).units());
            let gain = Money::from_euros(possible * arc.money.saving()).unwrap_or(Money::ZERO);
            Reason::NotWorthTheLink {
                gain,
                link: candidate.charge,
            }
        } else {
            Reason::Beaten {
                by: by.into_iter().collect(),
                loss: None,
            }
        };
        refused.pair(arc.offer.output, arc.input, &arc.key.rule, reason);
    }
}

/// Rejections in words, for every flow that has any, in the order of flow keys.
pub(crate) fn rejections(
    context: &Context<'_>,
    names: &Names<'_>,
    refused: Refused,
) -> Vec<FlowRejections> {
    let flows = context.snapshot.flows();
    let told = |flow: usize,
                (nearest, counts): (
        Vec<crate::candidates::refused::Refusal>,
        BTreeMap<String, u32>,
    )| {
        let key = &flows[flow].key;
        let nearest = nearest.into_iter().map(|refusal| {
            let other = refusal.other.map(|other| &flows[other].key);
            Rejection {
                text: rejection::text(&refusal.reason, key, other, names),
                other: other.cloned(),
                rule: refusal.rule,
                reason: refusal.reason,
            }
        });
        FlowRejections {
            flow: key.clone(),
            nearest: nearest.collect(),
            counts,
        }
    };
    refused
        .finish()
        .into_iter()
        .enumerate()
        .filter(|(_, (nearest, _))| !nearest.is_empty())
        .map(|(flow, refusals)| told(flow, refusals))
        .collect()
}

/// Questions that would let a flow be matched, in the order of flow keys.
pub(crate) fn questions(context: &Context<'_>) -> Vec<Question> {
    let readings = context.readings.iter().flatten();
    readings
        .filter_map(|reading| match reading.carrier {
            Carrier::Unknown => match context.read.question(&reading.flow.key) {
                Some(words) => Some(question::about_words(reading.flow, words)),
                None => question::for_flow(reading.flow, context.knowledge),
            },
            Carrier::Goods if reading.site.position.is_none() => {
                question::for_position(reading.flow, reading.site)
            }
            _ => None,
        })
        .collect()
}
