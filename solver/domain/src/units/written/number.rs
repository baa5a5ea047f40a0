//! Numbers as people write them: `1 234,5`, `10..15`, `10 à 15`, `env. 30`, `<5`, `30 ± 10 %`.

use crate::interval::Interval;

/// A number that was read, with how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WrittenNumber {
    /// The value, in the unit of its column.
    pub value: Interval<f64>,
    /// Written as an estimate (`env. 30`): the value is taken as it stands.
    pub estimated: bool,
    /// `1.234` or `1,234`: read as a decimal mark, but thousands could have been meant.
    pub ambiguous: bool,
    /// `<5`: read as the interval from 0 to the bound.
    pub upper_bound: bool,
}

/// Why a number was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberProblem {
    /// Nothing was written.
    Empty,
    /// Not a number at all.
    NotANumber,
    /// A formula of the spreadsheet failed (`#REF!`).
    FailedFormula,
    /// `>5`: no end above.
    OpenEnded,
    /// A number followed by something else: `12 t`.
    Followed {
        /// The number.
        number: String,
        /// What follows it.
        rest: String,
    },
    /// The bounds are not in order.
    OutOfOrder,
    /// Beyond every quantity (1e15), or not finite.
    TooLarge,
}

/// Largest magnitude read: above it a number is a slip or an attack.
pub const LARGEST_WRITTEN: f64 = 1e15;

/// Words before an estimate.
const ESTIMATE: [&str; 14] = [
    "environ",
    "env.",
    "env ",
    "approximativement",
    "approx.",
    "approx ",
    "about",
    "around",
    "circa",
    "ca.",
    "ca ",
    "~",
    "≈",
    "≃",
];

/// Reads a number or an interval.
///
/// # Errors
/// What is wrong with it; no text panics.
pub fn read_number(text: &str) -> Result<WrittenNumber, NumberProblem> {
    read_number_marked(text, None)
}

/// Reads a number or an interval where the decimal mark of the column is known: the other mark then
/// stands for thousands, and nothing is ambiguous.
///
/// # Errors
/// What is wrong with it; no text panics.
pub fn read_number_marked(text: &str, mark: Option<char>) -> Result<WrittenNumber, NumberProblem> {
    let plain = simplified(text);
    let plain = match mark {
        Some(mark) => with_known_mark(&plain, mark),
        None => plain,
    };
    let mut number = read_simplified(&plain)?;
    number.ambiguous &= mark.is_none();
    Ok(number)
}

/// The text with the mark of thousands taken out where it stands as one, `1.234` where the comma is
/// the decimal mark. A mark that cannot stand for thousands is left to be read as it stands.
fn with_known_mark(text: &str, mark: char) -> String {
    let thousands = if mark == ',' { '.' } else { ',' };
    let characters: Vec<char> = text.chars().collect();
    let digit = |at: usize| characters.get(at).is_some_and(char::is_ascii_digit);
    let mut kept = String::with_capacity(text.len());
    for (at, &character) in characters.iter().enumerate() {
        let three = (1..=3).all(|step| digit(at + step)) && !digit(at + 4);
        let whole = at > 0 && digit(at - 1);
        let leading = characters[..at]
            .iter()
            .rev()
            .take_while(|character| character.is_ascii_digit())
            .count();
        let zero = leading == 1 && characters.get(at.wrapping_sub(1)) == Some(&'0');
        if character == thousands && three && whole && leading <= 3 && !zero {
            continue;
        }
        kept.push(character);
    }
    kept
}

fn read_simplified(plain: &str) -> Result<WrittenNumber, NumberProblem> {
    let mut rest = plain;
    if rest.is_empty() {
        return Err(NumberProblem::Empty);
    }
    if rest.starts_with('#') {
        return Err(NumberProblem::FailedFormula);
    }
    let mut estimated = false;
    for word in ESTIMATE {
        if let Some(after) = rest.strip_prefix(word) {
            estimated = true;
            rest = after.trim_start();
            break;
        }
    }
    if rest.starts_with(['>', '≥']) || rest.starts_with("plus de") || rest.starts_with("more than")
    {
        return Err(NumberProblem::OpenEnded);
    }
    for word in [
        "<=",
        "<",
        "≤",
        "moins de",
        "less than",
        "max.",
        "maxi",
        "max",
        "jusqu'à",
        "up to",
    ] {
        if let Some(after) = rest.strip_prefix(word) {
            let (high, ambiguous) = single(after)?;
            let value = Interval::new(0.0, high / 2.0, high).ok_or(NumberProblem::OutOfOrder)?;
            return Ok(WrittenNumber {
                value,
                estimated,
                ambiguous,
                upper_bound: true,
            });
        }
    }
    let (value, ambiguous) = interval(rest)?;
    Ok(WrittenNumber {
        value,
        estimated,
        ambiguous,
        upper_bound: false,
    })
}

