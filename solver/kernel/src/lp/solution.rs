//! How a solve ended, and what it found.

/// How a solve ended: a value, not an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// A best point, within the gap asked for.
    Optimal,
    /// A limit or an interrupt came first; there is a feasible point, and a bound with it.
    Feasible,
    /// No point satisfies the rows and bounds.
    Infeasible,
    /// The objective has no lower limit.
    Unbounded,
    /// A limit or an interrupt came before any feasible point.
    Limit,
}

impl Status {
    /// Whether there is a point to read.
    pub fn has_point(self) -> bool {
        matches!(self, Self::Optimal | Self::Feasible)
    }
}

/// Who vouches for a lower bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BoundKind {
    /// Recomputed here from raw arrays with directed rounding: true whatever the solver did.
    Ours,
    /// Recomputed here, but true only if the dual violation within tolerance is forgiven.
    OursWithinTolerance,
    /// Said by the solver, not recomputed.
    ReportedBySolver,
}

/// A lower bound on the objective, and who vouches for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// The bound, in units of cost; -∞ when nothing is known, +∞ when infeasible.
    pub value: f64,
    /// Who vouches for it.
    pub kind: BoundKind,
}

/// What a solve found. `n` columns, `m` rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// How it ended.
    pub status: Status,
    /// Cost of the point, offset included; +∞ when there is none.
    pub objective: f64,
    /// `n` values, or none.
    pub values: Vec<f64>,
    /// Linear programs: `m` shadow prices (change of the optimum per unit of the row's limit), or
    /// none.
    pub row_duals: Vec<f64>,
    /// Linear programs: `n` reduced costs, or none.
    pub reduced_costs: Vec<f64>,
    /// Best lower bound the solver reports.
    pub bound: Bound,
    /// [`relative_gap`] of `objective` and `bound`.
    pub gap: f64,
    /// Branch-and-bound nodes explored.
    pub nodes: u64,
    /// Simplex iterations, those of every node included.
    pub simplex_iterations: u64,
}

/// `(objective - bound) / max(1, |objective|)`, at least 0; +∞ when either is infinite.
///
/// HiGHS divides by `|objective|` alone, which is why its stopping rule and this number differ for
/// objectives below 1.
pub fn relative_gap(objective: f64, bound: f64) -> f64 {
    let gap = (objective - bound).max(0.0) / objective.abs().max(1.0);
    if objective.is_finite() && bound.is_finite() {
        gap
    } else {
        f64::INFINITY
    }
}
