//! From a written unit to the canonical unit of a resource.
//!
//! Inside one dimension a factor is enough. Mass, volume and energy are joined only by a density
//! or a heating value, declared or taken as a range; a range widens the result. Nothing else
//! converts: a pallet has no mass here.

use super::{Dimension, WrittenUnit};
use crate::interval::Interval;
use crate::units::{Density, HeatingValue, Unit};

/// What joins mass to volume and to energy, for one material.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bridge {
    /// Tonnes per cubic metre, as loaded.
    pub density: Option<Interval<Density>>,
    /// Megawatt-hours per tonne (lower heating value).
    pub heating_value: Option<Interval<HeatingValue>>,
}

/// Why a value cannot be carried to the canonical unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConversionProblem {
    /// Mass and volume without a density.
    NeedsDensity,
    /// Mass and energy without a heating value.
    NeedsHeatingValue,
    /// Dimensions that nothing joins.
    Unrelated,
}

/// A value in a written unit, in the canonical unit `to`. Low, mid and high move together; where a
/// density or a heating value divides, its bounds are crossed so that the result holds every case.
///
/// # Errors
/// What is missing to join the two dimensions.
pub fn convert(
    value: Interval<f64>,
    from: &WrittenUnit,
    to: Unit,
    bridge: &Bridge,
) -> Result<Interval<f64>, ConversionProblem> {
    let factor = in_canonical(from, to, bridge)?;
    Ok(product(value, factor))
}

/// A price per written unit, as a price per canonical unit.
///
/// # Errors
/// What is missing to join the two dimensions.
pub fn convert_price(
    price: Interval<f64>,
    per: &WrittenUnit,
    to: Unit,
    bridge: &Bridge,
) -> Result<Interval<f64>, ConversionProblem> {
    let factor = in_canonical(per, to, bridge)?;
    Ok(product(price, inverse(factor)))
}

/// Canonical units in one written unit.
fn in_canonical(
    from: &WrittenUnit,
    to: Unit,
    bridge: &Bridge,
) -> Result<Interval<f64>, ConversionProblem> {
    let base = Interval::exact(from.row.factor);
    let target = Dimension::of(to);
    let joined = match (from.dimension(), target) {
        (a, b) if a == b => Interval::exact(1.0),
        (Dimension::Volume, Dimension::Mass) => density(bridge)?,
        (Dimension::Mass, Dimension::Volume) => inverse(density(bridge)?),
        (Dimension::Mass, Dimension::Energy) => heating_value(bridge)?,
        (Dimension::Energy, Dimension::Mass) => inverse(heating_value(bridge)?),
        (Dimension::Volume, Dimension::Energy) => product(density(bridge)?, heating_value(bridge)?),
        (Dimension::Energy, Dimension::Volume) => {
            inverse(product(density(bridge)?, heating_value(bridge)?))
        }
        _ => return Err(ConversionProblem::Unrelated),
    };
    // A kilogram of contained element is the only canonical unit that is not its dimension's base.
    let scale = if to == Unit::Kilogram { 1000.0 } else { 1.0 };
    Ok(product(product(base, joined), Interval::exact(scale)))
}

fn density(bridge: &Bridge) -> Result<Interval<f64>, ConversionProblem> {
    bridge
        .density
        .map(|density| density.map(Density::value))
        .ok_or(ConversionProblem::NeedsDensity)
}

fn heating_value(bridge: &Bridge) -> Result<Interval<f64>, ConversionProblem> {
    bridge
        .heating_value
        .map(|value| value.map(HeatingValue::value))
        .ok_or(ConversionProblem::NeedsHeatingValue)
}

/// One over a positive interval.
fn inverse(value: Interval<f64>) -> Interval<f64> {
    Interval::spanning(1.0 / value.high(), 1.0 / value.mid(), 1.0 / value.low())
}

/// Product of an interval of any sign and a positive one: mid by mid, ends from the four corners.
fn product(a: Interval<f64>, b: Interval<f64>) -> Interval<f64> {
    let corners = [
        a.low() * b.low(),
        a.low() * b.high(),
        a.high() * b.low(),
        a.high() * b.high(),
    ];
    let low = corners.iter().copied().fold(f64::INFINITY, f64::min);
    let high = corners.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mid = (a.mid() * b.mid()).clamp(low, high);
    Interval::spanning(low, mid, high)
}