/// A number as we write it in a sheet: decimal point, never an exponent, and never three decimals
/// alone, which could be taken for thousands (`1.2340`).
pub fn format_number(value: f64) -> String {
    let mut text = format!("{value}");
    let ambiguous = match text.trim_start_matches('-').split_once('.') {
        Some((whole, decimals)) => {
            decimals.len() == 3 && whole.len() <= 3 && !whole.starts_with('0')
        }
        None => false,
    };
    if ambiguous {
        text.push('0');
    }
    text
}

/// An interval as we write it: one number when exact, else `low..mid..high`.
pub fn format_interval(value: Interval<f64>) -> String {
    if value.is_exact() {
        format_number(value.mid())
    } else {
        format!(
            "{}..{}..{}",
            format_number(value.low()),
            format_number(value.mid()),
            format_number(value.high())
        )
    }
}

/// Lower case, every kind of space as one, every dash as a hyphen.
fn simplified(text: &str) -> String {
    let text: String = text
        .chars()
        .flat_map(char::to_lowercase)
        .map(|character| match character {
            character if character.is_whitespace() => ' ',
            '\u{2212}' | '–' | '—' | '‑' => '-',
            '’' => '\'',
            other => other,
        })
        .collect();
    text.trim().to_owned()
}

/// One number, or two or three joined by `..`, `à`, `to`, `±`, a hyphen.
fn interval(text: &str) -> Result<(Interval<f64>, bool), NumberProblem> {
    for mark in ["±", "+/-", "+-"] {
        if let Some((centre, spread)) = text.split_once(mark) {
            return spread_around(centre, spread);
        }
    }
    if text.contains("..") || text.contains('…') {
        let text = text.replace('…', "..");
        let parts: Vec<&str> = text.split("..").collect();
        return match parts[..] {
            [low, high] => between(low, high),
            [low, mid, high] => {
                let ((low, a), (mid, b), (high, c)) = (single(low)?, single(mid)?, single(high)?);
                let value = Interval::new(low, mid, high).ok_or(NumberProblem::OutOfOrder)?;
                Ok((value, a || b || c))
            }
            _ => Err(NumberProblem::NotANumber),
        };
    }
    for (before, mark) in [
        ("entre ", " et "),
        ("between ", " and "),
        ("de ", " à "),
        ("from ", " to "),
        ("de ", " a "),
    ] {
        if let Some((low, high)) = text
            .strip_prefix(before)
            .and_then(|rest| rest.split_once(mark))
        {
            return between(low, high);
        }
    }
    for mark in [" à ", " a ", " to ", " et ", " and "] {
        if let Some((low, high)) = text.split_once(mark) {
            return between(low, high);
        }
    }
    // A hyphen after a digit separates two bounds; before the first digit it is a sign.
    let hyphen = text.char_indices().find(|&(at, character)| {
        character == '-'
            && text[..at]
                .trim_end()
                .ends_with(|before: char| before.is_ascii_digit())
    });
    if let Some((at, _)) = hyphen {
        return between(&text[..at], &text[at + 1..]);
    }
    let (value, ambiguous) = single(text)?;
    Ok((Interval::exact(value), ambiguous))
}

/// Two bounds; the mid value is their mean.
fn between(low: &str, high: &str) -> Result<(Interval<f64>, bool), NumberProblem> {
    let ((low, a), (high, b)) = (single(low)?, single(high)?);
    let value =
        Interval::new(low, low + (high - low) / 2.0, high).ok_or(NumberProblem::OutOfOrder)?;
    Ok((value, a || b))
}

