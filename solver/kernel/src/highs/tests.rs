use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::instances::{dantzig, knapsack};

fn solve(lp: &Lp) -> Solution {
    Instance::from_lp(lp)
        .and_then(|mut i| i.solve(&Options::default(), None, Control::default()))
        .expect("a valid model is solved")
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * b.abs().max(1.0)
}

#[test]
fn published_transportation_problem_has_its_published_optimum_and_prices() {
    let solution = solve(&dantzig());
    assert_eq!(solution.status, Status::Optimal);
    assert!(close(solution.objective, 153.675), "{solution:?}");
    // Shadow prices of the three demands, as published with the model.
    for (dual, price) in solution.row_duals[2..].iter().zip([0.225, 0.153, 0.126]) {
        assert!(close(*dual, price), "{dual} is not {price}");
    }
    assert_eq!(solution.bound.kind, BoundKind::ReportedBySolver);
    assert_eq!(solution.gap, 0.0);
}

#[test]
fn contradictory_rows_are_infeasible() {
    let mut lp = dantzig();
    lp.row_lower[2] = 1000.0;
    let solution = solve(&lp);
    assert_eq!(solution.status, Status::Infeasible);
    assert_eq!(solution.bound.value, f64::INFINITY);
    assert!(solution.values.is_empty());
}

#[test]
fn crossed_bounds_are_infeasible_and_not_an_error() {
    let mut lp = dantzig();
    lp.lower[0] = 5.0;
    lp.upper[0] = 4.0;
    assert_eq!(solve(&lp).status, Status::Infeasible);

    let mut instance = Instance::from_lp(&dantzig()).unwrap();
    instance.set_bounds(0, 5.0, 4.0).unwrap();
    let solution = instance.solve(&Options::default(), None, Control::default());
    assert_eq!(solution.unwrap().status, Status::Infeasible);
}

#[test]
fn an_objective_without_limit_is_unbounded_with_and_without_integers() {
    for integer in [false, true] {
        let mut lp = Lp::new();
        let row = lp.add_row(0.0, f64::INFINITY);
        lp.add_column(-1.0, 0.0, f64::INFINITY, integer, &[(row, 1.0)]);
        lp.add_column(0.0, 0.0, 9.0, integer, &[(row, -1.0)]);
        assert_eq!(solve(&lp).status, Status::Unbounded, "integer: {integer}");
    }
}

#[test]
fn a_model_without_columns_looks_at_its_rows() {
    let mut lp = Lp::new();
    lp.offset = 7.0;
    lp.add_row(-1.0, 1.0);
    let solution = solve(&lp);
    assert_eq!(
        (solution.status, solution.objective),
        (Status::Optimal, 7.0)
    );
    lp.add_row(1.0, 2.0);
    assert_eq!(solve(&lp).status, Status::Infeasible);
    assert_eq!(solve(&Lp::new()).status, Status::Optimal);
}

#[test]
fn a_model_without_rows_goes_to_its_bounds() {
    let mut lp = Lp::new();
    lp.add_column(2.0, 1.0, 3.0, false, &[]);
    lp.add_column(-1.0, 1.0, 2.5, true, &[]);
    assert_eq!(solve(&lp).values, [1.0, 2.0]);
}

#[test]
fn the_model_comes_back_as_it_went_in() {
    let mut lp = knapsack(6, 2);
    lp.offset = 3.5;
    lp.add_column(1.5, f64::NEG_INFINITY, f64::INFINITY, false, &[(1, -2.0)]);
    let instance = Instance::from_lp(&lp).unwrap();
    assert_eq!(instance.lp(), Ok(lp));
}

#[test]
fn a_model_written_with_good_lp_is_taken_over() {
    use good_lp::{Expression, SolverModel, constraint, variable, variables};
    let mut vars = variables!();
    let x = vars.add(variable().min(0.0).max(4.0));
    let y = vars.add(variable().integer().min(0.0).max(3.0));
    let cost: Expression = -1.0 * x - 2.0 * y;
    let model = vars
        .minimise(cost)
        .using(good_lp::highs)
        .with(constraint!(x + 2.0 * y <= 7.0))
        .with(constraint!(x - y >= -1.0))
        .try_into_inner()
        .unwrap();
    let mut instance = Instance::from_model(model).unwrap();
    instance.set_offset(10.0).unwrap();
    let lp = instance.lp().unwrap();
    assert_eq!(lp.integer, [false, true]);
    assert_eq!(lp.row_upper[0], 7.0);
    let solution = instance
        .solve(&Options::default(), None, Control::default())
        .unwrap();
    // x + 2y ≤ 7 alone decides the cost.
    assert!(close(solution.objective, 3.0), "{solution:?}");
}

#[test]
fn a_maximisation_is_refused() {
    let model = ::highs::ColProblem::new()
        .try_optimise(::highs::Sense::Maximise)
        .unwrap();
    let refused = Instance::from_model(model).map(|_| ());
    assert_eq!(refused, Err(KernelError::Unsupported("maximisation")));
}

