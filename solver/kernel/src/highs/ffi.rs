//! The C interface of HiGHS behind safe methods: every `unsafe` of the package is here.
//!
//! Invariant kept by [`Handle`]: the pointer belongs to a live `highs::Model`, which destroys it on
//! the thread that made it (the model is not `Send`), and every array handed over has the length
//! HiGHS reads or writes, taken from HiGHS's own counts.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_int, c_void};

use highs_sys::{
    HighsCallbackDataIn, HighsCallbackDataOut, HighsInt, MATRIX_FORMAT_COLUMN_WISE,
    OBJECTIVE_SENSE_MINIMIZE, STATUS_ERROR, VAR_TYPE_CONTINUOUS, VAR_TYPE_INTEGER,
};

use super::control::Watch;
use crate::KernelError;
use crate::error::expect_length;
use crate::lp::Lp;

/// Points and duals as HiGHS holds them.
pub(super) struct Point {
    pub(super) values: Vec<f64>,
    pub(super) reduced_costs: Vec<f64>,
    pub(super) row_duals: Vec<f64>,
}

/// An owned HiGHS instance.
pub(super) struct Handle {
    model: ::highs::Model,
}

/// Name and version of the linked HiGHS, as `1.15.0`.
pub(super) fn version() -> String {
    // SAFETY: the function returns a static, NUL-terminated string.
    let text = unsafe { CStr::from_ptr(highs_sys::Highs_version()) };
    text.to_string_lossy().into_owned()
}

fn refused(call: impl Into<String>) -> KernelError {
    KernelError::Refused { call: call.into() }
}

/// A warning of HiGHS is no failure: it says that it normalised something.
fn accept(call: &str, status: HighsInt) -> Result<(), KernelError> {
    if status == STATUS_ERROR {
        Err(refused(call))
    } else {
        Ok(())
    }
}

fn count(what: &'static str, count: usize) -> Result<HighsInt, KernelError> {
    HighsInt::try_from(count).map_err(|_| KernelError::TooLarge { what, count })
}

fn size(n: HighsInt) -> usize {
    usize::try_from(n).unwrap_or(0)
}

impl Handle {
    pub(super) fn new(model: ::highs::Model) -> Self {
        Self { model }
    }

    /// A handle without a model.
    pub(super) fn empty() -> Result<Self, KernelError> {
        ::highs::ColProblem::new()
            .try_optimise(::highs::Sense::Minimise)
            .map(Self::new)
            .map_err(|_| refused("Highs_create"))
    }

    fn read(&self) -> *const c_void {
        self.model.as_ptr()
    }

    fn write(&mut self) -> *mut c_void {
        self.model.as_mut_ptr()
    }

    pub(super) fn columns(&self) -> usize {
        // SAFETY: live instance.
        size(unsafe { highs_sys::Highs_getNumCol(self.read()) })
    }

    pub(super) fn rows(&self) -> usize {
        // SAFETY: live instance.
        size(unsafe { highs_sys::Highs_getNumRow(self.read()) })
    }

    /// Whether the objective has a quadratic part.
    pub(super) fn is_quadratic(&self) -> bool {
        // SAFETY: live instance.
        unsafe { highs_sys::Highs_getHessianNumNz(self.read()) != 0 }
    }

    /// Replaces the model. The arrays must be [valid](Lp::validate).
    pub(super) fn pass(&mut self, lp: &Lp) -> Result<(), KernelError> {
        let columns = count("columns", lp.columns())?;
        let rows = count("rows", lp.rows())?;
        let coefficients = count("coefficients", lp.coefficients())?;
        // Both conversions fit: the last start is the number of coefficients, an index is a row.
        let start: Vec<HighsInt> = lp.start.iter().map(|&s| s as HighsInt).collect();
        let index: Vec<HighsInt> = lp.index.iter().map(|&i| i as HighsInt).collect();
        let kind = kinds(&lp.integer);
        let integrality = if lp.is_mixed_integer() {
            kind.as_ptr()
        } else {
            std::ptr::null()
        };
        // SAFETY: lengths were validated against the three counts; without a quadratic part the
        // Hessian arrays are not read.
        let status = unsafe {
            highs_sys::Highs_passModel(
                self.write(),
                columns,
                rows,
                coefficients,
                0,
                MATRIX_FORMAT_COLUMN_WISE,
                highs_sys::kHighsHessianFormatTriangular,
                OBJECTIVE_SENSE_MINIMIZE,
                lp.offset,
                lp.cost.as_ptr(),
                lp.lower.as_ptr(),
                lp.upper.as_ptr(),
                lp.row_lower.as_ptr(),
                lp.row_upper.as_ptr(),
                start.as_ptr(),
                index.as_ptr(),
                lp.value.as_ptr(),
                std::ptr::null(),
                std::ptr::null(),
                std::ptr::null(),
                integrality,
            )
        };
        accept("Highs_passModel", status)
    }

