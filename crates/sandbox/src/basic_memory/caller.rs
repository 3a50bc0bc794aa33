//! Authenticates a request: `Authorization: Bearer` with an OAuth access token or an API key.

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use super::api_error::ApiError;
use super::{SERVICE, key_store};
use crate::base::SandboxError;
use crate::oauth;
use crate::state::Sandbox;
use crate::state::account::Account;
use crate::web::host_guard::ExtractPublicUrl;

/// The caller of an authenticated request, with a subscription.
pub(super) struct Caller {
    pub(super) account: Account,
}

impl FromRequestParts<Sandbox> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, ApiError> {
        let value = parts.headers.get(header::AUTHORIZATION);
        let value = value.and_then(|value| value.to_str().ok());
        let (scheme, token) = value
            .and_then(|value| value.split_once(' '))
            .ok_or(ApiError::Unauthenticated)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(ApiError::Unauthenticated);
        }
        let account = authenticate(sandbox, token.trim())?.ok_or(ApiError::InvalidCredential)?;
        if account.is_subscribed {
            return Ok(Self { account });
        }
        let page = match ExtractPublicUrl::from_request_parts(parts, sandbox).await {
            Ok(Extension(public_url)) => public_url.join("/basic-memory/subscribe"),
            Err(_) => String::new(),
        };
        Err(ApiError::SubscriptionRequired(page))
    }
}

fn authenticate(sandbox: &Sandbox, token: &str) -> Result<Option<Account>, SandboxError> {
    sandbox.read(|connection, now| {
        let id = match oauth::access(connection, now, &SERVICE, token)? {
            Some(access) => Some(access.account_id),
            None => key_store::find_owner(connection, token)?,
        };
        id.map_or(Ok(None), |id| Account::by_id(connection, id))
    })
}
