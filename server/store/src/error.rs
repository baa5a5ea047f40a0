//! What can go wrong between the caller and the disk.

use std::fmt;
use std::path::PathBuf;

use crate::run::RunState;

/// Result of a call to the store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Kind of thing a call was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    /// A territory.
    Territory,
    /// A zone.
    Zone,
    /// A firm.
    Firm,
    /// A site.
    Site,
    /// A flow.
    Flow,
    /// A run.
    Run,
    /// The snapshot and settings of a run.
    RunInput,
    /// The answer of a run.
    Answer,
    /// A proposal of a run.
    Proposal,
    /// The rejections of a flow in a run.
    Rejection,
    /// An answer given to a question.
    GivenAnswer,
    /// A word of a territory.
    Synonym,
    /// A code of a territory's own.
    OwnCode,
    /// The database file as a whole.
    Database,
}

impl Entity {
    /// The English word.
    pub fn word(self) -> &'static str {
        match self {
            Entity::Territory => "territory",
            Entity::Zone => "zone",
            Entity::Firm => "firm",
            Entity::Site => "site",
            Entity::Flow => "flow",
            Entity::Run => "run",
            Entity::RunInput => "run input",
            Entity::Answer => "answer",
            Entity::Proposal => "proposal",
            Entity::Rejection => "rejection",
            Entity::GivenAnswer => "given answer",
            Entity::Synonym => "synonym",
            Entity::OwnCode => "own code",
            Entity::Database => "database",
        }
    }
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Failure of a call to the store.
///
/// Messages name kinds and versions, never keys or values, so that they may be logged; `key` is
/// there for the answer to the caller who sent it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Nothing of this key in the territory.
    #[error("{what} not found")]
    NotFound {
        /// What was looked for.
        what: Entity,
        /// Its key.
        key: String,
    },
    /// The key is taken, or was given twice in one import.
    #[error("{what} already exists")]
    AlreadyExists {
        /// What was to be created.
        what: Entity,
        /// Its key.
        key: String,
    },
    /// Someone else wrote in between.
    #[error("version {expected} was expected, version {found} was found")]
    Conflict {
        /// Version the caller knew.
        expected: i64,
        /// Version in the store.
        found: i64,
    },
    /// A request identifier came back with another content.
    #[error("the request identifier was used before for another request")]
    RequestReused {
        /// The identifier.
        request_id: String,
    },
    /// Something still hangs on what was to be deleted.
    #[error("{what} is in use by at least one {by}")]
    InUse {
        /// What was to be deleted.
        what: Entity,
        /// What hangs on it.
        by: Entity,
    },
    /// The import names a site that stands outside its zone.
    #[error("{what} stands outside the zone of the import")]
    OutsideZone {
        /// Site or flow.
        what: Entity,
        /// Its key.
        key: String,
    },
    /// The state of a run does not allow the step.
    #[error("a run that is {from} cannot become {to}")]
    IllegalTransition {
        /// State in the store.
        from: RunState,
        /// State asked for.
        to: RunState,
    },
    /// The value cannot be stored.
    #[error("invalid {what}: {why}")]
    Invalid {
        /// What was to be stored.
        what: Entity,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Another process has the store open.
    #[error("the store {} is open in another process", path.display())]
    Locked {
        /// The database file.
        path: PathBuf,
    },
    /// The store is working for others; the call may be tried again.
    #[error("the store is busy")]
    Busy,
    /// What was read is not what was written.
    #[error("stored {what} is damaged")]
    Corrupt {
        /// What was read.
        what: Entity,
        /// Its key, or what the check of the database says.
        key: String,
    },
    /// The file is a database, but not one of Boucle.
    #[error("{} is not a store of Boucle", path.display())]
    Foreign {
        /// The database file.
        path: PathBuf,
    },
    /// The file was written by another version of Boucle.
    #[error("the store has schema {schema}, which this version does not know")]
    UnknownSchema {
        /// Number of the migration.
        schema: i64,
    },
    /// The file or its folder cannot be used.
    #[error("the store {} cannot be opened", path.display())]
    Unavailable {
        /// The database file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The database failed.
    #[error("the database failed")]
    Backend(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// `NotFound` of a thing and its key.
    pub(crate) fn not_found(what: Entity, key: impl fmt::Display) -> StoreError {
        StoreError::NotFound {
            what,
            key: key.to_string(),
        }
    }

    /// `AlreadyExists` of a thing and its key.
    pub(crate) fn already_exists(what: Entity, key: impl fmt::Display) -> StoreError {
        StoreError::AlreadyExists {
            what,
            key: key.to_string(),
        }
    }

    /// `Corrupt` of a thing and its key.
    pub(crate) fn corrupt(what: Entity, key: impl fmt::Display) -> StoreError {
        StoreError::Corrupt {
            what,
            key: key.to_string(),
        }
    }
}
