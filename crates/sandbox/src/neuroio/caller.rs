//! Authenticates a request: `Authorization: Token`.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use super::api_error::ApiError;
use super::owner::{Kind, Owner, Realm};
use super::token_store;
use crate::base::SandboxError;
use crate::state::Sandbox;
use crate::state::account::Account;

/// The holder of a valid token of any realm.
pub(super) struct TokenHolder {
    pub(super) account: Account,
    pub(super) owner: Owner,
}

/// The holder of a valid token of the general API.
pub(super) struct Caller(pub(super) TokenHolder);

impl TokenHolder {
    /// Returns an error for manager tokens, which give no access to data.
    pub(super) fn check_data_access(&self) -> Result<(), ApiError> {
        if self.owner.kind == Kind::Manager {
            return Err(ApiError::Forbidden("Manager tokens open the IAM API only."));
        }
        Ok(())
    }
}

impl FromRequestParts<Sandbox> for TokenHolder {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, ApiError> {
        let value = parts.headers.get(header::AUTHORIZATION);
        let value = value.and_then(|value| value.to_str().ok());
        let (scheme, key) =
            value
                .and_then(|value| value.split_once(' '))
                .ok_or(ApiError::Unauthenticated(
                    "Authentication credentials were not provided.",
                ))?;
        if !scheme.eq_ignore_ascii_case("token") {
            return Err(ApiError::Unauthenticated("Only the scheme Token is known."));
        }
        let found = find(sandbox, key.trim())?;
        found.ok_or(ApiError::Unauthenticated(
            "Token is invalid, inactive or expired.",
        ))
    }
}

impl FromRequestParts<Sandbox> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, ApiError> {
        let holder = TokenHolder::from_request_parts(parts, sandbox).await?;
        match holder.owner.realm {
            Realm::Iam => Ok(Self(holder)),
            Realm::Streams => Err(ApiError::Forbidden("Stream tokens open streams only.")),
        }
    }
}

fn find(sandbox: &Sandbox, key: &str) -> Result<Option<TokenHolder>, SandboxError> {
    sandbox.read(|connection, now| {
        let Some(owner) = token_store::find_active(connection, now, key)? else {
            return Ok(None);
        };
        let account = Account::by_id(connection, owner.account_id)?;
        Ok(account.map(|account| TokenHolder { account, owner }))
    })
}
