//! Shipment of waste over a border: notified before the first load when hazardous, else with the
//! document of annex VII.

use boucle_domain::id::IdScheme;
use boucle_domain::knowledge::Flag;
use boucle_domain::organisation::Site;

use super::{Case, Finding};
use crate::answer::LegalVerdict;

pub(super) fn finding(case: &Case<'_, '_>, flag: &Flag) -> Finding {
    match crosses(case) {
        Some(false) => Finding::new(LegalVerdict::Plausible),
        Some(true) => {
            let key = if case.output.is_hazardous() {
                "legal.border.notified"
            } else {
                "legal.border.annex"
            };
            let mut finding = Finding::new(LegalVerdict::Needs);
            finding.questions.extend(case.question(flag, 1, key));
            if finding
                .questions
                .iter()
                .any(|question| question.answer == Some(true))
            {
                finding.verdict = LegalVerdict::Plausible;
            }
            finding
        }
        None => Finding {
            questions: case
                .question(flag, 2, "legal.border.crosses")
                .into_iter()
                .collect(),
            ..Finding::new(LegalVerdict::Unknown)
        },
    }
}

/// Whether giver and taker stand in different countries; `None` where one of them does not tell.
pub(super) fn crosses(case: &Case<'_, '_>) -> Option<bool> {
    Some(country(case.giver)? != country(case.acceptor)?)
}

/// The country of a site, by its commune or by the register that names it.
fn country(site: &Site) -> Option<&'static str> {
    if site.commune.is_some() {
        return Some("FR");
    }
    match site.external.as_ref()?.scheme {
        IdScheme::Siren | IdScheme::Siret => Some("FR"),
        IdScheme::Cvr => Some("DK"),
        IdScheme::Eprtr | IdScheme::Local => None,
    }
}
