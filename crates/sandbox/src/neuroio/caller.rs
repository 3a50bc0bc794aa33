//! Who is calling: `Authorization: Token …`, and no other scheme.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use super::owner::{Kind, Owner, Realm};
use super::reply::No;
use super::token;
use crate::account::Account;
use crate::{Sandbox, SandboxError};

/// Somebody with a live token of any realm.
pub(super) struct Holder {
    pub(super) account: Account,
    pub(super) owner: Owner,
}

/// Somebody with a live token of the API in general.
pub(super) struct Caller(pub(super) Holder);

impl Holder {
    /// Passes for whoever may see data: not for managers.
    pub(super) fn may_see_data(&self) -> Result<(), No> {
        if self.owner.kind == Kind::Manager {
            return Err(No::Forbidden("Manager tokens open the IAM API only."));
        }
        Ok(())
    }
}

impl FromRequestParts<Sandbox> for Holder {
    type Rejection = No;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, No> {
        let value = parts.headers.get(header::AUTHORIZATION);
        let value = value.and_then(|value| value.to_str().ok());
        let (scheme, key) = value
            .and_then(|value| value.split_once(' '))
            .ok_or(No::Nobody("Authentication credentials were not provided."))?;
        if !scheme.eq_ignore_ascii_case("token") {
            return Err(No::Nobody("Only the scheme Token is known."));
        }
        let found = find(sandbox, key.trim())?;
        found.ok_or(No::Nobody("Token is invalid, inactive or expired."))
    }
}

impl FromRequestParts<Sandbox> for Caller {
    type Rejection = No;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, No> {
        let holder = Holder::from_request_parts(parts, sandbox).await?;
        match holder.owner.realm {
            Realm::Iam => Ok(Self(holder)),
            Realm::Streams => Err(No::Forbidden("Stream tokens open streams only.")),
        }
    }
}

fn find(sandbox: &Sandbox, key: &str) -> Result<Option<Holder>, SandboxError> {
    sandbox.read(|connection, now| {
        let Some(owner) = token::find_active(connection, now, key)? else {
            return Ok(None);
        };
        let account = Account::by_id(connection, owner.account_id)?;
        Ok(account.map(|account| Holder { account, owner }))
    })
}
