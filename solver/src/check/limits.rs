//! Every link that carries something is allowed to: conditions, distance, law, lots, capacities, and
//! the user's own limits.

use std::collections::BTreeMap;

use boucle_domain::flow::Quantity;
use boucle_domain::profile::MONTHS;
use boucle_domain::units::{Amount, Unit};

use super::Breach;
use crate::answer::{Answer, PairState, PlanKind, Proposal};
use crate::candidates::context::Context;
use crate::candidates::pair::Arc;
use crate::reading;

/// Breaches of bounds.
pub(super) fn breaches(context: &Context<'_>, arcs: &[Arc<'_>], answer: &Answer) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for proposal in &answer.proposals {
        let found = arcs.binary_search_by(|arc| arc.key.cmp(&proposal.pair));
        match found {
            Ok(position) => link(context, &arcs[position], proposal, &mut breaches),
            Err(_) => breaches.push(Breach::new(
                &proposal.pair,
                "the pair is a candidate",
                "proposed",
                "left out",
            )),
        }
    }
    agreements(context, arcs, answer, &mut breaches);
    own_limits(context, answer, &mut breaches);
    breaches
}

/// One link: its state, its window, its lot, and the prices it is reckoned with.
fn link(context: &Context<'_>, arc: &Arc<'_>, proposal: &Proposal, breaches: &mut Vec<Breach>) {
    let mut breach = |rule: &str, stated: String, found: String| {
        breaches.push(Breach::new(&proposal.pair, rule, stated, found));
    };
    let allowed = match proposal.plan {
        PlanKind::Firm => matches!(
            arc.state,
            PairState::Feasible | PairState::FeasibleWithTreatment
        ),
        PlanKind::Prospective => arc.state == PairState::ToCheck,
    };
    if !allowed || arc.state != proposal.state {
        breach(
            "the state allows the plan",
            format!("{:?}", proposal.state),
            format!("{:?}", arc.state),
        );
    }
    if !arc.existing && arc.distance.distance.mid() > arc.distance.limit {
        let (stated, found) = (
            arc.distance.limit.kilometres(),
            arc.distance.distance.mid().kilometres(),
        );
        breach(
            "the distance is within its limit",
            stated.to_string(),
            found.to_string(),
        );
    }
    if proposal.ratio != arc.money.ratio {
        breach(
            "the ratio is that of the rule",
            format!("{:?}", proposal.ratio),
            format!("{:?}", arc.money.ratio),
        );
    }
    for (flow, amount) in [
        (arc.offer.output, proposal.sent),
        (arc.input, proposal.received),
    ] {
        let Some(reading) = context.reading(flow) else {
            continue;
        };
        if let Quantity::Lot { available, .. } = &reading.flow.quantity
            && available
                .to
                .is_some_and(|to| to < context.snapshot.valid_on())
        {
            breach(
                "a lot moves while it is there",
                amount.units().to_string(),
                "its window is past".into(),
            );
        }
    }
    let lot = arc.offer_lot(context);
    if !arc.existing && proposal.sent + LOT_ROUNDING < lot {
        breach(
            "an open link carries its lot",
            proposal.sent.units().to_string(),
            lot.units().to_string(),
        );
    }
    let spent = arc.money.cost().of(proposal.sent);
    let economics = &proposal.economics;
    let stated = economics.treatment.mid() + economics.transport.mid() + economics.residue.mid();
    if !arc.existing && stated != spent {
        breach(
            "the link costs its prices",
            stated.euros().to_string(),
            spent.euros().to_string(),
        );
    }
    if !arc.existing && economics.link.mid() != arc.offer.link.mid() {
        let (stated, found) = (economics.link.mid().euros(), arc.offer.link.mid().euros());
        breach(
            "the charge is that of the link",
            stated.to_string(),
            found.to_string(),
        );
    }
}

/// A lot met before rounding may miss it by a thousandth of the unit in each month.
const LOT_ROUNDING: Amount = Amount::from_milli(MONTHS as i64);

impl Arc<'_> {
    /// The smallest lot of either end, in units of the output.
    fn offer_lot(&self, context: &Context<'_>) -> Amount {
        let of = |flow: usize| {
            context
                .reading(flow)
                .and_then(|reading| reading.flow.minimum_lot)
        };
        let taker = of(self.input)
            .and_then(|lot| Amount::from_units(lot.units() / self.money.ratio.mid().value()));
        of(self.offer.output).max(taker).unwrap_or(Amount::ZERO)
    }
}

