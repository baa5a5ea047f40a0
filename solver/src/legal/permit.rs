//! Classified installations: whether the receiving site holds the heading.

use boucle_domain::knowledge::Flag;

use super::{Case, Finding};
use crate::answer::LegalVerdict;

pub(super) fn finding(case: &Case<'_, '_>, flag: &Flag) -> Finding {
    let heading = flag.id.as_str().strip_prefix("ICPE:").unwrap_or_default();
    if let Some(held) = held(case, heading) {
        return Finding::answered(held);
    }
    let mut finding = Finding::new(LegalVerdict::Unknown);
    finding
        .questions
        .extend(case.question(flag, 1, "legal.permit"));
    if let Some(answer) = finding
        .questions
        .iter()
        .find_map(|question| question.answer)
    {
        finding.verdict = if answer {
            LegalVerdict::Plausible
        } else {
            LegalVerdict::Needs
        };
        finding.answered_by = finding
            .questions
            .iter()
            .find_map(|question| question.ground.clone());
    } else if !case.acceptor.icpe_rubrics.is_empty() {
        // The site tells its headings, and this one is not among them.
        finding.verdict = LegalVerdict::Needs;
    }
    finding
}

/// A heading the receiving site declares, without its letters after the dash.
pub(super) fn held(case: &Case<'_, '_>, heading: &str) -> Option<String> {
    let found = case
        .acceptor
        .icpe_rubrics
        .iter()
        .find(|rubric| rubric.split('-').next() == Some(heading));
    found.map(|rubric| format!("ICPE {rubric}"))
}
