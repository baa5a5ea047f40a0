//! What a use case answers when it cannot do what was asked.

use boucle_domain::text::Text;
use boucle_domain::validate::Finding;
use boucle_solver::SolveError;
use boucle_store::{Entity, RunState, StoreError};

use crate::auth::policy::{Refusal, Role};

/// Result of a use case.
pub type Result<T> = std::result::Result<T, ServiceError>;

/// A field of a request that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field in the request: `flow.quantity`.
    pub field: String,
    /// Code of the finding, empty when it has none.
    pub code: String,
    /// What is wrong and what to write instead.
    pub text: Text,
}

impl Violation {
    /// A violation without a code of its own.
    pub fn new(
        field: impl Into<String>,
        fr: impl Into<String>,
        en: impl Into<String>,
    ) -> Violation {
        Violation {
            field: field.into(),
            code: String::new(),
            text: Text::new(fr, en),
        }
    }

    /// The violation a finding amounts to, at the path of its field.
    pub fn of_finding(field: String, finding: &Finding) -> Violation {
        Violation {
            field,
            code: finding.code.as_str().to_owned(),
            text: Text::new(
                format!("{} ; {}", finding.cause.fr, finding.fix.fr),
                format!("{}; {}", finding.cause.en, finding.fix.en),
            ),
        }
    }
}

/// Failure of a use case.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Fields that cannot be read, all of them.
    #[error("{} fields cannot be read", .0.len())]
    Fields(Vec<Violation>),
    /// What a declaration cannot be read for: each finding with the draft it came from.
    #[error("{} findings refuse the declaration", .0.len())]
    Findings(Vec<(usize, Finding)>),
    /// A page token of another list or another filter.
    #[error("page token does not belong to this list and filter")]
    PageToken,
    /// No token, or an unknown one.
    #[error("token missing or unknown")]
    Token,
    /// The role may not do this.
    #[error("role {} may not do this", .0.code())]
    Role(Role),
    /// Nothing of this name that the caller may know of.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// There is one already.
    #[error("{0} already exists")]
    AlreadyExists(&'static str),
    /// A request identifier came back with another body.
    #[error("request id was used before with another body")]
    RequestReused,
    /// Someone else wrote in between.
    #[error("changed in between: read it again")]
    Stale,
    /// Something still hangs on it.
    #[error("{what} still holds a {by}")]
    InUse {
        /// What was to be removed.
        what: &'static str,
        /// What hangs on it.
        by: &'static str,
    },
    /// The run has no answer.
    #[error("run is {}", .0.code())]
    NotAnswered(RunState),
    /// The run was made with other tables.
    #[error("run was made with other tables of knowledge")]
    KnowledgeChanged,
    /// The user's limits contradict each other.
    #[error("{0}")]
    Contradiction(String),
    /// The file is too large.
    #[error("file is larger than {limit} bytes")]
    TooLarge {
        /// Greatest size, bytes.
        limit: usize,
    },
    /// Too many runs wait.
    #[error("{limit} runs are waiting already")]
    TooManyRuns {
        /// Greatest number.
        limit: usize,
    },
    /// The server is stopping or busy.
    #[error("not available now: try again")]
    Unavailable,
    /// The caller went away.
    #[error("cancelled")]
    Cancelled,
    /// Our fault.
    #[error("internal: {0}")]
    Internal(String),
}

impl ServiceError {
    /// A single field that cannot be read.
    pub fn field(
        field: impl Into<String>,
        fr: impl Into<String>,
        en: impl Into<String>,
    ) -> ServiceError {
        ServiceError::Fields(vec![Violation::new(field, fr, en)])
    }

    /// Our fault, from an error that holds no declared value.
    pub fn internal(error: impl std::fmt::Display) -> ServiceError {
        ServiceError::Internal(error.to_string())
    }
}

impl From<Refusal> for ServiceError {
    fn from(refusal: Refusal) -> ServiceError {
        match refusal {
            Refusal::Elsewhere => ServiceError::NotFound(Entity::Territory.word()),
            Refusal::Role(role) => ServiceError::Role(role),
        }
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> ServiceError {
        match error {
            StoreError::NotFound { what, .. } => ServiceError::NotFound(what.word()),
            StoreError::AlreadyExists { what, .. } => ServiceError::AlreadyExists(what.word()),
            StoreError::Conflict { .. } => ServiceError::Stale,
            StoreError::RequestReused { .. } => ServiceError::RequestReused,
            StoreError::InUse { what, by } => ServiceError::InUse {
                what: what.word(),
                by: by.word(),
            },
            StoreError::OutsideZone { what, .. } => ServiceError::field(
                "zone",
                format!(
                    "un {} du fichier est déclaré dans une autre zone",
                    french(what)
                ),
                format!("a {} of the file is declared in another zone", what.word()),
            ),
            StoreError::Invalid { what, why } => ServiceError::field(
                what.word(),
                format!("{} : {why}", french(what)),
                format!("{}: {why}", what.word()),
            ),
            StoreError::Busy => ServiceError::Unavailable,
            other => ServiceError::internal(other),
        }
    }
}

impl From<SolveError> for ServiceError {
    fn from(error: SolveError) -> ServiceError {
        match error {
            SolveError::Cancelled => ServiceError::Cancelled,
            SolveError::Contradiction(_) => ServiceError::Contradiction(error.to_string()),
            SolveError::Setting { field, reason } => {
                ServiceError::field(format!("settings.{field}"), reason.clone(), reason)
            }
            SolveError::UnknownFlow(_) => ServiceError::NotFound(Entity::Flow.word()),
            other => ServiceError::Internal(fault(&other).to_owned()),
        }
    }
}

/// A fault of the solver without the names and figures its message may hold: it goes to the log.
fn fault(error: &SolveError) -> &'static str {
    match error {
        SolveError::NoAnswer { .. } => "a component ended without an answer",
        SolveError::Certificate { .. } => "a certificate fails",
        SolveError::Check(_) => "the plan fails its check",
        SolveError::Model(_) => "a model was not accepted",
        SolveError::Kernel(_) => "the numerical core refused a call",
        _ => "the solver failed",
    }
}

/// The French word of a kind of thing.
fn french(what: Entity) -> &'static str {
    match what {
        Entity::Territory => "territoire",
        Entity::Zone => "zone",
        Entity::Firm => "entreprise",
        Entity::Site => "établissement",
        Entity::Flow => "flux",
        Entity::Run => "calcul",
        Entity::RunInput => "données du calcul",
        Entity::Answer => "réponse",
        Entity::Proposal => "proposition",
        Entity::Rejection => "rejet",
        Entity::GivenAnswer => "réponse donnée",
        Entity::Synonym => "synonyme",
        Entity::OwnCode => "code du territoire",
        Entity::Database => "base",
    }
}
