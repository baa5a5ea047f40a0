//! Units as people write them: `t`, `tonnes`, `M³`, `palettes`, `kg/mois`.
//!
//! [`read_unit`] never guesses: what it does not know comes back with the nearest units it knows.
//! Numbers are read in [`number`], periods in [`period`], and [`convert()`] carries a written value
//! to the canonical unit of a resource.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::id::unaccented;
use crate::units::Unit;

pub mod convert;
pub mod measure;
pub mod number;
pub mod period;
mod table;

pub use convert::{Bridge, ConversionProblem, convert, convert_price};
pub use measure::{WrittenMeasure, read_measure, read_measure_marked};
pub use number::{
    NumberProblem, WrittenNumber, format_interval, format_number, read_number, read_number_marked,
};
pub use period::{Period, PeriodProblem, read_period};
pub use table::UNITS;

/// What a unit measures. Values of one dimension convert into each other by a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Mass; base unit the tonne.
    Mass,
    /// Volume; base unit the cubic metre.
    Volume,
    /// Volume of gas at 0 °C and 1.01325 bar; base unit the normal cubic metre.
    NormalVolume,
    /// Energy (lower heating value for fuels); base unit the megawatt-hour.
    Energy,
    /// Pieces; base unit one.
    Piece,
    /// Area; base unit the square metre.
    Area,
    /// Parking or time slots; base unit one.
    Slot,
    /// Seats; base unit one.
    Seat,
    /// Working time; base unit the full-time equivalent.
    WorkingTime,
    /// Money; base unit the euro.
    Money,
    /// Freight; base unit the tonne-kilometre.
    Freight,
    /// Trips; base unit one.
    Trip,
}

impl Dimension {
    /// The dimension a canonical unit measures.
    pub fn of(unit: Unit) -> Dimension {
        match unit {
            Unit::Tonne | Unit::Kilogram => Dimension::Mass,
            Unit::CubicMetre => Dimension::Volume,
            Unit::NormalCubicMetre => Dimension::NormalVolume,
            Unit::MegawattHour => Dimension::Energy,
            Unit::Piece => Dimension::Piece,
            Unit::SquareMetre => Dimension::Area,
            Unit::Slot => Dimension::Slot,
            Unit::Seat => Dimension::Seat,
            Unit::FullTimeEquivalent => Dimension::WorkingTime,
            Unit::EuroPerYear => Dimension::Money,
            Unit::TonneKilometre => Dimension::Freight,
            Unit::Trip => Dimension::Trip,
        }
    }

    /// The canonical unit of a value of this dimension when nothing else decides.
    pub fn base(self) -> Unit {
        match self {
            Dimension::Mass => Unit::Tonne,
            Dimension::Volume => Unit::CubicMetre,
            Dimension::NormalVolume => Unit::NormalCubicMetre,
            Dimension::Energy => Unit::MegawattHour,
            Dimension::Piece => Unit::Piece,
            Dimension::Area => Unit::SquareMetre,
            Dimension::Slot => Unit::Slot,
            Dimension::Seat => Unit::Seat,
            Dimension::WorkingTime => Unit::FullTimeEquivalent,
            Dimension::Money => Unit::EuroPerYear,
            Dimension::Freight => Unit::TonneKilometre,
            Dimension::Trip => Unit::Trip,
        }
    }
}

/// One unit of the table, with every way of writing it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitRow {
    /// The way we write it: `t`, `m3`, `palette`.
    pub code: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    /// Base units of the dimension in one of it.
    pub factor: f64,
    /// English name of the code, where it differs (`pallet`).
    pub english: &'static str,
    /// Other spellings, folded: lower case, no accents, no spaces, no plural mark.
    pub spellings: &'static [&'static str],
}

/// A unit that was recognised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WrittenUnit {
    /// The row of the table.
    pub row: &'static UnitRow,
    /// The period a compound carries: `t/an` is a tonne per year.
    pub period: Option<Period>,
}

