//! From the words of a declaration to typed flows, every finding at once.
//!
//! A [`Draft`] holds the words by [`Field`]; it knows nothing of sheets, so that an imported row and
//! a message of the service are read by the same functions. [`read_row`] reads one draft on its own;
//! [`gather`] joins the rows: it gives firms, sites and flows their stable keys, merges what is said
//! of one site in several rows, finds the partners and reports what contradicts itself.
//! [`written_row`] is the way back.

mod agreement;
mod amount;
mod context;
mod draft;
mod field;
mod finding;
mod flow;
mod gather;
mod identifiers;
mod keys;
mod own;
mod present;
mod properties;
mod reader;
mod row;
mod season;
mod site;
mod waste;
mod what;
mod words;
mod written;

pub use context::Context;
pub use draft::Draft;
pub use field::{Field, Group};
pub use finding::Finding;
pub use gather::{Declaration, Gathered, RowRef, gather};
pub use keys::{firm_key, site_key};
pub use own::{is_read_without_own_codes, reference_code};
pub use row::{FirmRead, Read, RowDeclaration, SiteRead, read_row};
pub use words::{WordList, says_nothing, word_list};
pub use written::{written_agreement, written_row, written_site};

#[cfg(test)]
mod tests;
