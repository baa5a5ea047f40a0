//! A lower bound that any row duals give, whatever made them (Neumaier and Shcherbina, "Safe bounds
//! in linear and mixed-integer linear programming", Mathematical Programming 99, 2004).
//!
//! For any `y`: `c·x = y·(A·x) + (c - Aᵀy)·x`, and each term is at least its minimum over the row's
//! limits and the column's bounds. Good duals give a good bound; bad ones a poor bound, never a
//! false one.

use super::rounding::{add_down, add_up, div_down, div_up, mul_down, mul_up};
use crate::KernelError;
use crate::error::expect_length;
use crate::lp::{Bound, BoundKind, Lp};
use crate::tolerances::CERTIFIED_DUAL;

/// Passes over the rows that derive bounds for unbounded columns: flow models need one (a balance
/// row bounds what leaves a node), chains of two conversions need two.
const PASSES: usize = 3;

/// Lower bound on the objective of `lp` from `m` row duals, computed from the arrays alone.
///
/// [`BoundKind::Ours`] when directed rounding proves it; where a reduced cost that is wrong by
/// rounding meets an infinite bound nothing is proved, and the bound forgives reduced costs within
/// [`CERTIFIED_DUAL`] instead ([`BoundKind::OursWithinTolerance`]); -∞ when even that fails.
/// Integer columns count with the whole numbers inside their bounds.
///
/// # Errors
/// [`KernelError::Length`] when `row_duals` has not `m` values; a fault of [`Lp::validate`].
pub fn lower_bound(lp: &Lp, row_duals: &[f64]) -> Result<Bound, KernelError> {
    lp.validate()?;
    expect_length("row duals", lp.rows(), row_duals.len())?;
    let (lower, upper) = implied_bounds(lp);
    if lower.iter().zip(&upper).any(|(l, u)| l > u) {
        return Ok(Bound {
            value: f64::INFINITY,
            kind: BoundKind::Ours,
        });
    }
    let duals = usable_duals(lp, row_duals);
    let mut rows = lp.offset;
    for (i, &y) in duals.iter().enumerate() {
        let limit = if y > 0.0 {
            lp.row_lower[i]
        } else {
            lp.row_upper[i]
        };
        rows = add_down(rows, mul_down(y, limit));
    }
    let (mut proved, mut forgiving) = (rows, rows);
    for j in 0..lp.columns() {
        let (least, most) = reduced_cost(lp, j, &duals);
        let term = least_product(least, most, lower[j], upper[j]);
        proved = add_down(proved, term);
        let small = CERTIFIED_DUAL * lp.cost[j].abs().max(1.0);
        let wrong = term == f64::NEG_INFINITY && least >= -small && most <= small;
        forgiving = add_down(forgiving, if wrong { 0.0 } else { term });
    }
    Ok(if proved > f64::NEG_INFINITY {
        Bound {
            value: proved,
            kind: BoundKind::Ours,
        }
    } else {
        Bound {
            value: forgiving,
            kind: BoundKind::OursWithinTolerance,
        }
    })
}

/// The duals with those put to zero that would multiply an infinite limit.
pub(super) fn usable_duals(lp: &Lp, row_duals: &[f64]) -> Vec<f64> {
    let usable = |(i, &y): (usize, &f64)| {
        let limit = if y > 0.0 {
            lp.row_lower[i]
        } else {
            lp.row_upper[i]
        };
        if y.is_finite() && limit.is_finite() {
            y
        } else {
            0.0
        }
    };
    row_duals.iter().enumerate().map(usable).collect()
}

/// `c[j] - Σ a·y` between two numbers that enclose it.
fn reduced_cost(lp: &Lp, j: usize, duals: &[f64]) -> (f64, f64) {
    let mut enclosed = (lp.cost[j], lp.cost[j]);
    for (i, a) in lp.column(j) {
        enclosed.0 = add_down(enclosed.0, mul_down(-a, duals[i]));
        enclosed.1 = add_up(enclosed.1, mul_up(-a, duals[i]));
    }
    enclosed
}

