//! What is wrong with the user's data: all findings at once, each with what to write instead.

use serde::{Deserialize, Serialize};

use crate::text::Text;

pub mod codes;

pub use codes::Code;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; the import goes on.
    Info,
    /// Probably not what was meant; the import goes on.
    Warning,
    /// The whole request is refused.
    Error,
}

/// Where in the user's file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Sheet, or file name for text.
    pub sheet: String,
    /// Row as the spreadsheet counts, from 1; 0 when the finding is about the whole sheet.
    pub row: u32,
    /// Column letters (`D`), empty when the finding is about the whole row.
    pub column: String,
    /// Field of the template (`quantity`), empty when none.
    pub field: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Its code, with a page of its own (`boucle explain E1101`).
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What was read.
    pub value: String,
    /// Why it is wrong.
    pub cause: Text,
    /// What to write instead.
    pub fix: Text,
}

/// Whether any finding refuses the request.
pub fn refuses(findings: &[Diagnostic]) -> bool {
    findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
}
