//! Applies the response to a refresh to the stored session, or explains its error.

use crate::actions::credential::granted_scopes::warn_about_scopes;
use crate::actions::{ActionError, Context, Target};
use crate::domain::{Credential, CredentialKind, Expiry, OAuthServer, StoredCredential};
use crate::oauth::{OauthError, TokenResponse};
use crate::service::{ServiceError, SessionGrant};

/// Servers have many codes, or none, for a dead refresh token. Only `invalid_grant` ends the session, but the message for
/// the others names the most likely cause.
pub(super) fn to_refresh_error(target: &Target, error: ActionError) -> ActionError {
    let requires_login = match &error {
        ActionError::Oauth(error) => {
            error.requires_login() || matches!(error, OauthError::ForeignEndpoint { .. })
        }
        ActionError::Service(ServiceError::Api(error)) => error.requires_login(),
        _ => false,
    };
    if !requires_login {
        return error;
    }
    ActionError::RefreshRejected {
        profile: target.name.to_string(),
        source: Box::new(error),
    }
}

/// Applies the response to the stored session. Fields that the response omits keep their value (RFC 6749 §6).
pub(super) fn apply_session_grant(
    context: &Context,
    grant: SessionGrant,
    before: &StoredCredential,
) -> StoredCredential {
    StoredCredential {
        expiry: grant.expiry(context.clock_reading_for(before)),
        credential: Credential {
            kind: before.credential.kind,
            secret: grant.secret,
        },
        refresh_token: grant.refresh_token.or_else(|| before.refresh_token.clone()),
        account: grant.account.or_else(|| before.account.clone()),
        token_id: grant.token_id.or_else(|| before.token_id.clone()),
        ..before.clone()
    }
}

/// Warns that the expiry is unknown although the server sent a lifetime.
pub(crate) fn warn_if_lifetime_is_invalid(context: &Context, grant: &TokenResponse) {
    if let Some(seconds) = grant.invalid_lifetime {
        context.warn(format!(
            "the server sent a lifetime of {seconds} s (expires_in): the expiry of the credential is unknown"
        ));
    }
}

/// Applies the response to the stored session. Fields that the response omits keep their value (RFC 6749 §6).
pub(crate) fn apply_token_response(
    context: &Context,
    authority: &OAuthServer,
    grant: TokenResponse,
    before: &StoredCredential,
) -> StoredCredential {
    warn_if_lifetime_is_invalid(context, &grant);
    let scopes = grant.scopes.unwrap_or_else(|| before.scopes.clone());
    warn_about_scopes(context, &before.scopes, &scopes);
    let issuer = authority.token_endpoint.origin().ascii_serialization();
    StoredCredential {
        credential: Credential {
            kind: CredentialKind::AccessToken,
            secret: grant.access_token,
        },
        refresh_token: grant.refresh_token.or_else(|| before.refresh_token.clone()),
        oauth_server: Some(authority.clone()),
        expiry: Expiry::from_lifetime(context.clock_reading_at(&issuer), grant.expires_in),
        scopes,
        subject: before
            .subject
            .clone()
            .or_else(|| grant.claims.map(|claims| claims.subject)),
        ..before.clone()
    }
}
