//! The one wrapper of HiGHS: everything this product asks of it passes here.
//!
//! Deliberately absent: a second thread, a clock (unless asked for outside reproducible mode), log
//! output, and any file.

mod control;
mod ffi;
mod options;

pub use control::{Control, Progress};
pub use options::{Options, Presolve};

use crate::KernelError;
use crate::lp::{
    Bound, BoundKind, Lp, Solution, Status, expect_finite, expect_range, relative_gap,
};
use control::Watch;
use ffi::Handle;

/// Version of the linked HiGHS, as `1.15.0`.
pub fn version() -> String {
    ffi::version()
}

/// Solves `lp` without its integrality: the optimum bounds the mixed-integer one from below, and the
/// row duals feed [`certify`](crate::certificate::certify).
///
/// # Errors
/// As [`Instance::from_lp`] and [`Instance::solve`].
pub fn relaxation(
    lp: &Lp,
    options: &Options,
    control: Control<'_>,
) -> Result<Solution, KernelError> {
    let mut instance = Instance::from_lp(lp)?;
    instance.relax_integrality()?;
    instance.solve(options, None, control)
}

/// A model inside HiGHS, which can be solved, changed and solved again.
///
/// Make, solve and drop it on one thread: HiGHS keeps its scheduler per thread. The compiler sees to
/// it, as an instance is neither `Send` nor `Sync`:
///
/// ```compile_fail
/// fn needs_send<T: Send>() {}
/// needs_send::<boucle_kernel::highs::Instance>();
/// ```
pub struct Instance {
    handle: Handle,
    mixed_integer: bool,
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Instance")
            .field("columns", &self.handle.columns())
            .field("rows", &self.handle.rows())
            .field("mixed_integer", &self.mixed_integer)
            .finish()
    }
}

impl Instance {
    /// Takes over a model built with the `highs` crate (or with `good_lp` and its
    /// `try_into_inner`, which leaves the constant of the objective behind: see
    /// [`set_offset`](Instance::set_offset)).
    ///
    /// # Errors
    /// [`KernelError::Unsupported`] for maximisation, semi-continuous columns or a quadratic
    /// objective; a fault of [`Lp::validate`].
    pub fn from_model(model: ::highs::Model) -> Result<Self, KernelError> {
        let handle = Handle::new(model);
        if handle.is_quadratic() {
            return Err(KernelError::Unsupported("quadratic objective"));
        }
        let lp = handle.extract()?;
        lp.validate()?;
        Ok(Self {
            handle,
            mixed_integer: lp.is_mixed_integer(),
        })
    }

    /// Copies a model into HiGHS.
    ///
    /// # Errors
    /// A fault of [`Lp::validate`]; [`KernelError::TooLarge`].
    pub fn from_lp(lp: &Lp) -> Result<Self, KernelError> {
        lp.validate()?;
        let mut handle = Handle::empty()?;
        handle.pass(lp)?;
        Ok(Self {
            handle,
            mixed_integer: lp.is_mixed_integer(),
        })
    }

    /// A model read from a file, for the tests of what this package writes.
    #[cfg(test)]
    pub(crate) fn read_file(path: &str) -> Result<Self, KernelError> {
        let mut handle = Handle::empty()?;
        handle.read_file(path)?;
        let mixed_integer = handle.extract()?.is_mixed_integer();
        Ok(Self {
            handle,
            mixed_integer,
        })
    }

    /// The model as HiGHS holds it: what a certificate should be computed from.
    ///
    /// # Errors
    /// [`KernelError::Refused`], not expected.
    pub fn lp(&self) -> Result<Lp, KernelError> {
        self.handle.extract()
    }

    /// Replaces the constant of the objective.
    ///
    /// # Errors
    /// [`KernelError::NotFinite`].
    pub fn set_offset(&mut self, offset: f64) -> Result<(), KernelError> {
        expect_finite("objective offset", &[offset])?;
        self.handle.set_offset(offset)
    }

    /// Replaces the `n` costs. A [warm](Options::warm) solve goes on from the last basis.
    ///
    /// # Errors
    /// [`KernelError::Length`], [`KernelError::NotFinite`].
    pub fn set_costs(&mut self, cost: &[f64]) -> Result<(), KernelError> {
        expect_finite("cost", cost)?;
        self.handle.set_costs(cost)
    }

