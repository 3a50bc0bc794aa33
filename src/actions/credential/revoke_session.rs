//! Revokes a stored session at the server that issued it (RFC 7009).

use serde::Serialize;

use crate::actions::credential::fixed_credential::FixedCredential;
use crate::actions::credential::session_server::session_server;
use crate::actions::{ActionError, ProfileSession};
use crate::domain::{OAuthServer, Secret, StoredCredential};
use crate::oauth;
use crate::oauth::{OauthError, TokenHint};
use crate::provider::LogoutCall;
use crate::service::{ApiError, ApiErrorKind, ServiceError};

/// How the server responded to the revocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "reason")]
pub enum RevocationOutcome {
    Revoked,
    Refused(String),
    /// The service documents no call that revokes it.
    NotOffered,
    /// The user asked for a local logout, or nothing was stored.
    NotAsked,
}

/// Returns `true` if the server that issued `stored` has a call that revokes it.
#[cfg(feature = "scan")]
pub(crate) fn can_revoke_session(session: ProfileSession<'_>, stored: &StoredCredential) -> bool {
    if let Some(authority) = &stored.oauth_server {
        return authority.revocation_endpoint.is_some();
    }
    let call = logout_call(session, stored);
    call.is_some_and(|it| !it.call.needs_id() || stored.token_id.is_some())
}

fn logout_call<'a>(
    session: ProfileSession<'a>,
    stored: &StoredCredential,
) -> Option<&'a LogoutCall> {
    let call = session.target.descriptor.logout.as_ref();
    call.filter(|call| call.ends.contains(&stored.credential.kind))
}

/// Revokes `stored` at the server that issued it.
pub(crate) async fn revoke_session(
    session: ProfileSession<'_>,
    stored: &StoredCredential,
) -> Result<RevocationOutcome, ActionError> {
    if let Some(authority) = &stored.oauth_server {
        return revoke_oauth_tokens(session, authority, stored).await;
    }
    let Some(call) = logout_call(session, stored) else {
        return Ok(RevocationOutcome::NotOffered);
    };
    if call.call.needs_id() && stored.token_id.is_none() {
        let reason = "the id of the session is unknown";
        return Ok(RevocationOutcome::Refused(reason.to_owned()));
    }
    // A session that is being revoked must not be refreshed.
    let transport = FixedCredential::of_profile(session, stored)?;
    let outcome = transport.service().logout(stored.token_id.as_deref()).await;
    match outcome {
        Ok(()) => Ok(RevocationOutcome::Revoked),
        Err(ActionError::CredentialRejected { api_error, .. }) => {
            Ok(RevocationOutcome::Refused(api_error.to_string()))
        }
        Err(ActionError::Service(ServiceError::Api(api_error))) if is_permanent(&api_error) => {
            Ok(RevocationOutcome::Refused(api_error.to_string()))
        }
        Err(other) => Err(other),
    }
}

/// Returns true if a retry would fail in the same way.
fn is_permanent(api_error: &ApiError) -> bool {
    api_error.kind != ApiErrorKind::RateLimited && api_error.status < 500
}

/// Revokes only a refresh token, whose access token expires soon.
pub(crate) async fn revoke_refresh_token(
    session: ProfileSession<'_>,
    authority: &OAuthServer,
    token: &Secret,
) -> Result<RevocationOutcome, ActionError> {
    let server = session_server(session, authority)?;
    let hint = TokenHint::RefreshToken;
    match oauth::revoke(&session.context.http, &server, token, hint).await {
        Ok(()) => Ok(RevocationOutcome::Revoked),
        Err(OauthError::NoEndpoint { .. }) => Ok(RevocationOutcome::NotOffered),
        Err(error) => Err(error.into()),
    }
}

/// Revokes the refresh token first, because it creates access tokens. Servers may revoke the access token with it.
async fn revoke_oauth_tokens(
    session: ProfileSession<'_>,
    authority: &OAuthServer,
    stored: &StoredCredential,
) -> Result<RevocationOutcome, ActionError> {
    let server = match session_server(session, authority) {
        Ok(server) => server,
        Err(error) => return Ok(RevocationOutcome::Refused(error.to_string())),
    };
    let client = (&stored.credential.secret, TokenHint::AccessToken);
    let refresh = stored
        .refresh_token
        .as_ref()
        .map(|token| (token, TokenHint::RefreshToken));
    let mut outcome = RevocationOutcome::Revoked;
    for (token, hint) in refresh.into_iter().chain([client]) {
        match oauth::revoke(&session.context.http, &server, token, hint).await {
            Err(OauthError::NoEndpoint { .. }) => return Ok(RevocationOutcome::NotOffered),
            Err(error) if error.is_transient() || matches!(error, OauthError::Http(_)) => {
                return Err(error.into());
            }
            Err(error) if hint == TokenHint::RefreshToken || stored.refresh_token.is_none() => {
                outcome = RevocationOutcome::Refused(error.to_string());
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(outcome)
}