#[test]
fn a_clock_is_refused_in_reproducible_mode_and_taken_outside_it() {
    let mut instance = Instance::from_lp(&dantzig()).unwrap();
    let mut options = Options {
        time_limit: Some(Duration::from_secs(60)),
        ..Options::default()
    };
    let refused = instance.solve(&options, None, Control::default());
    assert_eq!(refused, Err(KernelError::Clock { seconds: 60.0 }));
    options.reproducible = false;
    let solution = instance.solve(&options, None, Control::default()).unwrap();
    assert_eq!(solution.status, Status::Optimal);
}

#[test]
fn options_outside_their_range_are_refused_by_name() {
    let mut instance = Instance::from_lp(&dantzig()).unwrap();
    let options = Options {
        mip_rel_gap: -0.5,
        ..Options::default()
    };
    let refused = instance.solve(&options, None, Control::default());
    assert!(matches!(
        refused,
        Err(KernelError::Option {
            name: "mip_rel_gap",
            ..
        })
    ));
}

#[test]
fn a_node_limit_keeps_incumbent_and_bound() {
    let lp = knapsack(60, 8);
    let options = Options {
        node_limit: Some(3),
        ..Options::default()
    };
    let mut instance = Instance::from_lp(&lp).unwrap();
    let solution = instance.solve(&options, None, Control::default()).unwrap();
    assert_eq!(solution.status, Status::Feasible, "{solution:?}");
    assert!(solution.bound.value < solution.objective);
    assert!(solution.bound.value.is_finite() && solution.gap.is_finite() && solution.gap > 0.0);
    assert!(close(
        lp.objective(&solution.values).unwrap(),
        solution.objective
    ));
}

#[test]
fn an_iteration_limit_bounds_the_work_and_repeats_exactly() {
    let lp = knapsack(60, 8);
    let run = || {
        let options = Options {
            simplex_iteration_limit: Some(400),
            ..Options::default()
        };
        let mut instance = Instance::from_lp(&lp).unwrap();
        instance.solve(&options, None, Control::default()).unwrap()
    };
    let first = run();
    assert_eq!(first.status, Status::Feasible, "{first:?}");
    assert_eq!(first, run());

    let options = Options {
        simplex_iteration_limit: Some(0),
        presolve: Presolve::Off,
        ..Options::default()
    };
    let mut instance = Instance::from_lp(&dantzig()).unwrap();
    let solution = instance.solve(&options, None, Control::default()).unwrap();
    assert_eq!(solution.status, Status::Limit);
}

#[test]
fn an_interrupt_stops_the_search() {
    let stop = AtomicBool::new(true);
    let mut instance = Instance::from_lp(&knapsack(60, 8)).unwrap();
    let before = instance.solve(&Options::default(), None, Control::interrupted_by(&stop));
    assert_eq!(before.unwrap().status, Status::Limit);

    stop.store(false, Ordering::Relaxed);
    let mut seen = Vec::new();
    let mut watch = |progress: &Progress| {
        seen.push(*progress);
        if progress.nodes >= 1 {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let control = Control {
        interrupt: Some(&stop),
        progress: Some(&mut watch),
    };
    let solution = instance.solve(&Options::default(), None, control).unwrap();
    assert_eq!(solution.status, Status::Feasible, "{solution:?}");
    assert!(
        seen.iter()
            .any(|p| p.incumbent.is_finite() && p.bound <= p.incumbent)
    );
}

#[test]
fn an_interrupt_from_another_thread_stops_a_long_search() {
    let stop = AtomicBool::new(false);
    let solution = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(300));
            stop.store(true, Ordering::Relaxed);
        });
        let mut instance = Instance::from_lp(&knapsack(250, 20)).unwrap();
        instance.solve(&Options::default(), None, Control::interrupted_by(&stop))
    });
    let status = solution.unwrap().status;
    assert!(
        matches!(status, Status::Feasible | Status::Limit),
        "{status:?}"
    );
}

#[test]
#[should_panic(expected = "from the closure")]
fn a_panic_of_the_closure_reaches_the_caller() {
    let mut watch = |_: &Progress| panic!("from the closure");
    let control = Control {
        interrupt: None,
        progress: Some(&mut watch),
    };
    let mut instance = Instance::from_lp(&knapsack(60, 8)).unwrap();
    let _ = instance.solve(&Options::default(), None, control);
}

#[test]
fn watching_does_not_change_the_answer() {
    let lp = knapsack(25, 4);
    let mut instance = Instance::from_lp(&lp).unwrap();
    let mut count = 0;
    let mut watch = |_: &Progress| count += 1;
    let control = Control {
        interrupt: None,
        progress: Some(&mut watch),
    };
    let watched = instance.solve(&Options::default(), None, control).unwrap();
    assert_eq!(watched, solve(&lp));
    assert!(count > 0);
}

#[test]
fn a_start_is_kept_when_the_search_has_no_time_to_find_better() {
    let lp = knapsack(25, 4);
    let best = solve(&lp);
    let options = Options {
        simplex_iteration_limit: Some(0),
        ..Options::default()
    };
    let mut instance = Instance::from_lp(&lp).unwrap();
    let with = instance
        .solve(&options, Some(&best.values), Control::default())
        .unwrap();
    assert!(close(with.objective, best.objective), "{with:?}");
    let without = instance.solve(&options, None, Control::default()).unwrap();
    assert!(without.objective > best.objective + 1e-6, "{without:?}");
    let short = instance.solve(&options, Some(&[0.0]), Control::default());
    assert!(matches!(short, Err(KernelError::Length { .. })));
}

