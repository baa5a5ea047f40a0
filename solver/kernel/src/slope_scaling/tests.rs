use std::sync::atomic::AtomicBool;

use proptest::prelude::*;

use super::*;
use crate::certificate::{Tolerances, certify, verify};
use crate::highs::{Control, Instance};
use crate::lp::{Bound, BoundKind, Solution, Status};

/// One link of an invented transport problem.
#[derive(Debug, Clone)]
struct Link {
    source: usize,
    sink: usize,
    unit_cost: f64,
    charge: f64,
    lot: f64,
}

/// Sources that must be emptied, sinks that may be filled; a dear outlet at each source keeps it
/// feasible. Rows: balance of each source, room of each sink, then two per link.
fn transport(supply: &[f64], demand: &[f64], links: &[Link]) -> (Lp, Vec<Charge>) {
    let mut lp = Lp::new();
    for &s in supply {
        lp.add_row(s, s);
    }
    for &d in demand {
        lp.add_row(f64::NEG_INFINITY, d);
    }
    for source in 0..supply.len() {
        lp.add_column(50.0, 0.0, f64::INFINITY, false, &[(source, 1.0)]);
    }
    let mut charges = Vec::new();
    for link in links {
        let capacity = supply[link.source].min(demand[link.sink]).max(link.lot);
        let most = lp.add_row(f64::NEG_INFINITY, 0.0);
        let least = lp.add_row(0.0, f64::INFINITY);
        let ends = [(link.source, 1.0), (supply.len() + link.sink, 1.0)];
        let entries = [ends[0], ends[1], (most, 1.0), (least, 1.0)];
        let flow = lp.add_column(link.unit_cost, 0.0, f64::INFINITY, false, &entries);
        let mut binary = vec![(most, -capacity)];
        if link.lot > 0.0 {
            binary.push((least, -link.lot));
        }
        let binary_col = lp.add_column(link.charge, 0.0, 1.0, true, &binary);
        charges.push(Charge {
            flow_cols: vec![flow],
            binary_col,
            upper: capacity,
            charge: link.charge,
            minimum_lot: link.lot,
        });
    }
    (lp, charges)
}

fn solve(lp: &Lp) -> Solution {
    Instance::from_lp(lp)
        .and_then(|mut i| i.solve(&Options::default(), None, Control::default()))
        .expect("a valid model is solved")
}

fn found(lp: &Lp, charges: &[Charge]) -> Option<Start> {
    search(lp, charges, &Settings::default(), None).expect("charges fit the model")
}

/// The start, as an answer that the certificate can look at.
fn as_solution(start: &Start) -> Solution {
    Solution {
        status: Status::Feasible,
        objective: start.objective,
        values: start.values.clone(),
        row_duals: Vec::new(),
        reduced_costs: Vec::new(),
        bound: Bound {
            value: f64::NEG_INFINITY,
            kind: BoundKind::ReportedBySolver,
        },
        gap: f64::INFINITY,
        nodes: 0,
        simplex_iterations: 0,
    }
}

/// Best cost over every set of open links, each a linear program with its binaries fixed.
fn brute_force(lp: &Lp, charges: &[Charge]) -> f64 {
    let mut best = f64::INFINITY;
    for set in 0u32..1 << charges.len() {
        let mut fixed = lp.relaxed();
        for (link, charge) in charges.iter().enumerate() {
            let open = f64::from(set >> link & 1);
            fixed.lower[charge.binary_col] = open;
            fixed.upper[charge.binary_col] = open;
        }
        let solution = solve(&fixed);
        if solution.status == Status::Optimal {
            best = best.min(solution.objective);
        }
    }
    best
}

fn link(source: usize, sink: usize, unit_cost: f64, charge: f64, lot: f64) -> Link {
    Link {
        source,
        sink,
        unit_cost,
        charge,
        lot,
    }
}

#[test]
fn two_half_used_links_become_one() {
    // Splitting saves 1 per unit on 4 units and costs a second charge of 30.
    let links = [link(0, 0, 1.0, 30.0, 0.0), link(0, 1, 2.0, 30.0, 0.0)];
    let (lp, charges) = transport(&[10.0], &[6.0, 10.0], &links);
    let start = found(&lp, &charges).unwrap();
    assert_eq!(start.open, [false, true]);
    assert!((start.objective - 50.0).abs() < 1e-6, "{start:?}");
    assert!(start.relaxation <= start.objective);
}

#[test]
fn a_link_below_its_lot_is_closed() {
    let links = [link(0, 0, 1.0, 5.0, 8.0), link(0, 1, 3.0, 5.0, 2.0)];
    let (lp, charges) = transport(&[6.0], &[10.0, 10.0], &links);
    let start = found(&lp, &charges).unwrap();
    assert_eq!(start.open, [false, true]);
    assert!((start.objective - 23.0).abs() < 1e-6, "{start:?}");
}

