//! Measured properties: `name=value (method, date); name=value`.

use super::field::Field;
use super::reader::{Reader, number_problem, read_date};
use crate::diagnostic::Code;
use crate::id::PropertyName;
use crate::property::{Properties, Property, PropertyValue};
use crate::text::{Language, Text};
use crate::units::written::{NumberProblem, read_number};

impl Reader<'_> {
    /// `name=value (method, date); name=value`.
    pub(super) fn properties(&mut self) -> Properties {
        let mut properties = Properties::new();
        for part in self
            .get(Field::Properties)
            .split([';', '\n'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            if let Some((name, property)) = self.property(part)
                && properties.insert(name.clone(), property).is_some()
            {
                self.unreadable_property(
                    part,
                    &format!("« {name} » est écrit deux fois"),
                    &format!("\"{name}\" is written twice"),
                );
            }
        }
        properties
    }

    fn property(&mut self, part: &str) -> Option<(PropertyName, Property)> {
        let Some((name, rest)) = part.split_once('=') else {
            self.unreadable_property(part, "il manque le signe =", "the sign = is missing");
            return None;
        };
        let name = name.trim().to_lowercase();
        let is_name = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !is_name {
            self.unreadable_property(
                part,
                "le nom n'est pas un mot en minuscules",
                "the name is no lower-case word",
            );
            return None;
        }
        let (text, method, date) = with_origin(rest.trim());
        if text.is_empty() {
            self.unreadable_property(part, "la valeur est vide", "the value is empty");
            return None;
        }
        let compared = self.context.property(&name);
        if compared.is_none() {
            let near = self.context.near_properties(&name).join(", ");
            let fix = if near.is_empty() {
                Text::new(
                    "gardez-la si elle vous sert : elle est conservée",
                    "keep it if it serves you: it is stored",
                )
            } else {
                Text::new(
                    format!("noms proches : {near}"),
                    format!("near names: {near}"),
                )
            };
            let cause = Text::new(
                format!("aucune règle ne connaît « {name} »"),
                format!("no rule knows \"{name}\""),
            );
            self.push(Code::W2305, Field::Properties, cause, fix);
        }
        let value = match read_number(text) {
            Ok(number) => PropertyValue::Number(number.value),
            // Whatever starts like a number but is none, or is compared with one, must be mended.
            Err(problem)
                if compared == Some(true)
                    || problem != NumberProblem::NotANumber
                        && !text.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                let (_, cause, _) = number_problem(&problem);
                self.unreadable_property(part, &cause.fr, &cause.en);
                return None;
            }
            Err(_) => PropertyValue::Class(text.to_owned()),
        };
        Some((
            PropertyName::new(name),
            Property {
                value,
                method,
                date,
            },
        ))
    }

    fn unreadable_property(&mut self, part: &str, cause_fr: &str, cause_en: &str) {
        self.push(
            Code::E1306,
            Field::Properties,
            Text::new(
                format!("« {part} » : {cause_fr}"),
                format!("\"{part}\": {cause_en}"),
            ),
            Text::new(
                Field::Properties.hint(Language::Fr),
                Field::Properties.hint(Language::En),
            ),
        );
    }
}

/// The value, and what stands in brackets after it: method, date, or both.
fn with_origin(text: &str) -> (&str, Option<String>, Option<jiff::civil::Date>) {
    let Some((value, origin)) = text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once('('))
    else {
        return (text, None, None);
    };
    let origin = origin.trim();
    let (method, date) = match origin.rsplit_once(',') {
        Some((method, day)) if read_date(day).is_some() => (method.trim(), read_date(day)),
        _ => match read_date(origin) {
            Some(day) => ("", Some(day)),
            None => (origin, None),
        },
    };
    (
        value.trim(),
        (!method.is_empty()).then(|| method.to_owned()),
        date,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_of_a_property_stands_in_brackets() {
        assert_eq!(with_origin("0,05"), ("0,05", None, None));
        assert_eq!(
            with_origin("0,05 (analyse)"),
            ("0,05", Some("analyse".to_owned()), None)
        );
        let (value, method, date) = with_origin("8..12 (analyse, 2026-03-01)");
        assert_eq!((value, method.as_deref()), ("8..12", Some("analyse")));
        assert_eq!(date, read_date("2026-03-01"));
        assert_eq!(with_origin("PEHD (2026-03-01)").1, None);
    }
}
