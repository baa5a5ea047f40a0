//! Reading the fields of one draft, gathering findings on the way.

use jiff::civil::Date;

use super::context::Context;
use super::draft::Draft;
use super::field::Field;
use super::finding::Finding;
use super::words::word_list;
use crate::diagnostic::Code;
use crate::text::{Language, Text};
use crate::units::written::{NumberProblem, WrittenNumber, read_number_marked};
use crate::validity::Validity;

/// One draft being read.
pub(super) struct Reader<'a> {
    pub draft: &'a Draft,
    pub context: &'a Context<'a>,
    pub findings: Vec<Finding>,
}

/// Least and greatest value of a number.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    pub low: f64,
    pub high: f64,
}

impl Bounds {
    /// Largest quantity, price or amount a declaration may hold: above it, it is a slip.
    pub const LARGEST: f64 = 1e10;
    /// From zero to the largest.
    pub const POSITIVE: Bounds = Bounds {
        low: 0.0,
        high: Bounds::LARGEST,
    };
    /// Of either sign.
    pub const ANY: Bounds = Bounds {
        low: -Bounds::LARGEST,
        high: Bounds::LARGEST,
    };
}

impl<'a> Reader<'a> {
    /// What a field says; empty when nothing.
    pub fn get(&self, field: Field) -> &'a str {
        self.draft.get(field)
    }

    /// Adds a finding about a field, with what the field says.
    pub fn push(&mut self, code: Code, field: Field, cause: Text, fix: Text) {
        self.findings
            .push(Finding::new(code, field, self.draft.get(field), cause, fix));
    }

    /// A number or an interval; `None` when empty or not readable, the latter with its finding.
    pub fn number(&mut self, field: Field, bounds: Bounds) -> Option<WrittenNumber> {
        let text = self.get(field);
        if text.is_empty() {
            return None;
        }
        let read = read_number_marked(text, self.draft.decimal());
        self.judged(field, read, bounds)
    }

    /// A number that was read, held against its bounds and told with what is doubtful in it.
    pub(super) fn judged(
        &mut self,
        field: Field,
        read: Result<WrittenNumber, NumberProblem>,
        bounds: Bounds,
    ) -> Option<WrittenNumber> {
        let number = match read {
            Ok(number) => number,
            Err(problem) => {
                let (code, cause, fix) = number_problem(&problem);
                self.push(code, field, cause, fix);
                return None;
            }
        };
        let value = number.value;
        if value.low() < bounds.low || value.high() > bounds.high {
            self.push(
                Code::E1104,
                field,
                Text::new(
                    format!(
                        "la valeur doit être comprise entre {} et {}",
                        bounds.low, bounds.high
                    ),
                    format!(
                        "the value must lie between {} and {}",
                        bounds.low, bounds.high
                    ),
                ),
                Text::new(
                    "vérifiez le signe, l'unité et la virgule",
                    "check the sign, the unit and the decimal mark",
                ),
            );
            return None;
        }
        if number.ambiguous {
            let read = value.mid();
            let thousands = read * 1000.0;
            self.push(
                Code::W2101,
                field,
                Text::new(
                    format!("lu {read} (séparateur décimal), mais des milliers étaient possibles"),
                    format!("read as {read} (decimal mark), but thousands were possible"),
                ),
                Text::new(
                    format!("si c'est bien {read}, écrivez « {read:.4} » ; si ce sont des milliers, écrivez « {thousands} »"),
                    format!("if it is {read}, write \"{read:.4}\"; if thousands are meant, write \"{thousands}\""),
                ),
            );
        }
        if number.upper_bound {
            self.push(
                Code::W2102,
                field,
                Text::new(
                    format!("lu comme un intervalle de 0 à {}", value.high()),
                    format!("read as an interval from 0 to {}", value.high()),
                ),
                Text::new(
                    "donnez aussi la borne basse : 2..5",
                    "give the lower bound too: 2..5",
                ),
            );
        }
        if number.estimated {
            self.push(
                Code::I3101,
                field,
                Text::new(
                    format!("lu {} ; écrit comme une estimation", value.mid()),
                    format!("read as {}; written as an estimate", value.mid()),
                ),
                Text::new(
                    "un intervalle dirait de combien elle peut se tromper : 25..35",
                    "an interval would say how far it may be off: 25..35",
                ),
            );
        }
        Some(number)
    }

    /// A whole number.
    pub fn whole(&mut self, field: Field, low: i32, high: i32) -> Option<i32> {
        let bounds = Bounds {
            low: f64::from(low),
            high: f64::from(high),
        };
        let number = self.number(field, bounds)?;
        let value = number.value.mid();
        if !number.value.is_exact() || value.fract() != 0.0 {
            self.push(
                Code::E1103,
                field,
                Text::new("un nombre entier est attendu", "a whole number is expected"),
                Text::new(
                    "écrivez un seul nombre, sans décimale",
                    "write a single number, without decimals",
                ),
            );
            return None;
        }
        Some(value as i32)
    }

    /// A day, `2027-03-01` or `01/03/2027`.
    pub fn date(&mut self, field: Field) -> Option<Date> {
        let text = self.get(field);
        if text.is_empty() {
            return None;
        }
        let date = read_date(text);
        if date.is_none() {
            self.push(
                Code::E1401,
                field,
                Text::new(
                    "ce n'est pas un jour du calendrier entre 1900 et 2200",
                    "this is no day of the calendar between 1900 and 2200",
                ),
                Text::new(
                    "écrivez année-mois-jour, par exemple « 2027-03-01 », ou jour/mois/année",
                    "write year-month-day, such as \"2027-03-01\", or day/month/year",
                ),
            );
        }
        date
    }

    /// A span of days; an end before its beginning is a finding and gives an open span.
    pub fn span(&mut self, from: Field, to: Field) -> Validity {
        let span = Validity {
            from: self.date(from),
            to: self.date(to),
        };
        if span.is_empty() {
            self.push(
                Code::E1402,
                to,
                Text::new(
                    format!("la fin précède le début ({})", self.get(from)),
                    format!("the end comes before the beginning ({})", self.get(from)),
                ),
                Text::new(
                    "échangez ou corrigez les deux dates",
                    "swap or correct the two dates",
                ),
            );
            return Validity::ALWAYS;
        }
        span
    }

    /// The code of a word of a closed list.
    pub fn word(&mut self, field: Field) -> Option<&'static str> {
        let text = self.get(field);
        let list = word_list(field)?;
        if text.is_empty() {
            return None;
        }
        let code = list.code(text);
        if code.is_none() {
            self.push(
                Code::E1110,
                field,
                Text::new(
                    "ce mot n'est pas dans la liste",
                    "this word is not in the list",
                ),
                Text::new(
                    format!("écrivez « {} »", list.words(Language::Fr).join(" » ou « ")),
                    format!("write \"{}\"", list.words(Language::En).join("\" or \"")),
                ),
            );
        }
        code
    }

    /// Says that a required field is empty.
    pub fn missing(&mut self, field: Field) {
        self.push(
            Code::E1109,
            field,
            Text::new(
                format!(
                    "« {} » est vide, or le flux ne peut être lu sans",
                    field.heading(Language::Fr)
                ),
                format!(
                    "\"{}\" is empty, and the row cannot be read without it",
                    field.heading(Language::En)
                ),
            ),
            field.example(),
        );
    }
}

