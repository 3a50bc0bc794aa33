//! Refreshes a session (RFC 6749 §6).

use super::form_request::{EndpointResponse, FormRequest};
use super::{OauthError, TokenResponse, VerifiedServer};
use crate::domain::{Scopes, Secret};
use crate::http::Client;

/// Exchanges `refresh_token` for a new access token at the session's own token endpoint.
///
/// The caller must hold the profile's lock and have read the token under it: using a token twice may end the session.
///
/// # Errors
/// [`OauthError::InvalidGrant`] if the session has expired; no other error ends it.
/// [`OauthError::UnusableAccessToken`] if the server rotated the refresh token, which must be stored.
pub async fn refresh(
    client: &Client,
    server: &VerifiedServer,
    refresh_token: &Secret,
) -> Result<TokenResponse, OauthError> {
    refresh_narrowed(client, server, refresh_token, &Scopes::default()).await
}

/// As [`refresh`], for an access token with only these of the granted scopes. Without any, the token has all of them.
///
/// # Errors
/// As [`refresh`].
pub async fn refresh_narrowed(
    client: &Client,
    server: &VerifiedServer,
    refresh_token: &Secret,
    scopes: &Scopes,
) -> Result<TokenResponse, OauthError> {
    let authority = server.details();
    let form = FormRequest {
        endpoint: &authority.token_endpoint,
        fields: &[
            ("grant_type", "refresh_token"),
            ("client_id", &authority.client_id),
            ("refresh_token", refresh_token.expose()),
            ("scope", &scopes.to_string()),
            (
                "resource",
                authority.client.resource.as_deref().unwrap_or_default(),
            ),
        ],
        client: Some(authority),
        can_retry: true,
    };
    let response = form.post(client).await?;
    match form.classify(&response) {
        EndpointResponse::Error(response) if response.code == "invalid_grant" => {
            Err(to_invalid_grant(response.error))
        }
        response => TokenResponse::parse(&form, response.into_members()?),
    }
}

