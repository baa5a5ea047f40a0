//! Existing exchanges: an outlet or supply that names a declared site.

use std::collections::BTreeSet;
use std::sync::Arc as Shared;

use boucle_domain::flow::Identity;
use boucle_domain::id::Direction;

use super::context::Context;
use super::offer::Offer;
use super::pair::{Arc, evaluate};
use crate::answer::{PairState, Reason};

/// Existing exchanges of a snapshot.
#[derive(Default)]
pub(crate) struct Existing<'a> {
    /// Exchanges declared so that both ends are known: arcs that gain nothing.
    pub arcs: Vec<Arc<'a>>,
    /// Flows held by a partner whose own side is not declared: nothing else is proposed for them.
    pub engaged: BTreeSet<usize>,
    /// Why, for each engaged flow.
    pub refusals: Vec<(usize, Reason)>,
}

/// Joins each flow that names a partner to the partner's side of the exchange.
///
/// The other side is the partner's flow that names this site back, else one that a rule joins to
/// this flow; the first in the order of keys. An exchange that works is not tested against the
/// conditions and distances of its rule.
pub(crate) fn existing<'a>(context: &Context<'a>) -> Existing<'a> {
    let mut existing = Existing::default();
    let mut joined: BTreeSet<(usize, usize)> = BTreeSet::new();
    for flow in 0..context.readings.len() {
        let Some(reading) = context.reading(flow) else {
            continue;
        };
        let Some(partner) = &reading.flow.present.partner else {
            continue;
        };
        let Ok(partner_position) = context
            .snapshot
            .sites()
            .binary_search_by(|site| site.key.cmp(partner))
        else {
            continue;
        };
        let others = |mutual: bool| {
            (0..context.readings.len()).filter(move |&other| {
                context.reading(other).is_some_and(|other| {
                    other.site_position == partner_position
                        && other.flow.key.direction != reading.flow.key.direction
                        && (other.flow.present.partner.as_ref() == Some(&reading.site.key))
                            == mutual
                })
            })
        };
        let arc = others(true).chain(others(false)).find_map(|other| {
            let (output, input) = if reading.flow.key.direction == Direction::Output {
                (flow, other)
            } else {
                (other, flow)
            };
            if joined.contains(&(output, input)) {
                return Some(None);
            }
            join(context, output, input).map(|arc| {
                joined.insert((output, input));
                Some(arc)
            })
        });
        match arc {
            Some(Some(arc)) => existing.arcs.push(arc),
            Some(None) => {}
            None => {
                existing.engaged.insert(flow);
                existing.refusals.push((
                    flow,
                    Reason::Engaged {
                        partner: partner.clone(),
                    },
                ));
            }
        }
    }
    existing.arcs.sort_by(|a, b| a.key.cmp(&b.key));
    existing
}

/// The exchange of two flows under the first rule that joins them.
fn join<'a>(context: &Context<'a>, output: usize, input: usize) -> Option<Arc<'a>> {
    let identity = &context.reading(output)?.flow.identity;
    let wanted = crate::reading::resource(&context.reading(input)?.flow.identity)?;
    let rules: Vec<_> = match identity {
        Identity::Donor(donor) => context.knowledge.rules_of_donor(donor).collect(),
        Identity::Resource(key) => context.knowledge.rules_of_resource(key).collect(),
        Identity::Unrecognised => Vec::new(),
    };
    let fits = |rule: &&boucle_domain::knowledge::Rule| {
        context.knowledge.need_fit(rule, wanted) != boucle_domain::knowledge::NeedFit::Apart
    };
    rules.into_iter().filter(fits).find_map(|rule| {
        let offer = Shared::new(Offer::new(context, output, rule).ok()?);
        let mut arc = evaluate(context, &offer, input).arc?;
        arc.existing = true;
        arc.state = PairState::Feasible;
        arc.unknown.clear();
        Some(arc)
    })
}