#[test]
fn a_forced_link_stays_open_and_a_barred_one_closed() {
    let links = [link(0, 0, 9.0, 40.0, 2.0), link(0, 1, 1.0, 1.0, 0.0)];
    let (mut lp, charges) = transport(&[10.0], &[10.0, 10.0], &links);
    lp.lower[charges[0].binary_col] = 1.0;
    let start = found(&lp, &charges).unwrap();
    assert_eq!(start.open, [true, true]);
    assert!(
        (start.objective - (2.0 * 9.0 + 40.0 + 8.0 + 1.0)).abs() < 1e-6,
        "{start:?}"
    );

    lp.lower[charges[0].binary_col] = 0.0;
    lp.upper[charges[1].binary_col] = 0.0;
    let start = found(&lp, &charges).unwrap();
    assert!(!start.open[1]);
}

#[test]
fn an_infeasible_model_has_no_start() {
    let (mut lp, charges) = transport(&[10.0], &[5.0], &[link(0, 0, 1.0, 1.0, 0.0)]);
    lp.upper[0] = 1.0;
    assert_eq!(found(&lp, &charges), None);
}

#[test]
fn an_interrupt_before_the_first_answer_gives_none() {
    let (lp, charges) = transport(&[10.0], &[5.0], &[link(0, 0, 1.0, 1.0, 0.0)]);
    let stop = AtomicBool::new(true);
    let start = search(&lp, &charges, &Settings::default(), Some(&stop));
    assert_eq!(start, Ok(None));
}

#[test]
fn charges_that_do_not_fit_the_model_are_refused() {
    let (lp, charges) = transport(&[10.0], &[5.0], &[link(0, 0, 1.0, 1.0, 0.0)]);
    let mut wrong = charges.clone();
    wrong[0].binary_col = wrong[0].flow_cols[0];
    let refused = search(&lp, &wrong, &Settings::default(), None);
    assert!(matches!(refused, Err(KernelError::Charge { index: 0, .. })));
    let twice = [charges[0].clone(), charges[0].clone()];
    let refused = search(&lp, &twice, &Settings::default(), None);
    assert!(matches!(refused, Err(KernelError::Charge { index: 1, .. })));
    let refused = search(&lp, &[], &Settings::default(), None);
    assert!(matches!(refused, Err(KernelError::Unsupported(_))));
}

#[test]
fn a_start_of_a_hundred_links_is_within_two_percent_of_the_optimum() {
    for seed in 1u64..5 {
        let mut state = seed;
        let mut draw = || {
            // Constants of Knuth's MMIX generator; the instance is invented.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % 1000) as f64 / 1000.0
        };
        let mut amounts = || -> Vec<f64> {
            (0..20)
                .map(|_| (1.0 + 100.0 * draw() * draw()).round())
                .collect()
        };
        let (supply, demand) = (amounts(), amounts());
        let mut end = || (draw() * 20.0) as usize;
        let ends: Vec<(usize, usize)> = (0..100).map(|_| (end(), end())).collect();
        let links: Vec<Link> = ends
            .into_iter()
            .map(|(source, sink)| {
                let lot = (20.0 * draw() - 10.0).max(0.0).round();
                link(
                    source,
                    sink,
                    5.0 + 30.0 * draw(),
                    20.0 + 200.0 * draw(),
                    lot,
                )
            })
            .collect();
        let (lp, charges) = transport(&supply, &demand, &links);
        let start = found(&lp, &charges).unwrap();
        let exact = solve(&lp).objective;
        let distance = (start.objective - exact) / exact;
        assert!((-1e-6..0.02).contains(&distance), "seed {seed}: {distance}");
    }
}

fn any_links() -> impl Strategy<Value = Vec<Link>> {
    let one = (0usize..2, 0usize..3, 1u32..20, 0u32..60, 0u32..8);
    let any = one.prop_map(|(source, sink, unit_cost, charge, lot)| {
        link(
            source,
            sink,
            f64::from(unit_cost),
            f64::from(charge),
            f64::from(lot),
        )
    });
    prop::collection::vec(any, 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_start_is_feasible_reproducible_and_between_relaxation_and_worst(
        supply in prop::collection::vec(1u32..20, 2),
        demand in prop::collection::vec(1u32..20, 3),
        links in any_links(),
    ) {
        let supply: Vec<f64> = supply.into_iter().map(f64::from).collect();
        let demand: Vec<f64> = demand.into_iter().map(f64::from).collect();
        let (lp, charges) = transport(&supply, &demand, &links);
        let start = found(&lp, &charges).expect("the outlets make it feasible");

        let certificate = certify(&lp, &as_solution(&start), None).unwrap();
        prop_assert_eq!(verify(&certificate, &Tolerances::default()), Ok(()));
        prop_assert_eq!(found(&lp, &charges), Some(start.clone()));

        let exact = brute_force(&lp, &charges);
        let milp = solve(&lp).objective;
        prop_assert!((exact - milp).abs() <= 1e-5 * exact.abs().max(1.0));
        let slack = 1e-6 * exact.abs().max(1.0);
        prop_assert!(start.objective >= exact - slack, "better than the optimum");
        prop_assert!(start.relaxation <= exact + slack, "no relaxation");
        let nothing: f64 = supply.iter().map(|s| 50.0 * s).sum();
        prop_assert!(start.objective <= nothing + slack, "worse than going on as today");
    }
}
