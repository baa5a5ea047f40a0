//! Codes of findings.

use serde::{Deserialize, Serialize};

/// Code of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Code {
    /// Unit not recognised.
    E1101,
}
