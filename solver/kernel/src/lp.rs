//! Linear and mixed-integer programs as plain arrays, always minimised.

mod solution;

pub use solution::{Bound, BoundKind, Solution, Status, relative_gap};

use crate::KernelError;
use crate::error::expect_length;
use crate::tolerances::{LARGEST_COEFFICIENT, SMALLEST_COEFFICIENT};

/// Minimise `offset + Σ cost[j]·x[j]` with `lower ≤ x ≤ upper`, `row_lower ≤ A·x ≤ row_upper` and
/// `x[j]` whole where `integer[j]`.
///
/// `n` columns, `m` rows. Bounds may be infinite. `A` is stored by column: the entries of column `j`
/// are `index[k]` (row) and `value[k]` for `k` in `start[j]..start[j + 1]`, each row at most once.
#[derive(Debug, Clone, PartialEq)]
pub struct Lp {
    /// Constant of the objective.
    pub offset: f64,
    /// `n` costs per unit of column.
    pub cost: Vec<f64>,
    /// `n` lower bounds.
    pub lower: Vec<f64>,
    /// `n` upper bounds.
    pub upper: Vec<f64>,
    /// `n` marks: the column takes whole values only.
    pub integer: Vec<bool>,
    /// `m` lower limits of the rows.
    pub row_lower: Vec<f64>,
    /// `m` upper limits of the rows.
    pub row_upper: Vec<f64>,
    /// `n + 1` positions in `index` and `value`; the first is 0.
    pub start: Vec<usize>,
    /// Row of each coefficient.
    pub index: Vec<usize>,
    /// Each coefficient.
    pub value: Vec<f64>,
}

impl Default for Lp {
    fn default() -> Self {
        Self::new()
    }
}

impl Lp {
    /// A model without rows and columns.
    pub fn new() -> Self {
        Self {
            offset: 0.0,
            cost: Vec::new(),
            lower: Vec::new(),
            upper: Vec::new(),
            integer: Vec::new(),
            row_lower: Vec::new(),
            row_upper: Vec::new(),
            start: vec![0],
            index: Vec::new(),
            value: Vec::new(),
        }
    }

    /// Number of columns, `n`.
    pub fn columns(&self) -> usize {
        self.cost.len()
    }

    /// Number of rows, `m`.
    pub fn rows(&self) -> usize {
        self.row_lower.len()
    }

    /// Number of stored coefficients.
    pub fn coefficients(&self) -> usize {
        self.value.len()
    }

    /// Whether any column must be whole.
    pub fn is_mixed_integer(&self) -> bool {
        self.integer.contains(&true)
    }

    /// Adds a row without coefficients and returns its position.
    pub fn add_row(&mut self, lower: f64, upper: f64) -> usize {
        self.row_lower.push(lower);
        self.row_upper.push(upper);
        self.rows() - 1
    }

    /// Adds a column with its `(row, coefficient)` entries and returns its position.
    pub fn add_column(
        &mut self,
        cost: f64,
        lower: f64,
        upper: f64,
        integer: bool,
        entries: &[(usize, f64)],
    ) -> usize {
        self.cost.push(cost);
        self.lower.push(lower);
        self.upper.push(upper);
        self.integer.push(integer);
        for &(row, value) in entries {
            self.index.push(row);
            self.value.push(value);
        }
        self.start.push(self.value.len());
        self.columns() - 1
    }

    /// The `(row, coefficient)` entries of column `j`.
    ///
    /// # Panics
    /// When `j` is not a column, or the model is not [valid](Lp::validate).
    pub fn column(&self, j: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.start[j]..self.start[j + 1];
        self.index[range.clone()]
            .iter()
            .copied()
            .zip(self.value[range].iter().copied())
    }

    /// The same model with every column continuous.
    pub fn relaxed(&self) -> Self {
        Self {
            integer: vec![false; self.columns()],
            ..self.clone()
        }
    }

