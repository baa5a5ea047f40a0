//! The charges of a model, checked against it.

use super::Charge;
use crate::KernelError;
use crate::lp::Lp;
use crate::tolerances::LINK_IN_USE;

/// Checked charges and what follows from them.
pub(super) struct Links<'a> {
    charges: &'a [Charge],
    /// Binary fixed to 1 by the model.
    forced: Vec<bool>,
    /// Binary fixed to 0 by the model.
    barred: Vec<bool>,
}

impl<'a> Links<'a> {
    pub(super) fn new(lp: &Lp, charges: &'a [Charge]) -> Result<Self, KernelError> {
        let mut owned = vec![false; lp.columns()];
        for (index, charge) in charges.iter().enumerate() {
            if let Some(reason) = fault(lp, charge) {
                return Err(KernelError::Charge { index, reason });
            }
            if std::mem::replace(&mut owned[charge.binary_col], true) {
                return Err(KernelError::Charge {
                    index,
                    reason: "its binary column belongs to another charge too",
                });
            }
        }
        if lp
            .integer
            .iter()
            .zip(&owned)
            .any(|(whole, own)| *whole && !own)
        {
            return Err(KernelError::Unsupported(
                "integer column that belongs to no charge",
            ));
        }
        let binary = |charge: &Charge| charge.binary_col;
        Ok(Self {
            charges,
            forced: charges.iter().map(|c| lp.lower[binary(c)] > 0.5).collect(),
            barred: charges.iter().map(|c| lp.upper[binary(c)] < 0.5).collect(),
        })
    }

    pub(super) fn count(&self) -> usize {
        self.charges.len()
    }

    pub(super) fn charge(&self, link: usize) -> &Charge {
        &self.charges[link]
    }

    pub(super) fn forced(&self, link: usize) -> bool {
        self.forced[link]
    }

    pub(super) fn barred(&self, link: usize) -> bool {
        self.barred[link]
    }

    /// Charge per unit at full capacity; what is forced open costs nothing more.
    pub(super) fn first_slope(&self, link: usize) -> f64 {
        let charge = &self.charges[link];
        if self.forced[link] || !charge.upper.is_finite() {
            0.0
        } else {
            charge.charge / charge.upper
        }
    }

    /// Flow through a link.
    pub(super) fn flow(&self, link: usize, values: &[f64]) -> f64 {
        let columns = &self.charges[link].flow_cols;
        columns.iter().map(|&j| values[j]).sum()
    }

    /// Whether that flow is more than rounding.
    pub(super) fn in_use(&self, link: usize, flow: f64) -> bool {
        flow > LINK_IN_USE * self.charges[link].upper.clamp(1.0, 1e3)
    }

    /// Whether a link in use carries less than its minimum lot.
    pub(super) fn below_lot(&self, link: usize, flow: f64) -> bool {
        let lot = self.charges[link].minimum_lot;
        lot > 0.0 && flow < lot - LINK_IN_USE * lot.max(1.0)
    }

    /// One mark per link: in use at this point, or forced.
    pub(super) fn open_at(&self, values: &[f64]) -> Vec<bool> {
        let open = |link| {
            !self.barred(link) && (self.forced(link) || self.in_use(link, self.flow(link, values)))
        };
        (0..self.count()).map(open).collect()
    }
}

fn fault(lp: &Lp, charge: &Charge) -> Option<&'static str> {
    let n = lp.columns();
    let y = charge.binary_col;
    if y >= n || charge.flow_cols.iter().any(|&j| j >= n) {
        return Some("it names a column that does not exist");
    }
    if !lp.integer[y] || lp.lower[y] < 0.0 || lp.upper[y] > 1.0 {
        return Some("its binary column is not an integer within 0 and 1");
    }
    if charge.flow_cols.is_empty() || charge.flow_cols.contains(&y) {
        return Some("its flow columns are missing or hold its binary column");
    }
    if charge.flow_cols.iter().any(|&j| lp.lower[j] < 0.0) {
        return Some("a flow column may be negative");
    }
    if !(charge.charge.is_finite() && charge.charge >= 0.0) {
        return Some("its charge is negative or not a number");
    }
    if !(charge.minimum_lot.is_finite() && charge.minimum_lot >= 0.0) {
        return Some("its minimum lot is negative or not a number");
    }
    if !(charge.upper > 0.0 && charge.upper >= charge.minimum_lot) {
        return Some("its capacity is not positive or is below its minimum lot");
    }
    None
}