/// The code and the words for a number that was not read.
pub(super) fn number_problem(problem: &NumberProblem) -> (Code, Text, Text) {
    let usual = Text::new(
        "écrivez un nombre ou un intervalle, par exemple « 12,5 » ou « 10..15 »",
        "write a number or an interval, such as \"12.5\" or \"10..15\"",
    );
    match problem {
        NumberProblem::Empty | NumberProblem::NotANumber => (
            Code::E1103,
            Text::new("ce n'est pas un nombre", "this is not a number"),
            usual,
        ),
        NumberProblem::FailedFormula => (
            Code::E1007,
            Text::new(
                "la formule du tableur a échoué",
                "the formula of the spreadsheet failed",
            ),
            Text::new(
                "écrivez la valeur à la place de la formule, par exemple « 12,5 »",
                "write the value in place of the formula, such as \"12.5\"",
            ),
        ),
        NumberProblem::OpenEnded => (
            Code::E1103,
            Text::new(
                "la valeur n'a pas de borne haute",
                "the value has no upper bound",
            ),
            Text::new(
                "donnez les deux bornes, par exemple « 5..8 »",
                "give both bounds, such as \"5..8\"",
            ),
        ),
        NumberProblem::Followed { number, rest } => (
            Code::E1103,
            Text::new(
                format!("« {rest} » suit le nombre {number}"),
                format!("\"{rest}\" follows the number {number}"),
            ),
            Text::new(
                format!("écrivez « {number} » seul ; l'unité et la période ont leur colonne"),
                format!("write \"{number}\" alone; the unit and the period have their own columns"),
            ),
        ),
        NumberProblem::OutOfOrder => (
            Code::E1105,
            Text::new(
                "les bornes ne sont pas dans l'ordre",
                "the bounds are not in order",
            ),
            Text::new(
                "écrivez la plus petite d'abord, par exemple « 10..15 »",
                "write the smaller one first, such as \"10..15\"",
            ),
        ),
        NumberProblem::TooLarge => (
            Code::E1104,
            Text::new(
                "la valeur dépasse toute quantité possible",
                "the value is beyond any possible quantity",
            ),
            Text::new(
                "vérifiez les zéros et l'unité",
                "check the zeros and the unit",
            ),
        ),
    }
}

