//! Revokes a JWT that was found in a file at its issuer (RFC 7009), with the client of the service's profile.

use crate::actions::credential::session_server::session_server;
use crate::actions::login::authorization_server::{Requirement, chosen_issuer, find_server};
use crate::actions::{ActionError, LoginOptions, ProfileSession, ScanError};
use crate::domain::{CredentialEvent, OAuthServer, Secret};
use crate::oauth;
use crate::oauth::TokenHint;

/// Returns true if the profile signs in at `issuer`, so that the client is known, and the issuer may revoke tokens.
pub(super) fn is_issuer(session: ProfileSession<'_>, issuer: &str) -> bool {
    if let Some(server) = stored_server(session, issuer) {
        return server.revocation_endpoint.is_some();
    }
    let Some(oauth) = &session.target.descriptor.oauth else {
        return false;
    };
    let chosen = chosen_issuer(session, &LoginOptions::default(), oauth);
    chosen.is_some_and(|chosen| is_same_issuer(&chosen, issuer))
}

/// Revokes `token`, a JWT of `issuer`.
///
/// # Errors
/// If the issuer cannot be reached or does not revoke tokens.
pub(super) async fn revoke_at_issuer(
    session: ProfileSession<'_>,
    token: &Secret,
    issuer: &str,
) -> Result<(), ActionError> {
    session.begin_event(CredentialEvent::TokenRevoke);
    let server = if let Some(server) = stored_server(session, issuer) {
        session_server(session, &server)?
    } else {
        let options = LoginOptions::default();
        let found = find_server(session, &options, Requirement::Token);
        Box::pin(found).await?.0
    };
    if !is_same_issuer(&server.details().issuer, issuer) {
        return Err(ScanError::OtherIssuer.into());
    }
    let hint = TokenHint::AccessToken;
    oauth::revoke(&session.context.http, &server, token, hint).await?;
    session.record_revoked_key(token);
    Ok(())
}

/// Returns the server of the stored session if it is `issuer`.
fn stored_server(session: ProfileSession<'_>, issuer: &str) -> Option<OAuthServer> {
    let server = session.read_stored().ok()??.oauth_server?;
    is_same_issuer(&server.issuer, issuer).then_some(server)
}

fn is_same_issuer(one: &str, other: &str) -> bool {
    one.trim_end_matches('/') == other.trim_end_matches('/')
}
