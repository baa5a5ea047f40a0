//! Numbers with their units, texts, days and places.

use boucle_domain::geo::{Point, Position, PositionSource};
use boucle_domain::interval::Interval;
use boucle_domain::text::{Language, Text};
use boucle_domain::units::{Amount, Money, Price, Unit};
use boucle_domain::validity::Validity;
use boucle_proto::v1;
use jiff::civil::Date;

use crate::app::error::Violation;

/// A text in both languages.
pub fn text(text: &Text) -> v1::Text {
    v1::Text {
        fr: text.fr.clone(),
        en: text.en.clone(),
    }
}

/// The language of a sheet; French when not said.
pub fn language(language: i32) -> Language {
    match v1::Language::try_from(language) {
        Ok(v1::Language::En) => Language::En,
        _ => Language::Fr,
    }
}

/// An amount with its unit.
pub fn quantity(amount: Amount, unit: Unit) -> v1::Quantity {
    v1::Quantity {
        value: amount.units(),
        unit: unit.code().to_owned(),
    }
}

/// An uncertain amount with its unit.
pub fn quantity_interval(amount: Interval<Amount>, unit: Unit) -> v1::QuantityInterval {
    v1::QuantityInterval {
        low: amount.low().units(),
        mid: amount.mid().units(),
        high: amount.high().units(),
        unit: unit.code().to_owned(),
    }
}

/// An uncertain number, each value read by `value`.
pub fn interval<T: Copy + PartialOrd>(
    interval: &Interval<T>,
    value: impl Fn(T) -> f64,
) -> v1::Interval {
    v1::Interval {
        low: value(interval.low()),
        mid: value(interval.mid()),
        high: value(interval.high()),
    }
}

/// An uncertain number that is one already.
pub fn numbers(numbers: &Interval<f64>) -> v1::Interval {
    interval(numbers, |number| number)
}

/// A sum.
pub fn money(money: Money) -> v1::Money {
    v1::Money {
        milli_euros: money.milli(),
    }
}

/// An uncertain sum.
pub fn money_interval(money: &Interval<Money>) -> v1::MoneyInterval {
    v1::MoneyInterval {
        low_milli_euros: money.low().milli(),
        mid_milli_euros: money.mid().milli(),
        high_milli_euros: money.high().milli(),
    }
}

/// An uncertain price per unit.
pub fn price_interval(price: &Interval<Price>, per_unit: &str) -> v1::PriceInterval {
    v1::PriceInterval {
        low_milli_euros: price.low().milli(),
        mid_milli_euros: price.mid().milli(),
        high_milli_euros: price.high().milli(),
        per_unit: per_unit.to_owned(),
    }
}

/// A span of days.
pub fn days(days: &Validity) -> v1::Days {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    v1::Days {
        from: day(days.from),
        to: day(days.to),
    }
}

/// A day written `YYYY-MM-DD`; empty is none.
pub fn day(field: &str, text: &str, violations: &mut Vec<Violation>) -> Option<Date> {
    if text.is_empty() {
        return None;
    }
    let day = text.parse().ok().filter(|_| text.len() == 10);
    if day.is_none() {
        violations.push(Violation::new(
            field,
            "écrire un jour sous la forme AAAA-MM-JJ",
            "write a day in the form YYYY-MM-DD",
        ));
    }
    day
}

/// A position.
pub fn position(position: &Position) -> v1::Position {
    let source = match position.source {
        PositionSource::Declared => v1::PositionSource::Declared,
        PositionSource::Commune => v1::PositionSource::Commune,
        PositionSource::ZoneCentre => v1::PositionSource::ZoneCentre,
    };
    v1::Position {
        point: Some(point(&position.point)),
        source: source.into(),
    }
}

/// A point.
pub fn point(point: &Point) -> v1::Point {
    v1::Point {
        latitude: point.latitude(),
        longitude: point.longitude(),
    }
}
