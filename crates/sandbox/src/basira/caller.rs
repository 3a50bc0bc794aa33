//! Who is calling: an API key in `X-API-Key` or behind `Authorization: Bearer`, or an access token behind the latter.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::reply::No;
use super::{keys, session};
use crate::account::Account;
use crate::{Sandbox, SandboxError};

/// Somebody with a live credential.
pub(super) struct Caller {
    pub(super) account: Account,
    /// Whether it is a program, with an API key.
    by_key: bool,
}

impl Caller {
    /// Passes for people: "API keys work with all API endpoints except billing".
    pub(super) fn may_see_billing(&self) -> Result<(), No> {
        if self.by_key {
            return Err(No::Forbidden("API keys cannot be used for billing"));
        }
        Ok(())
    }
}

impl FromRequestParts<Sandbox> for Caller {
    type Rejection = No;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, No> {
        let text = |name: &str| header_text(&parts.headers, name);
        if let Some(key) = text("x-api-key") {
            return by_key(sandbox, key)?.ok_or(No::Nobody("invalid API key"));
        }
        let bearer = text(header::AUTHORIZATION.as_str())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or(No::Nobody("authentication required"))?;
        if bearer.starts_with(keys::PREFIX) {
            return by_key(sandbox, bearer)?.ok_or(No::Nobody("invalid API key"));
        }
        by_token(sandbox, bearer)?.ok_or(No::Nobody("invalid or expired token"))
    }
}

fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    // What is no text is nobody's credential.
    headers
        .get(name)
        .map(|value| value.to_str().unwrap_or_default().trim())
}

fn by_key(sandbox: &Sandbox, key: &str) -> Result<Option<Caller>, SandboxError> {
    let account = sandbox.write(|tx, now| keys::account(tx, now, key))?;
    Ok(account.map(|account| Caller {
        account,
        by_key: true,
    }))
}

fn by_token(sandbox: &Sandbox, token: &str) -> Result<Option<Caller>, SandboxError> {
    let account = sandbox.read(|connection, now| session::account(connection, now, token))?;
    Ok(account.map(|account| Caller {
        account,
        by_key: false,
    }))
}
