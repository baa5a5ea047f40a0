//! Nothing vanishes and money adds up: recomputed from declared values.

use std::collections::BTreeMap;

use boucle_domain::flow::{Flow, Quantity};
use boucle_domain::id::{Direction, FlowKey};
use boucle_domain::profile::MONTHS;
use boucle_domain::units::{Amount, Money};

use super::Breach;
use crate::answer::{Account, Answer, MonthlyAccount, PlanKind, PlanStatus, PlanSummary, Proposal};
use crate::candidates::context::Context;

/// Breaches of conservation and of the sums of money.
pub(super) fn breaches(context: &Context<'_>, answer: &Answer) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for kind in [PlanKind::Firm, PlanKind::Prospective] {
        let of_plan: Vec<&Proposal> = answer.proposals.iter().filter(|p| p.plan <= kind).collect();
        let moved = moved(&of_plan);
        let accounts: BTreeMap<&FlowKey, &Account> = answer
            .accounts
            .iter()
            .filter(|a| a.plan == kind)
            .map(|a| (&a.flow, a))
            .collect();
        for flow in context.snapshot.flows() {
            match accounts.get(&flow.key) {
                Some(account) => flow_account(flow, account, moved.get(&flow.key), &mut breaches),
                None => breaches.push(Breach::new(
                    &flow.key,
                    "every flow has an account",
                    "none",
                    "",
                )),
            }
        }
    }
    for proposal in &answer.proposals {
        quantities(proposal, &mut breaches);
        money(proposal, &mut breaches);
    }
    for plan in &answer.plans {
        let gains: Money = answer
            .proposals
            .iter()
            .filter(|p| p.plan <= plan.kind)
            .map(|p| p.economics.gain.mid())
            .sum();
        let subject = format!("{:?} plan", plan.kind);
        if plan.gain.mid() != plan.cost_today - plan.cost {
            let found = (plan.cost_today - plan.cost).euros();
            breaches.push(Breach::new(
                &subject,
                "gain = cost today - cost",
                plan.gain.mid().euros(),
                found,
            ));
        }
        if gains + plan.displaced != plan.gain.mid() {
            let found = (gains + plan.displaced).euros();
            breaches.push(Breach::new(
                &subject,
                "gains of links sum to the gain",
                plan.gain.mid().euros(),
                found,
            ));
        }
        let rounding = (plan.rounded_cost_euros - plan.unrounded_cost_euros).abs();
        let allowed = plan.rounding_bound.euros() + FLOAT * plan.unrounded_cost_euros.abs();
        if rounding.is_nan() || rounding > allowed {
            breaches.push(Breach::new(
                &subject,
                "rounding stays within its bound",
                rounding,
                allowed,
            ));
        }
        proof(plan, &subject, &mut breaches);
        if plan.kind == PlanKind::Firm {
            let private = context.settings.carbon_value == Money::ZERO;
            let difference = (plan.rounded_cost_euros - plan.cost.euros()).abs();
            let allowed = 0.001 * (plan.arcs as f64 + context.readings.len() as f64)
                + FLOAT * plan.cost.euros().abs();
            if private && difference > allowed {
                breaches.push(Breach::new(
                    &subject,
                    "the objective is the cost",
                    plan.rounded_cost_euros,
                    plan.cost.euros(),
                ));
            }
        }
    }
    breaches
}

