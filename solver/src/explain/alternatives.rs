//! What each party would do if a proposal failed, everything else staying as planned.

use std::collections::BTreeMap;

use boucle_domain::id::FlowKey;
use boucle_domain::units::{Amount, Money};

use crate::answer::{Alternative, Proposal};
use crate::candidates::pair::Arc;
use crate::candidates::screen::Screened;
use crate::exchange::plan::Plan;

/// Proposals that get their alternatives.
pub(crate) const SHOWN: usize = 50;

/// Adds to the first proposals the next best link of each party and what is lost against it.
///
/// The loss is what is lost if only this link is replaced and nothing else moves: the true loss of a
/// re-solve is at most that.
pub(crate) fn add(
    proposals: &mut [(usize, Proposal)],
    arcs: &[Arc<'_>],
    screened: &Screened,
    plan: &Plan,
) {
    let mut by_output: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut by_input: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (link, &arc) in screened.arcs.iter().enumerate() {
        by_output
            .entry(arcs[arc].offer.output)
            .or_default()
            .push(link);
        by_input.entry(arcs[arc].input).or_default().push(link);
    }
    for (position, proposal) in proposals
        .iter_mut()
        .filter(|(_, p)| !p.existing)
        .take(SHOWN)
    {
        let arc = &arcs[*position];
        let gain = proposal.economics.gain.mid();
        let none = Vec::new();
        let outputs = by_output.get(&arc.offer.output).unwrap_or(&none);
        let inputs = by_input.get(&arc.input).unwrap_or(&none);
        let best = |links: &[usize], party: &FlowKey| {
            let others = links
                .iter()
                .filter(|&&link| screened.arcs[link] != *position);
            let priced = others.filter_map(|&link| {
                let worth = replacement(
                    arc,
                    proposal,
                    &arcs[screened.arcs[link]],
                    screened,
                    plan,
                    link,
                )?;
                (worth > Money::ZERO).then_some((worth, link))
            });
            // The greatest worth; of equals the first link.
            let best = priced.max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
            Alternative {
                party: party.clone(),
                pair: best.map(|(_, link)| arcs[screened.arcs[link]].key.clone()),
                loss: gain - best.map_or(Money::ZERO, |(worth, _)| worth),
            }
        };
        proposal.alternatives = vec![
            best(outputs, &proposal.pair.output),
            best(inputs, &proposal.pair.input),
        ];
    }
}

/// What another link would gain with what this one frees and what is still unplaced.
fn replacement(
    arc: &Arc<'_>,
    proposal: &Proposal,
    other: &Arc<'_>,
    screened: &Screened,
    plan: &Plan,
    link: usize,
) -> Option<Money> {
    let candidate = &screened.model.links[link];
    if candidate.existing || candidate.kept.is_some() {
        return None;
    }
    let year = |months: &[Amount; 12]| months.iter().copied().sum::<Amount>();
    let mut offered = year(&plan.source_rest[candidate.source]);
    if other.offer.output == arc.offer.output {
        offered += proposal.sent;
    }
    let mut needed = year(&plan.sink_rest[candidate.sink]);
    if other.input == arc.input {
        needed += proposal.received;
    }
    let taken = Amount::from_units(needed.units() / candidate.ratio.value())?;
    let amount = offered.min(taken).min(screened.model.most(candidate));
    if amount < candidate.lot {
        return None;
    }
    let open = plan.yearly_sent(link) > Amount::ZERO;
    let charge = if open { Money::ZERO } else { candidate.charge };
    let gain = Money::from_euros(other.money.saving() * amount.units())?;
    Some(gain - charge)
}