/// No acceptor takes more hazardous waste in a year than its agreement says.
fn agreements(
    context: &Context<'_>,
    arcs: &[Arc<'_>],
    answer: &Answer,
    breaches: &mut Vec<Breach>,
) {
    let mut taken: BTreeMap<(String, String), (f64, f64)> = BTreeMap::new();
    for proposal in &answer.proposals {
        let Ok(position) = arcs.binary_search_by(|arc| arc.key.cmp(&proposal.pair)) else {
            continue;
        };
        let arc = &arcs[position];
        let Some(giver) = context.reading(arc.offer.output) else {
            continue;
        };
        if giver.flow.is_hazardous() && !arc.existing && arc.agreement.is_none() {
            breaches.push(Breach::new(
                &proposal.pair,
                "a hazardous waste has an authorised acceptor",
                "proposed",
                "no agreement",
            ));
        }
        let Some((agreement, (limit, unit))) = arc
            .agreement
            .and_then(|a| a.yearly_limit.map(|limit| (a, limit)))
        else {
            continue;
        };
        let per_unit = reading::conversion(giver.flow, context.knowledge, unit).map_or_else(
            || {
                if unit == Unit::Tonne {
                    giver.tonnes_per_unit.high()
                } else {
                    1.0
                }
            },
            |factor| factor.mid(),
        );
        let key = (
            proposal.pair.input.site.to_string(),
            agreement.reference.clone(),
        );
        let entry = taken.entry(key).or_insert((0.0, limit.units()));
        entry.0 += proposal.sent.units() * per_unit;
    }
    for ((site, reference), (taken, limit)) in taken {
        if taken > limit + 1e-6 * limit.abs().max(1.0) {
            breaches.push(Breach::new(
                format!("{site} {reference}"),
                "an agreement holds",
                taken,
                limit,
            ));
        }
    }
}

/// Forced links carry what was asked, forbidden ones nothing, suppliers their share.
fn own_limits(context: &Context<'_>, answer: &Answer, breaches: &mut Vec<Breach>) {
    let sent = |pair: &boucle_domain::id::PairKey| -> Amount {
        answer
            .proposals
            .iter()
            .filter(|p| p.pair == *pair)
            .map(|p| p.sent)
            .sum()
    };
    for forced in &context.settings.forced {
        let carried = sent(&forced.pair);
        if carried + LOT_ROUNDING < forced.at_least {
            breaches.push(Breach::new(
                &forced.pair,
                "a forced link carries",
                carried.units(),
                forced.at_least.units(),
            ));
        }
    }
    for forbidden in &context.settings.forbidden {
        let used = answer.proposals.iter().find(|p| {
            p.pair.output == forbidden.output
                && p.pair.input == forbidden.input
                && forbidden
                    .rule
                    .as_ref()
                    .is_none_or(|rule| *rule == p.pair.rule)
        });
        if let Some(proposal) = used {
            breaches.push(Breach::new(
                &proposal.pair,
                "a forbidden link stays out",
                proposal.sent.units(),
                0,
            ));
        }
    }
    for share in &context.settings.supplier_shares {
        let Some(need) = context
            .snapshot
            .flow(&share.input)
            .map(|flow| flow.quantity.amount().mid())
        else {
            continue;
        };
        let mut covered: BTreeMap<String, Amount> = BTreeMap::new();
        for proposal in answer
            .proposals
            .iter()
            .filter(|p| p.pair.input == share.input)
        {
            let Some(site) = context.snapshot.site(&proposal.pair.output.site) else {
                continue;
            };
            if share
                .supplier
                .as_ref()
                .is_none_or(|firm| *firm == site.firm)
            {
                *covered.entry(site.firm.to_string()).or_default() += proposal.received;
            }
        }
        for (firm, covered) in covered {
            let part = covered.units() / need.units().max(f64::MIN_POSITIVE);
            if share
                .at_most
                .is_some_and(|most| part > most.value() + SHARE_ROUNDING)
            {
                breaches.push(Breach::new(
                    &share.input,
                    "a supplier keeps to its share",
                    part,
                    firm,
                ));
            }
        }
    }
}

/// Shares are met before rounding; quantities then move by thousandths of a unit.
const SHARE_ROUNDING: f64 = 1e-6;
