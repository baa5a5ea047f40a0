//! Seeded zones of any size, and what is measured on them.
//!
//! Nothing generated here is real: firms, sites, quantities and prices are drawn. What they declare
//! comes from the rules of the catalogue, so that the zones have the shape of real ones.

pub mod instance;
pub mod random;
pub mod register;
pub mod run;
pub mod transport;

pub use instance::Instance;
