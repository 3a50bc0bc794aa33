//! Ending a token at the server (RFC 7009).

use super::OauthError;
use super::endpoint::{Form, Reply};
use crate::domain::{Authority, Secret};
use crate::http::Client;

/// What kind of token is revoked, so that the server need not search (RFC 7009 §2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenHint {
    /// Revoking it ends the access tokens made with it on most servers: it goes first.
    RefreshToken,
    /// Revoking it may or may not end the refresh token.
    AccessToken,
}

impl TokenHint {
    fn as_str(self) -> &'static str {
        match self {
            Self::RefreshToken => "refresh_token",
            Self::AccessToken => "access_token",
        }
    }
}

/// Revokes `token` at the session's own revocation endpoint. An unknown token counts as revoked (RFC 7009 §2.2).
///
/// # Errors
/// [`OauthError::NoEndpoint`] when the server cannot revoke; [`OauthError::Status`] with 503 when the token lives on
/// for now (RFC 7009 §2.2.1); [`OauthError::Refused`] when the server will not.
pub async fn revoke(
    client: &Client,
    authority: &Authority,
    token: &Secret,
    hint: TokenHint,
) -> Result<(), OauthError> {
    let Some(endpoint) = &authority.revocation_endpoint else {
        return Err(OauthError::NoEndpoint {
            issuer: authority.issuer.clone(),
            what: "revocation",
        });
    };
    let form = Form {
        endpoint,
        fields: &[
            ("token", token.expose()),
            ("token_type_hint", hint.as_str()),
            ("client_id", &authority.client_id),
        ],
        retry: true,
    };
    let answer = form.post(client).await?;
    match form.read(&answer) {
        Reply::Refusal(refusal) => Err(refusal.error),
        // The status says it all and the body is ignored (RFC 7009 §2.2), but for an error code in it.
        _ if answer.is_success() => Ok(()),
        Reply::Other(error) => Err(error),
        Reply::Members(_) => Err(form.status(&answer)),
    }
}
