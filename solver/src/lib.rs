//! From declared flows to a checked, explained exchange plan.
//!
//! [`solve`] is pure: no files, no async, no clock. The same snapshot, knowledge and settings give
//! the same answer for any number of threads and any order of declaration.

pub mod answer;
pub mod control;
mod error;
mod exchange;

pub use answer::Answer;
pub use control::{Control, Progress, Stage};
pub use error::SolveError;
pub use exchange::conflict::{Conflict, ConflictingLimit};