impl WrittenUnit {
    /// What it measures.
    pub fn dimension(&self) -> Dimension {
        self.row.dimension
    }
}

/// Why a unit was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitProblem {
    /// Codes of the nearest units, best first; never empty.
    pub suggestions: Vec<&'static str>,
    /// The unit was read, the period after the stroke was not.
    pub in_period: bool,
}

/// Reads a unit, with its period when it is compound (`t/an`, `kg par mois`).
///
/// # Errors
/// The nearest known units, when the text is none of them.
pub fn read_unit(text: &str) -> Result<WrittenUnit, UnitProblem> {
    let (unit, period) = split_period(text);
    let folded = folded(unit);
    let row = find(&folded).ok_or_else(|| UnitProblem {
        suggestions: suggestions(&folded),
        in_period: false,
    })?;
    let period = match period {
        None => None,
        Some(text) => Some(read_period(text).map_err(|problem| UnitProblem {
            suggestions: problem.suggestions,
            in_period: true,
        })?),
    };
    Ok(WrittenUnit { row, period })
}

/// The two sides of `t/an`, `t par an`, `t per year`.
fn split_period(text: &str) -> (&str, Option<&str>) {
    if let Some((unit, period)) = text.split_once('/') {
        return (unit, Some(period));
    }
    for word in [" par ", " per ", " Par ", " PAR ", " PER "] {
        if let Some((unit, period)) = text.split_once(word) {
            return (unit, Some(period));
        }
    }
    (text, None)
}

/// The row whose code or spelling is `folded`, the plural being the same as the singular.
fn find(folded: &str) -> Option<&'static UnitRow> {
    static SPELLINGS: OnceLock<HashMap<String, &'static UnitRow>> = OnceLock::new();
    let spellings = SPELLINGS.get_or_init(|| {
        let mut spellings = HashMap::new();
        for row in UNITS {
            let words = row.spellings.iter().map(|word| (*word).to_owned());
            let codes = [row.code.to_lowercase(), self::folded(row.english)];
            for word in codes.into_iter().chain(words) {
                spellings.entry(word).or_insert(row);
            }
        }
        spellings
    });
    if folded.is_empty() {
        return None;
    }
    spellings.get(folded).copied().or_else(|| {
        // A plural mark only comes off words, so that `ms` never becomes `m`.
        let singular = folded
            .strip_suffix(['s', 'x'])
            .filter(|rest| rest.chars().count() > 1)?;
        spellings.get(singular).copied()
    })
}

/// Lower case, accents off, superscripts as digits, no spaces, dots, hyphens or `(s)`.
pub(crate) fn folded(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let text = text
        .replace("(s)", "")
        .replace("(S)", "")
        .replace("(x)", "");
    for character in text.chars().flat_map(char::to_lowercase) {
        match character {
            '³' => key.push('3'),
            '²' => key.push('2'),
            _ => match unaccented(character) {
                Some(plain) => key.push_str(plain),
                None if character.is_alphanumeric() || "€_%".contains(character) => {
                    key.push(character)
                }
                None => {}
            },
        }
    }
    key
}

/// The codes of the nearest units, at most three; the usual ones when nothing is near.
fn suggestions(folded: &str) -> Vec<&'static str> {
    let reach = (folded.chars().count() / 2).clamp(1, 3);
    let mut near: Vec<(usize, usize, &'static str)> = Vec::new();
    for (rank, row) in UNITS.iter().enumerate() {
        let spellings = row.spellings.iter().copied().map(str::to_owned);
        let nearest = spellings
            .chain([row.code.to_lowercase()])
            .filter_map(|spelling| edits_within(folded, &spelling, reach))
            .min();
        if let Some(distance) = nearest {
            near.push((distance, rank, row.code));
        }
    }
    near.sort();
    near.truncate(3);
    if near.is_empty() {
        return vec!["t", "kg", "m3", "L", "MWh", "palette"];
    }
    near.into_iter().map(|(_, _, code)| code).collect()
}

