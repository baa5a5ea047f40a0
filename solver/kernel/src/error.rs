//! The caller's or the machine's fault; never an outcome of the mathematics.

/// A call that could not be carried out.
///
/// That a model has no solution is not among them: that is [`Status`](crate::lp::Status).
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum KernelError {
    /// An array does not have as many values as the model asks for.
    #[error("{what} has {found} values, expected {expected}")]
    Length {
        /// Which array.
        what: &'static str,
        /// Number of values the model asks for.
        expected: usize,
        /// Number of values given.
        found: usize,
    },
    /// A value that must be a number is NaN, or is infinite where that has no meaning.
    #[error("{what} {index} is {value}")]
    NotFinite {
        /// Which array.
        what: &'static str,
        /// Position in it.
        index: usize,
        /// The value given.
        value: f64,
    },
    /// A matrix coefficient is so small that HiGHS would drop it silently, or too large for it.
    #[error("coefficient {value:e} of column {column} in row {row} is outside {smallest:e}..{largest:e}", smallest = crate::tolerances::SMALLEST_COEFFICIENT, largest = crate::tolerances::LARGEST_COEFFICIENT)]
    Coefficient {
        /// Row of the coefficient.
        row: usize,
        /// Column of the coefficient.
        column: usize,
        /// The coefficient.
        value: f64,
    },
    /// The column starts do not describe a column-wise matrix.
    #[error("matrix of column {column}: {reason}")]
    Matrix {
        /// First column that is wrong.
        column: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A position that the model does not have.
    #[error("{what} {index} does not exist: there are {count}")]
    OutOfRange {
        /// What was looked for.
        what: &'static str,
        /// The position asked for.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// More columns, rows or coefficients than the solver's 32-bit integers count.
    #[error("{what}: {count} is more than the solver can count")]
    TooLarge {
        /// What is too many.
        what: &'static str,
        /// How many.
        count: usize,
    },
    /// A model of a kind this package does not take (maximisation, semi-continuous, quadratic).
    #[error("unsupported model: {0}")]
    Unsupported(&'static str),
    /// A time limit was asked for in reproducible mode, where the clock may not decide the answer.
    #[error(
        "a time limit of {seconds} s is refused in reproducible mode; use a node or iteration limit"
    )]
    Clock {
        /// The limit asked for.
        seconds: f64,
    },
    /// An option is outside its range.
    #[error("option {name}: {value} is outside its range")]
    Option {
        /// Name of the option.
        name: &'static str,
        /// The value given.
        value: f64,
    },
    /// HiGHS refused a call that should have been valid.
    #[error("HiGHS refused {call}")]
    Refused {
        /// Function of its C interface, with the option's name where there is one.
        call: String,
    },
    /// HiGHS ended with a status that means a fault of its own.
    #[error("HiGHS ended with model status {0}")]
    ModelStatus(i32),
    /// A name that the MPS format cannot carry.
    #[error("{what} {index} cannot be named '{name}': {reason}")]
    Name {
        /// Row, column or model.
        what: &'static str,
        /// Its position.
        index: usize,
        /// The name given.
        name: String,
        /// Why not.
        reason: &'static str,
    },
    /// A row whose lower limit is above its upper one, where that cannot be written down.
    #[error("row {row} has its lower limit above its upper one, which the format cannot hold")]
    Crossed {
        /// The row.
        row: usize,
    },
    /// A charge that does not fit the model it belongs to.
    #[error("charge {index}: {reason}")]
    Charge {
        /// Its position among the charges.
        index: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// `Ok` when `found` is `expected`; the error names the array.
pub(crate) fn expect_length(
    what: &'static str,
    expected: usize,
    found: usize,
) -> Result<(), KernelError> {
    if expected == found {
        Ok(())
    } else {
        Err(KernelError::Length {
            what,
            expected,
            found,
        })
    }
}
