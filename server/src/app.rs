//! Use cases: what the service does, in the words of the field. Nothing here knows of the wire.

use std::sync::Arc;

use boucle_domain::knowledge::Knowledge;
use boucle_store::Store;

use crate::jobs::Jobs;

pub mod declare;
pub mod error;
pub mod explain;
pub mod ingest;
pub mod outline;
pub mod own_code;
pub mod page;
pub mod question;
pub mod recognise;
pub mod reference;
pub mod run;
pub mod sight;
pub mod suggestion;
pub mod synonym;
pub mod territory;
pub mod unknown;

use error::{Result, ServiceError};
use outline::Outlines;

/// The service behind its transport.
pub struct App {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) knowledge: Arc<Knowledge>,
    pub(crate) jobs: Jobs,
    pub(crate) outlines: Outlines,
    pub(crate) lexicon: recognise::Lexicon,
}

impl App {
    /// The service over a store, with the runs in hand.
    pub fn new(store: Arc<dyn Store>, knowledge: Arc<Knowledge>, jobs: Jobs) -> App {
        App {
            store,
            knowledge,
            jobs,
            outlines: Outlines::default(),
            lexicon: recognise::Lexicon::default(),
        }
    }
}

/// The version an etag stands for; `None` for an empty one.
fn version_of(etag: &str) -> Result<Option<i64>> {
    if etag.is_empty() {
        return Ok(None);
    }
    // An etag that was never given out is as stale as one that is out of date.
    etag.parse().map(Some).map_err(|_| ServiceError::Stale)
}
