//! Periods as people write them.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::{edits_within, folded};

/// Working days of a year where a declaration counts by working day: 52 weeks of five days, less
/// the eight public holidays that fall on them in a mean year.
pub const WORKING_DAYS: f64 = 252.0;

/// What a quantity is counted over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A year.
    Year,
    /// Half a year.
    HalfYear,
    /// A quarter.
    Quarter,
    /// A month.
    Month,
    /// A week; 52 in a year, as people multiply.
    Week,
    /// A calendar day; 365 in a year.
    Day,
    /// A working day; [`WORKING_DAYS`] in a year.
    WorkingDay,
    /// Once: a lot.
    Once,
}

impl Period {
    /// Every period, longest first.
    pub const ALL: [Period; 8] = [
        Period::Year,
        Period::HalfYear,
        Period::Quarter,
        Period::Month,
        Period::Week,
        Period::Day,
        Period::WorkingDay,
        Period::Once,
    ];

    /// How many there are in a year; `None` for a lot.
    pub fn per_year(self) -> Option<f64> {
        match self {
            Period::Year => Some(1.0),
            Period::HalfYear => Some(2.0),
            Period::Quarter => Some(4.0),
            Period::Month => Some(12.0),
            Period::Week => Some(52.0),
            Period::Day => Some(365.0),
            Period::WorkingDay => Some(WORKING_DAYS),
            Period::Once => None,
        }
    }

    /// The word of the template, in French and in English.
    pub fn words(self) -> (&'static str, &'static str) {
        let spellings = self.spellings();
        (spellings[0], spellings[1])
    }

    /// French word, English word, then other spellings, folded but for the accents of the first two.
    fn spellings(self) -> &'static [&'static str] {
        match self {
            Period::Year => &[
                "an",
                "year",
                "annee",
                "yr",
                "y",
                "a",
                "annuel",
                "annuelle",
                "yearly",
                "annual",
                "paran",
                "annum",
                "pa",
                "peryear",
                "chaqueannee",
                "touslesan",
                "annuellement",
            ],
            Period::HalfYear => &["semestre", "half-year", "halfyear", "semester"],
            Period::Quarter => &["trimestre", "quarter", "trim", "qtr"],
            Period::Month => &[
                "mois",
                "month",
                "mensuel",
                "mensuelle",
                "monthly",
                "parmois",
                "permonth",
                "mensuellement",
            ],
            Period::Week => &[
                "semaine",
                "week",
                "sem",
                "hebdomadaire",
                "weekly",
                "hebdo",
                "wk",
                "parsemaine",
                "perweek",
            ],
            Period::Day => &[
                "jour",
                "day",
                "j",
                "d",
                "quotidien",
                "daily",
                "jourcalendaire",
                "parjour",
                "perday",
                "journalier",
                "journaliere",
                "quotidienne",
            ],
            Period::WorkingDay => &[
                "jour ouvré",
                "working day",
                "jo",
                "jourouvrable",
                "jourouvres",
            ],
            Period::Once => &[
                "lot", "once", "ponctuel", "unique", "fois", "unefois", "oneoff", "batch",
            ],
        }
    }
}

/// Why a period was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodProblem {
    /// French words of the nearest periods; never empty.
    pub suggestions: Vec<&'static str>,
}

/// Reads a period: `an`, `Année`, `month`, `jours ouvrés`, `lot`.
///
/// # Errors
/// The nearest periods, when the text is none of them.
pub fn read_period(text: &str) -> Result<Period, PeriodProblem> {
    static SPELLINGS: OnceLock<HashMap<String, Period>> = OnceLock::new();
    let spellings = SPELLINGS.get_or_init(|| {
        let words = |period: Period| {
            period
                .spellings()
                .iter()
                .map(move |word| (folded(word), period))
        };
        Period::ALL.into_iter().flat_map(words).collect()
    });
    let key = folded(text);
    let exact = |key: &str| spellings.get(key).copied();
    // Plurals: `ans`, `semaines`, `jours ouvrés`.
    let singular: String = text
        .split_whitespace()
        .map(|word| word.trim_end_matches('s'))
        .collect();
    if let Some(period) = exact(&key).or_else(|| exact(&folded(&singular))) {
        return Ok(period);
    }
    let mut near: Vec<(usize, &'static str)> = Period::ALL
        .into_iter()
        .filter_map(|period| {
            let distance = period
                .spellings()
                .iter()
                .filter_map(|word| edits_within(&key, &folded(word), 2))
                .min()?;
            (distance < key.chars().count()).then_some((distance, period.words().0))
        })
        .collect();
    near.sort();
    near.truncate(3);
    let suggestions = if near.is_empty() {
        vec!["an", "mois", "semaine", "jour"]
    } else {
        near.into_iter().map(|(_, word)| word).collect()
    };
    Err(PeriodProblem { suggestions })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_in_both_languages() {
        for (text, expected) in [
            ("an", Period::Year),
            ("Année", Period::Year),
            ("ans", Period::Year),
            ("yr", Period::Year),
            ("MOIS", Period::Month),
            ("quarter", Period::Quarter),
            ("semaines", Period::Week),
            ("jours", Period::Day),
            ("Jours ouvrés", Period::WorkingDay),
            ("lot", Period::Once),
        ] {
            assert_eq!(read_period(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn an_hour_is_refused_and_a_slip_is_recognised_as_one() {
        assert!(read_period("heure").is_err());
        assert_eq!(
            read_period("semaime").unwrap_err().suggestions[0],
            "semaine"
        );
    }

    #[test]
    fn no_spelling_means_two_periods() {
        let mut seen = std::collections::BTreeMap::new();
        for period in Period::ALL {
            for word in period.spellings() {
                assert_eq!(
                    *seen.entry(folded(word)).or_insert(period),
                    period,
                    "{word}"
                );
            }
        }
    }
}
