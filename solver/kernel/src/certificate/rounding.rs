//! Directed rounding: results that are never above (`_down`) or never below (`_up`) the exact one.
//!
//! The rounding error of a sum or product of two doubles is itself a double (two-sum; fused
//! multiply-add), so that its sign tells whether to step to the neighbour. Exact results stay exact:
//! a reduced cost of zero must stay zero, as it may meet an infinite bound.

/// Below this size the error of a product may itself be lost to underflow.
const UNDERFLOW: f64 = 1e-280;

/// `a + b`, rounded towards -∞.
pub(super) fn add_down(a: f64, b: f64) -> f64 {
    let sum = a + b;
    if !sum.is_finite() {
        return overflow_down(sum, a.is_finite() && b.is_finite());
    }
    let b_part = sum - a;
    let error = (a - (sum - b_part)) + (b - b_part);
    if error >= 0.0 { sum } else { sum.next_down() }
}

/// `a + b`, rounded towards +∞.
pub(super) fn add_up(a: f64, b: f64) -> f64 {
    -add_down(-a, -b)
}

/// `a · b`, rounded towards -∞, with `0 · ∞ = 0`.
pub(super) fn mul_down(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 {
        return 0.0;
    }
    let product = a * b;
    if !product.is_finite() {
        return overflow_down(product, a.is_finite() && b.is_finite());
    }
    if product.abs() < UNDERFLOW {
        return product.next_down();
    }
    let error = a.mul_add(b, -product);
    if error >= 0.0 {
        product
    } else {
        product.next_down()
    }
}

/// `a · b`, rounded towards +∞, with `0 · ∞ = 0`.
pub(super) fn mul_up(a: f64, b: f64) -> f64 {
    -mul_down(-a, b)
}

/// `a / b` for `b ≠ 0`, at or below the exact quotient.
pub(super) fn div_down(a: f64, b: f64) -> f64 {
    let quotient = a / b;
    if quotient.is_finite() {
        quotient.next_down()
    } else {
        overflow_down(quotient, a.is_finite() && b.is_finite())
    }
}

/// `a / b` for `b ≠ 0`, at or above the exact quotient.
pub(super) fn div_up(a: f64, b: f64) -> f64 {
    -div_down(-a, b)
}

fn overflow_down(result: f64, finite_operands: bool) -> f64 {
    if result.is_nan() {
        f64::NEG_INFINITY
    } else if result == f64::INFINITY && finite_operands {
        f64::MAX
    } else {
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_results_stay_exact() {
        assert_eq!(add_down(0.5, 0.25), 0.75);
        assert_eq!(add_down(3.0, -3.0), 0.0);
        assert_eq!(mul_down(0.5, 3.0), 1.5);
        assert_eq!(mul_down(0.0, f64::INFINITY), 0.0);
    }

    #[test]
    fn inexact_results_enclose_the_exact_one() {
        // 0.1 + 0.2 rounds up to 0.30000000000000004.
        assert_eq!(add_up(0.1, 0.2), 0.1 + 0.2);
        assert_eq!(add_down(0.1, 0.2), (0.1_f64 + 0.2).next_down());
        let third = 1.0 / 3.0;
        assert!(mul_down(third, third) < mul_up(third, third));
        assert!(div_down(1.0, 3.0) < third && third < div_up(1.0, 3.0));
    }

    #[test]
    fn infinities_take_the_safe_side() {
        assert_eq!(
            add_down(f64::INFINITY, f64::NEG_INFINITY),
            f64::NEG_INFINITY
        );
        assert_eq!(add_up(f64::INFINITY, f64::NEG_INFINITY), f64::INFINITY);
        assert_eq!(mul_down(f64::MAX, 2.0), f64::MAX);
        assert_eq!(mul_up(f64::MAX, 2.0), f64::INFINITY);
    }
}
