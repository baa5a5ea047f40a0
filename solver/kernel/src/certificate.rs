//! Recomputes from raw arrays what an answer claims: feasibility, integrality, duality, objective.
//!
//! Nothing here asks the solver. What only the solver says (its own dual bound) is carried along and
//! labelled so.

mod breach;
mod lagrangian;
mod rounding;

pub use breach::{Breach, BreachKind, Tolerances, verify};
pub use lagrangian::lower_bound;

use crate::KernelError;
use crate::error::expect_length;
use crate::lp::{Bound, BoundKind, Lp, Solution, Status, relative_gap};

/// The greatest violation of one kind, and where.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Worst {
    /// Row or column; 0 when there is no violation.
    pub index: usize,
    /// Violation in the unit of that row or column; 0 when there is none, +∞ for a value that is
    /// not a number.
    pub amount: f64,
    /// The same divided by `max(1, |limit|)`: what is compared with a tolerance.
    pub relative: f64,
}

impl Worst {
    fn take(&mut self, index: usize, amount: f64, scale: f64) {
        let amount = if amount.is_nan() {
            f64::INFINITY
        } else {
            amount
        };
        let relative = amount / scale.abs().max(1.0);
        if relative > self.relative {
            *self = Self {
                index,
                amount,
                relative,
            };
        }
    }
}

/// What was recomputed about one answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Certificate {
    /// Columns outside their bounds.
    pub max_bound_violation: Worst,
    /// Rows outside their limits.
    pub max_row_violation: Worst,
    /// Integer columns away from a whole number.
    pub max_integrality_violation: Worst,
    /// Linear programs with duals: reduced costs, recomputed as `c - Aᵀy`, whose sign asks for an
    /// infinite bound.
    pub dual_violation: Worst,
    /// Linear programs with duals: row duals whose sign asks for an infinite limit.
    pub row_dual_violation: Worst,
    /// Objective, recomputed.
    pub objective: f64,
    /// Objective the solution states.
    pub stated_objective: f64,
    /// Our own bound, from the duals of the linear program or of the relaxation; -∞ without duals.
    pub lower_bound: Bound,
    /// The solver's bound, not recomputed.
    pub reported_bound: Bound,
    /// [`relative_gap`] of `objective` and `lower_bound`. For a mixed-integer model it holds the
    /// integrality gap too, and need not close.
    pub gap: f64,
    /// Whether the gap must close: an optimal linear program.
    pub gap_must_close: bool,
}

/// Recomputes what `solution` claims about `lp`.
///
/// `relaxation_duals` are the `m` row duals of the relaxation of a mixed-integer model (see
/// [`relaxation`](crate::highs::relaxation)); without them it has no bound of ours. A linear program
/// brings its own.
///
/// # Errors
/// [`KernelError::Length`] when the solution has no point or arrays of other lengths; a fault of
/// [`Lp::validate`].
pub fn certify(
    lp: &Lp,
    solution: &Solution,
    relaxation_duals: Option<&[f64]>,
) -> Result<Certificate, KernelError> {
    lp.validate()?;
    let values = &solution.values;
    expect_length("solution", lp.columns(), values.len())?;
    let mixed_integer = lp.is_mixed_integer();
    let own_duals = (!mixed_integer && solution.row_duals.len() == lp.rows())
        .then_some(solution.row_duals.as_slice());
    let optimal = solution.status == Status::Optimal;
    let mut certificate = Certificate {
        max_bound_violation: bound_violation(lp, values),
        max_row_violation: row_violation(lp, values)?,
        max_integrality_violation: integrality_violation(lp, values),
        dual_violation: Worst::default(),
        row_dual_violation: Worst::default(),
        objective: lp.objective(values)?,
        stated_objective: solution.objective,
        lower_bound: Bound {
            value: f64::NEG_INFINITY,
            kind: BoundKind::Ours,
        },
        reported_bound: solution.bound,
        gap: f64::INFINITY,
        gap_must_close: optimal && !mixed_integer,
    };
    if let Some(duals) = own_duals.or(relaxation_duals) {
        certificate.lower_bound = lower_bound(lp, duals)?;
        if certificate.gap_must_close {
            certificate.dual_violation = dual_violation(lp, duals);
            certificate.row_dual_violation = row_dual_violation(lp, duals);
        }
    }
    certificate.gap = relative_gap(certificate.objective, certificate.lower_bound.value);
    Ok(certificate)
}

fn bound_violation(lp: &Lp, values: &[f64]) -> Worst {
    outside(values, &lp.lower, &lp.upper)
}

fn row_violation(lp: &Lp, values: &[f64]) -> Result<Worst, KernelError> {
    let activity = lp.row_activity(values)?;
    Ok(outside(&activity, &lp.row_lower, &lp.row_upper))
}

/// Largest excursion of `values` from `lower..upper`.
fn outside(values: &[f64], lower: &[f64], upper: &[f64]) -> Worst {
    let mut worst = Worst::default();
    for (i, &value) in values.iter().enumerate() {
        if value.is_nan() {
            worst.take(i, f64::NAN, 1.0);
        }
        if value < lower[i] {
            worst.take(i, lower[i] - value, lower[i]);
        }
        if value > upper[i] {
            worst.take(i, value - upper[i], upper[i]);
        }
    }
    worst
}

fn integrality_violation(lp: &Lp, values: &[f64]) -> Worst {
    let mut worst = Worst::default();
    for (j, &value) in values.iter().enumerate().filter(|(j, _)| lp.integer[*j]) {
        // Not relative: 1000000.4 is no more a whole number than 0.4.
        worst.take(j, (value - value.round()).abs(), 1.0);
    }
    worst
}

fn dual_violation(lp: &Lp, duals: &[f64]) -> Worst {
    let mut worst = Worst::default();
    for j in 0..lp.columns() {
        let priced: f64 = lp.column(j).map(|(i, a)| a * duals[i]).sum();
        let reduced = lp.cost[j] - priced;
        if reduced.is_nan() || (reduced < 0.0 && lp.upper[j] == f64::INFINITY) {
            worst.take(j, -reduced, lp.cost[j]);
        }
        if reduced > 0.0 && lp.lower[j] == f64::NEG_INFINITY {
            worst.take(j, reduced, lp.cost[j]);
        }
    }
    worst
}

fn row_dual_violation(lp: &Lp, duals: &[f64]) -> Worst {
    let mut worst = Worst::default();
    for (i, &dual) in duals.iter().enumerate() {
        if dual.is_nan() || (dual > 0.0 && lp.row_lower[i] == f64::NEG_INFINITY) {
            worst.take(i, dual, 1.0);
        }
        if dual < 0.0 && lp.row_upper[i] == f64::INFINITY {
            worst.take(i, -dual, 1.0);
        }
    }
    worst
}

#[cfg(test)]
mod tests;
