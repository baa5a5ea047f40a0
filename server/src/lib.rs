//! Use cases and gRPC transport of Boucle.
//!
//! [`serve`] listens on an address; [`Embedded`] is the same service inside the process, over an
//! in-memory channel, so that a command line always speaks gRPC. Inside, `app` holds the use cases
//! and knows nothing of the wire; `grpc` converts; `jobs` is the only bridge between the threads
//! that wait and those that compute; `auth` decides who may do and see what.

pub mod app;
pub mod auth;
mod clock;
mod embedded;
pub mod grpc;
mod installation;
pub mod jobs;
mod serve;

pub use embedded::Embedded;
pub use installation::{Place, ServeError};
pub use jobs::Limits;
pub use serve::{Bound, Config, serve};
