//! A certificate held against tolerances.

use super::{Certificate, Worst};
use crate::lp::BoundKind;
use crate::tolerances;

/// What a certificate may show and still pass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerances {
    /// Relative violation of bounds and rows.
    pub primal: f64,
    /// Distance from a whole number.
    pub integrality: f64,
    /// Relative dual violation.
    pub dual: f64,
    /// Relative gap of an optimal linear program; relative difference of two objectives.
    pub gap: f64,
}

impl Default for Tolerances {
    fn default() -> Self {
        Self {
            primal: tolerances::CERTIFIED_PRIMAL,
            integrality: tolerances::CERTIFIED_INTEGRALITY,
            dual: tolerances::CERTIFIED_DUAL,
            gap: tolerances::CERTIFIED_GAP,
        }
    }
}

/// What a breach is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BreachKind {
    /// A column outside its bounds.
    ColumnBound,
    /// A row outside its limits.
    Row,
    /// An integer column that is not whole.
    Integrality,
    /// A reduced cost of the wrong sign.
    ReducedCost,
    /// A row dual of the wrong sign.
    RowDual,
    /// The stated objective is not that of the stated point.
    Objective,
    /// The objective is below a bound that nothing can be below.
    BelowBound,
    /// The gap of an optimal linear program does not close.
    Gap,
}

/// One way in which an answer is not what it claims.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Breach {
    /// What it is about.
    pub kind: BreachKind,
    /// The worst row or column, where there is one.
    pub index: Option<usize>,
    /// Violation, relative as the tolerance is.
    pub relative: f64,
    /// What was accepted.
    pub accepted: f64,
}

impl std::fmt::Display for Breach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let subject = match self.kind {
            BreachKind::ColumnBound => "bounds of column",
            BreachKind::Row => "limits of row",
            BreachKind::Integrality => "integrality of column",
            BreachKind::ReducedCost => "reduced cost of column",
            BreachKind::RowDual => "dual of row",
            BreachKind::Objective => "stated objective",
            BreachKind::BelowBound => "proved lower bound",
            BreachKind::Gap => "duality gap",
        };
        f.write_str(subject)?;
        if let Some(index) = self.index {
            write!(f, " {index}")?;
        }
        write!(
            f,
            ": off by {:e}, accepted {:e}",
            self.relative, self.accepted
        )
    }
}

/// Holds a certificate against tolerances.
///
/// # Errors
/// Every breach, each with its worst row or column.
pub fn verify(certificate: &Certificate, tolerances: &Tolerances) -> Result<(), Vec<Breach>> {
    let Certificate {
        objective,
        stated_objective,
        lower_bound,
        ..
    } = *certificate;
    let scale = objective.abs().max(1.0);
    let worst = |worst: Worst| (Some(worst.index), worst.relative);
    // A bound that forgives dual violations may lie above the optimum by what it forgave.
    let below = match lower_bound.kind {
        BoundKind::Ours => (lower_bound.value - objective) / scale,
        BoundKind::OursWithinTolerance | BoundKind::ReportedBySolver => 0.0,
    };
    let gap = if certificate.gap_must_close {
        certificate.gap
    } else {
        0.0
    };
    use BreachKind::*;
    let findings = [
        (
            ColumnBound,
            worst(certificate.max_bound_violation),
            tolerances.primal,
        ),
        (Row, worst(certificate.max_row_violation), tolerances.primal),
        (
            Integrality,
            worst(certificate.max_integrality_violation),
            tolerances.integrality,
        ),
        (
            ReducedCost,
            worst(certificate.dual_violation),
            tolerances.dual,
        ),
        (
            RowDual,
            worst(certificate.row_dual_violation),
            tolerances.dual,
        ),
        (
            Objective,
            (None, (objective - stated_objective).abs() / scale),
            tolerances.gap,
        ),
        (BelowBound, (None, below), tolerances.gap),
        (Gap, (None, gap), tolerances.gap),
    ];
    let breaches: Vec<Breach> = findings
        .into_iter()
        // Written so that NaN is a breach.
        .filter(|(_, (_, relative), accepted)| {
            relative.partial_cmp(accepted).is_none_or(|o| o.is_gt())
        })
        .map(|(kind, (index, relative), accepted)| Breach {
            kind,
            index,
            relative,
            accepted,
        })
        .collect();
    if breaches.is_empty() {
        Ok(())
    } else {
        Err(breaches)
    }
}
