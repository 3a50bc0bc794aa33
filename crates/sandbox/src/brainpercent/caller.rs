//! Who is calling. Resources open to `Authorization: Bearer` with an API key; keys are managed with the web session's
//! cookie, and a key with the permission `delete` may revoke.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::key::{self, Live};
use super::reply::No;
use super::{session, window};
use crate::{Sandbox, SandboxError, secrets};

/// A live key.
pub(super) struct Caller(Live);

/// Somebody who may revoke keys: by cookie or by key.
pub(super) struct Revoker {
    pub(super) account_id: i64,
}

/// Somebody who may manage keys: by cookie.
pub(super) struct Manager {
    pub(super) account_id: i64,
}

impl Caller {
    /// The account, when the key has both the permission and the scope.
    pub(super) fn may(&self, permission: &'static str, scope: &'static str) -> Result<i64, No> {
        if !self.0.permits(permission) {
            return Err(No::Lacks("permission", permission));
        }
        if !self.0.covers(scope) {
            return Err(No::Lacks("scope", scope));
        }
        Ok(self.0.account_id)
    }
}

impl FromRequestParts<Sandbox> for Caller {
    type Rejection = No;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, No> {
        let found = by_key(sandbox, &parts.headers)?;
        found
            .map(Self)
            .ok_or(No::Unauthorized("Missing or invalid API key"))
    }
}

impl FromRequestParts<Sandbox> for Manager {
    type Rejection = No;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, No> {
        let found = by_cookie(sandbox, &parts.headers)?;
        let account_id = found.ok_or(No::Unauthorized(
            "API keys are managed with the session cookie of the web application",
        ))?;
        Ok(Self { account_id })
    }
}

impl FromRequestParts<Sandbox> for Revoker {
    type Rejection = No;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, No> {
        if let Some(account_id) = by_cookie(sandbox, &parts.headers)? {
            return Ok(Self { account_id });
        }
        let key = by_key(sandbox, &parts.headers)?.ok_or(No::Unauthorized(
            "Missing or invalid session cookie or API key",
        ))?;
        if !key.permits("delete") {
            return Err(No::Lacks("permission", "delete"));
        }
        Ok(Self {
            account_id: key.account_id,
        })
    }
}

fn by_key(sandbox: &Sandbox, headers: &HeaderMap) -> Result<Option<Live>, No> {
    let value = headers.get(header::AUTHORIZATION);
    let value = value.and_then(|value| value.to_str().ok());
    let Some((scheme, key)) = value.and_then(|value| value.split_once(' ')) else {
        return Ok(None);
    };
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Ok(None);
    }
    let hash = secrets::hash(key.trim());
    counted(sandbox, hash, |tx, now| key::find_active(tx, now, hash))
}

fn by_cookie(sandbox: &Sandbox, headers: &HeaderMap) -> Result<Option<i64>, No> {
    let Some(hash) = session::sent(headers) else {
        return Ok(None);
    };
    counted(sandbox, hash, |tx, now| session::account_id(tx, now, hash))
}

/// What `find` finds, unless that credential was used too often. One that is none counts nothing.
fn counted<T>(
    sandbox: &Sandbox,
    hash: [u8; 32],
    find: impl FnOnce(&rusqlite::Transaction<'_>, i64) -> Result<Option<T>, SandboxError>,
) -> Result<Option<T>, No> {
    let (found, wait) = sandbox.write(|tx, now| {
        let found = find(tx, now)?;
        let wait = match found {
            Some(_) => window::count(tx, now, hash)?,
            None => None,
        };
        Ok((found, wait))
    })?;
    wait.map_or(Ok(found), |seconds| Err(No::TooFast(seconds)))
}
