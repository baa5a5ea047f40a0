//! A quantity as people write it in one cell: `12 t/an`, `env. 30 t`, `10 à 15 tonnes`,
//! `2 bennes de 8 m3/semaine`.

use super::number::{NumberProblem, WrittenNumber, read_number_marked};
use super::period::read_period;
use super::{Dimension, WrittenUnit, read_unit};
use crate::interval::Interval;

/// A number with what was written around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WrittenMeasure {
    /// The number.
    pub number: WrittenNumber,
    /// The unit, if the text carries one, with its period.
    pub unit: Option<WrittenUnit>,
    /// Containers that were counted out, as two of eight cubic metres.
    pub containers: Option<f64>,
}

/// Words for round numbers, folded: all estimates.
const ROUND: [(&str, f64); 9] = [
    ("dizaine", 10.0),
    ("douzaine", 12.0),
    ("quinzaine", 15.0),
    ("vingtaine", 20.0),
    ("trentaine", 30.0),
    ("cinquantaine", 50.0),
    ("centaine", 100.0),
    ("millier", 1000.0),
    ("dozen", 12.0),
];

/// Words after a quantity that say how sure it is.
const AFTER: [&str; 9] = [
    "environ",
    "env.",
    "env",
    "approx.",
    "approx",
    "estimé",
    "estimés",
    "estimées",
    "estimated",
];

/// Reads a number with what stands around it.
///
/// # Errors
/// Why the number was not read; what follows it, when that is no unit.
pub fn read_measure(text: &str) -> Result<WrittenMeasure, NumberProblem> {
    read_measure_marked(text, None)
}

/// The same, where the decimal mark of the column is known.
///
/// # Errors
/// As [`read_measure`].
pub fn read_measure_marked(
    text: &str,
    mark: Option<char>,
) -> Result<WrittenMeasure, NumberProblem> {
    let first = match read_number_marked(text, mark) {
        Ok(number) => {
            return Ok(WrittenMeasure {
                number,
                unit: None,
                containers: None,
            });
        }
        Err(problem) => problem,
    };
    if text.len() > 200 {
        return Err(first);
    }
    let mut estimated = false;
    let text = without_remark(text.trim(), &mut estimated);
    let measure = counted(text, mark)
        .or_else(|| with_unit(text, mark))
        .or_else(|| both_with_unit(text, mark))
        .or_else(|| round(text));
    match measure {
        Some(mut measure) => {
            measure.number.estimated |= estimated;
            Ok(measure)
        }
        None if estimated => read_number_marked(text, mark)
            .map(|mut number| {
                number.estimated = true;
                WrittenMeasure {
                    number,
                    unit: None,
                    containers: None,
                }
            })
            .map_err(|_| first),
        None => Err(first),
    }
}

/// The text without a remark in brackets at its end, and without a word that says it is an estimate.
fn without_remark<'t>(text: &'t str, estimated: &mut bool) -> &'t str {
    let mut rest = text;
    if let Some(inside) = rest.strip_suffix(')')
        && let Some((before, remark)) = inside.rsplit_once('(')
        && before.chars().any(|character| character.is_ascii_digit())
        && remark.to_lowercase() != "s"
    {
        *estimated |= remark.to_lowercase().starts_with("estim");
        rest = before.trim_end();
    }
    for word in AFTER {
        if rest.len() > word.len()
            && let Some(at) = rest.len().checked_sub(word.len())
            && rest.is_char_boundary(at)
            && rest[at..].to_lowercase() == *word
            && rest[..at].ends_with(' ')
        {
            *estimated = true;
            rest = rest[..at].trim_end();
        }
    }
    rest
}

/// A number followed by a unit: the shortest number that leaves a unit.
fn with_unit(text: &str, mark: Option<char>) -> Option<WrittenMeasure> {
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        let starts = (character.is_alphabetic() || character == '€' || character == '/')
            && (before.is_ascii_digit() || before.is_whitespace());
        before = character;
        if !starts || at == 0 {
            continue;
        }
        let (number, unit) = text.split_at(at);
        let Some(unit) = unit_and_period(unit) else {
            continue;
        };
        if let Ok(number) = read_number_marked(number, mark) {
            return Some(WrittenMeasure {
                number,
                unit: Some(unit),
                containers: None,
            });
        }
    }
    None
}

/// `t/an`, `k t`, `tonnes annuelles`, `T / AN`.
fn unit_and_period(text: &str) -> Option<WrittenUnit> {
    let text = text.trim().trim_end_matches(['.', ';', ',']);
    if let Ok(unit) = read_unit(text) {
        return Some(unit);
    }
    // `k t` for thousands of tonnes, `t an` without its stroke.
    let (first, last) = text.rsplit_once(' ')?;
    if first.trim() == "k" {
        return read_unit(&format!("k{last}")).ok();
    }
    let period = read_period(last).ok()?;
    let unit = read_unit(first).ok()?;
    unit.period.is_none().then_some(WrittenUnit {
        period: Some(period),
        ..unit
    })
}

/// `10 t à 15 t`, `10 t - 15 t`.
fn both_with_unit(text: &str, mark: Option<char>) -> Option<WrittenMeasure> {
    for joint in [" à ", " to ", "..", " - ", "-", " – ", "–"] {
        let Some((low, high)) = text.split_once(joint) else {
            continue;
        };
        let (low, high) = (with_unit(low, mark)?, with_unit(high, mark)?);
        let same = low.unit.map(|unit| unit.row.code) == high.unit.map(|unit| unit.row.code);
        if !same {
            return None;
        }
        let (from, to) = (low.number.value.low(), high.number.value.high());
        return Some(WrittenMeasure {
            number: WrittenNumber {
                value: Interval::new(from, from + (to - from) / 2.0, to)?,
                estimated: low.number.estimated || high.number.estimated,
                ambiguous: low.number.ambiguous || high.number.ambiguous,
                upper_bound: false,
            },
            unit: high.unit,
            containers: None,
        });
    }
    None
}

