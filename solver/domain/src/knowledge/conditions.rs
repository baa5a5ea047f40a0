//! Conditions of a rule: tests on declared properties, each answering pass, fail or unknown.

use std::fmt;

use super::table::decimal;
use crate::id::PropertyName;
use crate::property::PropertyValue;

/// A condition of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The property tested; its name carries its unit.
    pub property: PropertyName,
    /// What must hold.
    pub test: Test,
    /// The text of the table, digits as written.
    written: String,
}

/// What must hold of a property.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// At most this number.
    AtMost(f64),
    /// At least this number.
    AtLeast(f64),
    /// One of these classes.
    OneOf(Vec<String>),
}

/// Outcome of a condition on a declared value.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Holds over the whole declared range.
    Pass,
    /// Holds nowhere in the declared range.
    Fail,
    /// Not declared, straddling the limit, or declared as another kind of value.
    Unknown,
}

impl Condition {
    /// Reads `name<=x`, `name>=x` or `name in A,B`; `None` if it is none of them.
    pub fn parse(text: &str) -> Option<Condition> {
        let (name, test) = if let Some((name, limit)) = text.split_once("<=") {
            (name, Test::AtMost(decimal(limit)?))
        } else if let Some((name, limit)) = text.split_once(">=") {
            (name, Test::AtLeast(decimal(limit)?))
        } else {
            let (name, classes) = text.split_once(" in ")?;
            let classes: Vec<String> = classes.split(',').map(str::to_owned).collect();
            if classes.iter().any(String::is_empty) {
                return None;
            }
            (name, Test::OneOf(classes))
        };
        is_name(name).then(|| Condition {
            property: PropertyName::new(name),
            test,
            written: text.to_owned(),
        })
    }

    /// Judges a declared value.
    ///
    /// A missing value is unknown, never a failure. A range passes or fails only as a whole.
    pub fn outcome(&self, value: Option<&PropertyValue>) -> Verdict {
        match (&self.test, value) {
            (Test::AtMost(limit), Some(PropertyValue::Number(range))) => {
                verdict(range.high() <= *limit, range.low() > *limit)
            }
            (Test::AtLeast(limit), Some(PropertyValue::Number(range))) => {
                verdict(range.low() >= *limit, range.high() < *limit)
            }
            (Test::OneOf(classes), Some(PropertyValue::Class(class))) => {
                let class = class.trim();
                let listed = classes
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(class));
                verdict(listed, !listed && !class.is_empty())
            }
            _ => Verdict::Unknown,
        }
    }
}

fn verdict(pass: bool, fail: bool) -> Verdict {
    match (pass, fail) {
        (true, _) => Verdict::Pass,
        (false, true) => Verdict::Fail,
        (false, false) => Verdict::Unknown,
    }
}

/// Whether a text has the form of a property name.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interval::Interval;

    fn number(low: f64, high: f64) -> PropertyValue {
        PropertyValue::Number(Interval::new(low, low, high).unwrap())
    }

    #[test]
    fn a_range_passes_or_fails_only_as_a_whole() {
        let condition = Condition::parse("chloride_pct<=0.1").unwrap();
        assert_eq!(condition.outcome(Some(&number(0.0, 0.1))), Verdict::Pass);
        assert_eq!(condition.outcome(Some(&number(0.11, 0.2))), Verdict::Fail);
        assert_eq!(
            condition.outcome(Some(&number(0.05, 0.2))),
            Verdict::Unknown
        );
        assert_eq!(condition.outcome(None), Verdict::Unknown);
        let condition = Condition::parse("glass_pct>=67").unwrap();
        assert_eq!(condition.outcome(Some(&number(67.0, 90.0))), Verdict::Pass);
        assert_eq!(condition.outcome(Some(&number(10.0, 66.9))), Verdict::Fail);
        assert_eq!(
            condition.outcome(Some(&number(60.0, 70.0))),
            Verdict::Unknown
        );
    }

    #[test]
    fn a_class_is_tested_by_its_name_and_a_number_in_its_place_is_unknown() {
        let condition = Condition::parse("class_abc in A,B").unwrap();
        assert_eq!(
            condition.outcome(Some(&PropertyValue::Class("a".into()))),
            Verdict::Pass
        );
        assert_eq!(
            condition.outcome(Some(&PropertyValue::Class("C".into()))),
            Verdict::Fail
        );
        assert_eq!(condition.outcome(Some(&number(1.0, 1.0))), Verdict::Unknown);
        assert_eq!(
            Condition::parse("mfi<=3")
                .unwrap()
                .outcome(Some(&PropertyValue::Class("A".into()))),
            Verdict::Unknown
        );
    }

    #[test]
    fn a_condition_out_of_form_is_not_read() {
        for text in [
            "chloride<=",
            "Chloride<=1",
            "a in ",
            "a in A,,B",
            "a=1",
            "x<=1e9",
            "x<=inf",
        ] {
            assert!(Condition::parse(text).is_none(), "{text}");
        }
        assert_eq!(
            Condition::parse("loi_pct<=9.0").unwrap().to_string(),
            "loi_pct<=9.0"
        );
    }
}
