//! An uncertain value: low, mid and high, in this order.

use serde::{Deserialize, Serialize};

/// Three values of one quantity, `low <= mid <= high`.
///
/// The plan, the check and conservation use `mid`; `low` and `high` bound what is announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Interval<T> {
    low: T,
    mid: T,
    high: T,
}

impl<T: Copy + PartialOrd> Interval<T> {
    /// An interval, or `None` when the three values are not in order.
    pub fn new(low: T, mid: T, high: T) -> Option<Self> {
        (low <= mid && mid <= high).then_some(Self { low, mid, high })
    }

    /// The interval of a value known exactly.
    pub fn exact(value: T) -> Self {
        Self {
            low: value,
            mid: value,
            high: value,
        }
    }

    /// The interval holding three values given in any order; the middle one becomes `mid`.
    pub fn spanning(a: T, b: T, c: T) -> Self {
        let mut values = [a, b, c];
        // Insertion by comparison: T is only partially ordered, and NaN never reaches these types.
        for i in 1..3 {
            let mut j = i;
            while j > 0 && values[j] < values[j - 1] {
                values.swap(j, j - 1);
                j -= 1;
            }
        }
        Self {
            low: values[0],
            mid: values[1],
            high: values[2],
        }
    }

    /// The smallest plausible value.
    pub fn low(&self) -> T {
        self.low
    }

    /// The value the plan works with.
    pub fn mid(&self) -> T {
        self.mid
    }

    /// The largest plausible value.
    pub fn high(&self) -> T {
        self.high
    }

    /// Whether the value is known exactly.
    pub fn is_exact(&self) -> bool {
        self.low == self.high
    }

    /// Applies a non-decreasing function to the three values.
    pub fn map<U: Copy + PartialOrd>(&self, f: impl Fn(T) -> U) -> Interval<U> {
        Interval::spanning(f(self.low), f(self.mid), f(self.high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_out_of_order_is_refused() {
        assert!(Interval::new(3, 2, 4).is_none());
        assert!(Interval::new(1, 5, 4).is_none());
        assert!(Interval::new(1, 1, 1).is_some());
    }

    #[test]
    fn a_decreasing_map_still_gives_an_ordered_interval() {
        let negated = Interval::new(1, 2, 5).unwrap().map(|v: i32| -v);
        assert_eq!((negated.low(), negated.mid(), negated.high()), (-5, -2, -1));
    }
}
