//! By-product: the five conditions of article L541-4-2, all of them, and never for what comes out of
//! a waste treatment.

use boucle_domain::knowledge::Flag;

use super::{Case, Finding};
use crate::answer::LegalVerdict;

const CONDITIONS: [&str; 5] = [
    "legal.by_product.certain",
    "legal.by_product.direct",
    "legal.by_product.integral",
    "legal.by_product.lawful",
    "legal.by_product.harmless",
];

pub(super) fn finding(case: &Case<'_, '_>, flag: &Flag) -> Finding {
    if from_waste_treatment(case) {
        return Finding::new(LegalVerdict::Excluded);
    }
    let questions: Vec<_> = CONDITIONS
        .iter()
        .zip(1..)
        .filter_map(|(key, number)| case.question(flag, number, key))
        .collect();
    let answers = || questions.iter().map(|question| question.answer);
    let verdict = if answers().any(|answer| answer == Some(false)) {
        LegalVerdict::Excluded
    } else if !questions.is_empty() && answers().all(|answer| answer == Some(true)) {
        LegalVerdict::Plausible
    } else {
        LegalVerdict::Unknown
    };
    Finding {
        questions,
        ..Finding::new(verdict)
    }
}

/// Chapter 19 of the list is what waste and water treatment gives off; so is what a site of
/// divisions 37 to 39 (sewerage, waste, remediation) produces.
fn from_waste_treatment(case: &Case<'_, '_>) -> bool {
    let by_code = case
        .output
        .waste_code
        .as_ref()
        .is_some_and(|code| code.digits().starts_with("19"));
    let by_trade = case.giver.activity.as_ref().is_some_and(|activity| {
        ["E37", "E38", "E39"]
            .iter()
            .any(|division| activity.as_str().starts_with(division))
    });
    by_code || by_trade
}