#[cfg(test)]
mod tests {
    use super::super::read_unit;
    use super::*;

    fn ranged_density(low: f64, high: f64) -> Bridge {
        let density = |value| Density::new(value).unwrap();
        Bridge {
            density: Interval::new(density(low), density((low + high) / 2.0), density(high)),
            heating_value: None,
        }
    }

    #[test]
    fn one_dimension_converts_by_its_factor() {
        let kg = read_unit("kg").unwrap();
        let tonnes = convert(
            Interval::exact(1500.0),
            &kg,
            Unit::Tonne,
            &Bridge::default(),
        )
        .unwrap();
        assert!((tonnes.mid() - 1.5).abs() < 1e-12 && tonnes.is_exact());
        let gj = read_unit("GJ").unwrap();
        let energy = convert(
            Interval::exact(3.6),
            &gj,
            Unit::MegawattHour,
            &Bridge::default(),
        )
        .unwrap();
        assert!((energy.mid() - 1.0).abs() < 1e-12);
        let content = convert(
            Interval::exact(2.0),
            &read_unit("t").unwrap(),
            Unit::Kilogram,
            &Bridge::default(),
        );
        assert_eq!(content.unwrap().mid(), 2000.0);
    }

    #[test]
    fn a_volume_becomes_a_mass_only_through_a_density_and_its_range_widens() {
        let m3 = read_unit("m3").unwrap();
        let value = Interval::exact(10.0);
        assert_eq!(
            convert(value, &m3, Unit::Tonne, &Bridge::default()),
            Err(ConversionProblem::NeedsDensity)
        );
        let mass = convert(value, &m3, Unit::Tonne, &ranged_density(0.4, 0.6)).unwrap();
        assert_eq!((mass.low(), mass.mid(), mass.high()), (4.0, 5.0, 6.0));
    }

    #[test]
    fn a_mass_divided_by_a_ranged_density_crosses_its_bounds() {
        let t = read_unit("t").unwrap();
        let volume = convert(
            Interval::exact(6.0),
            &t,
            Unit::CubicMetre,
            &ranged_density(0.5, 1.5),
        )
        .unwrap();
        assert!((volume.low() - 4.0).abs() < 1e-12 && (volume.mid() - 6.0).abs() < 1e-12);
        assert!((volume.high() - 12.0).abs() < 1e-12);
    }

    #[test]
    fn a_fuel_becomes_energy_only_through_its_heating_value() {
        let t = read_unit("t").unwrap();
        let problem = convert(
            Interval::exact(1.0),
            &t,
            Unit::MegawattHour,
            &Bridge::default(),
        );
        assert_eq!(problem, Err(ConversionProblem::NeedsHeatingValue));
        let bridge = Bridge {
            density: None,
            heating_value: HeatingValue::new(4.2).map(Interval::exact),
        };
        let energy = convert(Interval::exact(2.0), &t, Unit::MegawattHour, &bridge).unwrap();
        assert!((energy.mid() - 8.4).abs() < 1e-12);
    }

    #[test]
    fn a_pallet_has_no_mass() {
        let pallet = read_unit("palettes").unwrap();
        let result = convert(
            Interval::exact(3.0),
            &pallet,
            Unit::Tonne,
            &ranged_density(0.4, 0.6),
        );
        assert_eq!(result, Err(ConversionProblem::Unrelated));
    }

    #[test]
    fn a_negative_price_per_cubic_metre_stays_ordered_per_tonne() {
        let m3 = read_unit("m3").unwrap();
        let price = convert_price(
            Interval::exact(-10.0),
            &m3,
            Unit::Tonne,
            &ranged_density(0.5, 1.0),
        )
        .unwrap();
        assert_eq!((price.low(), price.high()), (-20.0, -10.0));
        let kg = read_unit("kg").unwrap();
        let price =
            convert_price(Interval::exact(0.08), &kg, Unit::Tonne, &Bridge::default()).unwrap();
        assert!((price.mid() - 80.0).abs() < 1e-9);
    }
}
