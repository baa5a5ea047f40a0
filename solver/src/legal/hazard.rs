//! Hazardous waste, mirror entries, pollutants that are destroyed above a limit, and tracking.

use boucle_domain::answer::QuestionId;
use boucle_domain::flow::Flow;
use boucle_domain::knowledge::{CodeOn, EntryType, Flag};

use super::{Case, Finding};
use crate::answer::LegalVerdict;
use crate::explain::texts::say;

/// The flag of hazardous waste.
pub(crate) const HAZARDOUS: &str = "HAZ";

pub(super) fn finding(case: &Case<'_, '_>, flag: &Flag) -> Finding {
    match flag.id.as_str() {
        HAZARDOUS => acceptor(case),
        "MIRROR" => mirror(case),
        "BSD" => Finding::new(LegalVerdict::Needs),
        _ => measured(case, flag),
    }
}

/// Whether the output says, by its own word or by its code, if it is hazardous.
pub(super) fn said(output: &Flow) -> bool {
    output.hazardous.is_some() || output.waste_code.is_some()
}

/// Whether the code of the output is one of two that name each other.
pub(super) fn is_mirror(case: &Case<'_, '_>) -> bool {
    let Some(code) = &case.output.waste_code else {
        return false;
    };
    let day = case.context.snapshot.valid_on();
    let entry = match case.context.knowledge.waste_code_on(code.digits(), day) {
        Some(
            CodeOn::InForce(entry)
            | CodeOn::Disputed { entry, .. }
            | CodeOn::Removed { entry, .. }
            | CodeOn::NotYet { entry, .. },
        ) => entry,
        None => return false,
    };
    entry.entry_type == EntryType::Mirror
}

/// Nobody but an acceptor whose agreement covers the code.
fn acceptor(case: &Case<'_, '_>) -> Finding {
    match case.agreement {
        Some(agreement) => Finding::answered(agreement.reference.clone()),
        None if case.output.is_hazardous() => Finding::new(LegalVerdict::Blocked),
        None if said(case.output) => Finding::new(LegalVerdict::Plausible),
        None => Finding {
            questions: vec![characterised(case)],
            ..Finding::new(LegalVerdict::Unknown)
        },
    }
}

/// A mirror entry asks for a characterisation, unless the firm says whether the waste is hazardous.
fn mirror(case: &Case<'_, '_>) -> Finding {
    let declared = case.output.hazardous.is_some() || case.output.is_hazardous();
    Finding {
        questions: vec![characterised(case)],
        ..Finding::new(match declared {
            true => LegalVerdict::Plausible,
            false => LegalVerdict::Needs,
        })
    }
}

fn characterised(case: &Case<'_, '_>) -> crate::answer::LegalQuestion {
    let flow = ("flow", crate::explain::names::own_words(case.output));
    case.asked(
        QuestionId::Hazardous(case.output.key.clone()),
        say("question.hazard", &[flow]),
    )
}

/// Pollutants: an agreement lifts the block, and so does a measurement below the limits, but never
/// for a hazardous waste or one that does not say.
fn measured(case: &Case<'_, '_>, flag: &Flag) -> Finding {
    if let Some(agreement) = case.agreement {
        return Finding::answered(agreement.reference.clone());
    }
    let mut finding = Finding::new(LegalVerdict::Blocked);
    if flag.id.as_str() == "ASBESTOS" {
        return finding;
    }
    finding
        .questions
        .extend(case.question(flag, 1, "legal.measured"));
    let below = finding
        .questions
        .iter()
        .any(|question| question.answer == Some(true));
    if below && said(case.output) && !case.output.is_hazardous() {
        finding.verdict = LegalVerdict::Plausible;
        finding.answered_by = finding
            .questions
            .iter()
            .find_map(|question| question.ground.clone());
    }
    finding
}
