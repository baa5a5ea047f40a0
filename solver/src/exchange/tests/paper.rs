//! Each model fits on a sheet of paper; the expected value is worked out beside it.

use boucle_domain::profile::Profile;
use boucle_domain::units::Amount;

use super::*;
use crate::exchange::model::{Group, GroupOrigin, Store};

fn tonnes(value: f64) -> Amount {
    Amount::from_units(value).unwrap()
}

#[test]
fn a_half_tonne_lead_is_not_worth_its_link() {
    // 0.5 t x (100 + 50) EUR/t = 75 EUR a year, against 900 EUR for the link.
    let mut model = Model {
        sources: vec![rate(0.5, 100.0)],
        sinks: vec![rate(50.0, 50.0)],
        ..Model::default()
    };
    model.links.push(link(0, 0, 1.0, 0.0, 900.0));
    let plan = solved(&model);
    assert_eq!(sent(&plan, 0), 0.0);
    // At 20 t: 20 x 150 - 900 = 2 100 EUR.
    model.sources[0] = rate(20.0, 100.0);
    let plan = solved(&model);
    assert_eq!(sent(&plan, 0), 20.0);
    assert!((gain(&model, &plan) - 2100.0).abs() < 0.01);
}

#[test]
fn a_take_or_pay_contract_is_not_saved() {
    // 100 t at 80 EUR/t, of which 70 t are paid anyway; the need is worth 10 EUR/t, the link costs
    // nothing. Only 30 t save 80 + 10; the other 70 t save 10 each: 2 700 + 700 = 3 400 EUR.
    let mut model = Model {
        sources: vec![rate(100.0, 80.0)],
        sinks: vec![rate(100.0, 10.0)],
        ..Model::default()
    };
    model.sources[0].sunk = tonnes(70.0);
    model.links.push(link(0, 0, 1.0, 0.0, 0.0));
    let plan = solved(&model);
    assert!((gain(&model, &plan) - 3400.0).abs() < 0.1);
    // At 15 EUR/t of treatment the 70 t lose 5 each: only 30 t flow, 30 x 75 = 2 250 EUR.
    model.links[0] = link(0, 0, 1.0, 15.0, 0.0);
    let plan = solved(&model);
    assert!((sent(&plan, 0) - 30.0).abs() < 0.01, "{}", sent(&plan, 0));
    assert!((gain(&model, &plan) - 2250.0).abs() < 0.1);
}

#[test]
fn an_existing_exchange_gains_nothing_and_its_loss_is_priced() {
    // Today 100 t go from the source to the sink. Alone, the plan changes nothing.
    let mut model = Model {
        sources: vec![rate(100.0, 40.0), rate(100.0, 300.0)],
        sinks: vec![rate(100.0, 50.0)],
        ..Model::default()
    };
    model.links.push(Link {
        existing: true,
        ..link(0, 0, 1.0, 0.0, 0.0)
    });
    let plan = solved(&model);
    assert_eq!(gain(&model, &plan), 0.0);
    assert_eq!(sent(&plan, 0), 100.0);
    // A second source that pays 300 EUR/t takes the place: the first pays 40 again. 100 x (300 - 40).
    model.links.push(link(1, 0, 1.0, 0.0, 1000.0));
    let plan = solved(&model);
    assert_eq!(sent(&plan, 1), 100.0);
    assert!((gain(&model, &plan) - 25_000.0).abs() < 0.1);
}

#[test]
fn a_ratio_below_one_needs_more_donor() {
    // 60 t of need at ratio 0.6 take 100 t of donor.
    let mut model = Model {
        sources: vec![rate(500.0, 30.0)],
        sinks: vec![rate(60.0, 100.0)],
        ..Model::default()
    };
    model.links.push(link(0, 0, 0.6, 5.0, 0.0));
    let plan = solved(&model);
    assert!((sent(&plan, 0) - 100.0).abs() < 0.01);
    assert!((gain(&model, &plan) - (100.0 * 25.0 + 60.0 * 100.0)).abs() < 1.0);
    assert_conserved(&model, &plan);
}

#[test]
fn a_campaign_feeds_a_constant_need_only_through_storage() {
    // 1 200 t in October to December, need 100 t a month: 300 t meet without storage.
    let campaign = Profile::campaign(10, 12).unwrap();
    let mut model = Model {
        sources: vec![spread(1200.0, 10.0, campaign)],
        sinks: vec![rate(1200.0, 20.0)],
        ..Model::default()
    };
    model.links.push(link(0, 0, 1.0, 0.0, 0.0));
    let plan = solved(&model);
    assert!((sent(&plan, 0) - 300.0).abs() < 0.01);
    assert_conserved(&model, &plan);
    // 900 t of room: all of it.
    model.sources[0].storage = Some(Store {
        capacity: tonnes(900.0),
        shelf_months: None,
    });
    let plan = solved(&model);
    assert!((sent(&plan, 0) - 1200.0).abs() < 0.1, "{}", sent(&plan, 0));
    assert_conserved(&model, &plan);
    // It keeps three months: January to March still get it, 600 t in all.
    model.sources[0].storage = Some(Store {
        capacity: tonnes(900.0),
        shelf_months: Some(3),
    });
    let plan = solved(&model);
    assert!((sent(&plan, 0) - 600.0).abs() < 0.1, "{}", sent(&plan, 0));
    // The same room at the buyer's, without spoilage.
    model.sources[0].storage = None;
    model.sinks[0].storage = Some(Store {
        capacity: tonnes(900.0),
        shelf_months: None,
    });
    let plan = solved(&model);
    assert!((sent(&plan, 0) - 1200.0).abs() < 0.1, "{}", sent(&plan, 0));
    assert_conserved(&model, &plan);
}