/// A value and how far it may be off, absolute or in per cent.
fn spread_around(centre: &str, spread: &str) -> Result<(Interval<f64>, bool), NumberProblem> {
    let (centre, a) = single(centre)?;
    let (spread, b) = match spread.trim().strip_suffix('%') {
        Some(percent) => {
            let (percent, ambiguous) = single(percent)?;
            (centre.abs() * percent / 100.0, ambiguous)
        }
        None => single(spread)?,
    };
    let value =
        Interval::new(centre - spread, centre, centre + spread).ok_or(NumberProblem::OutOfOrder)?;
    Ok((value, a || b))
}

/// One number, and whether its only separator could have meant thousands.
fn single(text: &str) -> Result<(f64, bool), NumberProblem> {
    let text = text.trim();
    let unsigned = text.strip_prefix(['-', '+']).map_or(text, str::trim_start);
    let negative = text.starts_with('-');
    if !unsigned.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(if text.is_empty() {
            NumberProblem::Empty
        } else {
            NumberProblem::NotANumber
        });
    }
    let (digits, exponent) = with_exponent(unsigned);
    let end = digits
        .find(|c: char| !(c.is_ascii_digit() || " .,'".contains(c)))
        .unwrap_or(digits.len());
    if end < digits.len() {
        let number = digits[..end]
            .trim_end()
            .trim_end_matches(['.', ',', '\''])
            .to_owned();
        return Err(NumberProblem::Followed {
            number,
            rest: digits[end..].trim().to_owned(),
        });
    }
    let (decimal, ambiguous) = decimal_form(digits).ok_or(NumberProblem::NotANumber)?;
    let value: f64 = format!("{decimal}{exponent}")
        .parse()
        .map_err(|_| NumberProblem::NotANumber)?;
    if !value.is_finite() || value > LARGEST_WRITTEN {
        return Err(NumberProblem::TooLarge);
    }
    Ok((
        if negative { -value } else { value },
        ambiguous && exponent.is_empty(),
    ))
}

/// The digits and, if the text ends like `e+13`, the exponent.
fn with_exponent(text: &str) -> (&str, &str) {
    let Some(at) = text.find('e') else {
        return (text, "");
    };
    let power = text[at + 1..].trim_start_matches(['+', '-']);
    let is_exponent =
        !power.is_empty() && power.len() <= 4 && power.bytes().all(|byte| byte.is_ascii_digit());
    if is_exponent {
        (&text[..at], &text[at..])
    } else {
        (text, "")
    }
}