/// Least `d·x` for `least ≤ d ≤ most` and `lower ≤ x ≤ upper`.
fn least_product(least: f64, most: f64, lower: f64, upper: f64) -> f64 {
    [(least, lower), (least, upper), (most, lower), (most, upper)]
        .into_iter()
        .map(|(d, x)| mul_down(d, x))
        .fold(f64::INFINITY, f64::min)
}

/// Column bounds, whole for integer columns, with infinite ones replaced by what the rows imply.
fn implied_bounds(lp: &Lp) -> (Vec<f64>, Vec<f64>) {
    let whole = |j: usize, bound: f64, rounded: f64| if lp.integer[j] { rounded } else { bound };
    let columns = 0..lp.columns();
    let mut lower: Vec<f64> = columns
        .clone()
        .map(|j| whole(j, lp.lower[j], lp.lower[j].ceil()))
        .collect();
    let mut upper: Vec<f64> = columns
        .clone()
        .map(|j| whole(j, lp.upper[j], lp.upper[j].floor()))
        .collect();
    for _ in 0..PASSES {
        let open = |j: usize| lower[j].is_infinite() || upper[j].is_infinite();
        let unbounded: Vec<usize> = columns.clone().filter(|&j| open(j)).collect();
        if unbounded.is_empty() {
            break;
        }
        let activity = Activity::of(lp, &lower, &upper);
        for j in unbounded {
            for (i, a) in lp.column(j).filter(|(_, a)| *a != 0.0) {
                let (l, u) = activity.implied(lp, i, a, lower[j], upper[j]);
                if lower[j].is_infinite() && l.is_finite() {
                    lower[j] = l;
                }
                if upper[j].is_infinite() && u.is_finite() {
                    upper[j] = u;
                }
            }
        }
    }
    (lower, upper)
}

/// Least and greatest activity of each row over the column bounds: the finite part, and how many
/// columns contribute an infinity.
struct Activity {
    least: Vec<(f64, usize)>,
    most: Vec<(f64, usize)>,
}

impl Activity {
    fn of(lp: &Lp, lower: &[f64], upper: &[f64]) -> Self {
        let mut activity = Self {
            least: vec![(0.0, 0); lp.rows()],
            most: vec![(0.0, 0); lp.rows()],
        };
        for j in 0..lp.columns() {
            for (i, a) in lp.column(j).filter(|(_, a)| *a != 0.0) {
                let (low, high) = ends(a, lower[j], upper[j]);
                let least = &mut activity.least[i];
                match mul_down(a, low) {
                    f64::NEG_INFINITY => least.1 += 1,
                    term => least.0 = add_down(least.0, term),
                }
                let most = &mut activity.most[i];
                match mul_up(a, high) {
                    f64::INFINITY => most.1 += 1,
                    term => most.0 = add_up(most.0, term),
                }
            }
        }
        activity
    }

    /// Bounds that row `i` implies for a column with coefficient `a` and these bounds so far.
    fn implied(&self, lp: &Lp, i: usize, a: f64, lower: f64, upper: f64) -> (f64, f64) {
        let (low, high) = ends(a, lower, upper);
        // Activity of the other columns, enclosed; infinite when one of them is.
        let others_least = match (mul_down(a, low), self.least[i]) {
            (f64::NEG_INFINITY, (rest, 1)) => rest,
            (term, (sum, 0)) => add_down(sum, -term),
            _ => f64::NEG_INFINITY,
        };
        let others_most = match (mul_up(a, high), self.most[i]) {
            (f64::INFINITY, (rest, 1)) => rest,
            (term, (sum, 0)) => add_up(sum, -term),
            _ => f64::INFINITY,
        };
        let room_up = add_up(lp.row_upper[i], -others_least);
        let room_down = add_down(lp.row_lower[i], -others_most);
        if a > 0.0 {
            (div_down(room_down, a), div_up(room_up, a))
        } else {
            (div_down(room_up, a), div_up(room_down, a))
        }
    }
}

/// The bound that makes `a·x` least, then the one that makes it greatest.
fn ends(a: f64, lower: f64, upper: f64) -> (f64, f64) {
    if a > 0.0 {
        (lower, upper)
    } else {
        (upper, lower)
    }
}
