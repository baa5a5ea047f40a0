//! Units of measure as types: what a number means travels with it.
//!
//! Amounts are integers of a thousandth of their canonical unit (1 kg, 1 kWh, 1 L), money of a
//! thousandth of a euro, distances of a metre. Sums are therefore exact, and a plan can be
//! accounted for to the last unit. How people write units is read by [`written`].

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

pub mod written;

/// Largest magnitude of an integer amount or sum of money: beyond it a real number no longer
/// holds every integer, so the solver's answer could not be rounded back exactly.
pub const LARGEST: i64 = 1 << 53;

/// Canonical unit in which a resource is counted (`unit` in `taxonomy.csv`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Metric tonne.
    Tonne,
    /// Megawatt-hour (lower heating value for fuels).
    MegawattHour,
    /// Cubic metre.
    CubicMetre,
    /// Cubic metre at 0 °C and 1.01325 bar.
    NormalCubicMetre,
    /// Piece: pallet, drum, container, item of furniture.
    Piece,
    /// Kilogram of a valued element contained in the material.
    Kilogram,
    /// Square metre, for a year.
    SquareMetre,
    /// Parking or time slot, for a year.
    Slot,
    /// Seat, for a year.
    Seat,
    /// Full-time equivalent, for a year.
    FullTimeEquivalent,
    /// Euro of purchases per year.
    EuroPerYear,
    /// Tonne-kilometre of freight.
    TonneKilometre,
    /// Vehicle trip.
    Trip,
}

impl Unit {
    /// Every canonical unit, in the order of the declaration.
    pub const ALL: [Unit; 13] = [
        Unit::Tonne,
        Unit::MegawattHour,
        Unit::CubicMetre,
        Unit::NormalCubicMetre,
        Unit::Piece,
        Unit::Kilogram,
        Unit::SquareMetre,
        Unit::Slot,
        Unit::Seat,
        Unit::FullTimeEquivalent,
        Unit::EuroPerYear,
        Unit::TonneKilometre,
        Unit::Trip,
    ];

