//! Animal by-products: category 1 is destroyed, category 2 is no feed, kitchen waste never goes to
//! farm animals, and categories 1 and 2 go to nobody but an approved plant.

use boucle_domain::flow::Identity;
use boucle_domain::knowledge::Flag;
use boucle_domain::property::PropertyValue;

use super::{Case, Finding, permit};
use crate::answer::LegalVerdict;

/// The property in which a firm states the category: `C1`, `C2`, `C3`.
const CATEGORY: &str = "abp_category";

/// Whether the pair would make feed of what may never be feed: no agreement and no answer allows it.
pub(super) fn forbids(case: &Case<'_, '_>, flag: &Flag) -> bool {
    let concerned = matches!(flag.id.as_str(), "ABP1" | "ABP2" | "ABP3" | "FEED");
    concerned && feeds(case) && !may_feed(case)
}

pub(super) fn finding(case: &Case<'_, '_>, flag: &Flag) -> Finding {
    if forbids(case, flag) {
        return Finding::new(LegalVerdict::Blocked);
    }
    match flag.id.as_str() {
        "ABP1" | "ABP2" => match (case.agreement, permit::held(case, "2730")) {
            (Some(agreement), _) => Finding::answered(agreement.reference.clone()),
            (None, Some(heading)) => Finding::answered(heading),
            (None, None) => Finding::new(LegalVerdict::Blocked),
        },
        _ => super::asked::finding(case, flag),
    }
}

/// Whether the need is feed for farm animals.
fn feeds(case: &Case<'_, '_>) -> bool {
    let need = case.rule.need.as_str();
    let feed = need == "mat.bio.feed" || need.starts_with("mat.bio.feed.");
    feed || case.rule.flags.iter().any(|flag| flag.as_str() == "FEED")
}

/// Whether the output may become feed: neither category 1 nor 2, nor kitchen waste.
fn may_feed(case: &Case<'_, '_>) -> bool {
    let category = case
        .output
        .properties
        .iter()
        .find(|(name, _)| name.as_str() == CATEGORY)
        .and_then(|(_, property)| match &property.value {
            PropertyValue::Class(class) => Some(class.to_uppercase()),
            PropertyValue::Number(_) => None,
        });
    let lower = category.is_some_and(|class| class.contains('1') || class.contains('2'));
    let kitchen_code = case
        .output
        .waste_code
        .as_ref()
        .is_some_and(|code| code.digits() == "200108");
    let lower_donor = match &case.output.identity {
        Identity::Donor(key) => {
            [
                "DON:abp_category_2",
                "DON:fallen_stock",
                "DON:cat1_meat_and_bone_meal",
            ]
            .contains(&key.as_str())
                || key.as_str() == "DON:food_waste"
        }
        _ => false,
    };
    !(lower || kitchen_code || lower_donor)
}