#[test]
fn the_same_model_twice_gives_the_same_bits() {
    for lp in [dantzig(), knapsack(25, 4)] {
        let (first, second) = (solve(&lp), solve(&lp));
        let bits = |s: &Solution| s.values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&first), bits(&second));
        assert_eq!(first, second);
        // A cold solve does not depend on what the instance did before.
        let mut instance = Instance::from_lp(&lp).unwrap();
        for _ in 0..2 {
            let again = instance.solve(&Options::default(), None, Control::default());
            assert_eq!(again.unwrap(), first);
        }
    }
}

#[test]
fn eight_threads_give_what_one_thread_gives() {
    let models = [dantzig(), knapsack(25, 4)];
    let alone: Vec<Solution> = models.iter().map(solve).collect();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    (0..3)
                        .map(|_| models.iter().map(solve).collect::<Vec<_>>())
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        for worker in workers {
            for round in worker.join().expect("no worker fails") {
                assert_eq!(round, alone);
            }
        }
    });
}

#[test]
fn a_warm_solve_after_other_costs_and_bounds_agrees_with_a_cold_one() {
    let mut lp = dantzig();
    let mut instance = Instance::from_lp(&lp).unwrap();
    // Enough for any one of the solves, and not for all: the count starts anew with each.
    let options = Options {
        warm: true,
        presolve: Presolve::Off,
        simplex_iteration_limit: Some(12),
        ..Options::default()
    };
    for round in 0..12 {
        for (j, cost) in lp.cost.iter_mut().enumerate() {
            *cost = 0.05 + 0.03 * ((7 * j + 5 * round) % 11) as f64;
        }
        lp.upper[round % 6] = 200.0 + 10.0 * round as f64;
        instance.set_costs(&lp.cost).unwrap();
        instance.set_all_bounds(&lp.lower, &lp.upper).unwrap();
        let warm = instance.solve(&options, None, Control::default()).unwrap();
        let cold = solve(&lp);
        assert_eq!(warm.status, cold.status, "round {round}");
        assert!(close(warm.objective, cold.objective), "round {round}");
    }
}

#[test]
fn relaxing_and_restoring_integrality_moves_the_optimum_and_back() {
    let lp = knapsack(20, 3);
    let whole = solve(&lp);
    let mut instance = Instance::from_lp(&lp).unwrap();
    instance.relax_integrality().unwrap();
    let relaxed = instance
        .solve(&Options::default(), None, Control::default())
        .unwrap();
    assert!(relaxed.objective < whole.objective - 1e-6);
    assert_eq!(relaxed.row_duals.len(), lp.rows());
    let direct = relaxation(&lp, &Options::default(), Control::default()).unwrap();
    assert!(close(relaxed.objective, direct.objective));
    instance.set_integrality(&lp.integer).unwrap();
    let restored = instance.solve(&Options::default(), None, Control::default());
    assert!(close(restored.unwrap().objective, whole.objective));
}

#[test]
fn changes_that_do_not_fit_the_model_are_refused() {
    let mut instance = Instance::from_lp(&dantzig()).unwrap();
    assert!(matches!(
        instance.set_costs(&[1.0]),
        Err(KernelError::Length { .. })
    ));
    assert!(matches!(
        instance.set_costs(&[f64::NAN; 6]),
        Err(KernelError::NotFinite { .. })
    ));
    assert!(matches!(
        instance.set_bounds(6, 0.0, 1.0),
        Err(KernelError::OutOfRange {
            index: 6,
            count: 6,
            ..
        })
    ));
    assert!(matches!(
        instance.set_integrality(&[true]),
        Err(KernelError::Length { .. })
    ));
    assert!(instance.set_offset(f64::INFINITY).is_err());
}

#[test]
fn the_version_is_that_of_highs() {
    assert!(version().starts_with("1."), "{}", version());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_knapsack_has_the_optimum_of_all_its_subsets(
        items in prop::collection::vec((1u32..40, 1u32..40), 1..9),
        room in 10u32..120,
    ) {
        let mut lp = Lp::new();
        let row = lp.add_row(f64::NEG_INFINITY, f64::from(room));
        for &(weight, worth) in &items {
            lp.add_column(-f64::from(worth), 0.0, 1.0, true, &[(row, f64::from(weight))]);
        }
        let best = (0u32..1 << items.len())
            .filter_map(|subset| {
                let taken = items.iter().enumerate().filter(|(i, _)| subset >> i & 1 == 1);
                let (weight, worth) = taken
                    .fold((0, 0), |(w, v), (_, item)| (w + item.0, v + item.1));
                (weight <= room).then_some(worth)
            })
            .max()
            .unwrap_or(0);
        let solution = solve(&lp);
        prop_assert_eq!(solution.status, Status::Optimal);
        prop_assert!(close(solution.objective, -f64::from(best)));
    }
}
