use super::*;

/// min x0 + 2·x1 with x0 + x1 ≥ 1.
fn two_columns() -> Lp {
    let mut lp = Lp::new();
    let row = lp.add_row(1.0, f64::INFINITY);
    lp.add_column(1.0, 0.0, 1.0, false, &[(row, 1.0)]);
    lp.add_column(2.0, 0.0, f64::INFINITY, false, &[(row, 1.0)]);
    lp
}

#[test]
fn activity_and_objective_follow_the_arrays() {
    let mut lp = two_columns();
    lp.offset = 10.0;
    assert_eq!(lp.row_activity(&[0.5, 2.0]), Ok(vec![2.5]));
    assert_eq!(lp.objective(&[0.5, 2.0]), Ok(14.5));
    assert!(matches!(
        lp.objective(&[1.0]),
        Err(KernelError::Length { .. })
    ));
}

#[test]
fn a_sound_model_is_valid_and_each_fault_is_named() {
    assert_eq!(two_columns().validate(), Ok(()));
    assert_eq!(Lp::new().validate(), Ok(()));

    let mut nan = two_columns();
    nan.cost[1] = f64::NAN;
    assert!(matches!(
        nan.validate(),
        Err(KernelError::NotFinite {
            what: "cost",
            index: 1,
            ..
        })
    ));

    let mut tiny = two_columns();
    tiny.value[0] = 1e-12;
    assert!(matches!(
        tiny.validate(),
        Err(KernelError::Coefficient {
            row: 0,
            column: 0,
            ..
        })
    ));

    let mut outside = two_columns();
    outside.index[1] = 7;
    assert!(matches!(
        outside.validate(),
        Err(KernelError::OutOfRange { index: 7, .. })
    ));

    let mut twice = two_columns();
    twice.add_column(0.0, 0.0, 1.0, false, &[(0, 1.0), (0, 2.0)]);
    assert!(matches!(
        twice.validate(),
        Err(KernelError::Matrix { column: 2, .. })
    ));

    let mut starts = two_columns();
    starts.start[1] = 9;
    assert!(matches!(starts.validate(), Err(KernelError::Matrix { .. })));

    let mut bound = two_columns();
    bound.lower[0] = f64::INFINITY;
    assert!(matches!(
        bound.validate(),
        Err(KernelError::NotFinite { what: "column", .. })
    ));
}

#[test]
fn the_gap_is_relative_and_never_negative() {
    assert_eq!(relative_gap(200.0, 100.0), 0.5);
    assert_eq!(relative_gap(0.5, 0.25), 0.25);
    assert_eq!(relative_gap(100.0, 101.0), 0.0);
    assert_eq!(relative_gap(100.0, f64::NEG_INFINITY), f64::INFINITY);
}
