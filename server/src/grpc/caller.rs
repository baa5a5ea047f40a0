//! Recognises the caller of a request, before any service sees it.

use std::sync::Arc;

use tonic::service::Interceptor;
use tonic::{Request, Status};

use super::convert::declaration::preferred_language;
use super::status;
use crate::app::error::ServiceError;
use crate::auth::{Principal, Tokens};

/// Who may call.
#[derive(Clone)]
pub enum Callers {
    /// Whoever reaches the server: it listens on its own machine only.
    Local,
    /// The holders of tokens.
    Tokens(Arc<Tokens>),
}

impl Interceptor for Callers {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let principal = match self {
            Callers::Local => Some(Principal::local()),
            Callers::Tokens(tokens) => bearer(&request)
                .and_then(|token| tokens.recognise(token))
                .cloned(),
        };
        match principal {
            Some(principal) => {
                request.extensions_mut().insert(principal);
                Ok(request)
            }
            None => {
                let accept = request
                    .metadata()
                    .get("accept-language")
                    .and_then(|value| value.to_str().ok());
                Err(status::of(
                    ServiceError::Token,
                    preferred_language(accept.unwrap_or_default()),
                ))
            }
        }
    }
}

/// The token of `authorization: Bearer …`.
fn bearer(request: &Request<()>) -> Option<&str> {
    let value = request.metadata().get("authorization")?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
