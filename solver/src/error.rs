//! What can go wrong in a run that is not the user's data: contradictory limits, cancellation, and
//! faults of ours.

use boucle_domain::id::{FlowKey, PairKey};
use boucle_domain::units::Amount;
use boucle_kernel::KernelError;

use crate::exchange::conflict::Conflict;

/// A run that gives no answer.
#[derive(Debug, thiserror::Error)]
pub enum SolveError {
    /// The caller asked to stop.
    #[error("run cancelled")]
    Cancelled,
    /// Forced links and supplier shares that cannot hold together.
    #[error("settings contradict each other: {}", describe(.0))]
    Contradiction(Vec<Contradiction>),
    /// The same, before the limits are named.
    #[error("limits of the model contradict each other")]
    Conflict(Vec<Conflict>),
    /// A setting that names what does not exist, or a value out of range.
    #[error("setting {field}: {reason}")]
    Setting {
        /// Which setting, with its position: `forced[2].pair`.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A flow that is not in the snapshot.
    #[error("no flow {0} in the snapshot")]
    UnknownFlow(FlowKey),
    /// The search ended without any answer, which going on as today makes impossible.
    #[error("component {component} ended as {status} without an answer")]
    NoAnswer {
        /// Component.
        component: String,
        /// How it ended.
        status: String,
    },
    /// The solver's answer does not hold when it is recomputed.
    #[error("certificate of component {component} fails: {breaches}")]
    Certificate {
        /// Component.
        component: String,
        /// What does not hold.
        breaches: String,
    },
    /// The rounded plan does not hold when it is recomputed from declared values.
    #[error("the plan fails its check: {0}")]
    Check(String),
    /// The model could not be handed over.
    #[error("model not accepted: {0}")]
    Model(String),
    /// The numerical core refused a call.
    #[error("numerical core: {0}")]
    Kernel(#[from] KernelError),
}

/// A limit of the user's that cannot hold with the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Contradiction {
    /// Which limit, in words: a pair, a supplier share, an agreement.
    pub limit: String,
    /// The pair, when it is a forced link.
    pub pair: Option<PairKey>,
    /// Missing to meet it, in the unit of the flow.
    pub missing: Amount,
}

fn describe(contradictions: &[Contradiction]) -> String {
    let one = |c: &Contradiction| format!("{} (short of {})", c.limit, c.missing.units());
    contradictions
        .iter()
        .map(one)
        .collect::<Vec<_>>()
        .join("; ")
}
