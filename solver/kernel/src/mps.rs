//! A model as text in free-format MPS, which CBC, GLPK, SCIP, HiGHS and the commercial solvers read.

mod names;

pub use names::Names;

use std::fmt::Write as _;

use crate::KernelError;
use crate::lp::Lp;
use names::Labels;

/// The objective row.
const OBJECTIVE: &str = "COST";

/// Writes `lp` as free-format MPS; without names, columns are `x0…`, rows `r0…`.
///
/// Minimisation is the format's own sense and is not written. The objective's constant goes to the
/// right-hand side with its sign changed, as CBC and HiGHS read it. Numbers are the shortest that
/// read back to the same double, but for the lower limit of a row with two limits: the format holds
/// it as upper limit minus range, which may move it by one rounding.
///
/// # Errors
/// [`KernelError::NotFinite`] for NaN anywhere; [`KernelError::Name`] for a name that the format
/// cannot carry; [`KernelError::Crossed`] for a row that
/// nothing satisfies; [`KernelError::Length`] when there are not `n` and `m` names; a fault of
/// [`Lp::validate`].
pub fn write(lp: &Lp, names: Option<&Names<'_>>) -> Result<String, KernelError> {
    lp.validate()?;
    // The format knows only the size of a range, so that crossed limits would read back as uncrossed.
    let mut limits = lp.row_lower.iter().zip(&lp.row_upper);
    if let Some(row) = limits.position(|(lower, upper)| lower > upper) {
        return Err(KernelError::Crossed { row });
    }
    let labels = Labels::new(lp, names, OBJECTIVE)?;
    // Without the word FREE, CBC takes short names and numbers for columns of fixed width.
    let mut text = format!("NAME {} FREE\n", labels.model());
    rows(lp, &labels, &mut text);
    columns(lp, &labels, &mut text);
    right_hand_sides(lp, &labels, &mut text);
    ranges(lp, &labels, &mut text);
    bounds(lp, &labels, &mut text);
    text.push_str("ENDATA\n");
    Ok(text)
}

/// How the format writes the limits of a row.
enum RowType {
    Free,
    Equal(f64),
    AtLeast(f64),
    AtMost { limit: f64, range: Option<f64> },
}

fn row_type(lower: f64, upper: f64) -> RowType {
    match (lower.is_finite(), upper.is_finite()) {
        (false, false) => RowType::Free,
        (true, false) => RowType::AtLeast(lower),
        (false, true) => RowType::AtMost {
            limit: upper,
            range: None,
        },
        (true, true) if lower == upper => RowType::Equal(lower),
        (true, true) => RowType::AtMost {
            limit: upper,
            range: Some(upper - lower),
        },
    }
}

fn row_types(lp: &Lp) -> impl Iterator<Item = (usize, RowType)> + '_ {
    let limits = lp.row_lower.iter().zip(&lp.row_upper);
    limits.map(|(l, u)| row_type(*l, *u)).enumerate()
}

// Writing to a string cannot fail, hence the ignored results below.

fn rows(lp: &Lp, labels: &Labels<'_>, text: &mut String) {
    let _ = writeln!(text, "ROWS\n N {OBJECTIVE}");
    for (i, kind) in row_types(lp) {
        let letter = match kind {
            RowType::Free => 'N',
            RowType::Equal(_) => 'E',
            RowType::AtLeast(_) => 'G',
            RowType::AtMost { .. } => 'L',
        };
        let _ = writeln!(text, " {letter} {}", labels.row(i));
    }
}

fn columns(lp: &Lp, labels: &Labels<'_>, text: &mut String) {
    text.push_str("COLUMNS\n");
    let mut whole = false;
    for j in 0..lp.columns() {
        if lp.integer[j] != whole {
            whole = lp.integer[j];
            marker(whole, text);
        }
        let name = labels.column(j);
        // A column exists only by being mentioned: its cost is written even when zero.
        let _ = writeln!(text, " {name} {OBJECTIVE} {:e}", lp.cost[j]);
        for (i, value) in lp.column(j).filter(|(_, a)| *a != 0.0) {
            let _ = writeln!(text, " {name} {} {value:e}", labels.row(i));
        }
    }
    if whole {
        marker(false, text);
    }
}

fn marker(begins: bool, text: &mut String) {
    let word = if begins { "INTORG" } else { "INTEND" };
    let _ = writeln!(text, " MARKER 'MARKER' '{word}'");
}

fn right_hand_sides(lp: &Lp, labels: &Labels<'_>, text: &mut String) {
    text.push_str("RHS\n");
    if lp.offset != 0.0 {
        let _ = writeln!(text, " RHS {OBJECTIVE} {:e}", -lp.offset);
    }
    for (i, kind) in row_types(lp) {
        let limit = match kind {
            RowType::Free => continue,
            RowType::Equal(v) | RowType::AtLeast(v) | RowType::AtMost { limit: v, .. } => v,
        };
        if limit != 0.0 {
            let _ = writeln!(text, " RHS {} {limit:e}", labels.row(i));
        }
    }
}

fn ranges(lp: &Lp, labels: &Labels<'_>, text: &mut String) {
    let mut header = "RANGES\n";
    for (i, kind) in row_types(lp) {
        if let RowType::AtMost {
            range: Some(range), ..
        } = kind
        {
            text.push_str(std::mem::take(&mut header));
            let _ = writeln!(text, " RANGE {} {range:e}", labels.row(i));
        }
    }
}

/// Every bound that is not the default `0 ≤ x < ∞` of a continuous column. Readers differ on the
/// defaults of integer columns, and on a negative upper bound alone, so that neither is left to them.
fn bounds(lp: &Lp, labels: &Labels<'_>, text: &mut String) {
    text.push_str("BOUNDS\n");
    for j in 0..lp.columns() {
        let (name, lower, upper) = (labels.column(j), lp.lower[j], lp.upper[j]);
        let mut bare = |kind| {
            let _ = writeln!(text, " {kind} BOUND {name}");
        };
        if lp.integer[j] && lower == 0.0 && upper == 1.0 {
            bare("BV");
            continue;
        }
        match (lower.is_finite(), upper.is_finite()) {
            (false, false) => bare("FR"),
            (true, true) if lower == upper => {
                let _ = writeln!(text, " FX BOUND {name} {lower:e}");
            }
            (false, true) => {
                bare("MI");
                let _ = writeln!(text, " UP BOUND {name} {upper:e}");
            }
            (true, finite_upper) => {
                if lower != 0.0 || lp.integer[j] || finite_upper {
                    let _ = writeln!(text, " LO BOUND {name} {lower:e}");
                }
                if finite_upper {
                    let _ = writeln!(text, " UP BOUND {name} {upper:e}");
                } else if lp.integer[j] {
                    let _ = writeln!(text, " PL BOUND {name}");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
