//! Ending a token at the server (RFC 7009).

use super::form_request::{EndpointResponse, FormRequest};
use super::{OauthError, VerifiedServer};
use crate::domain::Secret;
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
    server: &VerifiedServer,
    token: &Secret,
    hint: TokenHint,
) -> Result<(), OauthError> {
    let authority = server.details();
    let Some(endpoint) = &authority.revocation_endpoint else {
        return Err(OauthError::NoEndpoint {
            issuer: authority.issuer.clone(),
            what: "revocation",
        });
    };
    let form = FormRequest {
        endpoint,
        fields: &[
            ("token", token.expose()),
            ("token_type_hint", hint.as_str()),
            ("client_id", &authority.client_id),
        ],
        retry: true,
    };
    let answer = form.post(client).await?;
    match form.classify(&answer) {
        EndpointResponse::Error(refusal) => Err(refusal.error),
        // The status says it all and the body is ignored (RFC 7009 §2.2), but for an error code in it.
        _ if answer.is_success() => Ok(()),
        EndpointResponse::Unusable(error) => Err(error),
        EndpointResponse::Members(_) => Err(form.status_error(&answer)),
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
    async fn rfc7009_2_1_the_request_names_token_kind_and_client() {
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
    async fn rfc7009_2_2_any_success_is_one_whatever_its_body() {
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
    async fn rfc7009_2_2_1_a_503_means_that_the_token_lives_on() {
        let error = revoke_with_response(503, "").await.unwrap_err();
        assert!(matches!(error, OauthError::Status { .. }) && error.is_transient());
    }

    #[tokio::test]
    async fn a_refusal_is_told_as_one() {
        let rows = [
            (401, "", "refused: HTTP 401 Unauthorized"),
            (
                400,
                r#"{"error":"invalid_token"}"#,
                "refused: invalid_token (HTTP 400)",
            ),
            (
                200,
                r#"{"error":"invalid_request"}"#,
                "refused: invalid_request (HTTP 200)",
            ),
            (
                400,
                r#"{"error":"x","error_description":"secret-token?"}"#,
                "refused: x (HTTP 400): [secret]?",
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
    async fn a_server_that_cannot_revoke_is_not_asked() {
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
                what: "revocation",
                ..
            })
        ));
        assert_eq!(stub.count(), 0);
    }
}
