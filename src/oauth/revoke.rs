//! Revokes a token (RFC 7009).

use super::form_request::{EndpointResponse, FormRequest};
use super::{OauthError, VerifiedServer};
use crate::domain::Secret;
use crate::http::Client;

/// The kind of the token, so that the server does not have to search for it (RFC 7009 §2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenHint {
    /// Most servers also revoke its access tokens, so it is revoked first.
    RefreshToken,
    /// Revoking it may or may not revoke the refresh token.
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
/// [`OauthError::NoEndpoint`] if the server has no revocation endpoint; [`OauthError::Status`] with 503 if the token is
/// still valid (RFC 7009 §2.2.1); [`OauthError::Refused`] if the server rejects the request.
pub async fn revoke(
    client: &Client,
    server: &VerifiedServer,
    token: &Secret,
    hint: TokenHint,
) -> Result<(), OauthError> {
    let authority = server.details();
    let Some(endpoint) = &authority.revocation_endpoint else {
        return Err(OauthError::NoEndpoint {
            issuer: authority.issuer.clone(),
            name: "revocation",
        });
    };
    let form = FormRequest {
        endpoint,
        fields: &[
            ("token", token.expose()),
            ("token_type_hint", hint.as_str()),
            ("client_id", &authority.client_id),
        ],
        client: Some(authority),
        can_retry: true,
    };
    let response = form.post(client).await?;
    match form.classify(&response) {
        EndpointResponse::Error(error) => Err(error.error),
        // Only the status counts (RFC 7009 §2.2), unless the body has an error code.
        _ if response.is_success() => Ok(()),
        EndpointResponse::Unusable(error) => Err(error),
        EndpointResponse::Members(_) => Err(form.status_error(&response)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::http::testing::Stub;
    use crate::oauth::verified_server::{example, without_revocation};

    async fn revoke_with_response(status: u16, body: &str) -> Result<(), OauthError> {
        let (client, _) = Stub::responding(status, body);
        revoke(
            &client,
            &example(),
            &Secret::new("secret-token"),
            TokenHint::RefreshToken,
        )
        .await
    }

    #[tokio::test]
    async fn rfc7009_2_1_request_has_token_kind_and_client() {
        let (client, stub) = Stub::responding(200, "");
        for hint in [TokenHint::RefreshToken, TokenHint::AccessToken] {
            revoke(&client, &example(), &Secret::new("secret-token"), hint)
                .await
                .unwrap();
        }
        let form = |hint: &str| {
            [
                ("token", "secret-token"),
                ("token_type_hint", hint),
                ("client_id", "brainmaps-cli"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        assert_eq!(stub.forms(), [form("refresh_token"), form("access_token")]);
    }

    #[tokio::test]
    async fn rfc7009_2_2_body_of_a_success_is_ignored() {
        for (status, body) in [
            (200, ""),
            (200, "{}"),
            (204, ""),
            (200, "OK"),
            (200, "<html></html>"),
        ] {
            assert_eq!(
                revoke_with_response(status, body).await,
                Ok(()),
                "{status} {body}"
            );
        }
    }

    #[tokio::test]
    async fn rfc7009_2_2_1_503_is_transient_and_the_token_stays_valid() {
        let error = revoke_with_response(503, "").await.unwrap_err();
        assert!(matches!(error, OauthError::Status { .. }) && error.is_transient());
    }

    #[tokio::test]
    async fn error_response_is_reported() {
        let rows = [
            (401, "", "(HTTP 401 Unauthorized)"),
            (
                400,
                r#"{"error":"invalid_token"}"#,
                "(invalid_token, HTTP 400)",
            ),
            (
                200,
                r#"{"error":"invalid_request"}"#,
                "(invalid_request, HTTP 200)",
            ),
            (
                400,
                r#"{"error":"x","error_description":"secret-token?"}"#,
                "(x, HTTP 400): [secret]?",
            ),
        ];
        for (status, body, expected) in rows {
            let text = revoke_with_response(status, body)
                .await
                .unwrap_err()
                .to_string();
            assert!(text.contains(expected), "{text}");
        }
    }

    #[tokio::test]
    async fn no_request_without_a_revocation_endpoint() {
        let (client, stub) = Stub::responding(200, "");
        let result = revoke(
            &client,
            &without_revocation(),
            &Secret::new("x"),
            TokenHint::AccessToken,
        )
        .await;
        assert!(matches!(
            result,
            Err(OauthError::NoEndpoint {
                name: "revocation",
                ..
            })
        ));
        assert_eq!(stub.count(), 0);
    }
}
