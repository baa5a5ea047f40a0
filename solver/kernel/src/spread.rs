//! Fixed charges spread over what flows: the linear program of a fixed-charge model without its
//! binaries, and slope scaling on it.
//!
//! In the relaxation of such a model each binary stands at flow over capacity, so that the charge is a
//! cost per unit and neither binary nor its rows are needed. The optimum is that of the relaxation, at
//! a fraction of the size: what is left of a large model is a network.
//!
//! Slope scaling (Kim and Pardalos 1999, see [`slope_scaling`](crate::slope_scaling)) then goes on from
//! there: what is chosen is a set of links to look at closely, not yet an answer.

use std::sync::atomic::AtomicBool;

use crate::KernelError;
use crate::certificate;
use crate::highs::{Control, Instance, Options};
use crate::lp::{Bound, Lp, Status};
use crate::slope_scaling::Charge;
use crate::tolerances::{IMPROVEMENT, LINK_IN_USE};

/// A fixed-charge model without its binaries.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// The linear program: a relaxation of the model.
    pub lp: Lp,
    /// For each column of the model its place in `lp`; `None` for a binary.
    pub place: Vec<Option<usize>>,
}

impl Spread {
    /// Spreads each charge over the capacity of its link.
    ///
    /// Binaries leave with every row they stand in; a link keeps its capacity. What their rows asked
    /// beyond that, the minimum lot, is not in the relaxation either, as a lot is at most the capacity.
    ///
    /// # Errors
    /// [`KernelError::OutOfRange`] for a charge that names a column that is not there; a fault of
    /// [`Lp::validate`].
    pub fn new(lp: &Lp, charges: &[Charge]) -> Result<Spread, KernelError> {
        lp.validate()?;
        let mut of_binary: Vec<Option<usize>> = vec![None; lp.columns()];
        for (at, charge) in charges.iter().enumerate() {
            let columns = charge.flow_cols.iter().chain([&charge.binary_col]);
            if let Some(&index) = columns.into_iter().find(|&&j| j >= lp.columns()) {
                return Err(KernelError::OutOfRange {
                    what: "column of a charge",
                    index,
                    count: lp.columns(),
                });
            }
            of_binary[charge.binary_col] = Some(at);
        }
        let mut dropped = vec![false; lp.rows()];
        for charge in charges {
            for (row, _) in lp.column(charge.binary_col) {
                dropped[row] = true;
            }
        }
        let mut spread = Lp::new();
        spread.offset = lp.offset;
        let mut row_place = vec![usize::MAX; lp.rows()];
        for row in (0..lp.rows()).filter(|&row| !dropped[row]) {
            row_place[row] = spread.add_row(lp.row_lower[row], lp.row_upper[row]);
        }
        let (mut cost, mut upper) = (lp.cost.clone(), lp.upper.clone());
        let mut capacity_row: Vec<Option<usize>> = vec![None; lp.columns()];
        for charge in charges {
            let y = charge.binary_col;
            if lp.lower[y] > 0.5 {
                spread.offset += lp.cost[y];
            }
            let slope = first_slope(lp, charge);
            let capacity = charge.upper * lp.upper[y].min(1.0);
            let row = (charge.flow_cols.len() > 1 && capacity.is_finite())
                .then(|| spread.add_row(f64::NEG_INFINITY, capacity));
            for &j in &charge.flow_cols {
                cost[j] += slope;
                upper[j] = upper[j].min(capacity);
                capacity_row[j] = row;
            }
        }
        let mut place = vec![None; lp.columns()];
        for j in (0..lp.columns()).filter(|&j| of_binary[j].is_none()) {
            let kept = lp.column(j).filter(|&(row, _)| !dropped[row]);
            let mut entries: Vec<(usize, f64)> = kept.map(|(row, a)| (row_place[row], a)).collect();
            entries.extend(capacity_row[j].map(|row| (row, 1.0)));
            let column = spread.add_column(cost[j], lp.lower[j], upper[j], lp.integer[j], &entries);
            place[j] = Some(column);
        }
        Ok(Spread { lp: spread, place })
    }
}

/// Charge per unit at full capacity; nothing for a link that is forced open or has no capacity.
fn first_slope(lp: &Lp, charge: &Charge) -> f64 {
    let y = charge.binary_col;
    if lp.lower[y] > 0.5 || !charge.upper.is_finite() || charge.upper <= 0.0 {
        0.0
    } else {
        lp.cost[y] / charge.upper
    }
}

