//! What the waste code and the activity add to the words: they narrow, and never decide alone.

use std::collections::HashMap;

use boucle_domain::flow::Identity;
use boucle_domain::id::{ActivityCode, WasteCode};
use boucle_domain::knowledge::Knowledge;

/// Codes and activities of the donors.
pub(crate) struct Facts {
    donors: HashMap<String, DonorFacts>,
    by_digits: HashMap<String, Vec<String>>,
}

struct DonorFacts {
    codes: Vec<String>,
    nace: Vec<String>,
    hazardous: Option<bool>,
}

/// How a waste code stands to a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The key is known under the code.
    Listed,
    /// Under another code of the same chapter, or of a chapter open to all trades.
    Near,
    /// Under codes of other chapters only.
    Far,
    /// The key has no waste code.
    Without,
}

impl Facts {
    pub(crate) fn new(knowledge: &Knowledge) -> Facts {
        let mut donors = HashMap::new();
        let mut by_digits: HashMap<String, Vec<String>> = HashMap::new();
        for donor in knowledge.donors() {
            let starred = donor
                .waste_codes
                .iter()
                .filter(|code| code.is_hazardous())
                .count();
            let hazardous = match starred {
                0 => Some(false),
                all if all == donor.waste_codes.len() => Some(true),
                _ => None,
            };
            for code in &donor.waste_codes {
                by_digits
                    .entry(code.digits().to_owned())
                    .or_default()
                    .push(donor.key.to_string());
            }
            let facts = DonorFacts {
                codes: donor
                    .waste_codes
                    .iter()
                    .map(|code| code.digits().to_owned())
                    .collect(),
                nace: donor.nace.iter().map(|code| code.to_string()).collect(),
                hazardous,
            };
            donors.insert(donor.key.to_string(), facts);
        }
        Facts { donors, by_digits }
    }

    /// Donors known under a code, in the order of the catalogue.
    pub(crate) fn of_code(&self, code: &WasteCode) -> &[String] {
        self.by_digits.get(code.digits()).map_or(&[], Vec::as_slice)
    }

    /// How a code stands to a key.
    pub(crate) fn standing(&self, key: &Identity, code: &WasteCode) -> Standing {
        let Identity::Donor(key) = key else {
            return Standing::Without;
        };
        let Some(facts) = self.donors.get(key.as_str()) else {
            return Standing::Without;
        };
        let digits = code.digits();
        if facts.codes.iter().any(|known| known == digits) {
            return Standing::Listed;
        }
        // What is hazardous under every code is not under a plain one, and the reverse.
        if facts
            .hazardous
            .is_some_and(|hazardous| hazardous != code.is_hazardous())
            && self.by_digits.contains_key(digits)
        {
            return Standing::Far;
        }
        let chapter = digits.get(..2).unwrap_or("");
        let same = facts
            .codes
            .iter()
            .any(|known| known.get(..2) == Some(chapter));
        if same || digits.ends_with("99") {
            Standing::Near
        } else {
            Standing::Far
        }
    }

    /// How usual a key is for an activity: 1 unless its class or division is listed.
    pub(crate) fn activity(&self, key: &Identity, activity: &ActivityCode) -> f32 {
        let Identity::Donor(key) = key else {
            return 1.0;
        };
        let Some(facts) = self.donors.get(key.as_str()) else {
            return 1.0;
        };
        let written = activity.as_str();
        let division =
            |code: &'_ str| -> Option<[u8; 3]> { code.as_bytes().get(..3)?.try_into().ok() };
        let own = division(written);
        if facts.nace.iter().any(|known| known == written) {
            1.15
        } else if facts.nace.iter().any(|known| division(known) == own) {
            1.08
        } else {
            1.0
        }
    }

    /// Whether all codes of a key are starred, or none; `None` when it depends.
    pub(crate) fn hazard(&self, key: &Identity) -> Option<bool> {
        let Identity::Donor(key) = key else {
            return None;
        };
        self.donors.get(key.as_str())?.hazardous
    }
}
