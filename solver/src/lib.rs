//! From declared flows to a checked, explained exchange plan.
//!
//! [`solve`] is pure: no files, no async, no clock. The same snapshot, knowledge and settings give
//! the same answer for any number of threads and any order of declaration.

pub mod answer;
mod candidates;
mod check;
pub mod control;
mod distance;
mod error;
mod exchange;
mod explain;
mod legal;
pub mod network;
mod reading;
mod recognise;
mod settings;
mod solve;

pub use answer::Answer;
pub use check::{Breach, check};
pub use control::{Control, Progress, Stage};
pub use error::{Contradiction, SolveError};
pub use exchange::conflict::{Conflict, ConflictingLimit};
pub use explain::pair::{PairExplanation, explain_pair};
pub use solve::{solve, version};
