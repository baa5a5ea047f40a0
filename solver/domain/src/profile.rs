//! How a yearly rate is spread over the months.

use serde::{Deserialize, Serialize};

use crate::units::Amount;

/// Number of months, the finest period of a material flow.
pub const MONTHS: usize = 12;

/// Share of the year that falls in each month, January first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// The same every month.
    #[default]
    Constant,
    /// Proportional to twelve weights, not all zero.
    Monthly([u32; MONTHS]),
}

impl Profile {
    /// A profile from twelve weights; `None` if all are zero, constant if all are equal.
    pub fn from_weights(weights: [u32; MONTHS]) -> Option<Profile> {
        if weights.iter().all(|&weight| weight == 0) {
            None
        } else if weights.iter().all(|&weight| weight == weights[0]) {
            Some(Profile::Constant)
        } else {
            Some(Profile::Monthly(weights))
        }
    }

    /// A campaign from month `first` to month `last` (1 to 12, both included; may pass New Year).
    pub fn campaign(first: u8, last: u8) -> Option<Profile> {
        if !(1..=12).contains(&first) || !(1..=12).contains(&last) {
            return None;
        }
        let mut weights = [0; MONTHS];
        let mut month = usize::from(first) - 1;
        loop {
            weights[month] = 1;
            if month == usize::from(last) - 1 {
                break;
            }
            month = (month + 1) % MONTHS;
        }
        Profile::from_weights(weights)
    }

    /// Whether every month is alike.
    pub fn is_constant(&self) -> bool {
        matches!(self, Profile::Constant)
    }

    /// Splits a yearly amount over the months; the twelve parts sum to it exactly.
    ///
    /// Each part is the difference of two rounded cumulative shares, so no part is off by more
    /// than one thousandth of the unit.
    pub fn split(&self, yearly: Amount) -> [Amount; MONTHS] {
        let weights = match self {
            Profile::Constant => [1; MONTHS],
            Profile::Monthly(weights) => *weights,
        };
        let total: i128 = weights.iter().map(|&weight| i128::from(weight)).sum();
        let mut parts = [Amount::ZERO; MONTHS];
        let mut before = 0i128;
        let mut given = 0i64;
        for (part, &weight) in parts.iter_mut().zip(&weights) {
            before += i128::from(weight);
            let until = ((i128::from(yearly.milli()) * before + total / 2) / total.max(1)) as i64;
            *part = Amount::from_milli(until - given);
            given = until;
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_campaign_passes_new_year() {
        let Some(Profile::Monthly(weights)) = Profile::campaign(11, 1) else {
            panic!("not monthly")
        };
        assert_eq!(weights, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
        assert_eq!(Profile::campaign(1, 12), Some(Profile::Constant));
        assert_eq!(Profile::campaign(0, 3), None);
    }

    proptest! {
        #[test]
        fn the_months_sum_to_the_year(yearly in 0i64..1_000_000_000_000, weights in prop::array::uniform12(0u32..1000)) {
            prop_assume!(weights.iter().any(|&w| w > 0));
            let profile = Profile::from_weights(weights).unwrap();
            let parts = profile.split(Amount::from_milli(yearly));
            prop_assert_eq!(parts.iter().map(|p| p.milli()).sum::<i64>(), yearly);
            for (part, weight) in parts.iter().zip(weights) {
                prop_assert!(part.milli() >= 0);
                if weight == 0 { prop_assert_eq!(part.milli(), 0) }
            }
        }
    }
}
