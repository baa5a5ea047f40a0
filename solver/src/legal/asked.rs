//! Flags that one question settles: an explicit or implicit end of waste, carriage, spreading, and
//! every act to be done.

use boucle_domain::knowledge::{Flag, FlagEffect};

use super::{Case, Finding};
use crate::answer::LegalVerdict;

pub(super) fn finding(case: &Case<'_, '_>, flag: &Flag) -> Finding {
    let (key, refused) = match flag.id.as_str() {
        // A condition that is not met closes the road: the waste stays a waste.
        "SSD" => ("legal.end_of_waste", LegalVerdict::Excluded),
        "SSD-IMPL" => ("legal.end_of_waste_implicit", LegalVerdict::Excluded),
        "ADR" => ("legal.carriage", LegalVerdict::Needs),
        "EPAND" => ("legal.spreading", LegalVerdict::Needs),
        _ => ("legal.act", LegalVerdict::Needs),
    };
    let unanswered = match (flag.id.as_str(), flag.effect) {
        ("SSD" | "SSD-IMPL", _) | (_, FlagEffect::Info) => LegalVerdict::Unknown,
        (_, FlagEffect::BlockUnlessAccepted) => LegalVerdict::Blocked,
        _ => LegalVerdict::Needs,
    };
    let questions: Vec<_> = case.question(flag, 1, key).into_iter().collect();
    let answer = questions.iter().find_map(|question| question.answer);
    let verdict = match answer {
        Some(true) if flag.effect != FlagEffect::BlockUnlessAccepted => LegalVerdict::Plausible,
        Some(false) => refused,
        _ => unanswered,
    };
    Finding {
        verdict,
        answered_by: questions
            .iter()
            .find_map(|question| question.ground.clone()),
        questions,
    }
}