/// Links worth a closer look, with the bound found on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// How the relaxation ended; only an optimum has the rest.
    pub status: Status,
    /// One mark per charge: in use in the best round, or forced.
    pub open: Vec<bool>,
    /// Our own lower bound on the model: of its relaxation, from its duals.
    pub bound: Bound,
    /// Linear programs solved.
    pub rounds: usize,
}

/// Chooses links by at most `rounds` rounds of slope scaling.
///
/// # Errors
/// As [`Spread::new`] and [`Instance::solve`].
pub fn choose(
    lp: &Lp,
    charges: &[Charge],
    rounds: usize,
    interrupt: Option<&AtomicBool>,
) -> Result<Choice, KernelError> {
    let spread = Spread::new(lp, charges)?;
    let watch = || Control {
        interrupt,
        progress: None,
    };
    let mut instance = Instance::from_lp(&spread.lp)?;
    let first = instance.solve(&Options::default(), None, watch())?;
    let mut choice = Choice {
        status: first.status,
        open: Vec::new(),
        bound: first.bound,
        rounds: 1,
    };
    if first.status != Status::Optimal {
        return Ok(choice);
    }
    choice.bound = certificate::lower_bound(&spread.lp, &first.row_duals)?;
    let links = Links::new(lp, charges, &spread);
    let warm = Options {
        warm: true,
        ..Options::default()
    };
    let mut slope: Vec<f64> = charges.iter().map(|c| first_slope(lp, c)).collect();
    let mut best = f64::INFINITY;
    let mut values = first.values;
    loop {
        let flows = links.flows(&values);
        let cost = links.cost(&flows, &values);
        if cost < best {
            best = cost;
            choice.open = links.open(&flows);
        }
        if choice.rounds >= rounds || !links.rescale(&mut slope, &flows) {
            break;
        }
        instance.set_costs(&links.sloped(&slope))?;
        let solution = instance.solve(&warm, None, watch())?;
        if solution.status != Status::Optimal {
            break;
        }
        choice.rounds += 1;
        values = solution.values;
    }
    Ok(choice)
}

/// Charges by the columns of the spread program.
struct Links<'a> {
    charges: &'a [Charge],
    forced: Vec<bool>,
    /// Flow columns in the spread program, by charge.
    columns: Vec<Vec<usize>>,
    /// Costs without any charge.
    bare: Vec<f64>,
}

