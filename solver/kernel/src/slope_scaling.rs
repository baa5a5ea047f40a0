//! A good first answer to a fixed-charge problem: slope scaling, then dropping links.
//!
//! Slope scaling (Kim and Pardalos, "A solution approach to the fixed charge network flow problem
//! using a dynamic slope scaling procedure", Operations Research Letters 24, 1999) replaces a link's
//! charge by a cost per unit, the charge divided by the last flow, and solves the linear program
//! again until the flows repeat. Each set of links found in use is an answer; the best is then
//! improved by closing one link at a time.
//!
//! The path holds no clock and no chance: the same arrays give the same answer.

mod links;
mod search;

use std::sync::atomic::AtomicBool;

use crate::KernelError;
use crate::highs::Options;
use crate::lp::Lp;
use links::Links;
use search::Search;

/// A link that costs `charge` as soon as anything flows through it.
///
/// The model must say the same in its rows: the flow is at most `upper` times the binary column and,
/// with a minimum lot, at least `minimum_lot` times it.
#[derive(Debug, Clone, PartialEq)]
pub struct Charge {
    /// Columns whose sum is the flow of the link; non-negative, one unit for all.
    pub flow_cols: Vec<usize>,
    /// Column that is 1 when the link is open: integer, within 0 and 1.
    pub binary_col: usize,
    /// Capacity of the link, in the unit of the flow; positive, may be infinite.
    pub upper: f64,
    /// Cost of opening, at least 0; what the model's cost of `binary_col` says.
    pub charge: f64,
    /// Smallest flow of an open link; 0 for none.
    pub minimum_lot: f64,
}

/// How long to search.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Most linear programs with scaled slopes.
    pub rounds: usize,
    /// Most links tried for closing.
    pub trials: usize,
    /// Options of the linear programs; they are solved warm whatever is said here.
    pub options: Options,
}

impl Default for Settings {
    /// Forty rounds, as flows seldom move after thirty, and two hundred trials.
    fn default() -> Self {
        Self {
            rounds: 40,
            trials: 200,
            options: Options::default(),
        }
    }
}

/// A feasible answer, to be given to a mixed-integer solve as its start.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// `n` values: feasible, binaries whole.
    pub values: Vec<f64>,
    /// Cost of the point under the model's own costs.
    pub objective: f64,
    /// One mark per charge: the link is open.
    pub open: Vec<bool>,
    /// Optimum of the linear relaxation in which each charge is spread over the capacity: what the
    /// solver says, not a certificate. -∞ when that linear program was not solved to its end.
    pub relaxation: f64,
    /// Linear programs solved with scaled slopes.
    pub rounds: usize,
    /// Links tried for closing.
    pub trials: usize,
}

/// Searches for a feasible answer to `lp`, whose integer columns are the binaries of `charges`.
///
/// `None` when there is none, when it was not found (links whose minimum lots need each other), or
/// when interrupted before the first.
///
/// # Errors
/// [`KernelError::Charge`] for a charge that does not fit the model; [`KernelError::Unsupported`]
/// when an integer column belongs to no charge; a fault of [`Lp::validate`] or of the options.
pub fn search(
    lp: &Lp,
    charges: &[Charge],
    settings: &Settings,
    interrupt: Option<&AtomicBool>,
) -> Result<Option<Start>, KernelError> {
    lp.validate()?;
    let links = Links::new(lp, charges)?;
    Search::new(lp, &links, settings, interrupt)?.run()
}

#[cfg(test)]
mod tests;