/// What is said to be proven hangs together: bounds below the objective, the gap between them, and
/// nothing left open in a plan called optimal.
fn proof(plan: &PlanSummary, subject: &str, breaches: &mut Vec<Breach>) {
    let objective = plan.unrounded_cost_euros;
    let scale = FLOAT * objective.abs().max(1.0);
    let open = objective - plan.bound_euros;
    let mut expect = |holds: bool, rule: &str, stated: f64, found: f64| {
        if !holds {
            breaches.push(Breach::new(subject, rule, stated, found));
        }
    };
    let (bound, own) = (plan.bound_euros, plan.own_bound_euros);
    expect(
        open >= -scale,
        "the bound is below the objective",
        bound,
        objective,
    );
    expect(
        own <= bound + scale,
        "our own bound is not the better one",
        own,
        bound,
    );
    match plan.status {
        PlanStatus::Optimal => {
            let allowed = PROVEN * f64::from(plan.components.max(1)) + scale;
            expect(
                open <= allowed,
                "an optimal plan leaves nothing open",
                bound,
                objective,
            );
            expect(
                plan.relative_gap == 0.0,
                "an optimal plan has no gap",
                plan.relative_gap,
                0.0,
            );
        }
        PlanStatus::Feasible => {
            let gap = open / objective.abs().max(1.0);
            let holds = (plan.relative_gap - gap).abs() <= FLOAT;
            expect(
                holds,
                "the gap lies between objective and bound",
                plan.relative_gap,
                gap,
            );
        }
    }
}

/// Euros that a search may leave open in one component and still call it proven: the scale of money,
/// at which it stops, and as much for the sums.
const PROVEN: f64 = 0.002;

/// Relative difference of two sums of doubles that are the same sum.
const FLOAT: f64 = 1e-9;

/// What the proposals of a plan move at each flow, by month.
fn moved<'a>(proposals: &[&'a Proposal]) -> BTreeMap<&'a FlowKey, [Amount; MONTHS]> {
    let mut moved: BTreeMap<&FlowKey, [Amount; MONTHS]> = BTreeMap::new();
    for proposal in proposals {
        let sent = moved.entry(&proposal.pair.output).or_default();
        for (total, amount) in sent.iter_mut().zip(proposal.sent_monthly) {
            *total += amount;
        }
        let received = moved.entry(&proposal.pair.input).or_default();
        for (total, amount) in received.iter_mut().zip(proposal.sent_monthly) {
            *total += proposal.ratio.mid().of(amount);
        }
    }
    moved
}

fn flow_account(
    flow: &Flow,
    account: &Account,
    moved: Option<&[Amount; MONTHS]>,
    breaches: &mut Vec<Breach>,
) {
    let declared = flow.quantity.amount().mid();
    let mut expect = |holds: bool, rule: &str, stated: Amount, found: Amount| {
        if !holds {
            breaches.push(Breach::new(&flow.key, rule, stated.units(), found.units()));
        }
    };
    expect(
        account.declared == declared,
        "declared as in the snapshot",
        account.declared,
        declared,
    );
    let sum = account.exchanged + account.rest;
    expect(
        sum == account.declared,
        "exchanged + rest = declared",
        account.declared,
        sum,
    );
    expect(
        account.rest >= Amount::ZERO,
        "rest is not below nought",
        account.rest,
        Amount::ZERO,
    );
    let nothing = [Amount::ZERO; MONTHS];
    let moved = moved.unwrap_or(&nothing);
    let total: Amount = moved.iter().copied().sum();
    expect(
        account.exchanged == total,
        "exchanged as proposed",
        account.exchanged,
        total,
    );
    match &account.monthly {
        Some(monthly) => months(flow, monthly, moved, breaches),
        None if total > Amount::ZERO => {
            breaches.push(Breach::new(
                &flow.key,
                "a flow that moves has its months",
                "none",
                total.units(),
            ));
        }
        None => {}
    }
}

