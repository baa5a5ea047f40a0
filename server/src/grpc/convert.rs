//! The only place where the wire meets the words of the field.
//!
//! Inward, everything that cannot be read becomes a violation with the path of its field. Outward,
//! every conversion of something declared or computed takes its reader, and leaves out what that
//! reader may not see; the names of what was left out go with the answer.

pub mod declaration;
pub mod diagnostic;
pub mod flow;
pub mod own_code;
pub mod proposal;
pub mod quantity;
pub mod question;
pub mod recognition;
pub mod reference;
pub mod rejection;
pub mod run;
pub mod settings;
pub mod sheet;
pub mod synonym;
pub mod zone;