fn to_invalid_grant(error: OauthError) -> OauthError {
    match error {
        OauthError::Refused { description, .. } => OauthError::InvalidGrant { description },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::http::testing::{Stub, response_with_header};
    use crate::oauth::verified_server::example;

    async fn refresh_with_response(status: u16, body: &str) -> Result<TokenResponse, OauthError> {
        let (client, stub) = Stub::responding(status, body);
        let result = refresh(&client, &example(), &Secret::new("secret-refresh")).await;
        assert_eq!(stub.count(), 1, "a refresh is sent once");
        result
    }

    #[tokio::test]
    async fn rfc6749_6_request_has_exactly_the_required_fields() {
        let (client, stub) = Stub::responding(200, r#"{"access_token":"a"}"#);
        refresh(&client, &example(), &Secret::new("secret-refresh"))
            .await
            .unwrap();
        let form = stub.forms().concat();
        let form: Vec<_> = form
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let expected = [
            ("grant_type", "refresh_token"),
            ("client_id", "brainmaps-cli"),
            ("refresh_token", "secret-refresh"),
        ];
        assert_eq!(form, expected);
        assert_eq!(stub.urls(), ["https://auth.example.com/token"]);
    }

    #[tokio::test]
    async fn rfc6749_5_1_unknown_members_are_ignored_and_the_lifetime_is_optional() {
        let grant = refresh_with_response(
            200,
            r#"{"access_token":"a","expires_in":null,"refresh_token":"","scope":["r","w"],"?":[]}"#,
        );
        let grant = grant.await.unwrap();
        assert_eq!(grant.access_token.expose(), "a");
        assert_eq!(
            (grant.expires_in, grant.refresh_token, grant.token_type),
            (None, None, None)
        );
        assert_eq!(grant.scopes, Some(crate::domain::Scopes::parse("r w")));
        for (text, expected) in [("7", 7), (r#""7""#, 7), ("7.9", 7), (r#"" 7 ""#, 7)] {
            let grant = refresh_with_response(
                200,
                &format!(r#"{{"access_token":"a","expires_in":{text}}}"#),
            )
            .await
            .unwrap();
            assert_eq!(grant.expires_in, Some(expected));
        }
    }

    #[tokio::test]
    async fn only_invalid_grant_ends_a_session() {
        let ended = refresh_with_response(
            400,
            r#"{"error":"invalid_grant","error_description":"secret-refresh is used"}"#,
        )
        .await;
        assert_eq!(
            ended,
            Err(OauthError::InvalidGrant {
                description: Some("[secret] is used".to_owned())
            })
        );
        let others = [
            (400, r#"{"error":"invalid_client"}"#),
            (401, r#"{"error":"invalid_client"}"#),
            (400, r#"{"error":"bad_refresh_token"}"#),
            (400, r#"{"error":"INVALID_GRANT"}"#),
            (400, r#"{"message":"invalid_grant"}"#),
            (500, r#"{"error":"invalid_grant"}"#),
            (503, "invalid_grant"),
            (429, r#"{"error":"invalid_grant"}"#),
            (400, "<html>invalid_grant</html>"),
            (200, "<html>invalid_grant</html>"),
            (200, r#"{"access_token":"#),
            (200, r#"{"token_type":"bearer"}"#),
            (404, ""),
        ];
        for (status, body) in others {
            let error = refresh_with_response(status, body).await.unwrap_err();
            assert!(
                !matches!(error, OauthError::InvalidGrant { .. }),
                "{status} {body}"
            );
        }
    }

    #[tokio::test]
    async fn empty_or_unknown_error_beside_tokens_is_a_success() {
        for error in ["null", r#""""#, "false", "{}", "[]", "0", r#""none""#] {
            let body = format!(r#"{{"error":{error},"access_token":"a","refresh_token":"b"}}"#);
            for body in [body.clone(), format!("\u{feff}{body}")] {
                let grant = refresh_with_response(200, &body).await.unwrap();
                assert_eq!(grant.refresh_token, Some(Secret::new("b")), "{body}");
            }
        }
        let body = r#"{"error":"invalid_scope","access_token":"a"}"#;
        assert!(refresh_with_response(200, body).await.is_err());
    }

    #[tokio::test]
    async fn rotated_refresh_token_is_kept_if_the_access_token_is_unusable() {
        for (members, what) in [
            (
                r#""access_token":"a","token_type":"JWT""#,
                "its `token_type` is `JWT`",
            ),
            (r#""access_token":"a b""#, "invalid characters"),
            (r#""token_type":"bearer""#, "`access_token` is missing"),
        ] {
            let body = format!(r#"{{{members},"refresh_token":"next"}}"#);
            let error = refresh_with_response(200, &body).await.unwrap_err();
            assert!(error.to_string().contains(what), "{error}");
            let OauthError::UnusableAccessToken { refresh_token, .. } = error else {
                panic!("{error}");
            };
            assert_eq!(refresh_token, Some(Secret::new("next")));
        }
    }

    #[tokio::test]
    async fn rejected_refresh_requires_login_unless_the_client_is_rejected() {
        let rows = [
            (400, r#"{"error":"interaction_required"}"#, true),
            (200, r#"{"error":"bad_refresh_token"}"#, true),
            (401, r#"{"error":"invalid_token"}"#, true),
            (400, r#"{"error":"invalid_request"}"#, true),
            (400, r#"{"error":"access_denied"}"#, true),
            (403, r#"{"message":"Token has expired"}"#, true),
            (404, r#"{"detail":"Session not found"}"#, true),
            (410, "", true),
            (422, "{}", true),
            (400, r#"{"error":"invalid_client"}"#, false),
            (400, r#"{"error":"unauthorized_client"}"#, false),
            (400, r#"{"error":"unsupported_grant_type"}"#, false),
            (403, "<html>blocked</html>", false),
            (404, "<html>blocked</html>", false),
            (408, "", false),
            (429, r#"{"error":"invalid_token"}"#, false),
            (503, "", false),
        ];
        for (status, body, expected) in rows {
            let error = refresh_with_response(status, body).await.unwrap_err();
            assert_eq!(error.requires_login(), expected, "{status} {body}");
        }
    }

    #[tokio::test]
    async fn rfc9700_4_9_refresh_token_does_not_follow_a_redirect() {
        let (client, stub) = Stub::client(|_, _| {
            Ok(response_with_header(
                308,
                "location",
                "https://evil.net/token",
            ))
        });
        let error = refresh(&client, &example(), &Secret::new("secret-refresh"))
            .await
            .unwrap_err();
        assert!(matches!(
            error,
            OauthError::Http(crate::http::HttpError::Redirected { .. })
        ));
        assert_eq!(stub.count(), 1);
    }
}
