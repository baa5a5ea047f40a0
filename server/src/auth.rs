//! Who is asking, and what they may see and do.

pub mod policy;
pub mod token;

pub use policy::{Access, Action, Principal, Role, Viewer};
pub use token::{TokenError, Tokens};