/// A day written year first or day first; a time of day after it is left out.
pub(super) fn read_date(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Some(date) = in_words(text) {
        return Some(date);
    }
    let day = text.split(['T', ' ']).next()?;
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    // A month alone is its first day; so the end of a contract is never put too late.
    if let [month, year] = parts[..]
        && year.len() == 4
        && (1..=2).contains(&month.len())
    {
        return read_date(&format!("01/{month}/{year}"));
    }
    let [a, b, c] = parts[..] else { return None };
    if parts.iter().any(|part| {
        part.is_empty() || part.len() > 4 || !part.bytes().all(|byte| byte.is_ascii_digit())
    }) {
        return None;
    }
    let (year, month, day) = if a.len() == 4 {
        (a, b, c)
    } else if c.len() == 4 {
        (c, b, a)
    } else {
        return None;
    };
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    (1900..=2200).contains(&date.year()).then_some(date)
}

/// `1er mars 2027`, `31 décembre 2026`, `mars 2027`.
fn in_words(text: &str) -> Option<Date> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (day, name, year) = match words[..] {
        [day, name, year] => (day.trim_end_matches("er").parse().ok()?, name, year),
        [name, year] => (1, name, year),
        _ => return None,
    };
    if !name.starts_with(char::is_alphabetic) || year.len() != 4 {
        return None;
    }
    let month = i8::try_from(super::words::month(name)?).ok()?;
    let date = Date::new(year.parse().ok()?, month, day).ok()?;
    (1900..=2200).contains(&date.year()).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_year_first_or_day_first() {
        let expected = Date::new(2027, 3, 1).ok();
        for text in [
            "2027-03-01",
            "01/03/2027",
            "1.3.2027",
            "2027-03-01T00:00:00",
            "2027-03-01 12:00:00",
            "1er mars 2027",
            "mars 2027",
            "03/2027",
        ] {
            assert_eq!(read_date(text), expected, "{text}");
        }
        for text in [
            "",
            "31/02/2027",
            "1-3-27",
            "0001-01-01",
            "demain",
            "2027-3-",
            "99999-1-1",
        ] {
            assert_eq!(read_date(text), None, "{text}");
        }
    }
}
