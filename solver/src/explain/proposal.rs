//! Links of a plan as proposals: everything a firm may ask about one.

use boucle_domain::interval::Interval;
use boucle_domain::units::{Amount, Carbon, Unit};

use super::money::{self, Avoided, Carried};
use super::score::{self, Grounds};
use super::{names::Names, question, summary};
use crate::answer::{CarbonBalance, PlanKind, Proposal, RecognisedBy, Score, Unknown};
use crate::candidates::carbon;
use crate::candidates::context::Context;
use crate::candidates::pair::Arc;
use crate::candidates::screen::Screened;
use crate::exchange::plan::Plan;
use crate::legal::{self, Case};

/// Proposals of a plan, unranked; links kept from the firm plan are left to it.
pub(crate) fn proposals(
    context: &Context<'_>,
    names: &Names<'_>,
    arcs: &[Arc<'_>],
    screened: &Screened,
    plan: &Plan,
    kind: PlanKind,
) -> Vec<(usize, Proposal)> {
    let avoided = money::avoided(&screened.model, plan);
    let mut proposals = Vec::new();
    for (link, &position) in screened.arcs.iter().enumerate() {
        let sent = plan.yearly_sent(link);
        if sent <= Amount::ZERO
            || (kind == PlanKind::Prospective && screened.model.links[link].kept.is_some())
        {
            continue;
        }
        let carried = Carried {
            sent,
            received: plan.yearly_received(link),
        };
        if let Some(mut proposal) =
            proposal(context, &arcs[position], carried, &avoided, link, kind)
        {
            proposal.sent_monthly = plan.sent[link];
            proposal.odds = screened.model.links[link].odds;
            proposal.summary = summary::summary(&proposal, names);
            proposals.push((position, proposal));
        }
    }
    proposals
}

fn proposal(
    context: &Context<'_>,
    arc: &Arc<'_>,
    carried: Carried,
    avoided: &Avoided,
    link: usize,
    kind: PlanKind,
) -> Option<Proposal> {
    let giver = context.reading(arc.offer.output)?;
    let taker = context.reading(arc.input)?;
    let rule = arc.offer.rule;
    let prices: Vec<_> = giver
        .defaults
        .iter()
        .chain(&taker.defaults)
        .cloned()
        .collect();
    let quantity = giver.flow.quantity.amount();
    let economics = money::economics(
        arc,
        carried,
        avoided.source[link],
        avoided.sink[link],
        quantity,
        &prices,
    );
    let carbon = carbon(context, arc, carried.sent);
    let case = Case::new(context, giver.flow, giver.site, rule, taker.site).of_pair(&arc.key);
    let flags = legal::questions(&case);
    let tonnes = carried.sent.units() * giver.tonnes_per_unit.mid();
    let quality = giver
        .flow
        .provenance
        .method
        .quality()
        .min(taker.flow.provenance.method.quality());
    // A pathway however well known is worth little on words that nobody confirmed.
    let by_words = [giver, taker]
        .into_iter()
        .any(|reading| reading.recognition.by == RecognisedBy::Words);
    let confidence = if by_words { 1 } else { rule.confidence };
    let grounds = Grounds {
        economics: &economics,
        carbon: &carbon,
        tonnes,
        steps: rule
            .treatment
            .iter()
            .filter(|step| step.as_str() != "T-NONE")
            .count(),
        flags: &flags,
        kilometres: arc.distance.distance.mid().kilometres(),
        confidence,
        quality,
        unknowns: arc.unknown.len(),
    };
    let score: Score = score::score(&grounds, &context.settings.weights);
    let worth = score::worth_of_an_answer(&grounds, &context.settings.weights);
    let unknowns = arc.unknown.iter().map(|missing| Unknown {
        id: question::id_of(missing, giver.flow),
        question: question::for_missing(missing, giver.flow, taker.flow, context.knowledge),
        worth: (worth * 100.0).round() as i64,
    });
    Some(Proposal {
        rank: 0,
        pair: arc.key.clone(),
        plan: kind,
        state: arc.state,
        existing: arc.existing,
        suggested: [&arc.key.output, &arc.key.input]
            .into_iter()
            .any(|key| context.snapshot.is_suggested(key)),
        odds: 1.0,
        rule_label: rule.label.clone(),
        evidence: rule.evidence.clone(),
        confidence,
        notes: rule.notes.clone(),
        output_recognised: giver.recognition.clone(),
        input_recognised: taker.recognition.clone(),
        sent_unit: giver.flow.unit,
        received_unit: taker.flow.unit,
        sent: carried.sent,
        sent_monthly: [Amount::ZERO; 12],
        received: carried.received,
        ratio: arc.money.ratio,
        conditions: arc.offer.conditions.clone(),
        treatment: arc.offer.steps.clone(),
        distance: arc.distance,
        virgin_avoided: (taker.flow.unit == Unit::Tonne).then_some(carried.received),
        flags,
        unknowns: unknowns.collect(),
        score,
        alternatives: Vec::new(),
        summary: Default::default(),
        economics,
        carbon,
    })
}

/// Carbon of a link per year; an existing one changes nothing.
pub(crate) fn carbon(context: &Context<'_>, arc: &Arc<'_>, sent: Amount) -> CarbonBalance {
    let avoided = if arc.existing {
        Interval::exact(Carbon::ZERO)
    } else {
        arc.carbon.avoided.map(|factor| factor.of(sent))
    };
    CarbonBalance {
        avoided,
        factors: carbon::factors(context, &arc.offer, arc.freight.as_deref()),
        complete: arc.carbon.complete,
    }
}

/// Ranks proposals in place: firm plan first; within a plan new links before existing ones, declared
/// flows before suggested ones, prices declared before prices taken from tables, then by score, gain and key.
pub(crate) fn rank(proposals: &mut [(usize, Proposal)]) {
    proposals.sort_by(|(_, a), (_, b)| {
        let order = |p: &Proposal| (p.plan, p.existing, p.suggested, price_standing(p));
        order(a)
            .cmp(&order(b))
            .then_with(|| b.score.value.total_cmp(&a.score.value))
            .then_with(|| b.economics.gain.mid().cmp(&a.economics.gain.mid()))
            .then_with(|| a.pair.cmp(&b.pair))
    });
    for (rank, (_, proposal)) in proposals.iter_mut().enumerate() {
        proposal.rank = rank as u32 + 1;
    }
}

/// 0: both ends declared their price; 1: a table's own row stands in; 2: a fallback does.
fn price_standing(proposal: &Proposal) -> u8 {
    let of_ends = |default: &&crate::answer::DefaultPrice| {
        matches!(default.role.as_str(), "outlet" | "purchase")
    };
    let standing = proposal.economics.defaults.iter().filter(of_ends);
    standing
        .map(|default| if default.fallback { 2 } else { 1 })
        .max()
        .unwrap_or(0)
}
