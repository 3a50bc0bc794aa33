//! Who is calling: `Authorization: Bearer` with an OAuth access token or an API key.

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use super::reply::No;
use super::{SERVICE, keys};
use crate::account::Account;
use crate::host_guard::ExtractPublicUrl;
use crate::{Sandbox, SandboxError, oauth};

/// Somebody with a live credential and a subscription.
pub(super) struct Caller {
    pub(super) account: Account,
}

impl FromRequestParts<Sandbox> for Caller {
    type Rejection = No;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, No> {
        let value = parts.headers.get(header::AUTHORIZATION);
        let value = value.and_then(|value| value.to_str().ok());
        let (scheme, token) = value
            .and_then(|value| value.split_once(' '))
            .ok_or(No::Nobody)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(No::Nobody);
        }
        let account = who(sandbox, token.trim())?.ok_or(No::Invalid)?;
        if account.subscribed {
            return Ok(Self { account });
        }
        let page = match ExtractPublicUrl::from_request_parts(parts, sandbox).await {
            Ok(Extension(public_url)) => public_url.join("/basic-memory/subscribe"),
            Err(_) => String::new(),
        };
        Err(No::Unpaid(page))
    }
}

fn who(sandbox: &Sandbox, token: &str) -> Result<Option<Account>, SandboxError> {
    sandbox.read(|connection, now| {
        let id = match oauth::access(connection, now, &SERVICE, token)? {
            Some(access) => Some(access.account_id),
            None => keys::owner(connection, token)?,
        };
        id.map_or(Ok(None), |id| Account::by_id(connection, id))
    })
}
