//! Models small enough for paper, and random ones against enumeration.

mod enumeration;
mod other_plans;
mod paper;

use std::sync::atomic::AtomicBool;

use boucle_domain::profile::{MONTHS, Profile};
use boucle_domain::settings::Settings;
use boucle_domain::units::{Amount, Money, Price, Ratio};

use super::model::{Link, Model, Terminal};
use super::plan::Plan;
use crate::control::{Control, Stage};

/// A rate of `tonnes` per year at `euros` per tonne.
fn rate(tonnes: f64, euros: f64) -> Terminal {
    spread(tonnes, euros, Profile::Constant)
}

fn spread(tonnes: f64, euros: f64, profile: Profile) -> Terminal {
    Terminal {
        flow: 0,
        monthly: profile.split(Amount::from_units(tonnes).unwrap()),
        window: None,
        storage: None,
        price: Price::from_euros(euros).unwrap(),
        sunk: Amount::ZERO,
        held: None,
    }
}

fn link(source: usize, sink: usize, ratio: f64, cost: f64, charge: f64) -> Link {
    Link {
        source,
        sink,
        ratio: Ratio::new(ratio).unwrap(),
        cost: Price::from_euros(cost).unwrap(),
        carbon_cost: Price::ZERO,
        charge: Money::from_euros(charge).unwrap(),
        lot: Amount::ZERO,
        forced: Amount::ZERO,
        existing: false,
        odds: 1.0,
        kept: None,
    }
}

fn solved(model: &Model) -> Plan {
    attempt(model, &Settings::default()).unwrap()
}

fn attempt(model: &Model, settings: &Settings) -> Result<Plan, crate::SolveError> {
    let cancel = AtomicBool::new(false);
    let control = Control {
        cancel: &cancel,
        progress: &|_| {},
        models: None,
    };
    super::solve::solve(model, settings, &control, Stage::FirmPlan, "test")
}

/// Gain per year: cost today less cost of the plan, in euros.
fn gain(model: &Model, plan: &Plan) -> f64 {
    (super::cost::of_today(model) - plan.cost(model)).euros()
}

fn sent(plan: &Plan, link: usize) -> f64 {
    plan.yearly_sent(link).units()
}

/// Every unit is accounted for, in every month, on both sides.
fn assert_conserved(model: &Model, plan: &Plan) {
    for (o, terminal) in model.sources.iter().enumerate() {
        let stock = &plan.source_stock[o];
        let total = |m: usize| -> Amount {
            model
                .links
                .iter()
                .enumerate()
                .filter(|(_, l)| l.source == o)
                .map(|(a, _)| plan.sent[a][m])
                .sum()
        };
        if terminal.window.is_some() {
            let gone: Amount = (0..MONTHS).map(|m| total(m) + plan.source_rest[o][m]).sum();
            assert_eq!(gone, terminal.yearly());
            continue;
        }
        for m in 0..MONTHS {
            let before = stock[(m + MONTHS - 1) % MONTHS];
            assert_eq!(
                total(m) + plan.source_rest[o][m] + stock[m] - before,
                terminal.monthly[m]
            );
            assert!(plan.source_rest[o][m] >= Amount::ZERO);
        }
    }
    for (i, terminal) in model.sinks.iter().enumerate() {
        let stock = &plan.sink_stock[i];
        let total = |m: usize| -> Amount {
            model
                .links
                .iter()
                .enumerate()
                .filter(|(_, l)| l.sink == i)
                .map(|(a, _)| plan.received[a][m])
                .sum()
        };
        if terminal.window.is_some() {
            let come: Amount = (0..MONTHS).map(|m| total(m) + plan.sink_rest[i][m]).sum();
            assert_eq!(come, terminal.yearly());
            continue;
        }
        for m in 0..MONTHS {
            let before = stock[(m + MONTHS - 1) % MONTHS];
            assert_eq!(
                total(m) + plan.sink_rest[i][m] + before - stock[m],
                terminal.monthly[m]
            );
            assert!(plan.sink_rest[i][m] >= Amount::ZERO);
        }
    }
}
