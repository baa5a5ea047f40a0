//! Codes of a territory's own on the wire.

use boucle_domain::own_code::{OwnCode, OwnList};
use boucle_domain::validity::Validity;
use boucle_proto::v1;

use super::quantity::day;
use crate::app::error::{Result, ServiceError, Violation};
use crate::app::own_code::OwnCodesRequest;

/// Codes to keep, with what cannot be read of them.
pub fn own_codes(codes: Vec<v1::OwnCode>) -> OwnCodesRequest {
    let mut violations = Vec::new();
    let read = codes.into_iter().enumerate().map(|(at, code)| {
        let list = list(code.list());
        if list.is_none() {
            violations.push(unknown_list(format!("codes[{at}].list")));
        }
        let mut day =
            |field: &str, text: &str| day(&format!("codes[{at}].{field}"), text, &mut violations);
        let validity = Validity {
            from: day("valid_from", &code.valid_from),
            to: day("valid_to", &code.valid_to),
        };
        let stands_for = code.stands_for.iter().map(|text| text.trim().to_owned());
        OwnCode {
            // Told above; the list only says by which codes the rest is judged.
            list: list.unwrap_or(OwnList::WasteCodes),
            code: code.code.trim().to_owned(),
            label: code.label.trim().to_owned(),
            stands_for: stands_for.filter(|text| !text.is_empty()).collect(),
            validity,
            source: code.source.trim().to_owned(),
        }
    });
    OwnCodesRequest {
        codes: read.collect(),
        violations,
    }
}

/// A list a caller names.
pub fn named_list(field: &str, named: v1::CodeList) -> Result<OwnList> {
    list(named).ok_or_else(|| ServiceError::Fields(vec![unknown_list(field.to_owned())]))
}

/// A code that is kept.
pub fn own_code(own: &OwnCode) -> v1::OwnCode {
    let list = match own.list {
        OwnList::WasteCodes => v1::CodeList::WasteCodes,
        OwnList::Activities => v1::CodeList::Activities,
    };
    let text = |day: Option<jiff::civil::Date>| day.map_or(String::new(), |day| day.to_string());
    v1::OwnCode {
        list: list.into(),
        code: own.code.clone(),
        label: own.label.clone(),
        stands_for: own.stands_for.clone(),
        valid_from: text(own.validity.from),
        valid_to: text(own.validity.to),
        source: own.source.clone(),
    }
}

fn list(list: v1::CodeList) -> Option<OwnList> {
    match list {
        v1::CodeList::Unspecified => None,
        v1::CodeList::WasteCodes => Some(OwnList::WasteCodes),
        v1::CodeList::Activities => Some(OwnList::Activities),
    }
}

fn unknown_list(field: String) -> Violation {
    Violation::new(
        field,
        "liste inconnue : écrire waste_codes ou activities",
        "unknown list: write waste_codes or activities",
    )
}
