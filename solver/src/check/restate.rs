//! Every derived figure recomputed from the quantities of the answer alone, and compared.

use std::collections::HashMap;

use boucle_domain::id::{Direction, FlowKey, PairKey};
use boucle_domain::profile::MONTHS;
use boucle_domain::units::Amount;
use serde_json::Value;

use super::Breach;
use crate::answer::{Account, Answer, PlanKind, Proposal};
use crate::candidates::context::Context;
use crate::candidates::pair::Arc;
use crate::candidates::refused::Refused;
use crate::candidates::screen::{self, Screened};
use crate::exchange::plan::{Plan, Proof};
use crate::exchange::solve::own_bounds;
use crate::solve::{Plans, compose};

/// Rebuilds both plans from the months of the proposals and the accounts, composes the answer anew,
/// and names every field that differs.
pub(super) fn derived(
    context: &Context<'_>,
    arcs: &[Arc<'_>],
    refused: Refused,
    answer: &Answer,
) -> Vec<Breach> {
    let firm = screen::model(context, arcs, PlanKind::Firm, None);
    let firm_plan = plan(context, arcs, &firm, answer, PlanKind::Firm);
    let prospective = screen::model(
        context,
        arcs,
        PlanKind::Prospective,
        Some((&firm, &firm_plan)),
    );
    let prospective_plan = plan(context, arcs, &prospective, answer, PlanKind::Prospective);
    let mut again = compose(
        context,
        arcs,
        refused,
        &Plans {
            firm,
            firm_plan,
            prospective,
            prospective_plan,
        },
    );
    // What only the solver knows cannot be recomputed from quantities; it has its own checks.
    for (mine, theirs) in again.plans.iter_mut().zip(&answer.plans) {
        mine.status = theirs.status;
        mine.unrounded_cost_euros = theirs.unrounded_cost_euros;
        mine.bound_euros = theirs.bound_euros;
        mine.relative_gap = theirs.relative_gap;
    }
    let mut breaches = Vec::new();
    match (serde_json::to_value(&again), serde_json::to_value(answer)) {
        (Ok(found), Ok(stated)) => compare("answer", &stated, &found, &mut breaches),
        (Err(error), _) | (_, Err(error)) => {
            breaches.push(Breach::new("answer", "can be written", "", error))
        }
    }
    breaches
}

/// A plan read back from an answer.
fn plan(
    context: &Context<'_>,
    arcs: &[Arc<'_>],
    screened: &Screened,
    answer: &Answer,
    kind: PlanKind,
) -> Plan {
    let model = &screened.model;
    let mut plan = Plan::empty(model);
    // A bound is recomputed without the search; what cannot be recomputed is nobody's to state.
    let bounds = own_bounds(model).unwrap_or_default();
    plan.proofs = bounds.into_iter().map(proven).collect();
    let proposals: HashMap<&PairKey, &Proposal> = answer
        .proposals
        .iter()
        .filter(|p| p.plan <= kind)
        .map(|p| (&p.pair, p))
        .collect();
    for (link, &arc) in screened.arcs.iter().enumerate() {
        if let Some(proposal) = proposals.get(&arcs[arc].key) {
            plan.sent[link] = proposal.sent_monthly;
            plan.received[link] = proposal
                .sent_monthly
                .map(|sent| model.links[link].ratio.of(sent));
        }
    }
    let accounts: HashMap<&FlowKey, &Account> = answer
        .accounts
        .iter()
        .filter(|a| a.plan == kind)
        .map(|a| (&a.flow, a))
        .collect();
    let months = |flow: usize, declared: [Amount; MONTHS]| {
        let account = accounts.get(&context.snapshot.flows()[flow].key);
        match account.and_then(|account| account.monthly.as_ref()) {
            Some(monthly) => (monthly.rest, monthly.stock),
            None => (declared, [Amount::ZERO; MONTHS]),
        }
    };
    for (position, terminal) in model.sources.iter().enumerate() {
        debug_assert_eq!(
            context.snapshot.flows()[terminal.flow].key.direction,
            Direction::Output
        );
        (plan.source_rest[position], plan.source_stock[position]) =
            months(terminal.flow, terminal.monthly);
    }
    for (position, terminal) in model.sinks.iter().enumerate() {
        (plan.sink_rest[position], plan.sink_stock[position]) =
            months(terminal.flow, terminal.monthly);
    }
    plan
}

/// What the linear relaxation alone proves of a component.
fn proven(own_bound: f64) -> Proof {
    Proof {
        objective: own_bound,
        bound: own_bound,
        own_bound,
        closed: false,
    }
}

/// Names each place where two values differ: integers exactly, other numbers to 1e-9 relative.
fn compare(path: &str, stated: &Value, found: &Value, breaches: &mut Vec<Breach>) {
    match (stated, found) {
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => {
            for (key, stated) in a {
                match b.get(key) {
                    Some(found) => compare(&format!("{path}.{key}"), stated, found, breaches),
                    None => breaches.push(differs(path, stated, &Value::Null)),
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (at, (stated, found)) in a.iter().zip(b).enumerate() {
                compare(&format!("{path}[{at}]"), stated, found, breaches);
            }
        }
        (Value::Number(a), Value::Number(b)) => {
            let same = a == b
                || (a.is_f64() || b.is_f64())
                    && matches!((a.as_f64(), b.as_f64()), (Some(x), Some(y)) if (x - y).abs() <= 1e-9 * x.abs().max(1.0));
            if !same {
                breaches.push(differs(path, stated, found));
            }
        }
        (a, b) if a == b => {}
        _ => breaches.push(differs(path, stated, found)),
    }
}

fn differs(path: &str, stated: &Value, found: &Value) -> Breach {
    let short = |value: &Value| {
        let text = value.to_string();
        text.chars().take(120).collect::<String>()
    };
    Breach::new(
        path,
        "recomputed from the quantities",
        short(stated),
        short(found),
    )
}
