use proptest::prelude::*;

use super::*;
use crate::highs::{Control, Instance, Options, relaxation};
use crate::instances::{dantzig, knapsack};

fn solve(lp: &Lp) -> Solution {
    Instance::from_lp(lp)
        .and_then(|mut i| i.solve(&Options::default(), None, Control::default()))
        .expect("a valid model is solved")
}

fn kinds(lp: &Lp, solution: &Solution) -> Vec<BreachKind> {
    let certificate = certify(lp, solution, None).expect("lengths agree");
    match verify(&certificate, &Tolerances::default()) {
        Ok(()) => Vec::new(),
        Err(breaches) => breaches.iter().map(|b| b.kind).collect(),
    }
}

#[test]
fn an_optimal_linear_program_is_certified_with_a_proved_bound() {
    let lp = dantzig();
    let certificate = certify(&lp, &solve(&lp), None).unwrap();
    assert_eq!(verify(&certificate, &Tolerances::default()), Ok(()));
    assert_eq!(certificate.lower_bound.kind, BoundKind::Ours);
    assert!((certificate.lower_bound.value - 153.675).abs() < 1e-6);
    assert!(certificate.gap < 1e-9);
}

#[test]
fn a_perturbed_value_turns_the_certificate_red_and_names_the_row() {
    let lp = dantzig();
    let mut solution = solve(&lp);
    // Chicago, row 3, is served by Seattle, column 1.
    solution.values[1] -= 0.01;
    let certificate = certify(&lp, &solution, None).unwrap();
    let breaches = verify(&certificate, &Tolerances::default()).unwrap_err();
    assert_eq!(
        (breaches[0].kind, breaches[0].index),
        (BreachKind::Row, Some(3))
    );
    assert_eq!(
        breaches[0].to_string().split(':').next(),
        Some("limits of row 3")
    );
}

#[test]
fn each_claim_that_is_broken_is_found() {
    let lp = dantzig();
    let good = solve(&lp);
    assert_eq!(kinds(&lp, &good), []);

    let mut negative = good.clone();
    negative.values[2] = -1.0;
    assert!(kinds(&lp, &negative).contains(&BreachKind::ColumnBound));

    let mut not_a_number = good.clone();
    not_a_number.values[0] = f64::NAN;
    assert!(kinds(&lp, &not_a_number).contains(&BreachKind::Row));
    assert!(kinds(&lp, &not_a_number).contains(&BreachKind::Objective));

    let mut boast = good.clone();
    boast.objective -= 1.0;
    assert_eq!(kinds(&lp, &boast), [BreachKind::Objective]);

    let mut price = good.clone();
    price.row_duals[2] += 0.1;
    assert!(kinds(&lp, &price).contains(&BreachKind::ReducedCost));

    let mut sign = good.clone();
    sign.row_duals[2] = -0.1;
    assert!(kinds(&lp, &sign).contains(&BreachKind::RowDual));

    let mut no_prices = good.clone();
    no_prices.row_duals.fill(0.0);
    assert_eq!(kinds(&lp, &no_prices), [BreachKind::Gap]);

    let mut dear = good.clone();
    dear.values = vec![25.0, 300.0, 0.0, 300.0, 0.0, 275.0];
    dear.objective = lp.objective(&dear.values).unwrap();
    assert_eq!(kinds(&lp, &dear), []);
    dear.values = vec![325.0, 0.0, 0.0, 0.0, 300.0, 275.0];
    dear.objective = lp.objective(&dear.values).unwrap();
    assert_eq!(
        kinds(&lp, &dear),
        [BreachKind::Gap],
        "feasible, not optimal"
    );
}

#[test]
fn half_an_item_is_not_whole() {
    let lp = knapsack(12, 2);
    let mut solution = solve(&lp);
    assert_eq!(kinds(&lp, &solution), []);
    let taken = solution.values.iter().position(|v| *v > 0.5).unwrap();
    solution.values[taken] = 0.5;
    solution.objective = lp.objective(&solution.values).unwrap();
    assert_eq!(kinds(&lp, &solution), [BreachKind::Integrality]);
}

#[test]
fn a_mixed_integer_answer_gets_our_bound_from_the_duals_of_its_relaxation() {
    let lp = knapsack(25, 4);
    let solution = solve(&lp);
    let relaxed = relaxation(&lp, &Options::default(), Control::default()).unwrap();
    let certificate = certify(&lp, &solution, Some(&relaxed.row_duals)).unwrap();
    assert_eq!(verify(&certificate, &Tolerances::default()), Ok(()));
    assert_eq!(certificate.lower_bound.kind, BoundKind::Ours);
    assert_eq!(certificate.reported_bound.kind, BoundKind::ReportedBySolver);
    assert!(certificate.lower_bound.value <= solution.objective);
    assert!((certificate.lower_bound.value - relaxed.objective).abs() < 1e-6);

    // An objective below that bound cannot be true, whatever the solver says.
    let mut boast = solution;
    boast.values.fill(1.0);
    boast.objective = lp.objective(&boast.values).unwrap();
    let certificate = certify(&lp, &boast, Some(&relaxed.row_duals)).unwrap();
    let breaches = verify(&certificate, &Tolerances::default()).unwrap_err();
    assert!(breaches.iter().any(|b| b.kind == BreachKind::BelowBound));
}

