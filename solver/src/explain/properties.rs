//! Names of the measured properties, and conditions put in words.

use std::sync::LazyLock;

use boucle_domain::knowledge::{Condition, Test};
use boucle_domain::property::PropertyValue;
use boucle_domain::text::Text;

use super::numbers;
use super::texts::{any_of, same, say, word};

const TABLE: &str = include_str!("properties.csv");

static PROPERTIES: LazyLock<Vec<Row>> = LazyLock::new(read);

/// Which way a limit goes; some properties are spoken of differently for a maximum.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Limit {
    Max,
    Min,
    Any,
}

struct Row {
    key: String,
    limit: Limit,
    feminine: bool,
    label: Text,
    unit: Text,
}

/// A property in the words of its row, or under its own name where a replaced catalogue brings one
/// that the table does not hold.
pub(crate) struct Property {
    /// With its article: `la teneur en chlorures`.
    pub(crate) label: Text,
    /// `%`, `mg/kg`; empty when it has none.
    pub(crate) unit: Text,
    /// Whether the French label is feminine.
    pub(crate) feminine: bool,
}

/// The property a condition tests, and the limit in words: `au plus 0,10 %`, `A ou B`.
pub(crate) struct Demand {
    /// The condition.
    pub(crate) condition: Condition,
    /// What it tests.
    pub(crate) property: Property,
    /// What it asks for, with its unit.
    pub(crate) limit: Text,
    /// The same without the unit.
    pub(crate) bare_limit: Text,
}

/// Reads a condition as a rule writes it; `None` if it is no condition.
pub(crate) fn demand(condition: &str) -> Option<Demand> {
    let parsed = Condition::parse(condition)?;
    let (limit, raw) = match &parsed.test {
        Test::AtMost(_) => (Limit::Max, condition.split_once("<=")?.1),
        Test::AtLeast(_) => (Limit::Min, condition.split_once(">=")?.1),
        Test::OneOf(_) => (Limit::Any, ""),
    };
    let property = named(parsed.property.as_str(), limit);
    let said = |number: Text| match &parsed.test {
        Test::AtMost(_) => say("condition.at_most", &[("limit", number)]),
        Test::AtLeast(_) => say("condition.at_least", &[("limit", number)]),
        Test::OneOf(classes) => any_of(&classes.iter().map(same).collect::<Vec<_>>()),
    };
    // The limit keeps the digits of the rule: 0.10 says more than 0.1.
    let bare = numbers::written(raw);
    Some(Demand {
        limit: said(numbers::with_unit(&bare, &property.unit)),
        bare_limit: said(bare),
        property,
        condition: parsed,
    })
}

/// A failed condition in words, with the value that failed and by how much. Begins in lower case,
/// ends without a dot.
pub(crate) fn failure(condition: &str, declared: Option<&PropertyValue>) -> Text {
    let Some(demand) = demand(condition) else {
        return say("condition.unread", &[("condition", same(condition))]);
    };
    let property = demand.property.label.clone();
    let unit = &demand.property.unit;
    let value = |number: f64| numbers::with_unit(&numbers::value(number), unit);
    let found = match declared {
        Some(PropertyValue::Number(range)) if range.is_exact() => say(
            "condition.is",
            &[("property", property), ("value", value(range.mid()))],
        ),
        Some(PropertyValue::Number(range)) => say(
            "condition.ranges",
            &[
                ("property", property),
                ("low", numbers::value(range.low())),
                ("high", value(range.high())),
            ],
        ),
        Some(PropertyValue::Class(class)) => say(
            "condition.is_class",
            &[("property", property), ("value", same(class))],
        ),
        None => say("condition.not_met", &[("property", property)]),
    };
    let number = match declared {
        Some(PropertyValue::Number(range)) => Some(range),
        _ => None,
    };
    let asked = ("limit", demand.limit);
    match (&demand.condition.test, number) {
        (Test::AtMost(limit), Some(range)) if range.low() > *limit => say(
            "condition.too_much",
            &[
                ("found", found),
                asked,
                ("gap", gap(range.low() - limit, unit)),
            ],
        ),
        (Test::AtLeast(limit), Some(range)) if range.high() < *limit => say(
            "condition.too_little",
            &[
                ("found", found),
                asked,
                ("gap", gap(limit - range.high(), unit)),
            ],
        ),
        _ => say("condition.asked", &[("found", found), asked]),
    }
}

/// A difference; between two percentages, in points.
fn gap(difference: f64, unit: &Text) -> Text {
    let number = numbers::value(difference);
    if unit.en != "%" {
        return numbers::with_unit(&number, unit);
    }
    let (one, many) = (word("unit.point"), word("unit.points"));
    let french = if difference < 2.0 { &one } else { &many };
    let english = if difference == 1.0 { &one } else { &many };
    let name = Text::new(&*french.fr, &*english.en);
    numbers::with_unit(&number, &name)
}

