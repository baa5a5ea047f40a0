//! Names of things: every key is a type of its own, never a bare string.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Defines a key held as text.
macro_rules! text_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A key from its text.
            pub fn new(text: impl Into<String>) -> $name {
                $name(text.into())
            }

            /// The text of the key.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_key!(
    /// A démarche: the boundary of confidentiality.
    TerritoryId
);
text_key!(
    /// A zone of a territory.
    ZoneId
);
text_key!(
    /// A firm, stable across imports.
    FirmKey
);
text_key!(
    /// A site, stable across imports.
    SiteKey
);
text_key!(
    /// Resource of `taxonomy.csv`: dotted path, as `mat.mineral.gypsum`.
    ResourceKey
);
text_key!(
    /// Donor of `donors.csv`: `DON:` and a name, as `DON:fgd_gypsum`.
    DonorKey
);
text_key!(
    /// Rule of `rules.csv`.
    RuleId
);
text_key!(
    /// Step of `treatments.csv`.
    TreatmentId
);
text_key!(
    /// Flag of `flags.csv`.
    FlagId
);
text_key!(
    /// Factor of `factors.csv`.
    FactorId
);
text_key!(
    /// Price of `prices.csv`.
    PriceId
);
text_key!(
    /// Source of `evidence.csv` or `prices_evidence.csv`.
    EvidenceId
);
text_key!(
    /// Name of a property; its suffix carries its unit, as `chloride_pct`.
    PropertyName
);
text_key!(
    /// Waste code without spaces, with its star when hazardous: `100101`, `060101*`.
    WasteCode
);
text_key!(
    /// Activity class in the form of the rules: `C23.51`, `C16.10`.
    ActivityCode
);

impl WasteCode {
    /// Whether the code is marked hazardous.
    pub fn is_hazardous(&self) -> bool {
        self.0.ends_with('*')
    }

    /// As people write it: `10 01 18*`.
    pub fn spaced(&self) -> String {
        let digits = self.digits();
        let star = if self.is_hazardous() { "*" } else { "" };
        match (digits.get(..2), digits.get(2..4), digits.get(4..)) {
            (Some(chapter), Some(sub), Some(entry)) => format!("{chapter} {sub} {entry}{star}"),
            _ => self.0.clone(),
        }
    }

    /// The six digits, without the star.
    pub fn digits(&self) -> &str {
        self.0.trim_end_matches('*')
    }
}

/// Way a declared flow goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Leaves the site: waste, by-product, effluent, surplus.
    Output,
    /// Enters the site: purchase, withdrawal.
    Input,
}

impl Direction {
    /// The word used in keys and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Direction::Output => "output",
            Direction::Input => "input",
        }
    }
}

/// Stable key of a flow: its site, its direction and its `ref` (or its normalised name).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FlowKey {
    /// The site that declares it.
    pub site: SiteKey,
    /// Output or input.
    pub direction: Direction,
    /// `ref` column, else the normalised name.
    pub reference: String,
}

impl fmt::Display for FlowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}/{}/{}",
            self.site,
            self.direction.code(),
            self.reference
        )
    }
}

/// Stable key of a pair: what follow-up, refusals and forced links hang on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PairKey {
    /// Who gives what.
    pub output: FlowKey,
    /// Who needs what.
    pub input: FlowKey,
    /// The rule that joins them.
    pub rule: RuleId,
}

impl fmt::Display for PairKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}>{}>{}", self.output, self.input, self.rule)
    }
}

/// Registry that issues an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdScheme {
    /// French firm, nine digits.
    Siren,
    /// French site, fourteen digits.
    Siret,
    /// Danish firm, eight digits.
    Cvr,
    /// European register of pollutant releases.
    Eprtr,
    /// The user's own.
    Local,
}

/// An identifier with the registry that issued it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExternalId {
    /// Registry.
    pub scheme: IdScheme,
    /// Identifier, without spaces.
    pub value: String,
}

/// A name reduced to what identifies it: lower case, no accents, single hyphens.
///
/// Two rows that differ only by case, accents, spaces or punctuation get the same key.
pub fn normalised(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for character in name.chars().flat_map(char::to_lowercase) {
        match unaccented(character) {
            Some(plain) => key.push_str(plain),
            None if character.is_alphanumeric() => key.push(character),
            None if !key.is_empty() && !key.ends_with('-') => key.push('-'),
            None => {}
        }
    }
    key.truncate(key.trim_end_matches('-').len());
    key
}

/// The plain letters of an accented Latin letter used in French or its neighbours.
pub(crate) fn unaccented(character: char) -> Option<&'static str> {
    Some(match character {
        'à' | 'â' | 'ä' | 'á' | 'ã' => "a",
        'å' => "aa",
        'ç' => "c",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'î' | 'ï' | 'í' | 'ì' => "i",
        'ñ' => "n",
        'ô' | 'ö' | 'ó' | 'ò' | 'õ' => "o",
        'ø' => "oe",
        'ù' | 'û' | 'ü' | 'ú' => "u",
        'ÿ' | 'ý' => "y",
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_by_case_accents_and_spaces_share_a_key() {
        assert_eq!(
            normalised("  Déchets d'Œufs — N° 2 "),
            "dechets-d-oeufs-n-2"
        );
        assert_eq!(normalised("DECHETS D’OEUFS N°2"), "dechets-d-oeufs-n-2");
        assert_eq!(normalised("Asnæs"), "asnaes");
        assert_eq!(normalised("…"), "");
    }
}
