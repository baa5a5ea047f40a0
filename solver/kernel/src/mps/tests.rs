use std::io::Write as _;

use proptest::prelude::*;

use super::*;
use crate::highs::{Control, Instance, Options};
use crate::instances::{dantzig, knapsack};
use crate::lp::{Solution, Status};

/// What HiGHS makes of a text.
fn read_back(text: &str) -> Instance {
    let mut file = tempfile::Builder::new()
        .suffix(".mps")
        .tempfile()
        .expect("a temporary file");
    file.write_all(text.as_bytes()).expect("room for the model");
    Instance::read_file(file.path().to_str().expect("a plain path")).expect("a readable model")
}

fn solve(mut instance: Instance) -> Solution {
    instance
        .solve(&Options::default(), None, Control::default())
        .expect("a valid model is solved")
}

/// Every kind of row and bound the format knows.
fn every_kind() -> Lp {
    let mut lp = Lp::new();
    lp.offset = -12.25;
    let equal = lp.add_row(4.0, 4.0);
    let least = lp.add_row(1.5, f64::INFINITY);
    let most = lp.add_row(f64::NEG_INFINITY, 20.0);
    let range = lp.add_row(-3.0, 9.0);
    lp.add_column(1.0, 0.0, f64::INFINITY, false, &[(equal, 1.0), (most, 2.0)]);
    lp.add_column(
        -1.0,
        f64::NEG_INFINITY,
        f64::INFINITY,
        false,
        &[(equal, 1.0), (range, 1.0)],
    );
    lp.add_column(-0.5, f64::NEG_INFINITY, -1.0, false, &[(least, -1.0)]);
    lp.add_column(2.0, 2.5, 2.5, false, &[(most, 1.0)]);
    lp.add_column(-0.1, 0.0, 1.0, true, &[(most, 1e-3)]);
    lp.add_column(-0.2, 0.0, f64::INFINITY, true, &[(most, 3.0)]);
    lp.add_column(0.0, -4.0, 7.0, true, &[(range, 1.0 / 3.0)]);
    lp.add_column(0.0, 1.0, f64::INFINITY, false, &[]);
    lp.add_column(0.3, -5.0, 6.0, false, &[]);
    lp
}

#[test]
fn every_kind_of_row_and_bound_reads_back_as_it_was() {
    let lp = every_kind();
    let back = read_back(&write(&lp, None).unwrap()).lp().unwrap();
    assert_eq!(back, lp);
}

#[test]
fn optimum_and_offset_read_back() {
    for lp in [dantzig(), knapsack(15, 3), every_kind()] {
        let lp = Lp {
            offset: 1000.5,
            ..lp
        };
        let direct = solve(Instance::from_lp(&lp).unwrap());
        let back = solve(read_back(&write(&lp, None).unwrap()));
        assert_eq!(direct.status, Status::Optimal);
        assert_eq!(back.status, Status::Optimal);
        assert!((back.objective - direct.objective).abs() < 1e-6);
    }
}

#[test]
fn names_are_written_and_bad_ones_refused() {
    let lp = dantzig();
    let columns: Vec<String> = (0..6).map(|j| format!("flow[{j}]")).collect();
    let mut rows: Vec<String> = (0..5).map(|i| format!("row_é{i}")).collect();
    let names = Names {
        model: "dantzig",
        columns: &columns,
        rows: &rows,
    };
    let text = write(&lp, Some(&names)).unwrap();
    assert!(text.starts_with("NAME dantzig FREE\n"));
    assert!(text.contains(" L row_é0\n"));
    assert_eq!(read_back(&text).lp(), Ok(lp.clone()));

    for (bad, reason) in [
        ("", "empty"),
        ("two words", "white space"),
        ("row_é0", "taken"),
        ("COST", "taken"),
        ("$x", "comment"),
    ] {
        rows[4] = bad.to_owned();
        let names = Names {
            model: "dantzig",
            columns: &columns,
            rows: &rows,
        };
        let refused = write(&lp, Some(&names)).unwrap_err().to_string();
        assert!(refused.contains(reason), "{refused}");
    }
    let short = Names {
        model: "dantzig",
        columns: &columns[1..],
        rows: &rows,
    };
    assert!(matches!(
        write(&lp, Some(&short)),
        Err(KernelError::Length { .. })
    ));
}

#[test]
fn what_the_format_cannot_hold_is_refused() {
    let mut lp = dantzig();
    lp.cost[3] = f64::NAN;
    assert!(matches!(
        write(&lp, None),
        Err(KernelError::NotFinite { index: 3, .. })
    ));
    let mut lp = dantzig();
    lp.row_lower[2] = 400.0;
    lp.row_upper[2] = 300.0;
    assert_eq!(write(&lp, None), Err(KernelError::Crossed { row: 2 }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn numbers_read_back_to_the_same_double(
        cost in -1e12..1e12f64,
        coefficient in 1e-8..1e8f64,
        limit in -1e9..1e9f64,
    ) {
        let mut lp = Lp::new();
        let row = lp.add_row(f64::NEG_INFINITY, limit);
        lp.add_column(cost, 0.0, f64::INFINITY, false, &[(row, coefficient)]);
        prop_assert_eq!(read_back(&write(&lp, None).unwrap()).lp(), Ok(lp));
    }
}
