//! How a stream of so many months becomes a yearly flow.
//!
//! Twelve months are a year as they stand. Fewer are not filled up: the flow is what was declared,
//! up to what the year would be if the other months were alike. Of more, the latest twelve count;
//! the years before them give the bounds.

use std::collections::BTreeMap;

/// Months of a year.
const YEAR: u32 = 12;

/// The months a register covers, counted from year nought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Covered {
    pub first: u32,
    pub last: u32,
}

/// A yearly flow, in grams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Yearly {
    pub low: i64,
    pub mid: i64,
    pub high: i64,
    /// Grams of each calendar month, January first.
    pub months: [i64; 12],
}

impl Covered {
    /// How many months.
    pub fn months(self) -> u32 {
        self.last - self.first + 1
    }

    /// First month that counts.
    pub fn counts_from(self) -> u32 {
        self.first.max((self.last + 1).saturating_sub(YEAR))
    }

    /// `2025-01`.
    pub fn written(month: u32) -> String {
        format!("{:04}-{:02}", month / YEAR, month % YEAR + 1)
    }

    /// The flow of a stream with these grams by month.
    pub fn yearly(self, grams: &BTreeMap<u32, i64>) -> Yearly {
        let sum =
            |from: u32, to: u32| -> i64 { grams.range(from..=to).map(|(_, grams)| *grams).sum() };
        let total = sum(self.counts_from(), self.last);
        let (mut low, mut high) = (total, total);
        if self.months() < YEAR {
            high = (i128::from(total) * i128::from(YEAR) / i128::from(self.months())) as i64;
        }
        let mut last = self.last;
        while last >= self.first + 2 * YEAR - 1 {
            last -= YEAR;
            let earlier = sum(last + 1 - YEAR, last);
            low = low.min(earlier);
            high = high.max(earlier);
        }
        let mut months = [0; 12];
        for (month, grams) in grams.range(self.counts_from()..=self.last) {
            months[(month % YEAR) as usize] = *grams;
        }
        Yearly {
            low,
            mid: total,
            high,
            months,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JANUARY: u32 = 2025 * 12;

    fn covered(first: u32, last: u32) -> Covered {
        Covered {
            first: JANUARY + first,
            last: JANUARY + last,
        }
    }

    #[test]
    fn a_whole_year_is_taken_as_it_stands() {
        let grams = BTreeMap::from([(JANUARY, 1_500_000), (JANUARY + 11, 2_345_000)]);
        let yearly = covered(0, 11).yearly(&grams);
        assert_eq!(
            (yearly.low, yearly.mid, yearly.high),
            (3_845_000, 3_845_000, 3_845_000)
        );
        assert_eq!(
            (yearly.months[0], yearly.months[11]),
            (1_500_000, 2_345_000)
        );
    }

    #[test]
    fn seven_months_are_no_year_and_the_bound_says_what_a_year_would_be() {
        let grams = BTreeMap::from([(JANUARY, 7_000_000)]);
        let yearly = covered(0, 6).yearly(&grams);
        assert_eq!(
            (yearly.low, yearly.mid, yearly.high),
            (7_000_000, 7_000_000, 12_000_000)
        );
    }

    #[test]
    fn of_several_years_the_latest_twelve_months_count_and_the_others_bound() {
        let grams = BTreeMap::from([
            (JANUARY, 4_000_000),
            (JANUARY + 12, 3_000_000),
            (JANUARY + 24, 9_000_000),
        ]);
        let yearly = covered(0, 35).yearly(&grams);
        assert_eq!(
            (yearly.low, yearly.mid, yearly.high),
            (3_000_000, 9_000_000, 9_000_000)
        );
        // Thirteen months hold no earlier year: nothing is bounded by a part of one.
        let yearly = covered(0, 12).yearly(&grams);
        assert_eq!(
            (yearly.low, yearly.mid, yearly.high),
            (3_000_000, 3_000_000, 3_000_000)
        );
    }
}
