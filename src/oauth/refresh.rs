//! Renewing a session (RFC 6749 §6).

use oauth2::DeviceCodeErrorResponseType;
use oauth2::basic::BasicErrorResponseType;

use super::endpoint::{Form, Reply};
use super::{Grant, OauthError};
use crate::domain::{Authority, Secret};
use crate::http::Client;

/// Trades `refresh_token` for a new access token at the session's own token endpoint, nowhere else.
///
/// The caller holds the profile's lock and has read the token under it: using one twice may end the session.
///
/// # Errors
/// [`OauthError::InvalidGrant`] when the session is over; every other error ends nothing.
pub async fn refresh(
    client: &Client,
    authority: &Authority,
    refresh_token: &Secret,
) -> Result<Grant, OauthError> {
    let form = Form {
        endpoint: &authority.token_endpoint,
        fields: &[
            ("grant_type", "refresh_token"),
            ("client_id", &authority.client_id),
            ("refresh_token", refresh_token.expose()),
        ],
        retry: true,
    };
    let answer = form.post(client).await?;
    match form.read(&answer) {
        Reply::Refusal(refusal) if is_invalid_grant(&refusal.code) => Err(ended(refusal.error)),
        reply => Grant::read(&form, reply.members()?),
    }
}

fn is_invalid_grant(code: &DeviceCodeErrorResponseType) -> bool {
    *code == DeviceCodeErrorResponseType::Basic(BasicErrorResponseType::InvalidGrant)
}

fn ended(error: OauthError) -> OauthError {
    match error {
        OauthError::Refused { description, .. } => OauthError::InvalidGrant { description },
        other => other,
    }
}