impl<'a> Links<'a> {
    fn new(lp: &Lp, charges: &'a [Charge], spread: &Spread) -> Links<'a> {
        let mut bare = spread.lp.cost.clone();
        for (j, place) in spread.place.iter().enumerate() {
            if let Some(place) = place {
                bare[*place] = lp.cost[j];
            }
        }
        let columns = charges.iter().map(|charge| {
            let places = charge.flow_cols.iter().filter_map(|&j| spread.place[j]);
            places.collect()
        });
        Links {
            charges,
            forced: charges
                .iter()
                .map(|charge| lp.lower[charge.binary_col] > 0.5)
                .collect(),
            columns: columns.collect(),
            bare,
        }
    }

    fn flows(&self, values: &[f64]) -> Vec<f64> {
        let flow = |columns: &Vec<usize>| columns.iter().map(|&j| values[j]).sum();
        self.columns.iter().map(flow).collect()
    }

    /// Whether a flow is more than rounding.
    fn in_use(&self, link: usize, flow: f64) -> bool {
        flow > LINK_IN_USE * self.charges[link].upper.clamp(1.0, 1e3)
    }

    fn open(&self, flows: &[f64]) -> Vec<bool> {
        let open = |(link, &flow): (usize, &f64)| self.forced[link] || self.in_use(link, flow);
        flows.iter().enumerate().map(open).collect()
    }

    /// What a point costs with the whole charge of each link in use; a link below its lot pays as
    /// much more, in proportion.
    fn cost(&self, flows: &[f64], values: &[f64]) -> f64 {
        let carried: f64 = self.bare.iter().zip(values).map(|(c, x)| c * x).sum();
        let charged = (0..flows.len()).filter(|&link| self.in_use(link, flows[link]));
        let charges = charged.map(|link| {
            let charge = &self.charges[link];
            charge.charge * (charge.minimum_lot / flows[link]).max(1.0)
        });
        carried + charges.sum::<f64>()
    }

    /// Charge over flow for links in use, the last slope for the others; whether any changed.
    fn rescale(&self, slope: &mut [f64], flows: &[f64]) -> bool {
        let mut moved = false;
        for (link, slope) in slope.iter_mut().enumerate() {
            if self.forced[link] || !self.in_use(link, flows[link]) {
                continue;
            }
            let charge = &self.charges[link];
            let next = charge.charge / flows[link].max(charge.minimum_lot);
            moved |= (next - *slope).abs() > IMPROVEMENT * slope.abs().max(1.0);
            *slope = next;
        }
        moved
    }

    fn sloped(&self, slope: &[f64]) -> Vec<f64> {
        let mut cost = self.bare.clone();
        for (columns, slope) in self.columns.iter().zip(slope) {
            for &j in columns {
                cost[j] += slope;
            }
        }
        cost
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::highs::relaxation;

    /// Ten tonnes leave by an outlet at 5 a tonne, or by two links at 1 and 2 a tonne: the first costs
    /// 60 to open and carries ten, over two periods; the second costs 4, carries six, at least three.
    fn model() -> (Lp, Vec<Charge>) {
        let mut lp = Lp::new();
        let balance = lp.add_row(10.0, 10.0);
        let first = lp.add_row(f64::NEG_INFINITY, 0.0);
        let second = lp.add_row(f64::NEG_INFINITY, 0.0);
        let lot = lp.add_row(0.0, f64::INFINITY);
        let outlet = |lp: &mut Lp| lp.add_column(5.0, 0.0, f64::INFINITY, false, &[(balance, 1.0)]);
        outlet(&mut lp);
        let flow = [(balance, 1.0), (first, 1.0)];
        let a = lp.add_column(1.0, 0.0, 8.0, false, &flow);
        let b = lp.add_column(1.0, 0.0, 8.0, false, &flow);
        let open = lp.add_column(60.0, 0.0, 1.0, true, &[(first, -10.0)]);
        let flow = [(balance, 1.0), (second, 1.0), (lot, 1.0)];
        let c = lp.add_column(2.0, 0.0, 6.0, false, &flow);
        let other = lp.add_column(4.0, 0.0, 1.0, true, &[(second, -6.0), (lot, -3.0)]);
        let charge = |flow_cols: Vec<usize>, binary_col, upper, charge, minimum_lot| Charge {
            flow_cols,
            binary_col,
            upper,
            charge,
            minimum_lot,
        };
        let charges = vec![
            charge(vec![a, b], open, 10.0, 60.0, 0.0),
            charge(vec![c], other, 6.0, 4.0, 3.0),
        ];
        (lp, charges)
    }

    #[test]
    fn the_bound_is_the_optimum_of_the_relaxation() {
        let (lp, charges) = model();
        let choice = choose(&lp, &charges, 10, None).unwrap();
        let relaxed = relaxation(&lp, &Options::default(), Control::default()).unwrap();
        // Six tonnes at 2 + 4/6, four at the outlet: the first link costs 1 + 60/10.
        assert!((relaxed.objective - 36.0).abs() < 1e-9);
        assert!((choice.bound.value - 36.0).abs() < 1e-6, "{choice:?}");
        assert_eq!(choice.open, [false, true]);
    }

    #[test]
    fn a_spread_model_has_no_binaries_and_keeps_every_capacity() {
        let (mut lp, charges) = model();
        let spread = Spread::new(&lp, &charges).unwrap();
        assert_eq!((spread.lp.columns(), spread.lp.rows()), (4, 2));
        assert!(!spread.lp.is_mixed_integer());
        assert_eq!(spread.lp.upper[3], 6.0);
        assert_eq!(spread.lp.row_upper[1], 10.0);
        // A link that is forced open has paid already.
        lp.lower[3] = 1.0;
        let spread = Spread::new(&lp, &charges).unwrap();
        assert_eq!((spread.lp.offset, spread.lp.cost[1]), (60.0, 1.0));
        assert_eq!(choose(&lp, &charges, 10, None).unwrap().open, [true, false]);
    }

    #[test]
    fn a_charge_on_a_column_that_is_not_there_is_refused() {
        let (lp, mut charges) = model();
        charges[1].binary_col = 9;
        assert!(matches!(
            Spread::new(&lp, &charges),
            Err(KernelError::OutOfRange { index: 9, .. })
        ));
    }
}
