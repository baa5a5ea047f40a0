//! Numbers as people read them: `12 400 EUR/an`, `0,35 t/an`, `entre 8 000 et 15 000 EUR/an`.
//!
//! French groups thousands with a thin no-break space, writes a decimal comma and keeps a number
//! and its unit together; English writes commas and a point. Magnitudes are said with three
//! significant digits; where two of them are compared, with as many as tell them apart.

use boucle_domain::interval::Interval;
use boucle_domain::text::Text;
use boucle_domain::units::{Amount, Carbon, Distance, Money, Price, Unit};

use super::texts::{all_of, same, say, word};

/// Significant digits of a magnitude that is said, not accounted for.
const SAID: usize = 3;

/// Significant digits beyond which two doubles are the same to everybody.
const ALL: usize = 12;

/// Which month, January first.
const MONTHS: [&str; 12] = [
    "month.january",
    "month.february",
    "month.march",
    "month.april",
    "month.may",
    "month.june",
    "month.july",
    "month.august",
    "month.september",
    "month.october",
    "month.november",
    "month.december",
];

/// A number to `digits` significant digits, without useless zeros.
pub(crate) fn number(value: f64, digits: usize) -> Text {
    localised(&significant(value, digits))
}

/// A declared or computed value in full, short of the noise of binary fractions.
pub(crate) fn value(value: f64) -> Text {
    number(value, 9)
}

/// A number as a rule writes it, with its zeros: `0.10` becomes `0,10`.
pub(crate) fn written(text: &str) -> Text {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.bytes().filter(|&b| b == b'.').count() <= 1;
    if is_number {
        localised(text)
    } else {
        same(text)
    }
}

/// How many.
pub(crate) fn count(number: usize) -> Text {
    localised(&number.to_string())
}

/// A number with its unit; the unit sticks to the number in French, and `%` in English.
pub(crate) fn with_unit(number: &Text, unit: &Text) -> Text {
    if unit.fr.is_empty() {
        return number.clone();
    }
    let space = if unit.en == "%" { "" } else { " " };
    Text::new(
        format!("{}\u{a0}{}", number.fr, unit.fr),
        format!("{}{space}{}", number.en, unit.en),
    )
}

/// A proportion as a percentage: 0.25 is `25 %`.
pub(crate) fn percent(share: f64) -> Text {
    with_unit(&number(share * 100.0, SAID), &same("%"))
}

/// An amount, not by year: that of a lot.
pub(crate) fn amount(amount: Amount, unit: Unit) -> Text {
    amount_to(amount, unit, SAID)
}

/// An amount per year; what is counted for a year already (places, m2, staff) stays as it is.
pub(crate) fn yearly(amount: Amount, unit: Unit) -> Text {
    yearly_to(amount, unit, SAID)
}

/// Two amounts per year, told apart if they differ.
pub(crate) fn yearly_pair(a: Amount, b: Amount, unit: Unit) -> (Text, Text) {
    apart(a == b, |digits| {
        (yearly_to(a, unit, digits), yearly_to(b, unit, digits))
    })
}

/// A sum per year. From one euro up, whole euros.
pub(crate) fn money(sum: Money) -> Text {
    per_year(&euros(sum, SAID))
}

/// Two sums per year, told apart if they differ.
pub(crate) fn money_pair(a: Money, b: Money) -> (Text, Text) {
    apart(a == b, |digits| {
        (per_year(&euros(a, digits)), per_year(&euros(b, digits)))
    })
}

/// A sum per year with its uncertainty.
pub(crate) fn money_range(range: &Interval<Money>) -> Text {
    per_year(&between(
        &euro_number(range.low(), SAID),
        &euro_number(range.high(), SAID),
        &same("EUR"),
    ))
}

/// A price per unit.
pub(crate) fn price(price: Price, unit: Unit) -> Text {
    with_unit(&number(price.euros(), SAID), &euros_per(unit))
}

/// A range of prices per unit.
pub(crate) fn price_range(low: Price, high: Price, unit: Unit) -> Text {
    between(
        &number(low.euros(), SAID),
        &number(high.euros(), SAID),
        &euros_per(unit),
    )
}

/// A distance: metres below one kilometre, then kilometres.
pub(crate) fn distance(distance: Distance) -> Text {
    distance_to(distance, SAID)
}

/// Two distances, told apart if they differ.
pub(crate) fn distance_pair(a: Distance, b: Distance) -> (Text, Text) {
    apart(a == b, |digits| {
        (distance_to(a, digits), distance_to(b, digits))
    })
}

/// Greenhouse gases per year: kilograms below one tonne, then tonnes.
pub(crate) fn carbon_range(range: &Interval<Carbon>) -> Text {
    let (low, high) = (range.low().kilograms(), range.high().kilograms());
    let (scale, unit) = if low.abs().max(high.abs()) < 1000.0 {
        (1.0, "kg CO2e")
    } else {
        (1000.0, "t CO2e")
    };
    per_year(&between(
        &number(low / scale, SAID),
        &number(high / scale, SAID),
        &same(unit),
    ))
}

/// The months marked, as spans: `octobre à janvier et juin`; empty when none is.
pub(crate) fn months(marked: [bool; 12]) -> Text {
    if marked.iter().all(|&month| month) {
        return word("month.all");
    }
    let spans: Vec<Text> = (0..12)
        .filter(|&month| marked[month] && !marked[(month + 11) % 12])
        .map(|first| {
            let length = (1..12)
                .take_while(|step| marked[(first + step) % 12])
                .count();
            let last = (first + length) % 12;
            if length == 0 {
                word(MONTHS[first])
            } else {
                let (first, last) = (word(MONTHS[first]), word(MONTHS[last]));
                say("month.span", &[("first", first), ("last", last)])
            }
        })
        .collect();
    all_of(&spans)
}