    /// `A·x`: `m` values, for `n` values of the columns.
    ///
    /// # Errors
    /// [`KernelError::Length`] when `values` has not `n` values.
    pub fn row_activity(&self, values: &[f64]) -> Result<Vec<f64>, KernelError> {
        expect_length("column values", self.columns(), values.len())?;
        let mut activity = vec![0.0; self.rows()];
        for (j, &x) in values.iter().enumerate() {
            for (row, coefficient) in self.column(j) {
                activity[row] += coefficient * x;
            }
        }
        Ok(activity)
    }

    /// `offset + Σ cost·x`, for `n` values of the columns.
    ///
    /// # Errors
    /// [`KernelError::Length`] when `values` has not `n` values.
    pub fn objective(&self, values: &[f64]) -> Result<f64, KernelError> {
        expect_length("column values", self.columns(), values.len())?;
        let terms = self.cost.iter().zip(values).map(|(c, x)| c * x);
        Ok(self.offset + terms.sum::<f64>())
    }

    /// Checks lengths, matrix structure and numbers; a lower bound above its upper bound is not an
    /// error here but an infeasible model.
    ///
    /// # Errors
    /// The first fault found.
    pub fn validate(&self) -> Result<(), KernelError> {
        let (n, m) = (self.columns(), self.rows());
        expect_length("lower bounds", n, self.lower.len())?;
        expect_length("upper bounds", n, self.upper.len())?;
        expect_length("integer marks", n, self.integer.len())?;
        expect_length("upper limits of rows", m, self.row_upper.len())?;
        expect_length("column starts", n + 1, self.start.len())?;
        expect_length("row indices", self.value.len(), self.index.len())?;
        if !self.offset.is_finite() {
            return Err(KernelError::NotFinite {
                what: "objective offset",
                index: 0,
                value: self.offset,
            });
        }
        expect_finite("cost", &self.cost)?;
        expect_range("column", &self.lower, &self.upper)?;
        expect_range("row", &self.row_lower, &self.row_upper)?;
        self.validate_matrix()
    }

    fn validate_matrix(&self) -> Result<(), KernelError> {
        let fault = |column, reason| Err(KernelError::Matrix { column, reason });
        if self.start[0] != 0 || self.start[self.columns()] != self.value.len() {
            return fault(0, "starts do not span the coefficients");
        }
        let mut seen_in = vec![usize::MAX; self.rows()];
        for j in 0..self.columns() {
            if self.start[j] > self.start[j + 1] || self.start[j + 1] > self.value.len() {
                return fault(j, "starts decrease");
            }
            for (row, value) in self.column(j) {
                let Some(seen) = seen_in.get_mut(row) else {
                    return Err(KernelError::OutOfRange {
                        what: "row",
                        index: row,
                        count: self.rows(),
                    });
                };
                if std::mem::replace(seen, j) == j {
                    return fault(j, "a row appears twice");
                }
                let size = value.abs();
                let usable = size > SMALLEST_COEFFICIENT && size < LARGEST_COEFFICIENT;
                if !usable && value != 0.0 {
                    return Err(KernelError::Coefficient {
                        row,
                        column: j,
                        value,
                    });
                }
            }
        }
        Ok(())
    }
}

/// `Ok` when every value is finite.
pub(crate) fn expect_finite(what: &'static str, values: &[f64]) -> Result<(), KernelError> {
    match values.iter().position(|v| !v.is_finite()) {
        None => Ok(()),
        Some(index) => Err(KernelError::NotFinite {
            what,
            index,
            value: values[index],
        }),
    }
}

/// `Ok` when no lower bound is NaN or +∞ and no upper bound NaN or -∞.
pub(crate) fn expect_range(
    what: &'static str,
    lower: &[f64],
    upper: &[f64],
) -> Result<(), KernelError> {
    let below = lower
        .iter()
        .position(|v| v.is_nan() || *v == f64::INFINITY)
        .map(|i| (i, lower[i]));
    let above = upper
        .iter()
        .position(|v| v.is_nan() || *v == f64::NEG_INFINITY)
        .map(|i| (i, upper[i]));
    match below.or(above) {
        None => Ok(()),
        Some((index, value)) => Err(KernelError::NotFinite { what, index, value }),
    }
}

#[cfg(test)]
mod tests;
