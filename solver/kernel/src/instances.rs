//! Models used by the tests of several modules.

use crate::lp::Lp;

/// Transportation problem of G. B. Dantzig, *Linear Programming and Extensions* (1963), chapter
/// 3-3, as published in the GAMS model library under the name TRNSPORT: optimum 153.675.
///
/// Rows: capacity of Seattle and San Diego, demand of New York, Chicago and Topeka. Columns: Seattle
/// to each market, then San Diego.
pub(crate) fn dantzig() -> Lp {
    let mut lp = Lp::new();
    for capacity in [350.0, 600.0] {
        lp.add_row(f64::NEG_INFINITY, capacity);
    }
    for demand in [325.0, 300.0, 275.0] {
        lp.add_row(demand, f64::INFINITY);
    }
    let thousand_miles = [[2.5, 1.7, 1.8], [2.5, 1.8, 1.4]];
    for (plant, distances) in thousand_miles.iter().enumerate() {
        for (market, distance) in distances.iter().enumerate() {
            let entries = [(plant, 1.0), (2 + market, 1.0)];
            lp.add_column(
                90.0 * distance / 1000.0,
                0.0,
                f64::INFINITY,
                false,
                &entries,
            );
        }
    }
    lp
}

/// A multidimensional knapsack as a minimisation, with invented, correlated weights and values: small,
/// but not solved at the root.
pub(crate) fn knapsack(items: usize, dimensions: usize) -> Lp {
    let mut state: u64 = 20_260_101;
    let mut draw = || {
        // Constants of Knuth's MMIX generator.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        10.0 + ((state >> 33) % 90) as f64
    };
    let mut lp = Lp::new();
    let weights: Vec<Vec<f64>> = (0..items)
        .map(|_| (0..dimensions).map(|_| draw()).collect())
        .collect();
    for d in 0..dimensions {
        let total: f64 = weights.iter().map(|w| w[d]).sum();
        lp.add_row(f64::NEG_INFINITY, (total / 2.0).floor());
    }
    for weight in &weights {
        let worth = (weight.iter().sum::<f64>() / dimensions as f64).round() + draw() / 10.0;
        let entries: Vec<(usize, f64)> = weight.iter().copied().enumerate().collect();
        lp.add_column(-worth, 0.0, 1.0, true, &entries);
    }
    lp
}
