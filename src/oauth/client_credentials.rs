//! Requests a token for the client itself (RFC 6749 §4.4).

use super::form_request::FormRequest;
use super::{OauthError, TokenResponse, VerifiedServer};
use crate::domain::Scopes;
use crate::http::Client;

/// Requests an access token with the client's own secret or key. A refresh token in the response is dropped (RFC 6749
/// §4.4.3): the client can request the next token in the same way.
///
/// # Errors
/// [`OauthError`] if the server rejects the client or the scopes.
pub async fn request_token(
    client: &Client,
    server: &VerifiedServer,
    scopes: &Scopes,
) -> Result<TokenResponse, OauthError> {
    let authority = server.details();
    let parameter = |value: &Option<String>| value.clone().unwrap_or_default();
    let form = FormRequest {
        endpoint: &authority.token_endpoint,
        fields: &[
            ("grant_type", "client_credentials"),
            ("client_id", &authority.client_id),
            ("scope", &scopes.to_string()),
            ("resource", &parameter(&authority.client.resource)),
            ("audience", &parameter(&authority.client.audience)),
        ],
        client: Some(authority),
        can_retry: true,
    };
    let response = form.post(client).await?;
    let granted = TokenResponse::parse(&form, form.classify(&response).into_members()?)?;
    Ok(TokenResponse {
        refresh_token: None,
        ..granted
    })
}

#[cfg(test)]
mod tests;
