//! Every tolerance, in one place, with its reason.

/// Primal feasibility asked of HiGHS, absolute, in the units of each row and column.
///
/// Its own default. Quantities reach here in tonnes, megawatt-hours or thousands of cubic metres,
/// so that 1e-7 is far below the finest scale of a declaration (1 kg, 1 kWh, 1 L).
pub const PRIMAL_FEASIBILITY: f64 = 1e-7;

/// Dual feasibility asked of HiGHS, absolute, in cost per unit. Its own default: a reduced cost of
/// 1e-7 EUR on a million units is a tenth of a euro.
pub const DUAL_FEASIBILITY: f64 = 1e-7;

/// How far from a whole number an integer column may be, and how far a row of a mixed-integer
/// model may be missed. HiGHS's default; smaller values make its own heuristics fail on rounding.
pub const INTEGRALITY: f64 = 1e-6;

/// Relative gap at which a mixed-integer search may stop. HiGHS's default is 1e-4, which is 100 EUR
/// on a plan of a million: "proven optimum" would then be too strong a word.
pub const MIP_RELATIVE_GAP: f64 = 1e-6;

/// Absolute gap at which a mixed-integer search may stop, in units of cost. HiGHS's default.
pub const MIP_ABSOLUTE_GAP: f64 = 1e-6;

/// Violation a certificate accepts on a bound or a row, relative to `max(1, |limit|)`.
///
/// Ten times what the solver was asked for: it tests the scaled model, we test the declared one,
/// and sums of a thousand terms near 1e9 lose about 1e-7 of their own.
pub const CERTIFIED_PRIMAL: f64 = 1e-6;

/// Distance to a whole number a certificate accepts: a little more than [`INTEGRALITY`], which the
/// solver applies before its postsolve.
pub const CERTIFIED_INTEGRALITY: f64 = 2e-6;

/// Dual violation a certificate accepts, relative to `max(1, |cost|)`.
pub const CERTIFIED_DUAL: f64 = 1e-6;

/// Relative duality gap a certificate accepts for a linear program called optimal: primal and dual
/// violations of 1e-7 over quantities of 1e3 to 1e5 move the two objectives this far apart.
pub const CERTIFIED_GAP: f64 = 1e-6;

/// Smallest matrix coefficient: HiGHS drops what is not larger (its option `small_matrix_value`),
/// and a model must not lose a term silently.
pub const SMALLEST_COEFFICIENT: f64 = 1e-9;

/// Largest matrix coefficient HiGHS accepts (its option `large_matrix_value`).
pub const LARGEST_COEFFICIENT: f64 = 1e15;

/// Bounds of this size or more are infinite for HiGHS (its option `infinite_bound`).
pub const INFINITE_BOUND: f64 = 1e20;

/// A link is in use when its flow exceeds this share of its capacity, taken between 1 and 1000.
/// Ten times [`PRIMAL_FEASIBILITY`]: below, the flow is the solver's rounding.
pub const LINK_IN_USE: f64 = 1e-6;

/// Smallest relative improvement for which the local search moves: less is rounding, and a move on
/// rounding would make the path depend on it.
pub const IMPROVEMENT: f64 = 1e-9;