/// A day, in full.
pub(crate) fn day(date: jiff::civil::Date) -> Text {
    let month = usize::try_from(date.month()).unwrap_or(1).clamp(1, 12);
    say(
        "number.day",
        &[
            ("day", same(date.day().to_string())),
            ("month", word(MONTHS[month - 1])),
            ("year", same(date.year().to_string())),
        ],
    )
}

/// Name of a unit, in the singular or the plural.
pub(crate) fn unit_name(unit: Unit, many: bool) -> Text {
    match (unit, many) {
        (Unit::CubicMetre, _) => same("m³"),
        (Unit::NormalCubicMetre, _) => same("Nm³"),
        (Unit::SquareMetre, _) => same("m²"),
        (Unit::EuroPerYear, _) => same("EUR"),
        (Unit::TonneKilometre, _) => same("t.km"),
        (Unit::Tonne | Unit::MegawattHour | Unit::Kilogram, _) => same(unit.code()),
        (Unit::FullTimeEquivalent, _) => word("unit.fte"),
        (Unit::Piece, false) => word("unit.piece"),
        (Unit::Piece, true) => word("unit.pieces"),
        (Unit::Slot, false) => word("unit.slot"),
        (Unit::Slot, true) => word("unit.slots"),
        (Unit::Seat, false) => word("unit.seat"),
        (Unit::Seat, true) => word("unit.seats"),
        (Unit::Trip, false) => word("unit.trip"),
        (Unit::Trip, true) => word("unit.trips"),
    }
}

fn amount_to(amount: Amount, unit: Unit, digits: usize) -> Text {
    // French keeps the singular below two, English only at one.
    let units = amount.units().abs();
    let name = Text::new(
        unit_name(unit, units >= 2.0).fr,
        unit_name(unit, units != 1.0).en,
    );
    with_unit(&number(amount.units(), digits), &name)
}

fn yearly_to(amount: Amount, unit: Unit, digits: usize) -> Text {
    let text = amount_to(amount, unit, digits);
    match unit {
        Unit::SquareMetre | Unit::Slot | Unit::Seat | Unit::FullTimeEquivalent => text,
        _ => per_year(&text),
    }
}

fn euro_number(sum: Money, digits: usize) -> Text {
    let euros = sum.euros();
    if digits == SAID && euros.abs() >= 1.0 {
        number(euros.round(), digits)
    } else {
        number(euros, digits)
    }
}

fn euros(sum: Money, digits: usize) -> Text {
    with_unit(&euro_number(sum, digits), &same("EUR"))
}

/// `EUR/t`.
pub(crate) fn euros_per(unit: Unit) -> Text {
    let name = unit_name(unit, false);
    Text::new(format!("EUR/{}", name.fr), format!("EUR/{}", name.en))
}

fn distance_to(distance: Distance, digits: usize) -> Text {
    if distance.metres().abs() < 1000 {
        // Distances are kept to 10 m: nothing to round.
        with_unit(&number(distance.metres() as f64, ALL), &same("m"))
    } else {
        let kilometres = distance.kilometres();
        // One decimal is enough to be said.
        let said = if digits == SAID && kilometres.abs() < 100.0 {
            (kilometres * 10.0).round() / 10.0
        } else {
            kilometres
        };
        with_unit(&number(said, digits), &same("km"))
    }
}

fn per_year(text: &Text) -> Text {
    say("number.per_year", &[("text", text.clone())])
}

/// `entre low et high unit`, or the value alone when both read the same.
fn between(low: &Text, high: &Text, unit: &Text) -> Text {
    let high_with_unit = with_unit(high, unit);
    if low == high {
        return high_with_unit;
    }
    say(
        "number.between",
        &[("low", low.clone()), ("high", high_with_unit)],
    )
}

/// The first pair of readings that differ, from three digits on.
fn apart(equal: bool, at: impl Fn(usize) -> (Text, Text)) -> (Text, Text) {
    let mut pair = at(SAID);
    let mut digits = SAID;
    while !equal && pair.0 == pair.1 && digits < ALL {
        digits += 1;
        pair = at(digits);
    }
    pair
}

/// Plain decimal writing to `digits` significant digits: `-1234.5`, `0.35`, `12`.
fn significant(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return "?".to_owned();
    }
    // The scientific form rounds once, on the decimal digits themselves.
    let scientific = format!("{:.*e}", digits.max(1) - 1, value);
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let negative = mantissa.starts_with('-');
    let mut figures: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let point = exponent + 1;
    let text = if point <= 0 {
        format!("0.{}{figures}", "0".repeat(point.unsigned_abs() as usize))
    } else {
        let point = point as usize;
        while figures.len() < point {
            figures.push('0');
        }
        let (whole, fraction) = figures.split_at(point);
        format!("{whole}.{fraction}")
    };
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if negative && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        format!("-{text}")
    } else {
        text.to_owned()
    }
}

/// Groups the thousands of a plain decimal number and sets its sign and its point.
fn localised(plain: &str) -> Text {
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => ("\u{2212}", digits),
        None => ("", plain),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let write = |group: &str, point: &str| {
        let mut text = String::from(sign);
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                text.push_str(group);
            }
            text.push(digit);
        }
        if let Some(fraction) = fraction {
            text.push_str(point);
            text.push_str(fraction);
        }
        text
    };
    Text::new(write("\u{202f}", ","), write(",", "."))
}

#[cfg(test)]
mod tests;
