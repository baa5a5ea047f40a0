//! The wire: thin services that convert, ask for leave, call a use case and convert back.

use std::sync::Arc;

use boucle_domain::id::TerritoryId;
use boucle_domain::text::Language;
use tonic::{Request, Status};

use crate::app::App;
use crate::app::error::{Result, ServiceError, Violation};
use crate::app::page::PageRequest;
use crate::auth::{Access, Action, Principal};

pub mod caller;
pub mod chunk;
pub mod convert;
pub mod declaration;
pub mod own_code;
pub mod question;
pub mod reference;
pub mod run;
pub mod status;
pub mod suggestion;
pub mod synonym;
pub mod territory;

/// Largest message received, bytes; files come in chunks.
pub const LARGEST_RECEIVED: usize = 4 << 20;

/// Largest message sent, bytes: a page of a thousand proposals with room to spare.
pub const LARGEST_SENT: usize = 64 << 20;

/// One call: who makes it, and in which language errors are told.
pub struct Call {
    principal: Principal,
    language: Language,
}

impl Call {
    /// The call of a request that passed [`caller::Callers`].
    ///
    /// # Errors
    /// `UNAUTHENTICATED` if it did not.
    pub fn of<T>(request: &Request<T>) -> std::result::Result<Call, Status> {
        let accept = request
            .metadata()
            .get("accept-language")
            .and_then(|value| value.to_str().ok());
        let language = convert::declaration::preferred_language(accept.unwrap_or_default());
        match request.extensions().get::<Principal>() {
            Some(principal) => Ok(Call {
                principal: principal.clone(),
                language,
            }),
            None => Err(status::of(ServiceError::Token, language)),
        }
    }

    /// Who calls.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The language of the caller.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Leave to do something in a territory.
    pub fn access(&self, territory: &str, action: Action) -> Result<Access> {
        Ok(self
            .principal
            .access(&TerritoryId::new(territory), action)?)
    }

    /// The status of an error, in the language of the caller.
    pub fn refuse(&self, error: ServiceError) -> Status {
        status::of(error, self.language)
    }
}

/// A page asked for on the wire.
fn page(size: u32, token: String) -> PageRequest {
    PageRequest { size, token }
}

/// Fails with the violations, if there are any.
fn refuse(violations: Vec<Violation>) -> Result<()> {
    if violations.is_empty() {
        Ok(())
    } else {
        Err(ServiceError::Fields(violations))
    }
}

/// What every service holds.
#[derive(Clone)]
pub struct Services {
    /// The use cases.
    pub app: Arc<App>,
}