#[test]
fn an_answer_of_the_wrong_length_is_refused() {
    let lp = dantzig();
    let mut solution = solve(&lp);
    solution.values.pop();
    assert!(matches!(
        certify(&lp, &solution, None),
        Err(KernelError::Length { .. })
    ));
}

#[test]
fn an_unbounded_column_is_bounded_by_its_rows_when_its_reduced_cost_is_wrong_by_rounding() {
    // min x with x - y = 0, 0 ≤ y, x + y ≤ 6, x, y ≥ 1: the rows bound both columns.
    let mut lp = Lp::new();
    let balance = lp.add_row(0.0, 0.0);
    let limit = lp.add_row(2.0, 6.0);
    lp.add_column(
        1.0,
        0.0,
        f64::INFINITY,
        false,
        &[(balance, 1.0), (limit, 1.0)],
    );
    lp.add_column(
        0.0,
        0.0,
        f64::INFINITY,
        false,
        &[(balance, -1.0), (limit, 1.0)],
    );
    let exact = lower_bound(&lp, &[0.5, 0.5]).unwrap();
    assert_eq!((exact.value, exact.kind), (1.0, BoundKind::Ours));
    let rounded = lower_bound(&lp, &[0.5 + 1e-12, 0.5 + 1e-12]).unwrap();
    assert_eq!(rounded.kind, BoundKind::Ours);
    assert!(
        rounded.value <= 1.0 && rounded.value > 1.0 - 1e-9,
        "{rounded:?}"
    );
}

#[test]
fn a_bound_that_forgives_says_so() {
    // A column without upper bound and a reduced cost of -1e-12: nothing is proved.
    let mut lp = Lp::new();
    let row = lp.add_row(1.0, f64::INFINITY);
    lp.add_column(1.0, f64::NEG_INFINITY, f64::INFINITY, false, &[(row, 1.0)]);
    let bound = lower_bound(&lp, &[1.0 + 1e-12]).unwrap();
    assert_eq!(bound.kind, BoundKind::OursWithinTolerance);
    assert!((bound.value - 1.0).abs() < 1e-9);
    let nothing = lower_bound(&lp, &[1.5]).unwrap();
    assert_eq!(nothing.value, f64::NEG_INFINITY);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the duals, the bound is below every feasible point.
    #[test]
    fn no_duals_make_a_false_bound(
        coefficients in prop::collection::vec(-5i32..6, 12),
        cost in prop::collection::vec(-9i32..10, 4),
        point in prop::collection::vec(0i32..8, 4),
        slack in prop::collection::vec(0i32..4, 3),
        duals in prop::collection::vec(-3.0..3.0f64, 3),
        integer in any::<bool>(),
    ) {
        let mut lp = Lp::new();
        for row in 0..3 {
            let activity: i32 = (0..4).map(|j| coefficients[4 * row + j] * point[j]).sum();
            let lower = if row == 0 { f64::NEG_INFINITY } else { f64::from(activity - slack[row]) };
            lp.add_row(lower, f64::from(activity + slack[row]));
        }
        for j in 0..4 {
            let entries: Vec<(usize, f64)> = (0..3)
                .map(|row| (row, f64::from(coefficients[4 * row + j])))
                .collect();
            let upper = if j == 3 { f64::INFINITY } else { 8.5 };
            lp.add_column(f64::from(cost[j]), 0.0, upper, integer, &entries);
        }
        let point: Vec<f64> = point.into_iter().map(f64::from).collect();
        let bound = lower_bound(&lp, &duals).unwrap();
        if bound.kind == BoundKind::Ours {
            prop_assert!(bound.value <= lp.objective(&point).unwrap());
        }
        // With the solver's duals the bound is nearly its optimum.
        let relaxed = relaxation(&lp, &Options::default(), Control::default()).unwrap();
        if relaxed.status == Status::Optimal {
            let best = lower_bound(&lp.relaxed(), &relaxed.row_duals).unwrap();
            let scale = relaxed.objective.abs().max(1.0);
            prop_assert!((best.value - relaxed.objective).abs() <= 1e-6 * scale, "{:?}", best);
        }
    }
}
