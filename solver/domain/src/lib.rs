//! The words of the field: firms, sites, flows, units, knowledge. No IO, no graph, no async.
//!
//! Everything a user declares and everything the catalogue knows has its type here; what is
//! computed from them lives in `boucle-solver`. Quantities never travel as bare numbers: see
//! [`units`].

pub mod answer;
pub mod diagnostic;
pub mod flow;
pub mod geo;
pub mod id;
pub mod interval;
pub mod knowledge;
pub mod organisation;
pub mod own_code;
pub mod profile;
pub mod property;
pub mod settings;
pub mod snapshot;
pub mod suggestion;
pub mod synonym;
pub mod text;
pub mod units;
pub mod validate;
pub mod validity;
