//! A run, from a snapshot to an answer.

use std::collections::BTreeSet;

use boucle_domain::interval::Interval;
use boucle_domain::knowledge::Knowledge;
use boucle_domain::settings::Settings;
use boucle_domain::snapshot::Snapshot;
use boucle_domain::units::{Amount, Carbon, Money};

use crate::SolveError;
use crate::answer::{Answer, PairState, PlanKind, PlanStatus, PlanSummary, Proposal};
use crate::candidates::context::Context;
use crate::candidates::existing::existing;
use crate::candidates::pair::Arc;
use crate::candidates::refused::Refused;
use crate::candidates::screen::{self, Screened};
use crate::candidates::search::search;
use crate::check;
use crate::control::{Control, Stage};
use crate::error::Contradiction;
use crate::exchange::conflict::{Conflict, ConflictingLimit};
use crate::exchange::plan::Plan;
use crate::exchange::{cost, solve as exchange};
use crate::explain::draws::{self, Drawn};
use crate::explain::names::Names;
use crate::explain::{account, alternatives, left_out, money, proposal};
use crate::network::Network;
use crate::recognise::Read;

/// Solves a snapshot: candidates, firm plan, prospective plan, check, explanation.
///
/// # Errors
/// [`SolveError::Setting`] for settings that name what does not exist; [`SolveError::Contradiction`]
/// for limits that cannot hold together; [`SolveError::Cancelled`]; the others are faults of ours.
pub fn solve(
    snapshot: &Snapshot,
    knowledge: &Knowledge,
    settings: &Settings,
    control: &Control<'_>,
) -> Result<Answer, SolveError> {
    control.report(Stage::Recognise, 0, snapshot.flows().len());
    let read = Read::of(snapshot, knowledge);
    let context = Context::new(&read, knowledge, settings);
    control.report(
        Stage::Recognise,
        snapshot.flows().len(),
        snapshot.flows().len(),
    );
    let Candidates { arcs, refused } = candidates(&context, control)?;
    crate::settings::check(&context, &arcs)?;
    let firm = screen::model(&context, &arcs, PlanKind::Firm, None);
    let firm_plan = exchange::solve(&firm.model, settings, control, Stage::FirmPlan, "firm")
        .map_err(|error| named(error, &firm, &arcs, settings))?;
    let prospective = screen::model(
        &context,
        &arcs,
        PlanKind::Prospective,
        Some((&firm, &firm_plan)),
    );
    let prospective_plan = exchange::solve(
        &prospective.model,
        settings,
        control,
        Stage::ProspectivePlan,
        "prospective",
    )
    .map_err(|error| named(error, &prospective, &arcs, settings))?;
    control.report(Stage::Explain, 0, 1);
    let plans = Plans {
        firm,
        firm_plan,
        prospective,
        prospective_plan,
    };
    let answer = compose(&context, &arcs, refused, &plans);
    control.report(Stage::Explain, 1, 1);
    control.report(Stage::Check, 0, 1);
    let breaches = check::against_declarations(&context, &arcs, &answer);
    if let Some(first) = breaches.first() {
        return Err(SolveError::Check(format!(
            "{first} ({} breaches)",
            breaches.len()
        )));
    }
    control.report(Stage::Check, 1, 1);
    if control.is_cancelled() {
        Err(SolveError::Cancelled)
    } else {
        Ok(answer)
    }
}

/// Solvers and their versions, as an answer tells them.
pub fn version() -> String {
    format!(
        "boucle {}, HiGHS {}",
        env!("CARGO_PKG_VERSION"),
        boucle_kernel::highs::version()
    )
}

/// Pairs of a snapshot, existing ones included, with what was left out on the way.
pub(crate) struct Candidates<'a> {
    /// In the order of their keys.
    pub arcs: Vec<Arc<'a>>,
    /// What was left out.
    pub refused: Refused,
}

