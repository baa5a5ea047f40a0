//! Fixed-charge transport problems as bare arrays, for the kernel alone.

use boucle_kernel::lp::Lp;
use boucle_kernel::slope_scaling::Charge;

use crate::random::Random;

/// Links of each source, to the sinks nearest to it.
const LINKS: usize = 8;

/// `sources` sources and as many sinks on a square, each source linked to its eight nearest sinks.
///
/// Quantities are log-normal; a link costs its length per unit and a charge once; what is not sent
/// leaves at 100 per unit and what is not received is bought at 60. The same numbers give the same
/// problem.
pub fn transport(sources: usize, seed: u64) -> (Lp, Vec<Charge>) {
    let mut random = Random::new(seed);
    let mut places = |count: usize| -> Vec<(f64, f64, f64)> {
        (0..count)
            .map(|_| {
                let amount = random.log_normal(100.0, 1.0);
                (random.unit(), random.unit(), amount)
            })
            .collect()
    };
    let (from, to) = (places(sources), places(sources));
    let mut lp = Lp::new();
    let gives: Vec<usize> = from.iter().map(|s| lp.add_row(s.2, s.2)).collect();
    let takes: Vec<usize> = to.iter().map(|t| lp.add_row(t.2, t.2)).collect();
    for (rows, price) in [(&gives, 100.0), (&takes, 60.0)] {
        for &row in rows {
            lp.add_column(price, 0.0, f64::INFINITY, false, &[(row, 1.0)]);
        }
    }
    let mut charges = Vec::new();
    for (source, &(x, y, supply)) in from.iter().enumerate() {
        let mut near: Vec<(f64, usize)> = to
            .iter()
            .enumerate()
            .map(|(sink, &(u, v, _))| ((x - u).hypot(y - v), sink))
            .collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for &(distance, sink) in near.iter().take(LINKS) {
            let capacity = supply.min(to[sink].2);
            let open = lp.add_row(f64::NEG_INFINITY, 0.0);
            let entries = [(gives[source], 1.0), (takes[sink], 1.0), (open, 1.0)];
            let flow = lp.add_column(80.0 * distance, 0.0, capacity, false, &entries);
            let charge = random.between(500.0, 4_000.0);
            let binary = lp.add_column(charge, 0.0, 1.0, true, &[(open, -capacity)]);
            charges.push(Charge {
                flow_cols: vec![flow],
                binary_col: binary,
                upper: capacity,
                charge,
                minimum_lot: 0.0,
            });
        }
    }
    (lp, charges)
}

#[cfg(test)]
mod tests {
    use boucle_kernel::{slope_scaling, spread};

    use super::*;

    #[test]
    fn a_first_answer_lies_above_the_bound_of_the_spread_charges() {
        let (lp, charges) = transport(12, 5);
        let settings = slope_scaling::Settings::default();
        let start = slope_scaling::search(&lp, &charges, &settings, None);
        let start = start.unwrap().unwrap();
        let choice = spread::choose(&lp, &charges, 40, None).unwrap();
        assert!(choice.bound.value <= start.objective);
        assert!(choice.bound.value >= 0.8 * start.objective);
        assert!(choice.open.contains(&true) && choice.open.contains(&false));
    }
}