    /// Replaces the bounds of one column; a lower bound above the upper makes the model infeasible.
    ///
    /// # Errors
    /// [`KernelError::OutOfRange`], [`KernelError::NotFinite`].
    pub fn set_bounds(&mut self, column: usize, lower: f64, upper: f64) -> Result<(), KernelError> {
        let count = self.handle.columns();
        if column >= count {
            return Err(KernelError::OutOfRange {
                what: "column",
                index: column,
                count,
            });
        }
        expect_range("column", &[lower], &[upper])?;
        self.handle.set_column_bounds(column, lower, upper)
    }

    /// Replaces the bounds of all `n` columns.
    ///
    /// # Errors
    /// [`KernelError::Length`], [`KernelError::NotFinite`].
    pub fn set_all_bounds(&mut self, lower: &[f64], upper: &[f64]) -> Result<(), KernelError> {
        expect_range("column", lower, upper)?;
        self.handle.set_bounds(lower, upper)
    }

    /// Makes every column continuous.
    ///
    /// # Errors
    /// [`KernelError::Refused`], not expected.
    pub fn relax_integrality(&mut self) -> Result<(), KernelError> {
        self.set_integrality(&vec![false; self.handle.columns()])
    }

    /// Replaces the `n` marks of integer columns.
    ///
    /// # Errors
    /// [`KernelError::Length`].
    pub fn set_integrality(&mut self, integer: &[bool]) -> Result<(), KernelError> {
        self.handle.set_integrality(integer)?;
        self.mixed_integer = integer.contains(&true);
        Ok(())
    }

    /// Solves the model.
    ///
    /// `start` holds `n` values of a good point of a mixed-integer model; HiGHS repairs it if it is
    /// not feasible and forgets it if it cannot. A linear program does not use it.
    ///
    /// # Errors
    /// A fault of the options or of `start`; [`KernelError::ModelStatus`] when HiGHS failed.
    pub fn solve(
        &mut self,
        options: &Options,
        start: Option<&[f64]>,
        mut control: Control<'_>,
    ) -> Result<Solution, KernelError> {
        options.validate()?;
        options.apply(&mut self.handle)?;
        if let Some(start) = start {
            expect_finite("start", start)?;
            crate::error::expect_length("start", self.handle.columns(), start.len())?;
        }
        if control.is_interrupted() {
            return Ok(without_point(Status::Limit));
        }
        if !options.warm {
            self.handle.clear_solver()?;
        }
        if let (Some(start), true) = (start, self.mixed_integer) {
            self.handle.set_start(start)?;
        }
        self.handle.zero_clocks();
        let status = self.run(options, control.reborrow())?;
        if status == highs_sys::MODEL_STATUS_UNBOUNDED_OR_INFEASIBLE {
            return self.tell_unbounded_from_infeasible(options, control);
        }
        self.read(status)
    }

    fn run(&mut self, options: &Options, control: Control<'_>) -> Result<i32, KernelError> {
        let iterations = options.simplex_iteration_limit.map(u64::from);
        let mut watch = Watch::new(control, iterations);
        self.handle.run(&mut watch)?;
        Ok(self.handle.model_status())
    }

    fn read(&self, status: i32) -> Result<Solution, KernelError> {
        use highs_sys::*;
        match status {
            MODEL_STATUS_OPTIMAL => self.point(Status::Optimal),
            MODEL_STATUS_INFEASIBLE => Ok(without_point(Status::Infeasible)),
            MODEL_STATUS_UNBOUNDED => Ok(without_point(Status::Unbounded)),
            MODEL_STATUS_MODEL_EMPTY => self.empty(),
            // "Unknown" is what HiGHS says when it could not reach its tolerances: no proof, and
            // perhaps a point, as after a limit.
            MODEL_STATUS_REACHED_TIME_LIMIT
            | MODEL_STATUS_REACHED_ITERATION_LIMIT
            | MODEL_STATUS_REACHED_SOLUTION_LIMIT
            | MODEL_STATUS_REACHED_INTERRUPT
            | MODEL_STATUS_REACHED_MEMORY_LIMIT
            | MODEL_STATUS_OBJECTIVE_BOUND
            | MODEL_STATUS_OBJECTIVE_TARGET
            | MODEL_STATUS_UNKNOWN => {
                let primal = self.handle.int_info(c"primal_solution_status")?;
                if primal == SOLUTION_STATUS_FEASIBLE {
                    self.point(Status::Feasible)
                } else {
                    let mut solution = without_point(Status::Limit);
                    solution.bound.value = self.reported_bound(f64::NEG_INFINITY)?;
                    self.count(&mut solution)?;
                    Ok(solution)
                }
            }
            fault => Err(KernelError::ModelStatus(fault)),
        }
    }