/// `1 234,5` as `1234.5`; `None` when the groups are not thousands.
fn decimal_form(text: &str) -> Option<(String, bool)> {
    let dots = text.matches('.').count();
    let commas = text.matches(',').count();
    let decimal_mark = match (dots, commas) {
        (0, 0) => None,
        (1, 0) => Some('.'),
        (0, 1) => Some(','),
        (_, 0) | (0, _) => None,
        _ if text.rfind('.') > text.rfind(',') => Some('.'),
        _ => Some(','),
    };
    if decimal_mark.is_some_and(|mark| text.matches(mark).count() > 1) {
        return None;
    }
    let (whole, decimals) = match decimal_mark {
        Some(mark) => text.split_once(mark)?,
        None => (text, ""),
    };
    if !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let groups: Vec<&str> = whole.split([' ', '.', ',', '\'']).collect();
    let grouped = groups.len() > 1;
    if grouped && (groups[0].len() > 3 || groups[1..].iter().any(|group| group.len() != 3)) {
        return None;
    }
    if groups.iter().any(|group| group.is_empty()) {
        return None;
    }
    let ambiguous = decimal_mark.is_some()
        && !grouped
        && decimals.len() == 3
        && whole.len() <= 3
        && !whole.starts_with('0');
    let whole = groups.concat();
    Some((
        if decimals.is_empty() {
            whole
        } else {
            format!("{whole}.{decimals}")
        },
        ambiguous,
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn three(text: &str) -> (f64, f64, f64) {
        let value = read_number(text)
            .unwrap_or_else(|problem| panic!("{text}: {problem:?}"))
            .value;
        (value.low(), value.mid(), value.high())
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, expected) in [
            ("12", 12.0),
            ("12,5", 12.5),
            ("1 234,5", 1234.5),
            ("1\u{202f}234\u{a0}567", 1_234_567.0),
            ("1'234.5", 1234.5),
            ("1.234.567,8", 1_234_567.8),
            ("1,234.5", 1234.5),
            ("-80", -80.0),
            ("− 3,5", -3.5),
            ("0,125", 0.125),
            ("1,5e3", 1500.0),
        ] {
            assert_eq!(three(text), (expected, expected, expected), "{text}");
        }
    }

    #[test]
    fn intervals_are_read_in_every_usual_form() {
        for text in [
            "10..15",
            "10-15",
            "10 – 15",
            "10 à 15",
            "10 to 15",
            "entre 10 et 15",
            "12.5 ± 2.5",
            "12,5 +/- 20 %",
        ] {
            assert_eq!(three(text), (10.0, 12.5, 15.0), "{text}");
        }
        assert_eq!(three("10..11..15"), (10.0, 11.0, 15.0));
        assert_eq!(three("-20..-10"), (-20.0, -15.0, -10.0));
        assert_eq!(three("<5"), (0.0, 2.5, 5.0));
    }

    #[test]
    fn an_estimate_keeps_its_value_and_says_so() {
        for text in ["env. 30", "Environ 30", "~30", "≈ 30", "ca. 30"] {
            let read = read_number(text).unwrap();
            assert!(
                read.estimated && read.value.is_exact() && read.value.mid() == 30.0,
                "{text}"
            );
        }
    }

    #[test]
    fn only_a_lone_group_of_three_is_ambiguous() {
        assert!(read_number("1.234").unwrap().ambiguous);
        assert!(read_number("12,345").unwrap().ambiguous);
        for text in [
            "0.234",
            "1.23",
            "1.2340",
            "1 234,567",
            "1234.567",
            "1,234.500",
        ] {
            assert!(!read_number(text).unwrap().ambiguous, "{text}");
        }
    }

    #[test]
    fn a_known_decimal_mark_settles_what_was_ambiguous() {
        for (text, mark, expected) in [
            ("1.234", ',', 1234.0),
            ("1,234", ',', 1.234),
            ("1.234", '.', 1.234),
            ("1,234", '.', 1234.0),
            ("0.234", ',', 0.234),
            ("12.5", ',', 12.5),
            ("1.234.567,5", ',', 1_234_567.5),
            ("12 345", ',', 12345.0),
        ] {
            let read = read_number_marked(text, Some(mark)).unwrap();
            assert!(!read.ambiguous);
            assert_eq!(read.value.mid(), expected, "{text} {mark}");
        }
    }

    #[test]
    fn what_is_no_number_says_why() {
        assert_eq!(read_number(" "), Err(NumberProblem::Empty));
        assert_eq!(read_number("#REF!"), Err(NumberProblem::FailedFormula));
        assert_eq!(read_number("beaucoup"), Err(NumberProblem::NotANumber));
        assert_eq!(read_number("12 5"), Err(NumberProblem::NotANumber));
        assert_eq!(read_number("> 5"), Err(NumberProblem::OpenEnded));
        assert_eq!(read_number("15..10"), Err(NumberProblem::OutOfOrder));
        assert_eq!(read_number("NaN"), Err(NumberProblem::NotANumber));
        assert_eq!(read_number("1e300"), Err(NumberProblem::TooLarge));
        assert_eq!(
            read_number("12 t/an"),
            Err(NumberProblem::Followed {
                number: "12".to_owned(),
                rest: "t/an".to_owned()
            })
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,60}") {
            let _ = read_number(&text);
        }

        #[test]
        fn no_arrangement_of_digits_and_marks_makes_the_reader_panic(text in "[0-9 .,'eE+à<>~±%-]{0,24}") {
            let _ = read_number(&text);
        }

        #[test]
        fn what_is_written_is_read_back(milli in -1_000_000_000i64..1_000_000_000, width in 0i64..1000) {
            let low = milli as f64 / 1000.0;
            let value = Interval::new(low, low, low + width as f64 / 1000.0).unwrap();
            let read = read_number(&format_interval(value)).unwrap();
            prop_assert_eq!(read.value, value);
            prop_assert!(!read.ambiguous);
        }
    }
}
