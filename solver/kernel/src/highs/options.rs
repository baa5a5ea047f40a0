//! What a solve may be told. Whatever is not here is fixed, or left at HiGHS's documented default.

use std::ffi::CStr;
use std::time::Duration;

use highs_sys::HighsInt;

use super::ffi::Handle;
use crate::KernelError;
use crate::tolerances;

/// Whether HiGHS simplifies the model before solving it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presolve {
    /// As HiGHS thinks fit.
    Choose,
    /// Always.
    On,
    /// Never.
    Off,
}

/// Settings of one solve. The default is reproducible: no clock, one thread, a fixed seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Simplification before the solve.
    pub presolve: Presolve,
    /// Seed of HiGHS's tie-breaking, at least 0.
    pub random_seed: i32,
    /// The search may stop at this gap relative to the incumbent, at least 0.
    pub mip_rel_gap: f64,
    /// The search may stop at this gap in units of cost, at least 0.
    pub mip_abs_gap: f64,
    /// How far from whole an integer column may be.
    pub mip_feasibility_tolerance: f64,
    /// How far a bound or a row may be missed.
    pub primal_feasibility_tolerance: f64,
    /// How far a reduced cost may have the wrong sign.
    pub dual_feasibility_tolerance: f64,
    /// Mixed-integer models: most branch-and-bound nodes.
    pub node_limit: Option<u32>,
    /// Most simplex iterations; for a mixed-integer model, those of all nodes together, tested
    /// between two linear programs. It bounds the work at the root, which a node limit does not.
    pub simplex_iteration_limit: Option<u32>,
    /// Most time. Refused in reproducible mode.
    pub time_limit: Option<Duration>,
    /// Whether the clock is kept out of the answer.
    pub reproducible: bool,
    /// Start from the basis of this instance's last solve (a linear program with other costs or
    /// bounds). The optimum is as good; among equal optima it may be another one.
    pub warm: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            presolve: Presolve::Choose,
            random_seed: 0,
            mip_rel_gap: tolerances::MIP_RELATIVE_GAP,
            mip_abs_gap: tolerances::MIP_ABSOLUTE_GAP,
            mip_feasibility_tolerance: tolerances::INTEGRALITY,
            primal_feasibility_tolerance: tolerances::PRIMAL_FEASIBILITY,
            dual_feasibility_tolerance: tolerances::DUAL_FEASIBILITY,
            node_limit: None,
            simplex_iteration_limit: None,
            time_limit: None,
            reproducible: true,
            warm: false,
        }
    }
}

impl Options {
    /// The clock rule and the ranges, before HiGHS is touched.
    pub(super) fn validate(&self) -> Result<(), KernelError> {
        if let (Some(limit), true) = (self.time_limit, self.reproducible) {
            return Err(KernelError::Clock {
                seconds: limit.as_secs_f64(),
            });
        }
        let amounts = [
            ("random_seed", f64::from(self.random_seed), 0.0),
            ("mip_rel_gap", self.mip_rel_gap, 0.0),
            ("mip_abs_gap", self.mip_abs_gap, 0.0),
            (
                "mip_feasibility_tolerance",
                self.mip_feasibility_tolerance,
                1e-10,
            ),
            (
                "primal_feasibility_tolerance",
                self.primal_feasibility_tolerance,
                1e-10,
            ),
            (
                "dual_feasibility_tolerance",
                self.dual_feasibility_tolerance,
                1e-10,
            ),
        ];
        for (name, value, least) in amounts {
            if !value.is_finite() || value < least {
                return Err(KernelError::Option { name, value });
            }
        }
        Ok(())
    }

    /// Sets every option that may change the answer or touch a file, whatever was set before.
    pub(super) fn apply(&self, handle: &mut Handle) -> Result<(), KernelError> {
        for (name, value) in QUIET {
            handle.set_bool(name, *value)?;
        }
        for (name, value) in STRINGS {
            handle.set_string(name, value)?;
        }
        let presolve = match self.presolve {
            Presolve::Choose => c"choose",
            Presolve::On => c"on",
            Presolve::Off => c"off",
        };
        handle.set_string(c"presolve", presolve)?;
        handle.set_int(c"threads", 1)?;
        handle.set_int(c"random_seed", self.random_seed)?;
        handle.set_int(c"mip_max_nodes", limit(self.node_limit))?;
        handle.set_int(
            c"simplex_iteration_limit",
            limit(self.simplex_iteration_limit),
        )?;
        handle.set_double(c"mip_rel_gap", self.mip_rel_gap)?;
        handle.set_double(c"mip_abs_gap", self.mip_abs_gap)?;
        handle.set_double(c"mip_feasibility_tolerance", self.mip_feasibility_tolerance)?;
        handle.set_double(
            c"primal_feasibility_tolerance",
            self.primal_feasibility_tolerance,
        )?;
        handle.set_double(
            c"dual_feasibility_tolerance",
            self.dual_feasibility_tolerance,
        )?;
        let seconds = self
            .time_limit
            .map_or(f64::INFINITY, |limit| limit.as_secs_f64());
        handle.set_double(c"time_limit", seconds)
    }
}

/// HiGHS counts in 32 bits and takes their largest value for "no limit".
fn limit(limit: Option<u32>) -> HighsInt {
    limit.map_or(HighsInt::MAX, |l| {
        HighsInt::try_from(l).unwrap_or(HighsInt::MAX)
    })
}

/// No output, no files, and an answer "unbounded or infeasible" only where HiGHS cannot tell.
const QUIET: &[(&CStr, bool)] = &[
    (c"output_flag", false),
    (c"log_to_console", false),
    (c"write_model_to_file", false),
    (c"write_presolved_model_to_file", false),
    (c"write_solution_to_file", false),
    (c"mip_improving_solution_save", false),
    (c"allow_unbounded_or_infeasible", false),
    (c"solve_relaxation", false),
    (c"use_warm_start", true),
];

/// One thread and the simplex method: vertices, duals and the same path each time.
const STRINGS: &[(&CStr, &CStr)] = &[
    (c"parallel", c"off"),
    (c"solver", c"simplex"),
    (c"ranging", c"off"),
    (c"log_file", c""),
    (c"solution_file", c""),
    (c"write_model_file", c""),
    (c"write_presolved_model_file", c""),
    (c"read_solution_file", c""),
    (c"read_basis_file", c""),
    (c"write_basis_file", c""),
    (c"mip_improving_solution_file", c""),
];