    fn point(&self, status: Status) -> Result<Solution, KernelError> {
        let point = self.handle.point()?;
        let objective = self.handle.double_info(c"objective_function_value")?;
        // At an optimum of a linear program the objective is the bound; elsewhere there is none.
        let bound = self.reported_bound(if status == Status::Optimal {
            objective
        } else {
            f64::NEG_INFINITY
        })?;
        let (row_duals, reduced_costs) = if self.mixed_integer {
            (Vec::new(), Vec::new())
        } else {
            (point.row_duals, point.reduced_costs)
        };
        let mut solution = Solution {
            status,
            objective,
            values: point.values,
            row_duals,
            reduced_costs,
            bound: Bound {
                value: bound,
                kind: BoundKind::ReportedBySolver,
            },
            gap: relative_gap(objective, bound),
            nodes: 0,
            simplex_iterations: 0,
        };
        self.count(&mut solution)?;
        Ok(solution)
    }

    fn reported_bound(&self, of_linear_program: f64) -> Result<f64, KernelError> {
        if self.mixed_integer {
            let bound = self.handle.double_info(c"mip_dual_bound")?;
            Ok(if bound.is_nan() {
                f64::NEG_INFINITY
            } else {
                bound
            })
        } else {
            Ok(of_linear_program)
        }
    }

    fn count(&self, solution: &mut Solution) -> Result<(), KernelError> {
        let nodes = self.handle.long_info(c"mip_node_count")?;
        let iterations = self.handle.int_info(c"simplex_iteration_count")?;
        solution.nodes = u64::try_from(nodes).unwrap_or(0);
        solution.simplex_iterations = u64::try_from(iterations).unwrap_or(0);
        Ok(())
    }

    /// Without columns HiGHS does not look at the rows.
    fn empty(&self) -> Result<Solution, KernelError> {
        let lp = self.lp()?;
        let admits_zero = |(lower, upper): (&f64, &f64)| *lower <= 0.0 && *upper >= 0.0;
        if !lp.row_lower.iter().zip(&lp.row_upper).all(admits_zero) {
            return Ok(without_point(Status::Infeasible));
        }
        let mut solution = without_point(Status::Optimal);
        solution.objective = lp.offset;
        solution.bound.value = lp.offset;
        solution.row_duals = vec![0.0; lp.rows()];
        solution.gap = 0.0;
        Ok(solution)
    }

    /// Solves for feasibility only: with a feasible point, what was "unbounded or infeasible" is
    /// unbounded.
    fn tell_unbounded_from_infeasible(
        &mut self,
        options: &Options,
        control: Control<'_>,
    ) -> Result<Solution, KernelError> {
        let cost = self.lp()?.cost;
        self.set_costs(&vec![0.0; cost.len()])?;
        let status = self.run(options, control);
        self.set_costs(&cost)?;
        let status = match status? {
            highs_sys::MODEL_STATUS_OPTIMAL => Status::Unbounded,
            highs_sys::MODEL_STATUS_INFEASIBLE => Status::Infeasible,
            _ => Status::Limit,
        };
        Ok(without_point(status))
    }
}

/// A solution that holds nothing but its status and what follows from it.
fn without_point(status: Status) -> Solution {
    Solution {
        status,
        objective: match status {
            Status::Unbounded => f64::NEG_INFINITY,
            _ => f64::INFINITY,
        },
        values: Vec::new(),
        row_duals: Vec::new(),
        reduced_costs: Vec::new(),
        bound: Bound {
            value: match status {
                Status::Infeasible => f64::INFINITY,
                _ => f64::NEG_INFINITY,
            },
            kind: BoundKind::ReportedBySolver,
        },
        gap: f64::INFINITY,
        nodes: 0,
        simplex_iterations: 0,
    }
}

#[cfg(test)]
mod tests;
