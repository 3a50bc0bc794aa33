//! Exchanges an authorization code for tokens (RFC 6749 §4.1.3) with the PKCE verifier (RFC 7636 §4.5).

use super::form_request::FormRequest;
use super::{CodeClient, OauthError, PendingAuthorization, TokenResponse};
use crate::domain::Secret;

impl CodeClient<'_> {
    /// Exchanges `code`. The request is repeated only if no connection was made: a server revokes the tokens of a code that
    /// it receives twice (RFC 6749 §4.1.2).
    ///
    /// # Errors
    /// [`OauthError::GrantLost`] if the response was lost, and the errors of the server.
    pub async fn exchange(
        &self,
        pending: &PendingAuthorization,
        code: &Secret,
    ) -> Result<TokenResponse, OauthError> {
        let details = self.server.details();
        let form = FormRequest {
            endpoint: &details.token_endpoint,
            fields: &[
                ("grant_type", "authorization_code"),
                ("code", code.expose()),
                ("redirect_uri", pending.redirect_uri.as_str()),
                ("client_id", &details.client_id),
                ("code_verifier", pending.code_verifier.expose()),
                (
                    "resource",
                    details.client.resource.as_deref().unwrap_or_default(),
                ),
            ],
            client: Some(details),
            can_retry: true,
        };
        let response = form.post(self.http).await.map_err(|error| match error {
            OauthError::Http(error) if error.may_have_been_processed() => {
                OauthError::GrantLost(error)
            }
            other => other,
        })?;
        TokenResponse::parse(&form, form.classify(&response).into_members()?)
    }
}

#[cfg(test)]
mod tests;
