//! Authenticates a request: `Authorization: Token` for session and personal access tokens, `Bearer` for OAuth access tokens.
//! Neither scheme accepts the tokens of the other.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use super::SERVICE;
use super::api_error::ApiError;
use super::token_store;
use crate::base::SandboxError;
use crate::oauth;
use crate::oauth::Scopes;
use crate::state::Sandbox;
use crate::state::account::Account;

pub(super) struct Caller {
    pub(super) account: Account,
    pub(super) credential: Credential,
}

pub(super) enum Credential {
    /// A session token, by its id.
    Session(String),
    /// A personal access token, which allows everything.
    Personal,
    /// An OAuth access token. Allows everything unless it has a scope of BrainMaps itself.
    Oauth(Scopes),
}

impl Caller {
    /// Returns an error unless the credential has one of `scopes`.
    pub(super) fn require_scope(&self, scopes: &[&'static str]) -> Result<(), ApiError> {
        let Credential::Oauth(granted) = &self.credential else {
            return Ok(());
        };
        if !oauth::has_service_scopes(granted)
            || granted.iter().any(|scope| scopes.contains(&scope))
        {
            return Ok(());
        }
        Err(ApiError::InsufficientScope(
            scopes.first().copied().unwrap_or_default(),
        ))
    }
}

impl FromRequestParts<Sandbox> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, ApiError> {
        let nothing =
            ApiError::Unauthenticated("Token", "Authentication credentials were not provided.");
        let Some(value) = parts.headers.get(header::AUTHORIZATION) else {
            return Err(nothing);
        };
        let value = value.to_str().unwrap_or_default();
        let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
        let token = token.trim();
        if scheme.eq_ignore_ascii_case("token") {
            return from_token(sandbox, token)?
                .ok_or(ApiError::Unauthenticated("Token", "Invalid token."));
        }
        if scheme.eq_ignore_ascii_case("bearer") {
            let challenge = "Bearer error=\"invalid_token\"";
            return from_bearer(sandbox, token)?
                .ok_or(ApiError::Unauthenticated(challenge, "Invalid token."));
        }
        Err(nothing)
    }
}

fn from_token(sandbox: &Sandbox, token: &str) -> Result<Option<Caller>, SandboxError> {
    let found = sandbox.read(|connection, now| {
        let Some(active) = token_store::find_active(connection, now, token)? else {
            return Ok(None);
        };
        let account = Account::by_id(connection, active.account_id)?;
        Ok(account.map(|account| (active, account)))
    })?;
    let Some((active, account)) = found else {
        return Ok(None);
    };
    if !active.is_session {
        let credential = Credential::Personal;
        return Ok(Some(Caller {
            account,
            credential,
        }));
    }
    token_store::extend_session(sandbox, &active)?;
    Ok(Some(Caller {
        account,
        credential: Credential::Session(active.id),
    }))
}

fn from_bearer(sandbox: &Sandbox, token: &str) -> Result<Option<Caller>, SandboxError> {
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
