//! What the catalogue knows.

use serde::{Deserialize, Serialize};

/// What a flag does to matching.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FlagEffect {
    /// Worth knowing.
    Info,
    /// An act to do; does not exclude.
    Warn,
    /// Excludes unless a declared authorised acceptor answers.
    BlockUnlessAccepted,
}
