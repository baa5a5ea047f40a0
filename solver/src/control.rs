//! What the caller injects into a run: cancellation, progress, and a place for model files.

use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

/// Steps of a run, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Recognising what each flow is.
    Recognise,
    /// Looking for arcs.
    Candidates,
    /// Building and solving the firm plan, component by component.
    FirmPlan,
    /// Building and solving the prospective plan.
    ProspectivePlan,
    /// Certifying and checking.
    Check,
    /// Explaining and ranking.
    Explain,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Stage; 6] = [
        Stage::Recognise,
        Stage::Candidates,
        Stage::FirmPlan,
        Stage::ProspectivePlan,
        Stage::Check,
        Stage::Explain,
    ];
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Present step.
    pub stage: Stage,
    /// Units of work done in it.
    pub done: u64,
    /// Units of work in it, 0 when unknown.
    pub total: u64,
}

/// A model as it was handed to the solver.
pub struct ModelText<'a> {
    /// Plan and component: `firm-0001`.
    pub name: &'a str,
    /// Free-format MPS.
    pub mps: &'a str,
    /// Objective of the answer, before rounding.
    pub objective: f64,
}

/// How the caller watches and stops a run. Called from several threads.
pub struct Control<'a> {
    /// Set by the caller to stop the run; polled between steps and by the solver's callback.
    pub cancel: &'a AtomicBool,
    /// Told where the run stands.
    pub progress: &'a (dyn Fn(Progress) + Sync),
    /// Given each model, when the caller wants them written down.
    pub models: Option<&'a (dyn Fn(ModelText<'_>) + Sync)>,
}

impl Control<'_> {
    /// Whether the caller asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    /// Reports where the run stands.
    pub fn report(&self, stage: Stage, done: usize, total: usize) {
        (self.progress)(Progress {
            stage,
            done: done as u64,
            total: total as u64,
        });
    }
}
