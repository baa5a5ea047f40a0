//! Findings.

use boucle_domain::diagnostic::{Diagnostic, Severity};
use boucle_proto::v1;

use super::quantity::text;

/// A finding.
pub fn diagnostic(finding: &Diagnostic) -> v1::Diagnostic {
    let severity = match finding.severity {
        Severity::Info => v1::Severity::Info,
        Severity::Warning => v1::Severity::Warning,
        Severity::Error => v1::Severity::Error,
    };
    v1::Diagnostic {
        code: finding.code.as_str().to_owned(),
        severity: severity.into(),
        place: Some(v1::Place {
            sheet: finding.place.sheet.clone(),
            row: finding.place.row,
            column: finding.place.column.clone(),
            field: finding.place.field.clone(),
        }),
        value: finding.value.clone(),
        cause: Some(text(&finding.cause)),
        fix: Some(text(&finding.fix)),
    }
}
