//! Bringing a price of one year to another.

use super::{Basis, PriceKind, PriceRow};
use crate::interval::Interval;
use crate::units::Price;

/// Widening of the half-interval of a price that is not indexed, per year of age.
const WIDENING_PER_YEAR: f64 = 0.10;

/// How a price moves with the years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Movement {
    /// Follows the general index: services, gate fees, rents, water, transport, storage.
    Indexed,
    /// Moves both ways (metals, paper, plastics, fuels, power, gas, fertiliser, feed, chemicals):
    /// the figure is kept and its interval widens.
    Uncertain,
    /// A tax: the legal figure of the year, neither indexed nor widened.
    Legal,
}

/// General inflation of a year (background): price of December over December before.
fn inflation(year: i16) -> f64 {
    match year {
        ..=2021 => 0.016,
        2022 => 0.052,
        2023 => 0.049,
        2024 => 0.020,
        2025 => 0.010,
        _ => 0.020,
    }
}

/// What one euro of `from` is worth in euros of `to`.
pub(super) fn index(from: i16, to: i16) -> f64 {
    let product = |first: i16, last: i16| {
        (first..last)
            .map(|year| 1.0 + inflation(year + 1))
            .product::<f64>()
    };
    if from <= to {
        product(from, to)
    } else {
        1.0 / product(to, from)
    }
}

/// Multiplies the distance of both bounds to the working value.
pub(super) fn widened(price: Interval<Price>, factor: f64) -> Interval<Price> {
    let mid = price.mid();
    Interval::spanning(
        mid - (mid - price.low()).times(factor),
        mid,
        mid + (price.high() - mid).times(factor),
    )
}

impl PriceRow {
    pub(super) fn movement(&self) -> Movement {
        let variant = self.variant.as_deref().unwrap_or("");
        if self.basis == Basis::Component && (variant.starts_with("tgap") || variant == "excise") {
            return Movement::Legal;
        }
        let service = ["service", "space", "skill", "water"].iter().any(|root| {
            self.key == *root
                || self
                    .key
                    .strip_prefix(root)
                    .is_some_and(|rest| rest.starts_with('.'))
        });
        match self.kind {
            PriceKind::Outlet | PriceKind::Purchase if service => Movement::Indexed,
            PriceKind::Outlet if matches!(self.basis, Basis::Gate | Basis::AllIn) => {
                Movement::Indexed
            }
            // What is bought or sold as a commodity; minerals, wood and packaging are on neither
            // list of the catalogue and are kept on the careful side.
            PriceKind::Outlet | PriceKind::Purchase => Movement::Uncertain,
            _ => Movement::Indexed,
        }
    }

    /// The price in money of `year`.
    pub(super) fn in_year(&self, year: i16) -> Interval<Price> {
        match self.movement() {
            Movement::Indexed => {
                let factor = index(self.year, year);
                self.price.map(|price| price.times(factor))
            }
            Movement::Uncertain => {
                let age = f64::from(year.abs_diff(self.year));
                widened(self.price, 1.0 + WIDENING_PER_YEAR * age)
            }
            Movement::Legal => self.price,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_compounds_the_rates_and_runs_both_ways() {
        assert_eq!(index(2025, 2025), 1.0);
        assert!((index(2021, 2026) - 1.052 * 1.049 * 1.02 * 1.01 * 1.02).abs() < 1e-12);
        assert!((index(2026, 2021) * index(2021, 2026) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn widening_keeps_the_working_value() {
        let price = Interval::new(-10.0, 20.0, 30.0)
            .unwrap()
            .map(|euros| Price::from_euros(euros).unwrap());
        let wide = widened(price, 1.5);
        let euros = (wide.low().euros(), wide.mid().euros(), wide.high().euros());
        assert_eq!(euros, (-25.0, 20.0, 35.0));
    }
}