#[test]
fn a_lot_moves_only_within_its_window() {
    // 50 t available in March and April; the need stops from February to June but for 10 t in April.
    let mut weights = [10; 12];
    weights[1..6].fill(0);
    weights[3] = 10;
    let need = Profile::from_weights(weights).unwrap();
    let mut model = Model {
        sources: vec![Terminal {
            window: Some(0b1100),
            ..rate(0.0, 40.0)
        }],
        sinks: vec![spread(80.0, 10.0, need)],
        ..Model::default()
    };
    model.sources[0].monthly[2] = tonnes(50.0);
    model.links.push(link(0, 0, 1.0, 0.0, 0.0));
    let plan = solved(&model);
    assert!((sent(&plan, 0) - 10.0).abs() < 0.01, "{:?}", plan.sent);
    assert_conserved(&model, &plan);
}

#[test]
fn a_minimum_lot_is_all_or_nothing() {
    // 30 t could flow; a lot of 40 t cannot.
    let mut model = Model {
        sources: vec![rate(30.0, 100.0)],
        sinks: vec![rate(50.0, 50.0)],
        ..Model::default()
    };
    model.links.push(Link {
        lot: tonnes(40.0),
        ..link(0, 0, 1.0, 0.0, 0.0)
    });
    assert_eq!(sent(&solved(&model), 0), 0.0);
    model.links[0].lot = tonnes(25.0);
    assert_eq!(sent(&solved(&model), 0), 30.0);
}

#[test]
fn an_agreement_limits_what_its_links_carry_together() {
    let mut model = Model {
        sources: vec![rate(30.0, 100.0), rate(30.0, 200.0)],
        sinks: vec![rate(500.0, 50.0)],
        ..Model::default()
    };
    model.links = vec![link(0, 0, 1.0, 0.0, 0.0), link(1, 0, 1.0, 0.0, 0.0)];
    model.groups.push(Group {
        origin: GroupOrigin::Agreement(0, "A-1".into()),
        members: vec![(0, 1.0), (1, 1.0)],
        low: None,
        high: Some(tonnes(40.0)),
    });
    let plan = solved(&model);
    assert_eq!((sent(&plan, 0), sent(&plan, 1)), (10.0, 30.0));
}

#[test]
fn a_forced_quantity_beyond_its_source_is_named() {
    let mut model = Model {
        sources: vec![rate(30.0, 1.0)],
        sinks: vec![rate(500.0, 1.0)],
        ..Model::default()
    };
    model.links.push(Link {
        forced: tonnes(45.0),
        ..link(0, 0, 1.0, 50.0, 10.0)
    });
    let Err(crate::SolveError::Conflict(conflicts)) = attempt(&model, &Settings::default()) else {
        panic!("a contradiction was not found")
    };
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].missing, tonnes(15.0));
    // 20 t can be forced though they lose money.
    model.links[0].forced = tonnes(20.0);
    let plan = solved(&model);
    assert_eq!(sent(&plan, 0), 20.0);
}

#[test]
fn two_forced_quantities_that_share_a_source_are_named() {
    let mut model = Model {
        sources: vec![rate(30.0, 1.0)],
        sinks: vec![rate(500.0, 1.0), rate(500.0, 1.0)],
        ..Model::default()
    };
    for sink in 0..2 {
        model.links.push(Link {
            forced: tonnes(20.0),
            ..link(0, sink, 1.0, 50.0, 10.0)
        });
    }
    let Err(crate::SolveError::Conflict(conflicts)) = attempt(&model, &Settings::default()) else {
        panic!("a contradiction was not found")
    };
    let missing: Amount = conflicts.iter().map(|c| c.missing).sum();
    assert_eq!(missing, tonnes(10.0));
}

#[test]
fn odds_discount_the_value_of_a_link_and_not_its_cost() {
    // Worth 10 t x 150 - 900 = 600 EUR; at odds 0.25 its value is 150 EUR, still positive.
    let mut model = Model {
        sources: vec![rate(10.0, 100.0)],
        sinks: vec![rate(10.0, 50.0)],
        ..Model::default()
    };
    model.links.push(Link {
        odds: 0.25,
        ..link(0, 0, 1.0, 0.0, 900.0)
    });
    let plan = solved(&model);
    assert_eq!(sent(&plan, 0), 10.0);
    let objective = plan.proofs[0].objective;
    assert!((objective - (1500.0 - 150.0)).abs() < 1e-6, "{objective}");
}