    /// The model as HiGHS holds it.
    pub(super) fn extract(&self) -> Result<Lp, KernelError> {
        let (n, m) = (self.columns(), self.rows());
        // SAFETY: live instance.
        let coefficients = size(unsafe { highs_sys::Highs_getNumNz(self.read()) });
        let mut lp = Lp {
            offset: 0.0,
            cost: vec![0.0; n],
            lower: vec![0.0; n],
            upper: vec![0.0; n],
            integer: Vec::new(),
            row_lower: vec![0.0; m],
            row_upper: vec![0.0; m],
            start: Vec::new(),
            index: Vec::new(),
            value: vec![0.0; coefficients],
        };
        let mut start = vec![0; n];
        let mut index = vec![0; coefficients];
        let mut kind = vec![VAR_TYPE_CONTINUOUS; n];
        let (mut columns, mut rows, mut nonzeros, mut sense) = (0, 0, 0, 0);
        // SAFETY: every array has the length HiGHS writes, from its own counts; the vector of kinds
        // is left as it is when the model has none.
        let status = unsafe {
            highs_sys::Highs_getLp(
                self.read(),
                MATRIX_FORMAT_COLUMN_WISE,
                &mut columns,
                &mut rows,
                &mut nonzeros,
                &mut sense,
                &mut lp.offset,
                lp.cost.as_mut_ptr(),
                lp.lower.as_mut_ptr(),
                lp.upper.as_mut_ptr(),
                lp.row_lower.as_mut_ptr(),
                lp.row_upper.as_mut_ptr(),
                start.as_mut_ptr(),
                index.as_mut_ptr(),
                lp.value.as_mut_ptr(),
                kind.as_mut_ptr(),
            )
        };
        accept("Highs_getLp", status)?;
        if sense != OBJECTIVE_SENSE_MINIMIZE {
            return Err(KernelError::Unsupported("maximisation"));
        }
        if kind
            .iter()
            .any(|&k| k != VAR_TYPE_CONTINUOUS && k != VAR_TYPE_INTEGER)
        {
            return Err(KernelError::Unsupported("semi-continuous column"));
        }
        lp.integer = kind.iter().map(|&k| k == VAR_TYPE_INTEGER).collect();
        lp.start = start.into_iter().map(size).collect();
        lp.start.push(coefficients);
        lp.index = index.into_iter().map(size).collect();
        Ok(lp)
    }

    pub(super) fn set_bool(&mut self, name: &CStr, value: bool) -> Result<(), KernelError> {
        // SAFETY: live instance, NUL-terminated name.
        let status = unsafe {
            highs_sys::Highs_setBoolOptionValue(self.write(), name.as_ptr(), HighsInt::from(value))
        };
        accept(&name.to_string_lossy(), status)
    }

    pub(super) fn set_int(&mut self, name: &CStr, value: HighsInt) -> Result<(), KernelError> {
        // SAFETY: live instance, NUL-terminated name.
        let status =
            unsafe { highs_sys::Highs_setIntOptionValue(self.write(), name.as_ptr(), value) };
        accept(&name.to_string_lossy(), status)
    }

    pub(super) fn set_double(&mut self, name: &CStr, value: f64) -> Result<(), KernelError> {
        // SAFETY: live instance, NUL-terminated name.
        let status =
            unsafe { highs_sys::Highs_setDoubleOptionValue(self.write(), name.as_ptr(), value) };
        accept(&name.to_string_lossy(), status)
    }

    pub(super) fn set_string(&mut self, name: &CStr, value: &CStr) -> Result<(), KernelError> {
        // SAFETY: live instance, NUL-terminated strings.
        let status = unsafe {
            highs_sys::Highs_setStringOptionValue(self.write(), name.as_ptr(), value.as_ptr())
        };
        accept(&name.to_string_lossy(), status)
    }