fn named(key: &str, limit: Limit) -> Property {
    let row = PROPERTIES
        .iter()
        .filter(|row| row.key == key)
        .find(|row| row.limit == Limit::Any || limit == Limit::Any || row.limit == limit);
    match row {
        Some(row) => Property {
            label: row.label.clone(),
            unit: row.unit.clone(),
            feminine: row.feminine,
        },
        None => Property {
            label: say("condition.unnamed", &[("key", same(key.replace('_', " ")))]),
            unit: Text::default(),
            feminine: false,
        },
    }
}

fn read() -> Vec<Row> {
    csv::Reader::from_reader(TABLE.as_bytes())
        .into_records()
        .filter_map(|record| {
            let record = record.ok()?;
            Some(Row {
                key: record.get(0)?.to_owned(),
                limit: match record.get(1)? {
                    "max" => Limit::Max,
                    "min" => Limit::Min,
                    _ => Limit::Any,
                },
                feminine: record.get(2)? == "f",
                label: Text::new(record.get(3)?, record.get(4)?),
                unit: Text::new(record.get(5)?, record.get(6)?),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use boucle_domain::interval::Interval;

    use super::*;
    use crate::explain::example;

    fn number(low: f64, high: f64) -> PropertyValue {
        PropertyValue::Number(Interval::new(low, low, high).unwrap())
    }

    #[test]
    fn every_property_a_rule_tests_has_a_row() {
        let mut missing = BTreeSet::new();
        for rule in example::knowledge().rules() {
            for condition in &rule.conditions {
                let limit = match condition.test {
                    Test::AtMost(_) => Limit::Max,
                    Test::AtLeast(_) => Limit::Min,
                    Test::OneOf(_) => Limit::Any,
                };
                let key = condition.property.as_str();
                if !PROPERTIES
                    .iter()
                    .any(|row| row.key == key && (row.limit == Limit::Any || row.limit == limit))
                {
                    missing.insert(key);
                }
            }
        }
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn every_row_is_whole_and_stands_once() {
        let lines = TABLE.lines().count() - 1;
        assert_eq!(PROPERTIES.len(), lines, "a row could not be read");
        let mut seen = BTreeSet::new();
        for row in PROPERTIES.iter() {
            let side = row.limit == Limit::Max;
            assert!(
                seen.insert((row.key.clone(), side)),
                "{} stands twice",
                row.key
            );
            for text in [&row.label.fr, &row.label.en] {
                assert!(!text.is_empty(), "{}", row.key);
            }
            assert_eq!(
                row.unit.fr.is_empty(),
                row.unit.en.is_empty(),
                "{}",
                row.key
            );
            assert!(
                row.label
                    .fr
                    .starts_with(if row.feminine { "la " } else { "le " }),
                "{}: {}",
                row.key,
                row.label.fr
            );
        }
    }

    #[test]
    fn a_failed_limit_says_the_value_the_limit_and_the_gap() {
        let text = failure("chloride_pct<=0.10", Some(&number(0.3, 0.3)));
        assert_eq!(
            text.fr.replace(['\u{a0}', '\u{202f}'], " "),
            "la teneur en chlorures est de 0,3 % ; la règle demande au plus 0,10 %, soit 0,2 point de trop"
        );
        assert_eq!(
            text.en,
            "the chloride content is 0.3%; the rule asks for at most 0.10%, that is 0.2 points too much"
        );
        let text = failure("chloride_pct<=0.10", Some(&number(0.2, 0.4)));
        assert!(
            text.en.ends_with("that is 0.1 points too much"),
            "from the end of the range that is nearer: {}",
            text.en
        );
        let text = failure("glass_pct>=67", Some(&number(40.0, 60.0)));
        assert_eq!(
            text.en,
            "the glassy share goes from 40 to 60%; the rule asks for at least 67%, 7 points short"
        );
    }

    #[test]
    fn a_failed_class_says_the_classes_that_would_do() {
        let text = failure("class_abc in A,B", Some(&PropertyValue::Class("C".into())));
        assert_eq!(
            text.en,
            "the wood class (A, B or C) is C; the rule asks for A or B"
        );
    }

    #[test]
    fn a_delay_is_not_a_shelf_life() {
        let most = demand("pickup_days<=5").unwrap();
        let least = demand("shelf_days>=90").unwrap();
        assert_eq!(
            most.property.label.en,
            "the time between production and collection"
        );
        assert_eq!(least.property.label.en, "the shelf life that remains");
        assert_eq!(least.limit.en, "at least 90 days");
    }

    #[test]
    fn a_property_or_condition_the_table_does_not_hold_is_said_as_it_is() {
        let text = failure("new_thing_pct<=2", Some(&number(3.0, 3.0)));
        assert!(
            text.en.starts_with("the property “new thing pct” is 3;"),
            "{}",
            text.en
        );
        assert!(failure("???", None).en.contains("???"));
        assert!(!failure("ph<=9", None).fr.is_empty());
    }
}