/// Insertions, deletions and substitutions between two short words (Levenshtein), if there are at
/// most `limit`. Long texts are given up at once, so that a pasted page costs nothing.
pub(crate) fn edits_within(a: &str, b: &str, limit: usize) -> Option<usize> {
    // Bytes bound letters from above and, in UTF-8, from below by a quarter: first a cheap refusal.
    if a.len() > 4 * (b.len() + limit) || b.len() > 4 * (a.len() + limit) {
        return None;
    }
    let b: Vec<char> = b.chars().collect();
    if a.chars().count().abs_diff(b.len()) > limit {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
        // No later row can be better than the best of this one.
        if row.iter().all(|&distance| distance > limit) {
            return None;
        }
    }
    row.last().copied().filter(|&distance| distance <= limit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> &'static str {
        read_unit(text)
            .unwrap_or_else(|problem| panic!("{text}: {problem:?}"))
            .row
            .code
    }

    #[test]
    fn units_are_read_whatever_their_case_accents_plural_and_superscripts() {
        for (text, expected) in [
            ("Tonnes", "t"),
            ("T", "t"),
            ("M³", "m3"),
            ("mètres cubes", "m3"),
            ("Litre(s)", "L"),
            ("KWH", "kWh"),
            ("Nm³", "Nm3"),
            ("Palettes", "palette"),
            ("pallets", "palette"),
            ("Fûts", "fût"),
            ("big-bags", "big-bag"),
            ("PIÈCES", "unit"),
            ("quintaux", "q"),
            ("t.km", "t_km"),
            ("ETP", "fte"),
            ("€", "EUR"),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
    }

    #[test]
    fn a_compound_unit_gives_its_period() {
        let unit = read_unit("t / an").unwrap();
        assert_eq!((unit.row.code, unit.period), ("t", Some(Period::Year)));
        assert_eq!(
            read_unit("kg par mois").unwrap().period,
            Some(Period::Month)
        );
        assert!(read_unit("t/lune").unwrap_err().in_period);
    }

    #[test]
    fn an_unknown_unit_is_refused_with_the_nearest_ones() {
        let problem = read_unit("to").unwrap_err();
        assert!(problem.suggestions.contains(&"t"), "{problem:?}");
        assert!(read_unit("tonnnes").unwrap_err().suggestions.contains(&"t"));
        assert!(!read_unit("parsec").unwrap_err().suggestions.is_empty());
        assert!(read_unit("").is_err());
    }

    #[test]
    fn no_spelling_means_two_units() {
        let mut seen = std::collections::BTreeMap::new();
        for row in UNITS {
            let words = row.spellings.iter().map(|word| word.to_string());
            for word in words.chain([row.code.to_lowercase()]) {
                let other = seen.insert(word.clone(), row.code);
                assert!(
                    other.is_none_or(|other| other == row.code),
                    "{word}: {other:?} and {}",
                    row.code
                );
            }
            assert!(row.factor > 0.0);
            assert!(
                row.spellings.iter().all(|word| folded(word) == *word),
                "{}",
                row.code
            );
        }
        assert!(UNITS.len() >= 40, "{}", UNITS.len());
    }

    #[test]
    fn every_canonical_unit_can_be_written_by_its_code() {
        for unit in Unit::ALL {
            let read = read_unit(unit.code()).unwrap_or_else(|_| panic!("{unit}"));
            assert_eq!(read.dimension(), Dimension::of(unit), "{unit}");
        }
    }

    #[test]
    fn edits_are_counted_up_to_the_limit() {
        assert_eq!(edits_within("tonnnes", "tonne", 2), Some(2));
        assert_eq!(edits_within("tonnnes", "tonne", 1), None);
        assert_eq!(edits_within("fût", "fut", 1), Some(1));
        assert_eq!(edits_within("", "ab", 2), Some(2));
        assert_eq!(edits_within("kg", "kg", 0), Some(0));
        assert_eq!(edits_within(&"x".repeat(100_000), "t", 3), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,60}") {
            let _ = read_unit(&text);
        }
    }
}