    pub(super) fn set_offset(&mut self, offset: f64) -> Result<(), KernelError> {
        // SAFETY: live instance.
        let status = unsafe { highs_sys::Highs_changeObjectiveOffset(self.write(), offset) };
        accept("Highs_changeObjectiveOffset", status)
    }

    pub(super) fn set_costs(&mut self, cost: &[f64]) -> Result<(), KernelError> {
        expect_length("cost", self.columns(), cost.len())?;
        let Some(last) = self.last_column() else {
            return Ok(());
        };
        // SAFETY: one cost per column, checked above.
        let status =
            unsafe { highs_sys::Highs_changeColsCostByRange(self.write(), 0, last, cost.as_ptr()) };
        accept("Highs_changeColsCostByRange", status)
    }

    pub(super) fn set_bounds(&mut self, lower: &[f64], upper: &[f64]) -> Result<(), KernelError> {
        expect_length("lower bounds", self.columns(), lower.len())?;
        expect_length("upper bounds", self.columns(), upper.len())?;
        let Some(last) = self.last_column() else {
            return Ok(());
        };
        // SAFETY: two bounds per column, checked above.
        let status = unsafe {
            highs_sys::Highs_changeColsBoundsByRange(
                self.write(),
                0,
                last,
                lower.as_ptr(),
                upper.as_ptr(),
            )
        };
        accept("Highs_changeColsBoundsByRange", status)
    }

    pub(super) fn set_column_bounds(
        &mut self,
        column: usize,
        lower: f64,
        upper: f64,
    ) -> Result<(), KernelError> {
        let column = count("columns", column)?;
        // SAFETY: live instance; HiGHS checks the position.
        let status =
            unsafe { highs_sys::Highs_changeColBounds(self.write(), column, lower, upper) };
        accept("Highs_changeColBounds", status)
    }

    pub(super) fn set_integrality(&mut self, integer: &[bool]) -> Result<(), KernelError> {
        expect_length("integer marks", self.columns(), integer.len())?;
        let Some(last) = self.last_column() else {
            return Ok(());
        };
        let status = if integer.contains(&true) {
            let kind = kinds(integer);
            // SAFETY: one kind per column, checked above.
            unsafe {
                highs_sys::Highs_changeColsIntegralityByRange(self.write(), 0, last, kind.as_ptr())
            }
        } else {
            // SAFETY: live instance.
            unsafe { highs_sys::Highs_clearIntegrality(self.write()) }
        };
        accept("Highs_changeColsIntegralityByRange", status)
    }

    pub(super) fn set_start(&mut self, values: &[f64]) -> Result<(), KernelError> {
        expect_length("start", self.columns(), values.len())?;
        // SAFETY: one value per column, checked above; null means not known.
        let status = unsafe {
            highs_sys::Highs_setSolution(
                self.write(),
                values.as_ptr(),
                std::ptr::null(),
                std::ptr::null(),
                std::ptr::null(),
            )
        };
        accept("Highs_setSolution", status)
    }

    /// Forgets basis, solution and counters; keeps model and options.
    pub(super) fn clear_solver(&mut self) -> Result<(), KernelError> {
        // SAFETY: live instance.
        let status = unsafe { highs_sys::Highs_clearSolver(self.write()) };
        accept("Highs_clearSolver", status)
    }

    pub(super) fn zero_clocks(&mut self) {
        // SAFETY: live instance. The status is always OK.
        unsafe { highs_sys::Highs_zeroAllClocks(self.write()) };
    }

    /// Runs the solver under the watch; a panic of the caller's closure is resumed afterwards.
    pub(super) fn run(&mut self, watch: &mut Watch<'_>) -> Result<(), KernelError> {
        let data = std::ptr::from_mut::<Watch<'_>>(watch).cast::<c_void>();
        let kinds = [
            highs_sys::kHighsCallbackMipInterrupt,
            highs_sys::kHighsCallbackSimplexInterrupt,
        ];
        // SAFETY: `watch` outlives the run, is touched by HiGHS only through `relay` during it, and
        // the callbacks are stopped before this function returns.
        let status = unsafe {
            accept(
                "Highs_setCallback",
                highs_sys::Highs_setCallback(self.write(), Some(relay), data),
            )?;
            for kind in kinds {
                accept(
                    "Highs_startCallback",
                    highs_sys::Highs_startCallback(self.write(), kind),
                )?;
            }
            let status = highs_sys::Highs_run(self.write());
            for kind in kinds {
                highs_sys::Highs_stopCallback(self.write(), kind);
            }
            status
        };
        watch.resume_panic();
        accept("Highs_run", status)
    }