/// `2 bennes de 8 m3/semaine`, `3 x 10 t`: so many of so much.
fn counted(text: &str, mark: Option<char>) -> Option<WrittenMeasure> {
    let lower = text.to_lowercase();
    let (count, each, container) = [" de ", " of ", " x ", "x", " × ", "×", " fois "]
        .iter()
        .find_map(|joint| {
            let (count, each) = lower.split_once(joint)?;
            let is_times = joint.contains(['x', '×']) || *joint == " fois ";
            Some((count.to_owned(), each.to_owned(), !is_times))
        })?;
    let each = with_unit(each.trim(), mark)?;
    let unit = each.unit?;
    let (count, period) = if container {
        let count = with_unit(&count, mark)?;
        let counted = count.unit?;
        (counted.dimension() == Dimension::Piece).then_some((count.number, counted.period))?
    } else {
        (read_number_marked(count.trim(), mark).ok()?, None)
    };
    if !count.value.is_exact() || count.value.mid() <= 0.0 {
        return None;
    }
    let times = count.value.mid();
    Some(WrittenMeasure {
        number: WrittenNumber {
            value: each.number.value.map(|value| value * times),
            estimated: count.estimated || each.number.estimated,
            ..each.number
        },
        unit: Some(WrittenUnit {
            period: unit.period.or(period),
            ..unit
        }),
        containers: Some(times),
    })
}

/// `une dizaine de tonnes par an`.
fn round(text: &str) -> Option<WrittenMeasure> {
    let lower = text.to_lowercase();
    let rest = ["une ", "un ", "a "]
        .iter()
        .find_map(|word| lower.strip_prefix(word))?;
    let (word, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let (_, value) = ROUND.iter().find(|(known, _)| *known == word)?;
    let rest = rest
        .strip_prefix("de ")
        .or_else(|| rest.strip_prefix("d'"))
        .unwrap_or(rest);
    let unit = match rest.trim() {
        "" => None,
        unit => Some(unit_and_period(unit)?),
    };
    Some(WrittenMeasure {
        number: WrittenNumber {
            value: Interval::exact(*value),
            estimated: true,
            ambiguous: false,
            upper_bound: false,
        },
        unit,
        containers: None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Period;
    use super::*;

    fn measure(text: &str) -> (f64, f64, f64, &'static str, Option<Period>) {
        let read = read_measure(text).unwrap_or_else(|problem| panic!("{text}: {problem:?}"));
        let value = read.number.value;
        (
            value.low(),
            value.mid(),
            value.high(),
            read.unit.map_or("", |unit| unit.row.code),
            read.unit.and_then(|unit| unit.period),
        )
    }

    #[test]
    fn a_quantity_carries_its_unit_and_period_however_it_is_written() {
        let year = Some(Period::Year);
        for (text, expected) in [
            ("12", (12.0, 12.0, 12.0, "", None)),
            ("12 t/an", (12.0, 12.0, 12.0, "t", year)),
            ("12t", (12.0, 12.0, 12.0, "t", None)),
            ("env. 30 t", (30.0, 30.0, 30.0, "t", None)),
            ("≈ 5 t", (5.0, 5.0, 5.0, "t", None)),
            ("10-15 t/an", (10.0, 12.5, 15.0, "t", year)),
            ("entre 10 et 15 tonnes", (10.0, 12.5, 15.0, "t", None)),
            ("10 t à 15 t par an", (10.0, 12.5, 15.0, "t", year)),
            ("< 5 t", (0.0, 2.5, 5.0, "t", None)),
            ("1 200,5 kg", (1200.5, 1200.5, 1200.5, "kg", None)),
            ("1,5 k t", (1.5, 1.5, 1.5, "kt", None)),
            ("12 t an", (12.0, 12.0, 12.0, "t", year)),
            ("12 tonnes (estimation)", (12.0, 12.0, 12.0, "t", None)),
            ("30 t environ", (30.0, 30.0, 30.0, "t", None)),
            ("8 m3/semaine", (8.0, 8.0, 8.0, "m3", Some(Period::Week))),
            (
                "2 bennes de 8 m3/semaine",
                (16.0, 16.0, 16.0, "m3", Some(Period::Week)),
            ),
            (
                "2 bennes par semaine de 8 m3",
                (16.0, 16.0, 16.0, "m3", Some(Period::Week)),
            ),
            ("3 x 10 t", (30.0, 30.0, 30.0, "t", None)),
            ("une dizaine de tonnes", (10.0, 10.0, 10.0, "t", None)),
        ] {
            assert_eq!(measure(text), expected, "{text}");
        }
        assert!(read_measure("30 t environ").unwrap().number.estimated);
        assert_eq!(
            read_measure("2 bennes de 8 m3").unwrap().containers,
            Some(2.0)
        );
    }

    #[test]
    fn what_is_no_quantity_is_refused() {
        for text in [
            "~20%",
            "beaucoup",
            "12 bidules",
            "quelques tonnes",
            "",
            "t",
            "> 5 t",
            "15-10 t",
        ] {
            assert!(read_measure(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,60}") {
            let _ = read_measure(&text);
        }

        #[test]
        fn no_arrangement_of_words_makes_the_reader_panic(text in "[0-9 .,xé()%/-]{0,8}(t|de|m3|à| an|bennes|/)?[0-9 .,x(env)-]{0,8}(t|/an)?") {
            let _ = read_measure(&text);
        }
    }
}