/// Finds the pairs of a snapshot.
pub(crate) fn candidates<'a>(
    context: &Context<'a>,
    control: &Control<'_>,
) -> Result<Candidates<'a>, SolveError> {
    let held = existing(context);
    let found = search(context, &held.engaged, control);
    if control.is_cancelled() {
        return Err(SolveError::Cancelled);
    }
    let mut refused = found.refused;
    for (flow, reason) in held.refusals {
        refused.alone(flow, reason);
    }
    // What exists is known: the search's own finding of the same pair gives way to it.
    let known: BTreeSet<_> = held.arcs.iter().map(|arc| arc.key.clone()).collect();
    let mut arcs: Vec<Arc<'a>> = found
        .arcs
        .into_iter()
        .filter(|arc| !known.contains(&arc.key))
        .collect();
    arcs.extend(held.arcs);
    arcs.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(Candidates { arcs, refused })
}

/// Both plans with their models.
pub(crate) struct Plans {
    pub firm: Screened,
    pub firm_plan: Plan,
    pub prospective: Screened,
    pub prospective_plan: Plan,
}

/// Everything an answer says of two plans.
pub(crate) fn compose(
    context: &Context<'_>,
    arcs: &[Arc<'_>],
    mut refused: Refused,
    plans: &Plans,
) -> Answer {
    let names = Names::new(context.snapshot, context.knowledge);
    let Plans {
        firm,
        firm_plan,
        prospective,
        prospective_plan,
    } = plans;
    let mut proposals = proposal::proposals(context, &names, arcs, firm, firm_plan, PlanKind::Firm);
    let firm_count = proposals.len();
    proposals.extend(proposal::proposals(
        context,
        &names,
        arcs,
        prospective,
        prospective_plan,
        PlanKind::Prospective,
    ));
    let summaries = [
        summary(
            context,
            arcs,
            firm,
            firm_plan,
            PlanKind::Firm,
            proposals[..firm_count].iter().map(|(_, p)| p),
        ),
        summary(
            context,
            arcs,
            prospective,
            prospective_plan,
            PlanKind::Prospective,
            proposals.iter().map(|(_, p)| p),
        ),
    ];
    proposal::rank(&mut proposals);
    let of_firm = proposals
        .iter()
        .take_while(|(_, p)| p.plan == PlanKind::Firm)
        .count();
    let (firm_proposals, further) = proposals.split_at_mut(of_firm);
    alternatives::add(firm_proposals, arcs, firm, firm_plan);
    let left = alternatives::SHOWN
        .saturating_sub(of_firm)
        .min(further.len());
    alternatives::add(&mut further[..left], arcs, prospective, prospective_plan);
    left_out::alone(context, arcs, &mut refused);
    left_out::beaten(arcs, firm, firm_plan, &mut refused, |arc| {
        arc.state != PairState::ToCheck
    });
    left_out::beaten(arcs, prospective, prospective_plan, &mut refused, |arc| {
        arc.state == PairState::ToCheck
    });
    let mut accounts = account::accounts(context, &firm.model, firm_plan, PlanKind::Firm);
    accounts.extend(account::accounts(
        context,
        &prospective.model,
        prospective_plan,
        PlanKind::Prospective,
    ));
    let proposals: Vec<Proposal> = proposals
        .into_iter()
        .map(|(_, proposal)| proposal)
        .collect();
    Answer {
        input_digest: context.read.declared.digest(),
        knowledge_version: context.knowledge.version().to_owned(),
        solver_version: version(),
        settings: context.settings.clone(),
        plans: summaries,
        rejections: left_out::rejections(context, &names, refused),
        questions: left_out::questions(context),
        accounts,
        network: Network::of(&proposals).summary(),
        proposals,
    }
}

/// A plan in a few numbers.
fn summary<'p>(
    context: &Context<'_>,
    arcs: &[Arc<'_>],
    screened: &Screened,
    plan: &Plan,
    kind: PlanKind,
    proposals: impl Iterator<Item = &'p Proposal>,
) -> PlanSummary {
    let model = &screened.model;
    let (cost_today, plan_cost) = (cost::of_today(model), plan.cost(model));
    let gain = cost_today - plan_cost;
    let mut of_links = Money::ZERO;
    let mut carbon = [Carbon::ZERO; 3];
    for proposal in proposals {
        of_links += proposal.economics.gain.mid();
        let avoided = proposal.carbon.avoided;
        carbon = [
            carbon[0] + avoided.low(),
            carbon[1] + avoided.mid(),
            carbon[2] + avoided.high(),
        ];
    }
    let unrounded = plan.unrounded(model);
    let slack: f64 = plan
        .proofs
        .iter()
        .map(|proof| (proof.objective - proof.bound).max(0.0))
        .sum();
    let own_slack: f64 = plan
        .proofs
        .iter()
        .map(|proof| (proof.objective - proof.own_bound).max(0.0))
        .sum();
    let closed = plan.proofs.iter().all(|proof| proof.closed);
    let links = (0..model.links.len())
        .filter(|&link| !model.links[link].existing && plan.yearly_sent(link) > Amount::ZERO)
        .count();
    PlanSummary {
        kind,
        status: if closed {
            PlanStatus::Optimal
        } else {
            PlanStatus::Feasible
        },
        cost_today,
        cost: plan_cost,
        unrounded_cost_euros: unrounded,
        rounded_cost_euros: plan.objective(model),
        rounding_bound: plan.rounding_bound(model),
        bound_euros: unrounded - slack,
        own_bound_euros: unrounded - own_slack,
        // A gap below the scale of money cannot be told from none.
        relative_gap: if closed {
            0.0
        } else {
            slack / unrounded.abs().max(1.0)
        },
        gain: draws::interval(&drawn(context, arcs, screened, plan), gain),
        displaced: gain - of_links,
        carbon_avoided: Interval::spanning(carbon[0], carbon[1], carbon[2]),
        links: links as u32,
        components: plan.proofs.len() as u32,
        arcs: model.links.len() as u32,
    }
}

/// The links of a plan as the draws see them.
fn drawn<'a>(
    context: &Context<'_>,
    arcs: &'a [Arc<'a>],
    screened: &Screened,
    plan: &Plan,
) -> Vec<Drawn<'a>> {
    let avoided = money::avoided(&screened.model, plan);
    let share = |avoided: Money, full: Money| {
        if full == Money::ZERO {
            1.0
        } else {
            avoided.euros() / full.euros()
        }
    };
    let mut drawn = Vec::new();
    for (link, &position) in screened.arcs.iter().enumerate() {
        let sent = plan.yearly_sent(link);
        let arc = &arcs[position];
        let Some(giver) = context.reading(arc.offer.output) else {
            continue;
        };
        if sent <= Amount::ZERO || arc.existing {
            continue;
        }
        let outlet = arc.money.outlet.mid().of(sent);
        let supply = arc.money.supply.mid().of(plan.yearly_received(link));
        let spent = arc.money.cost().of(sent) + screened.model.links[link].charge;
        drawn.push(Drawn {
            arc,
            sent,
            quantity: giver.flow.quantity.amount(),
            outlet_share: share(avoided.source[link], outlet),
            supply_share: share(avoided.sink[link], supply),
            gain: avoided.source[link] + avoided.sink[link] - spent,
        });
    }
    drawn
}

/// Contradictory limits under their own names.
fn named(
    error: SolveError,
    screened: &Screened,
    arcs: &[Arc<'_>],
    settings: &Settings,
) -> SolveError {
    let SolveError::Conflict(conflicts) = error else {
        return error;
    };
    let one = |conflict: Conflict| {
        let (limit, pair) = match conflict.limit {
            ConflictingLimit::Forced(link) => {
                let key = arcs[screened.arcs[link]].key.clone();
                (format!("forced link {key}"), Some(key))
            }
            ConflictingLimit::SupplierShare(setting) => {
                let input = settings
                    .supplier_shares
                    .get(setting)
                    .map(|share| share.input.to_string());
                (
                    format!(
                        "supplier share {} of {}",
                        setting + 1,
                        input.unwrap_or_default()
                    ),
                    None,
                )
            }
        };
        Contradiction {
            limit,
            pair,
            missing: conflict.missing,
        }
    };
    SolveError::Contradiction(conflicts.into_iter().map(one).collect())
}
