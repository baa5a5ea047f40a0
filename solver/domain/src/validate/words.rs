//! The words of the closed lists, as people write them.

use super::field::Field;
use crate::text::Language;
use crate::units::written::folded;

/// A closed list of the template.
pub struct WordList {
    /// Code, French word, English word, other spellings.
    entries: &'static [(
        &'static str,
        &'static str,
        &'static str,
        &'static [&'static str],
    )],
}

impl WordList {
    /// The code of a word in any language, case and accents.
    pub fn code(&self, word: &str) -> Option<&'static str> {
        let word = folded(word);
        self.entries
            .iter()
            .find(|(code, fr, en, others)| {
                [code, fr, en]
                    .into_iter()
                    .any(|known| folded(known) == word)
                    || others.contains(&word.as_str())
            })
            .map(|&(code, ..)| code)
    }

    /// The word of a code.
    pub fn word(&self, code: &str, language: Language) -> Option<&'static str> {
        self.entries
            .iter()
            .find(|entry| entry.0 == code)
            .map(|&(_, fr, en, _)| match language {
                Language::Fr => fr,
                Language::En => en,
            })
    }

    /// Every word, as a list to choose from.
    pub fn words(&self, language: Language) -> Vec<&'static str> {
        self.entries
            .iter()
            .filter_map(|entry| self.word(entry.0, language))
            .collect()
    }
}

/// The list a field is chosen from; `None` for a free field.
pub fn word_list(field: Field) -> Option<&'static WordList> {
    match field {
        Field::Direction => Some(&DIRECTION),
        Field::Hazardous => Some(&YES_NO),
        Field::Method => Some(&METHOD),
        Field::Visibility => Some(&VISIBILITY),
        _ => None,
    }
}

static DIRECTION: WordList = WordList {
    entries: &[
        (
            "output",
            "sortant",
            "output",
            &[
                "sortante",
                "sortie",
                "out",
                "outgoing",
                "s",
                "fluxsortant",
                "sortants",
                "outputs",
                "dechet",
                "dechets",
                "rejet",
                "offre",
                "offer",
                "supply",
                "coproduit",
                "fluxsortants",
                "sortantes",
                "sorties",
                "outflow",
                "emis",
            ],
        ),
        (
            "input",
            "entrant",
            "input",
            &[
                "entrante",
                "entree",
                "in",
                "incoming",
                "e",
                "fluxentrant",
                "entrants",
                "inputs",
                "besoin",
                "besoins",
                "achat",
                "achats",
                "demande",
                "need",
                "demand",
                "wanted",
                "fluxentrants",
                "entrantes",
                "entrees",
                "inflow",
                "consommation",
                "recherche",
            ],
        ),
    ],
};

static YES_NO: WordList = WordList {
    entries: &[
        (
            "true",
            "oui",
            "yes",
            &[
                "o",
                "y",
                "vrai",
                "1",
                "x",
                "ok",
                "dangereux",
                "dd",
                "hazardous",
            ],
        ),
        (
            "false",
            "non",
            "no",
            &[
                "n",
                "faux",
                "0",
                "nondangereux",
                "dnd",
                "nonhazardous",
                "inerte",
                "nonconcerne",
            ],
        ),
    ],
};

static METHOD: WordList = WordList {
    entries: &[
        (
            "measured",
            "mesuré",
            "measured",
            &["pese", "reel", "metered", "weighed"],
        ),
        ("invoiced", "facturé", "invoiced", &["facture", "invoice"]),
        (
            "estimated",
            "estimé",
            "estimated",
            &["estimation", "estimate"],
        ),
        (
            "generic",
            "ratio",
            "generic",
            &["ratiosectoriel", "generique"],
        ),
    ],
};

static VISIBILITY: WordList = WordList {
    entries: &[
        (
            "private",
            "privé",
            "private",
            &["confidentiel", "confidential"],
        ),
        ("animator", "animateur", "animator", &["animatrice"]),
        ("zone", "zone", "zone", &[]),
        ("public", "public", "public", &["publique"]),
    ],
};

/// Words that say that nothing is known, or that there is nothing, folded.
const NOTHING: [&str; 34] = [
    "neant",
    "ras",
    "nc",
    "nd",
    "na",
    "nr",
    "so",
    "nsp",
    "inconnu",
    "inconnue",
    "nonconnu",
    "nonconnue",
    "noncommunique",
    "nonrenseigne",
    "nonrenseignee",
    "nondetermine",
    "nondeterminee",
    "nondisponible",
    "unknown",
    "none",
    "aucun",
    "aucune",
    "sansobjet",
    "tbd",
    "tbc",
    "adefinir",
    "apreciser",
    "acompleter",
    "null",
    "nil",
    "vide",
    "notavailable",
    "notknown",
    "nesaitpas",
];

/// Whether a cell says that nothing is known: `néant`, `NC`, `n.d.`, `-`, `?`.
pub fn says_nothing(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || text.len() > 24 {
        return false;
    }
    if text.chars().all(|mark| "-–—/?.…_*".contains(mark)) {
        return true;
    }
    // Numbers are by far the most frequent cells.
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        return false;
    }
    NOTHING.contains(&folded(text).as_str())
}

/// First letters of the months in French and in English, January first, folded.
const MONTH_NAMES: [[&str; 2]; 12] = [
    ["janv", "jan"],
    ["fev", "feb"],
    ["mars", "mar"],
    ["avr", "apr"],
    ["mai", "may"],
    ["juin", "jun"],
    ["juil", "jul"],
    ["aou", "aug"],
    ["sept", "sep"],
    ["oct", "oct"],
    ["nov", "nov"],
    ["dec", "dec"],
];

/// A month written as a number or a name, 1 to 12.
pub(super) fn month(text: &str) -> Option<u8> {
    let text = folded(text);
    if let Ok(number) = text.parse::<u8>() {
        return (1..=12).contains(&number).then_some(number);
    }
    let at = MONTH_NAMES
        .iter()
        .position(|names| names.iter().any(|name| text.starts_with(name)))?;
    u8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_in_both_languages_whatever_their_accents() {
        let read = |field, word| word_list(field).unwrap().code(word);
        assert_eq!(read(Field::Direction, "SORTANT"), Some("output"));
        assert_eq!(read(Field::Direction, "Entrée"), Some("input"));
        assert_eq!(read(Field::Method, "mesure"), Some("measured"));
        assert_eq!(read(Field::Visibility, "Privé"), Some("private"));
        assert_eq!(read(Field::Hazardous, "TRUE"), Some("true"));
        assert_eq!(read(Field::Hazardous, "peut-être"), None);
    }

    #[test]
    fn no_word_of_a_list_means_two_things() {
        for list in [&DIRECTION, &YES_NO, &METHOD, &VISIBILITY] {
            for &(code, fr, en, others) in list.entries {
                for word in [code, fr, en].iter().chain(others) {
                    assert_eq!(list.code(word), Some(code), "{word}");
                }
            }
        }
    }

    #[test]
    fn months_are_numbers_or_names() {
        assert_eq!(month("09"), Some(9));
        assert_eq!(month("Août"), Some(8));
        assert_eq!(month("June"), Some(6));
        assert_eq!(month("juillet"), Some(7));
        assert_eq!(month("13"), None);
        assert_eq!(month("hiver"), None);
    }
}
