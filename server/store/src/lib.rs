//! Durable store of declarations and runs behind one trait.
//!
//! [`Store`] is what the rest of the server sees: [`TerritoryStore`] (territories and zones),
//! [`DeclarationStore`] (firms, sites, flows, imports, what a run reads), [`AnswerStore`] (answers
//! given to questions), [`SynonymStore`] (words of a territory), [`OwnCodeStore`] (its own codes) and
//! [`RunStore`] (runs and what they found). [`SqliteStore`] is its first backend.
//!
//! Three promises hold for every method:
//! * a [`Scope`] names the territory, and nothing outside that territory is read or written;
//! * a method that writes does all of it or nothing, in one transaction, and what it has answered
//!   is on the disk (synchronous FULL), except in a [temporary](SqliteStore::temporary) store;
//! * there is no clock inside: every time is given by the caller, see [`Micros`].
//!
//! No method logs, and no error message holds a declared value.

mod declaration;
mod error;
mod page;
mod run;
mod scope;
mod sqlite;
mod store;
#[cfg(test)]
mod suite;

pub use declaration::{
    Applied, Changes, FlowFilter, Removal, RequestKey, SiteFilter, SnapshotParts, Stored, Written,
};
pub use error::{Entity, Result, StoreError};
pub use page::{MAX_PAGE, Page, Rows};
pub use run::{
    ATTEMPTS_EXHAUSTED, CreatedRun, Failure, FlowRejectionRow, MAX_ATTEMPTS, NewRun, ProposalRow,
    Run, RunAnswer, RunId, RunInput, RunPosition, RunProgress, RunState,
};
pub use scope::Scope;
pub use sqlite::SqliteStore;
pub use store::{
    AnswerStore, DeclarationStore, OwnCodeStore, RunStore, Store, SynonymStore, TerritoryStore,
};

/// A moment given by the caller: microseconds since 1970-01-01T00:00:00Z.
pub type Micros = i64;
