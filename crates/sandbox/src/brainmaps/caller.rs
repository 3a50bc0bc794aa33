//! Who is calling: `Authorization: Token …` for session and personal access tokens, `Bearer …` for OAuth access tokens,
//! and neither for the other.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use super::SERVICE;
use super::reply::No;
use super::tokens;
use crate::account::Account;
use crate::oauth::Scopes;
use crate::{Sandbox, SandboxError, oauth};

/// Somebody with a live credential.
pub(super) struct Caller {
    pub(super) account: Account,
    pub(super) credential: Credential,
}

/// What they showed.
pub(super) enum Credential {
    /// A session token, by the id of its row.
    Session(String),
    /// A personal access token. May do everything.
    Personal,
    /// An OAuth access token. May do what its scopes say, and everything when none of them is BrainMaps' own: its
    /// pages know no scopes.
    Oauth(Scopes),
}

impl Caller {
    /// Passes when the credential allows what any of `scopes` allows.
    pub(super) fn may(&self, scopes: &[&'static str]) -> Result<(), No> {
        let Credential::Oauth(granted) = &self.credential else {
            return Ok(());
        };
        if !oauth::are_narrowing(granted) || granted.iter().any(|scope| scopes.contains(&scope)) {
            return Ok(());
        }
        Err(No::LacksScope(scopes.first().copied().unwrap_or_default()))
    }
}

impl FromRequestParts<Sandbox> for Caller {
    type Rejection = No;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, No> {
        let nothing = No::Unauthenticated("Token", "Authentication credentials were not provided.");
        let Some(value) = parts.headers.get(header::AUTHORIZATION) else {
            return Err(nothing);
        };
        let value = value.to_str().unwrap_or_default();
        let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
        let token = token.trim();
        if scheme.eq_ignore_ascii_case("token") {
            return by_token(sandbox, token)?.ok_or(No::Unauthenticated("Token", "Invalid token."));
        }
        if scheme.eq_ignore_ascii_case("bearer") {
            let challenge = "Bearer error=\"invalid_token\"";
            return by_bearer(sandbox, token)?
                .ok_or(No::Unauthenticated(challenge, "Invalid token."));
        }
        Err(nothing)
    }
}

fn by_token(sandbox: &Sandbox, token: &str) -> Result<Option<Caller>, SandboxError> {
    let found = sandbox.read(|connection, now| {
        let Some(live) = tokens::find_active(connection, now, token)? else {
            return Ok(None);
        };
        let account = Account::by_id(connection, live.account_id)?;
        Ok(account.map(|account| (live, account)))
    })?;
    let Some((live, account)) = found else {
        return Ok(None);
    };
    if !live.session {
        let credential = Credential::Personal;
        return Ok(Some(Caller {
            account,
            credential,
        }));
    }
    tokens::keep_alive(sandbox, &live)?;
    Ok(Some(Caller {
        account,
        credential: Credential::Session(live.id),
    }))
}

fn by_bearer(sandbox: &Sandbox, token: &str) -> Result<Option<Caller>, SandboxError> {
    sandbox.read(|connection, now| {
        let Some(access) = oauth::access(connection, now, &SERVICE, token)? else {
            return Ok(None);
        };
        let account = Account::by_id(connection, access.account_id)?;
        Ok(account.map(|account| Caller {
            account,
            credential: Credential::Oauth(access.scopes),
        }))
    })
}
