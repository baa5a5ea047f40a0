//! Runs as the store holds them: input before they start, progress, answer.

use std::fmt;

use boucle_domain::id::{FlowKey, PairKey, ZoneId};
use boucle_domain::settings::Settings;
use boucle_domain::snapshot::Snapshot;
use boucle_domain::units::Amount;

use crate::Micros;

/// Times a run is started before it is given up.
pub const MAX_ATTEMPTS: u32 = 3;

/// Code of the failure of a run that was interrupted [`MAX_ATTEMPTS`] times.
pub const ATTEMPTS_EXHAUSTED: &str = "attempts_exhausted";

/// Name of a run, chosen by the caller.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(String);

impl RunId {
    /// A name from its text.
    pub fn new(text: impl Into<String>) -> RunId {
        RunId(text.into())
    }

    /// The text of the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a run is in its life: queued, running, then one of three ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RunState {
    /// Stored, waiting.
    Queued,
    /// Being solved.
    Running,
    /// Answered.
    Succeeded,
    /// Given up, with a failure.
    Failed,
    /// Stopped by its owner.
    Cancelled,
}

impl RunState {
    /// Every state.
    pub const ALL: [RunState; 5] = [
        RunState::Queued,
        RunState::Running,
        RunState::Succeeded,
        RunState::Failed,
        RunState::Cancelled,
    ];

    /// The word used in the store.
    pub fn code(self) -> &'static str {
        match self {
            RunState::Queued => "queued",
            RunState::Running => "running",
            RunState::Succeeded => "succeeded",
            RunState::Failed => "failed",
            RunState::Cancelled => "cancelled",
        }
    }

    /// The state of a word.
    pub fn from_code(code: &str) -> Option<RunState> {
        RunState::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether nothing more happens to the run.
    pub fn is_final(self) -> bool {
        !matches!(self, RunState::Queued | RunState::Running)
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A run to be stored, before it starts.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRun {
    /// Its name.
    pub id: RunId,
    /// The zones it was asked for.
    pub zones: Vec<ZoneId>,
    /// What it reads; its digest is stored beside it and checked when it is read back.
    pub snapshot: Snapshot,
    /// How it is solved.
    pub settings: Settings,
    /// Digest of the tables of knowledge.
    pub knowledge_version: String,
    /// Solvers and their versions.
    pub solver_version: String,
}

/// Outcome of the creation of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum CreatedRun {
    /// It was created now, and waits.
    New(Run),
    /// The same request created it before.
    Existing(Run),
}

impl CreatedRun {
    /// The run, new or not.
    pub fn into_run(self) -> Run {
        match self {
            CreatedRun::New(run) | CreatedRun::Existing(run) => run,
        }
    }
}

/// How far a run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunProgress {
    /// Present step.
    pub stage: String,
    /// Units of work done in it.
    pub done: u64,
    /// Units of work in it, 0 when unknown.
    pub total: u64,
}

/// Why a run failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// For programs.
    pub code: String,
    /// For people.
    pub detail: String,
}

/// A run without its input and answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its name.
    pub id: RunId,
    /// The zones it was asked for.
    pub zones: Vec<ZoneId>,
    /// Where it is.
    pub state: RunState,
    /// Times it was started.
    pub attempts: u32,
    /// Whether its owner wants it stopped.
    pub cancel_requested: bool,
    /// Last progress told, of the present attempt.
    pub progress: Option<RunProgress>,
    /// Why it failed, when it did.
    pub failure: Option<Failure>,
    /// Digest of its snapshot.
    pub input_digest: String,
    /// Digest of the tables of knowledge.
    pub knowledge_version: String,
    /// Solvers and their versions.
    pub solver_version: String,
    /// When it was stored.
    pub created_at: Micros,
    /// When its last attempt started.
    pub started_at: Option<Micros>,
    /// When it ended.
    pub finished_at: Option<Micros>,
    /// When anything of it last changed.
    pub updated_at: Micros,
}

impl Run {
    /// Its place in the list of runs.
    pub fn position(&self) -> RunPosition {
        RunPosition {
            created_at: self.created_at,
            id: self.id.clone(),
        }
    }
}

/// A place in the list of runs, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunPosition {
    /// When the run was stored.
    pub created_at: Micros,
    /// Its name.
    pub id: RunId,
}

/// What a run reads.
#[derive(Clone, Debug, PartialEq)]
pub struct RunInput {
    /// Declarations.
    pub snapshot: Snapshot,
    /// How they are solved.
    pub settings: Settings,
}

/// The answer of a run, as a whole and in rows to be read page by page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunAnswer {
    /// The whole answer, in the caller's own form.
    pub bytes: Vec<u8>,
    /// Proposals; ranks are unique.
    pub proposals: Vec<ProposalRow>,
    /// Rejections; one row per flow.
    pub rejections: Vec<FlowRejectionRow>,
}

/// A proposal, with what it is looked up by.
#[derive(Clone, Debug, PartialEq)]
pub struct ProposalRow {
    /// Rank in the run, from 1.
    pub rank: u32,
    /// Who gives what to whom, by which rule.
    pub pair: PairKey,
    /// Plan it belongs to, in the caller's word.
    pub plan: String,
    /// Score; finite.
    pub score: f64,
    /// Sent per year, in the unit of the output.
    pub sent: Amount,
    /// The proposal, in the caller's own form.
    pub json: String,
}

/// Why a flow, or part of it, was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowRejectionRow {
    /// The flow.
    pub flow: FlowKey,
    /// The reasons, in the caller's own form.
    pub json: String,
}
