//! Numerical core: arrays in, arrays out; has never heard of a firm.
//!
//! A model is an [`lp::Lp`]: a minimisation written as flat arrays. [`highs::Instance`] solves it,
//! [`certificate`] recomputes what the answer claims from those same arrays, without the solver;
//! [`slope_scaling`] finds a good first answer to large fixed-charge problems; [`mps`] writes a
//! model as text that other solvers read.
//!
//! Units are the caller's: each function says which of its arrays share one. Bare `f64` is the
//! rule here, and only here.
//!
//! How a computation ended is a value, [`lp::Status`]; [`KernelError`] is for a malformed call.
#![deny(unsafe_code)]

pub mod certificate;
mod error;
pub mod highs;
#[cfg(test)]
mod instances;
pub mod lp;
pub mod mps;
pub mod slope_scaling;
pub mod spread;
pub mod tolerances;

pub use error::KernelError;
