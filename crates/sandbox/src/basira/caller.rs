//! Authenticates a request: an API key in `X-API-Key` or `Authorization: Bearer`, or an access token in the latter.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::api_error::ApiError;
use super::{key_store, session};
use crate::base::SandboxError;
use crate::state::Sandbox;
use crate::state::account::Account;

pub(super) struct Caller {
    pub(super) account: Account,
    is_api_key: bool,
}

impl Caller {
    /// Returns an error for API keys: "API keys work with all API endpoints except billing".
    pub(super) fn check_billing_access(&self) -> Result<(), ApiError> {
        if self.is_api_key {
            return Err(ApiError::Forbidden("API keys cannot be used for billing"));
        }
        Ok(())
    }
}

impl FromRequestParts<Sandbox> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, ApiError> {
        let text = |name: &str| header_text(&parts.headers, name);
        if let Some(key) = text("x-api-key") {
            return from_api_key(sandbox, key)?.ok_or(ApiError::Unauthenticated("invalid API key"));
        }
        let bearer = text(header::AUTHORIZATION.as_str())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or(ApiError::Unauthenticated("authentication required"))?;
        if bearer.starts_with(key_store::PREFIX) {
            return from_api_key(sandbox, bearer)?
                .ok_or(ApiError::Unauthenticated("invalid API key"));
        }
        from_token(sandbox, bearer)?.ok_or(ApiError::Unauthenticated("invalid or expired token"))
    }
}

fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    // A header that is not text is treated as an empty credential.
    headers
        .get(name)
        .map(|value| value.to_str().unwrap_or_default().trim())
}

fn from_api_key(sandbox: &Sandbox, key: &str) -> Result<Option<Caller>, SandboxError> {
    let account = sandbox.write(|tx, now| key_store::account(tx, now, key))?;
    Ok(account.map(|account| Caller {
        account,
        is_api_key: true,
    }))
}

fn from_token(sandbox: &Sandbox, token: &str) -> Result<Option<Caller>, SandboxError> {
    let account = sandbox.read(|connection, now| session::account(connection, now, token))?;
    Ok(account.map(|account| Caller {
        account,
        is_api_key: false,
    }))
}
