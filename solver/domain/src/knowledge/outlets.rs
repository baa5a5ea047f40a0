//! Waste codes for which no exchange is proposed, and why.

use std::collections::HashMap;

use super::Knowledge;
use super::donors::bare_code;
use super::fault::Fault;
use super::table::Tables;
use crate::id::{EvidenceId, WasteCode};
use crate::text::Text;

/// Why a code leads to no exchange. Shown as a reason, never as a failed match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoExchange {
    /// The reason.
    pub why: Text,
    /// Usual disposal or recovery operations (`D5`, `R4`), most usual first.
    pub usual_treatment: Vec<String>,
    /// Sources.
    pub evidence: Vec<EvidenceId>,
}

/// The reasons by code.
pub(super) struct Outlets {
    reasons: HashMap<WasteCode, NoExchange>,
}

impl Outlets {
    pub(super) fn read(tables: &Tables, _faults: &mut Vec<Fault>) -> Outlets {
        let reasons = tables
            .records("outlets.csv")
            .map(|record| {
                let reason = NoExchange {
                    why: Text::new(record.text("why_fr"), record.text("why_en")),
                    usual_treatment: record.items("usual_treatment").map(str::to_owned).collect(),
                    evidence: record.items("evidence").map(EvidenceId::new).collect(),
                };
                (bare_code(record.text("low_code")), reason)
            })
            .collect();
        Outlets { reasons }
    }
}

impl Knowledge {
    /// Why a waste code leads to no exchange; `None` if some rule lists it.
    pub fn outlet_reason(&self, code: &WasteCode) -> Option<&NoExchange> {
        self.outlets.reasons.get(code)
    }
}