/// Month by month: declared as the profile says, moved as proposed, stock within its room.
fn months(
    flow: &Flow,
    monthly: &MonthlyAccount,
    moved: &[Amount; MONTHS],
    breaches: &mut Vec<Breach>,
) {
    let mut expect = |holds: bool, rule: &str, month: usize, stated: Amount, found: Amount| {
        if !holds {
            let subject = format!("{} month {}", flow.key, month + 1);
            breaches.push(Breach::new(subject, rule, stated.units(), found.units()));
        }
    };
    let capacity = flow.storage.map_or(Amount::ZERO, |store| store.capacity);
    let Quantity::Rate { yearly, profile } = &flow.quantity else {
        // A lot balances as a whole, which its account has shown; its months only list what moved.
        for (month, (&stated, &found)) in monthly.exchanged.iter().zip(moved).enumerate() {
            expect(stated == found, "moved as proposed", month, stated, found);
        }
        return;
    };
    let split = profile.split(yearly.mid());
    let spoiling = flow
        .storage
        .and_then(|store| store.shelf_life_days)
        .map(|days| days as usize / 30);
    for month in 0..MONTHS {
        let before = monthly.stock[(month + MONTHS - 1) % MONTHS];
        let stock = monthly.stock[month];
        expect(
            monthly.declared[month] == split[month],
            "declared as the profile",
            month,
            monthly.declared[month],
            split[month],
        );
        expect(
            monthly.exchanged[month] == moved[month],
            "moved as proposed",
            month,
            monthly.exchanged[month],
            moved[month],
        );
        let change = match flow.key.direction {
            Direction::Output => stock - before,
            Direction::Input => before - stock,
        };
        let sum = monthly.exchanged[month] + monthly.rest[month] + change;
        expect(
            sum == monthly.declared[month],
            "exchanged + rest + stock change = declared",
            month,
            monthly.declared[month],
            sum,
        );
        expect(
            monthly.rest[month] >= Amount::ZERO,
            "rest is not below nought",
            month,
            monthly.rest[month],
            Amount::ZERO,
        );
        expect(
            (Amount::ZERO..=capacity).contains(&stock),
            "stock fits its room",
            month,
            stock,
            capacity,
        );
        if let Some(kept) = spoiling.filter(|&kept| kept < MONTHS) {
            let came = |back: usize| {
                let at = (month + MONTHS - back) % MONTHS;
                match flow.key.direction {
                    Direction::Output => monthly.declared[at],
                    Direction::Input => monthly.exchanged[at] + monthly.rest[at],
                }
            };
            let recent: Amount = (0..kept).map(came).sum();
            let limit = recent + STOCK_ROUNDING;
            expect(
                stock <= limit,
                "nothing is kept beyond its shelf life",
                month,
                stock,
                recent,
            );
        }
    }
}

/// A stock and what came in are each rounded to the scale: thousandths of the unit.
const STOCK_ROUNDING: Amount = Amount::from_milli(12);

/// Yearly quantities of a proposal are the sums of its months.
fn quantities(proposal: &Proposal, breaches: &mut Vec<Breach>) {
    let sent: Amount = proposal.sent_monthly.iter().copied().sum();
    let received: Amount = proposal
        .sent_monthly
        .iter()
        .map(|&amount| proposal.ratio.mid().of(amount))
        .sum();
    if sent != proposal.sent {
        breaches.push(Breach::new(
            &proposal.pair,
            "sent = sum of its months",
            proposal.sent.units(),
            sent.units(),
        ));
    }
    if received != proposal.received {
        let (stated, found) = (proposal.received.units(), received.units());
        breaches.push(Breach::new(
            &proposal.pair,
            "received = ratio x sent",
            stated,
            found,
        ));
    }
    if proposal
        .sent_monthly
        .iter()
        .any(|&amount| amount < Amount::ZERO)
    {
        breaches.push(Breach::new(
            &proposal.pair,
            "nothing flows backwards",
            sent.units(),
            0,
        ));
    }
}

/// The parts of a proposal's money sum to its gain, and the two parties share it.
fn money(proposal: &Proposal, breaches: &mut Vec<Breach>) {
    let economics = &proposal.economics;
    let avoided = economics.outlet_avoided.mid() + economics.supply_avoided.mid();
    let spent = economics.treatment.mid()
        + economics.transport.mid()
        + economics.residue.mid()
        + economics.link.mid();
    if avoided - spent != economics.gain.mid() {
        let (stated, found) = (economics.gain.mid().euros(), (avoided - spent).euros());
        breaches.push(Breach::new(
            &proposal.pair,
            "gain = avoided - spent",
            stated,
            found,
        ));
    }
    let shared = economics.giver_gain.mid() + economics.taker_gain.mid();
    if shared != economics.gain.mid() {
        let (stated, found) = (economics.gain.mid().euros(), shared.euros());
        breaches.push(Breach::new(
            &proposal.pair,
            "the parties' gains sum to the gain",
            stated,
            found,
        ));
    }
}