    /// The code used in the tables of knowledge and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Unit::Tonne => "t",
            Unit::MegawattHour => "MWh",
            Unit::CubicMetre => "m3",
            Unit::NormalCubicMetre => "Nm3",
            Unit::Piece => "unit",
            Unit::Kilogram => "kg",
            Unit::SquareMetre => "m2",
            Unit::Slot => "slot",
            Unit::Seat => "seat",
            Unit::FullTimeEquivalent => "fte",
            Unit::EuroPerYear => "eur_y",
            Unit::TonneKilometre => "t_km",
            Unit::Trip => "trip",
        }
    }

    /// The unit of a code, if there is one.
    pub fn from_code(code: &str) -> Option<Unit> {
        Unit::ALL.into_iter().find(|unit| unit.code() == code)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Gives an integer newtype the arithmetic of a quantity: sums and differences of its own kind.
macro_rules! additive {
    ($name:ident) => {
        impl $name {
            /// Nothing.
            pub const ZERO: $name = $name(0);
        }
        impl Add for $name {
            type Output = $name;
            fn add(self, other: $name) -> $name {
                $name(self.0.saturating_add(other.0))
            }
        }
        impl Sub for $name {
            type Output = $name;
            fn sub(self, other: $name) -> $name {
                $name(self.0.saturating_sub(other.0))
            }
        }
        impl Neg for $name {
            type Output = $name;
            fn neg(self) -> $name {
                $name(self.0.saturating_neg())
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: $name) {
                *self = *self + other;
            }
        }
        impl SubAssign for $name {
            fn sub_assign(&mut self, other: $name) {
                *self = *self - other;
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = $name>>(values: I) -> $name {
                values.fold($name::ZERO, Add::add)
            }
        }
    };
}

/// Quantity of a resource: thousandths of its canonical [`Unit`], which the flow or the rule names.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Amount(i64);

additive!(Amount);

impl Amount {
    /// The amount nearest to `value` canonical units; `None` if it is not finite or too large.
    pub fn from_units(value: f64) -> Option<Amount> {
        rounded(value * 1000.0).map(Amount)
    }

    /// An amount in thousandths of the canonical unit (kg, kWh, L).
    pub const fn from_milli(milli: i64) -> Amount {
        Amount(milli)
    }

    /// Thousandths of the canonical unit.
    pub const fn milli(self) -> i64 {
        self.0
    }

    /// Canonical units (t, MWh, m3).
    pub fn units(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

/// Sum of money: thousandths of a euro, without VAT.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Money(i64);

additive!(Money);

impl Money {
    /// The sum nearest to `value` euros; `None` if it is not finite or too large.
    pub fn from_euros(value: f64) -> Option<Money> {
        rounded(value * 1000.0).map(Money)
    }

    /// A sum in thousandths of a euro.
    pub const fn from_milli(milli: i64) -> Money {
        Money(milli)
    }

    /// Thousandths of a euro.
    pub const fn milli(self) -> i64 {
        self.0
    }

    /// Euros.
    pub fn euros(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

/// Price: thousandths of a euro per canonical unit. Negative means that money flows the other way.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Price(i64);

additive!(Price);

impl Price {
    /// The price nearest to `value` euros per canonical unit; `None` if not finite or too large.
    pub fn from_euros(value: f64) -> Option<Price> {
        rounded(value * 1000.0).map(Price)
    }

    /// A price in thousandths of a euro per canonical unit.
    pub const fn from_milli(milli: i64) -> Price {
        Price(milli)
    }

    /// Thousandths of a euro per canonical unit.
    pub const fn milli(self) -> i64 {
        self.0
    }

    /// Euros per canonical unit.
    pub fn euros(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// What `amount` costs at this price, rounded to the scale of money, half away from zero.
    pub fn of(self, amount: Amount) -> Money {
        Money(divided(i128::from(self.0) * i128::from(amount.0), 1000))
    }

    /// The price multiplied by a number without unit.
    pub fn times(self, factor: f64) -> Price {
        Price(rounded(self.0 as f64 * factor).unwrap_or(if factor < 0.0 {
            -LARGEST
        } else {
            LARGEST
        }))
    }
}

/// Distance: metres, rounded to 10 m before any use so that no answer hangs on a last digit.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Distance(i64);

additive!(Distance);

impl Distance {
    /// The distance nearest to `metres`, to 10 m; `None` if negative, not finite or too large.
    pub fn from_metres(metres: f64) -> Option<Distance> {
        if metres < 0.0 {
            return None;
        }
        rounded(metres / 10.0).map(|tens| Distance(tens * 10))
    }

    /// The distance nearest to `kilometres`, to 10 m.
    pub fn from_kilometres(kilometres: f64) -> Option<Distance> {
        Distance::from_metres(kilometres * 1000.0)
    }

    /// Metres.
    pub const fn metres(self) -> i64 {
        self.0
    }

    /// Kilometres.
    pub fn kilometres(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

/// Greenhouse gases: kilograms of CO2 equivalent. Negative means avoided.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Carbon(f64);

impl Carbon {
    /// Nothing.
    pub const ZERO: Carbon = Carbon(0.0);

    /// A mass in kilograms of CO2 equivalent.
    pub const fn from_kilograms(kilograms: f64) -> Carbon {
        Carbon(kilograms)
    }

    /// Kilograms of CO2 equivalent.
    pub const fn kilograms(self) -> f64 {
        self.0
    }
}

impl Add for Carbon {
    type Output = Carbon;
    fn add(self, other: Carbon) -> Carbon {
        Carbon(self.0 + other.0)
    }
}

impl Sub for Carbon {
    type Output = Carbon;
    fn sub(self, other: Carbon) -> Carbon {
        Carbon(self.0 - other.0)
    }
}

impl Neg for Carbon {
    type Output = Carbon;
    fn neg(self) -> Carbon {
        Carbon(-self.0)
    }
}

impl Sum for Carbon {
    fn sum<I: Iterator<Item = Carbon>>(values: I) -> Carbon {
        values.fold(Carbon::ZERO, Add::add)
    }
}

/// Emission factor: kilograms of CO2 equivalent per canonical unit (or per t.km, per kWh: the
/// factor's own row says which).
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CarbonPerUnit(f64);

impl CarbonPerUnit {
    /// A factor in kg CO2e per unit.
    pub const fn new(kilograms_per_unit: f64) -> CarbonPerUnit {
        CarbonPerUnit(kilograms_per_unit)
    }

    /// kg CO2e per unit.
    pub const fn value(self) -> f64 {
        self.0
    }

    /// Emissions of an amount at this factor.
    pub fn of(self, amount: Amount) -> Carbon {
        Carbon(self.0 * amount.units())
    }
}

/// Substitution ratio: need units displaced by one donor unit, treatment losses included. Positive.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ratio(f64);

impl Ratio {
    /// A ratio; `None` unless positive and finite.
    pub fn new(value: f64) -> Option<Ratio> {
        (value.is_finite() && value > 0.0).then_some(Ratio(value))
    }

    /// Need units per donor unit.
    pub const fn value(self) -> f64 {
        self.0
    }

    /// What `donor` displaces of the need, rounded to the scale.
    pub fn of(self, donor: Amount) -> Amount {
        Amount(rounded(donor.0 as f64 * self.0).unwrap_or(LARGEST))
    }
}

/// Proportion between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Share(f64);

impl Share {
    /// A share; `None` outside [0; 1].
    pub fn new(value: f64) -> Option<Share> {
        (0.0..=1.0).contains(&value).then_some(Share(value))
    }

    /// The proportion.
    pub const fn value(self) -> f64 {
        self.0
    }
}

/// Density: tonnes per cubic metre, as loaded.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Density(f64);

impl Density {
    /// A density; `None` unless positive and at most 25 t/m3 (osmium is 22.6).
    pub fn new(tonnes_per_cubic_metre: f64) -> Option<Density> {
        (tonnes_per_cubic_metre > 0.0 && tonnes_per_cubic_metre <= 25.0)
            .then_some(Density(tonnes_per_cubic_metre))
    }

    /// Tonnes per cubic metre.
    pub const fn value(self) -> f64 {
        self.0
    }
}

/// Lower heating value: megawatt-hours per tonne.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HeatingValue(f64);

impl HeatingValue {
    /// A heating value; `None` unless positive and at most 40 MWh/t (hydrogen is 33.3).
    pub fn new(megawatt_hours_per_tonne: f64) -> Option<HeatingValue> {
        (megawatt_hours_per_tonne > 0.0 && megawatt_hours_per_tonne <= 40.0)
            .then_some(HeatingValue(megawatt_hours_per_tonne))
    }

    /// MWh per tonne.
    pub const fn value(self) -> f64 {
        self.0
    }
}

/// The nearest integer, half away from zero, if it lies within [`LARGEST`].
fn rounded(value: f64) -> Option<i64> {
    let nearest = value.round();
    (nearest.abs() <= LARGEST as f64).then_some(nearest as i64)
}

/// Integer division rounding half away from zero, saturating at [`LARGEST`].
fn divided(numerator: i128, denominator: i128) -> i64 {
    let half = denominator / 2;
    let quotient = if numerator >= 0 {
        (numerator + half) / denominator
    } else {
        (numerator - half) / denominator
    };
    quotient.clamp(-i128::from(LARGEST), i128::from(LARGEST)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_times_an_amount_is_rounded_half_away_from_zero() {
        let price = Price::from_milli(1);
        assert_eq!(price.of(Amount::from_milli(499)), Money::ZERO);
        assert_eq!(price.of(Amount::from_milli(500)), Money::from_milli(1));
        assert_eq!((-price).of(Amount::from_milli(500)), Money::from_milli(-1));
    }

    #[test]
    fn an_amount_too_large_for_the_scale_is_refused() {
        assert!(Amount::from_units(1e13).is_none());
        assert!(Amount::from_units(f64::NAN).is_none());
        assert_eq!(Amount::from_units(12.3456), Some(Amount::from_milli(12346)));
    }

    #[test]
    fn a_distance_is_rounded_to_ten_metres() {
        assert_eq!(Distance::from_metres(1234.0).unwrap().metres(), 1230);
        assert!(Distance::from_metres(-1.0).is_none());
    }

    #[test]
    fn every_unit_is_found_by_its_code() {
        for unit in Unit::ALL {
            assert_eq!(Unit::from_code(unit.code()), Some(unit));
        }
    }
}
