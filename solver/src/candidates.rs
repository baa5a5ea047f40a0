//! Which output can take the place of which need, and why the others cannot.
//!
//! Rules are looked up by what an output is, needs by what they are and where they stand: all pairs
//! are never tried. Each pair goes through the same steps in the same order; what fails is a
//! [`Reason`](crate::answer::Reason) with the number that decided.

pub(crate) mod carbon;
pub(crate) mod context;
pub(crate) mod economics;
pub(crate) mod existing;
pub(crate) mod offer;
pub(crate) mod pair;
pub(crate) mod refused;
pub(crate) mod screen;
pub(crate) mod search;
