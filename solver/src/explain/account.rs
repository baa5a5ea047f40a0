//! Where each declared unit goes: the proof, flow by flow, that nothing vanished.

use std::collections::BTreeMap;

use boucle_domain::profile::MONTHS;
use boucle_domain::units::Amount;

use crate::answer::{Account, MonthlyAccount, PlanKind};
use crate::candidates::context::Context;
use crate::exchange::model::{Model, Terminal};
use crate::exchange::plan::Plan;

/// Accounts of every flow under a plan, in the order of flow keys.
pub(crate) fn accounts(
    context: &Context<'_>,
    model: &Model,
    plan: &Plan,
    kind: PlanKind,
) -> Vec<Account> {
    let mut sent = vec![[Amount::ZERO; MONTHS]; model.sources.len()];
    let mut received = vec![[Amount::ZERO; MONTHS]; model.sinks.len()];
    for (position, link) in model.links.iter().enumerate() {
        add(&mut sent[link.source], &plan.sent[position]);
        add(&mut received[link.sink], &plan.received[position]);
    }
    let mut touched: BTreeMap<usize, MonthlyAccount> = BTreeMap::new();
    for (position, terminal) in model.sources.iter().enumerate() {
        let (rest, stock) = (plan.source_rest[position], plan.source_stock[position]);
        touch(&mut touched, terminal, sent[position], rest, stock);
    }
    for (position, terminal) in model.sinks.iter().enumerate() {
        let (rest, stock) = (plan.sink_rest[position], plan.sink_stock[position]);
        touch(&mut touched, terminal, received[position], rest, stock);
    }
    let year = |months: &[Amount; MONTHS]| months.iter().copied().sum::<Amount>();
    context
        .snapshot
        .flows()
        .iter()
        .enumerate()
        .map(|(position, flow)| {
            let declared = flow.quantity.amount().mid();
            let monthly = touched.remove(&position);
            let (exchanged, rest) = match &monthly {
                Some(monthly) => (year(&monthly.exchanged), year(&monthly.rest)),
                None => (Amount::ZERO, declared),
            };
            Account {
                flow: flow.key.clone(),
                plan: kind,
                unit: flow.unit,
                declared,
                exchanged,
                rest,
                monthly,
            }
        })
        .collect()
}

/// An output is a source and an input a sink, so no flow is touched twice.
fn touch(
    touched: &mut BTreeMap<usize, MonthlyAccount>,
    terminal: &Terminal,
    exchanged: [Amount; MONTHS],
    rest: [Amount; MONTHS],
    stock: [Amount; MONTHS],
) {
    if exchanged.iter().any(|&amount| amount > Amount::ZERO) {
        touched.insert(
            terminal.flow,
            MonthlyAccount {
                declared: terminal.monthly,
                exchanged,
                rest,
                stock,
            },
        );
    }
}

fn add(total: &mut [Amount; MONTHS], amounts: &[Amount; MONTHS]) {
    for (total, amount) in total.iter_mut().zip(amounts) {
        *total += *amount;
    }
}
