//! Authenticates a request. Content needs `Authorization: Bearer` with an API key; managing keys needs the web session's cookie. A
//! key with the permission `delete` may also revoke keys.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::api_error::ApiError;
use super::key_store::{self, ActiveKey};
use super::{rate_limit, session};
use crate::base::{SandboxError, secrets};
use crate::state::Sandbox;

/// The caller of a request with an API key.
pub(super) struct Caller(ActiveKey);

/// A caller that may revoke keys, with a cookie or a key.
pub(super) struct Revoker {
    pub(super) account_id: i64,
}

/// A caller that may manage keys, with a cookie.
pub(super) struct Manager {
    pub(super) account_id: i64,
}

impl Caller {
    /// Returns the account id if the key has the permission and the scope.
    pub(super) fn require(
        &self,
        permission: &'static str,
        scope: &'static str,
    ) -> Result<i64, ApiError> {
        if !self.0.permits(permission) {
            return Err(ApiError::Missing("permission", permission));
        }
        if !self.0.covers(scope) {
            return Err(ApiError::Missing("scope", scope));
        }
        Ok(self.0.account_id)
    }
}

impl FromRequestParts<Sandbox> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, ApiError> {
        let found = from_key(sandbox, &parts.headers)?;
        found
            .map(Self)
            .ok_or(ApiError::Unauthorized("Missing or invalid API key"))
    }
}

impl FromRequestParts<Sandbox> for Manager {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, ApiError> {
        let found = from_cookie(sandbox, &parts.headers)?;
        let account_id = found.ok_or(ApiError::Unauthorized(
            "API keys are managed with the session cookie of the web application",
        ))?;
        Ok(Self { account_id })
    }
}

impl FromRequestParts<Sandbox> for Revoker {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, ApiError> {
        if let Some(account_id) = from_cookie(sandbox, &parts.headers)? {
            return Ok(Self { account_id });
        }
        let key = from_key(sandbox, &parts.headers)?.ok_or(ApiError::Unauthorized(
            "Missing or invalid session cookie or API key",
        ))?;
        if !key.permits("delete") {
            return Err(ApiError::Missing("permission", "delete"));
        }
        Ok(Self {
            account_id: key.account_id,
        })
    }
}

fn from_key(sandbox: &Sandbox, headers: &HeaderMap) -> Result<Option<ActiveKey>, ApiError> {
    let value = headers.get(header::AUTHORIZATION);
    let value = value.and_then(|value| value.to_str().ok());
    let Some((scheme, key)) = value.and_then(|value| value.split_once(' ')) else {
        return Ok(None);
    };
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Ok(None);
    }
    let hash = secrets::hash(key.trim());
    rate_limited(sandbox, hash, |tx, now| {
        key_store::find_active(tx, now, hash)
    })
}

fn from_cookie(sandbox: &Sandbox, headers: &HeaderMap) -> Result<Option<i64>, ApiError> {
    let Some(hash) = session::sent(headers) else {
        return Ok(None);
    };
    rate_limited(sandbox, hash, |tx, now| session::account_id(tx, now, hash))
}

/// Runs `find` and applies the rate limit to the credential. Invalid credentials are not counted.
fn rate_limited<T>(
    sandbox: &Sandbox,
    hash: [u8; 32],
    find: impl FnOnce(&rusqlite::Transaction<'_>, i64) -> Result<Option<T>, SandboxError>,
) -> Result<Option<T>, ApiError> {
    let (found, wait) = sandbox.write(|tx, now| {
        let found = find(tx, now)?;
        let wait = match found {
            Some(_) => rate_limit::count(tx, now, hash)?,
            None => None,
        };
        Ok((found, wait))
    })?;
    wait.map_or(Ok(found), |seconds| Err(ApiError::RateLimited(seconds)))
}