    pub(super) fn model_status(&self) -> HighsInt {
        // SAFETY: live instance.
        unsafe { highs_sys::Highs_getModelStatus(self.read()) }
    }

    pub(super) fn double_info(&self, name: &CStr) -> Result<f64, KernelError> {
        let mut value = f64::NAN;
        // SAFETY: live instance, NUL-terminated name, one place to write. Unknown before a run: the
        // status is then a warning and the value untouched.
        let status =
            unsafe { highs_sys::Highs_getDoubleInfoValue(self.read(), name.as_ptr(), &mut value) };
        accept(&name.to_string_lossy(), status)?;
        Ok(value)
    }

    pub(super) fn int_info(&self, name: &CStr) -> Result<HighsInt, KernelError> {
        let mut value = 0;
        // SAFETY: as in `double_info`.
        let status =
            unsafe { highs_sys::Highs_getIntInfoValue(self.read(), name.as_ptr(), &mut value) };
        accept(&name.to_string_lossy(), status)?;
        Ok(value)
    }

    pub(super) fn long_info(&self, name: &CStr) -> Result<i64, KernelError> {
        let mut value = 0;
        // SAFETY: as in `double_info`.
        let status =
            unsafe { highs_sys::Highs_getInt64InfoValue(self.read(), name.as_ptr(), &mut value) };
        accept(&name.to_string_lossy(), status)?;
        Ok(value)
    }

    pub(super) fn point(&self) -> Result<Point, KernelError> {
        let (n, m) = (self.columns(), self.rows());
        let mut activity = vec![0.0; m];
        let mut point = Point {
            values: vec![0.0; n],
            reduced_costs: vec![0.0; n],
            row_duals: vec![0.0; m],
        };
        // SAFETY: HiGHS writes at most one value per column or row.
        let status = unsafe {
            highs_sys::Highs_getSolution(
                self.read(),
                point.values.as_mut_ptr(),
                point.reduced_costs.as_mut_ptr(),
                activity.as_mut_ptr(),
                point.row_duals.as_mut_ptr(),
            )
        };
        accept("Highs_getSolution", status)?;
        Ok(point)
    }

    /// Reads a model file (MPS, LP). For tests: nothing in this package knows files otherwise.
    #[cfg(test)]
    pub(super) fn read_file(&mut self, path: &str) -> Result<(), KernelError> {
        let path = std::ffi::CString::new(path).map_err(|_| refused("path"))?;
        // SAFETY: live instance, NUL-terminated path.
        let status = unsafe { highs_sys::Highs_readModel(self.write(), path.as_ptr()) };
        accept("Highs_readModel", status)
    }

    fn last_column(&self) -> Option<HighsInt> {
        let last = self.columns().checked_sub(1)?;
        HighsInt::try_from(last).ok()
    }
}

fn kinds(integer: &[bool]) -> Vec<HighsInt> {
    let kind = |&whole: &bool| {
        if whole {
            VAR_TYPE_INTEGER
        } else {
            VAR_TYPE_CONTINUOUS
        }
    };
    integer.iter().map(kind).collect()
}

/// Called by HiGHS at each check of its limits: passes the figures on and asks whether to stop.
unsafe extern "C" fn relay(
    kind: c_int,
    _message: *const c_char,
    out: *const HighsCallbackDataOut,
    input: *mut HighsCallbackDataIn,
    data: *mut c_void,
) {
    // SAFETY: `data` is the watch given in `Handle::run`, alive and borrowed by nobody else during
    // the run; `out` and `input` are null or valid for this call.
    let (watch, out, input) = unsafe {
        (
            data.cast::<Watch<'_>>().as_mut(),
            out.as_ref(),
            input.as_mut(),
        )
    };
    let (Some(watch), Some(out)) = (watch, out) else {
        return;
    };
    let stop = if kind == highs_sys::kHighsCallbackMipInterrupt {
        watch.check_mixed_integer(
            out.mip_node_count,
            out.mip_total_lp_iterations,
            out.mip_primal_bound,
            out.mip_dual_bound,
        )
    } else {
        watch.check_simplex()
    };
    if let Some(input) = input {
        input.user_interrupt = c_int::from(stop);
    }
}
