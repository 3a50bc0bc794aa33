//! Gets the account of an access token from the userinfo endpoint (OpenID Connect Core §5.3).

use super::form_request::FormRequest;
use super::{IdClaims, OauthError, VerifiedServer};
use crate::domain::{Origin, Secret, sanitize_line};
use crate::http::{Client, HttpError, Request, Response, header, redact_url};

/// The media type of a signed or encrypted response.
const JWT: &str = "application/jwt";

/// Returns the account of `access_token`. `subject` is the one in the ID token of the session, if there was one.
///
/// # Errors
/// [`OauthError::Refused`] if the server rejected the token, [`OauthError::OtherSubject`] if the response is about another
/// account, [`OauthError::SignedUserinfo`] for a JWT, and errors of the network.
pub async fn userinfo(
    client: &Client,
    server: &VerifiedServer,
    access_token: &Secret,
    subject: Option<&str>,
) -> Result<IdClaims, OauthError> {
    let endpoint = server.userinfo_endpoint()?;
    let not_permitted = |_| HttpError::NotPermitted {
        url: redact_url(endpoint),
    };
    let origin = Origin::of(endpoint).map_err(not_permitted)?;
    let value = Secret::new(format!("Bearer {}", access_token.expose()));
    let request = Request::get(endpoint.clone())
        .header(header::ACCEPT, "application/json")?
        .authorize(&origin, header::AUTHORIZATION, &value)?;
    let response = client.send(request).await?;
    let issuer = || sanitize_line(&server.details().issuer);
    if response.is_success() && is_jwt(&response) {
        return Err(OauthError::SignedUserinfo { issuer: issuer() });
    }
    let form = FormRequest::for_get(endpoint);
    let mut members = form.classify(&response).into_members()?;
    let claims = IdClaims::take(&mut members).ok_or_else(|| form.missing_field_error("sub"))?;
    // Otherwise one account could be shown in place of another (§5.3.2).
    if subject.is_some_and(|subject| subject != claims.subject) {
        return Err(OauthError::OtherSubject { issuer: issuer() });
    }
    Ok(claims)
}

fn is_jwt(response: &Response) -> bool {
    let media_type = response.header(header::CONTENT_TYPE.as_str());
    let media_type = media_type.and_then(|value| value.split(';').next());
    media_type.is_some_and(|name| name.trim().eq_ignore_ascii_case(JWT))
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::http::testing::{Stub, response, response_with_header};
    use crate::oauth::verified_server::example;

    async fn fetch(status: u16, body: &str, subject: Option<&str>) -> Result<IdClaims, OauthError> {
        let (client, _) = Stub::responding(status, body);
        userinfo(&client, &example(), &Secret::new("secret-access"), subject).await
    }

    #[tokio::test]
    async fn oidc_core_5_3_1_request_has_the_token_in_its_header() {
        let (client, stub) = Stub::client(|_, request| {
            let value = &request.headers()["authorization"];
            assert_eq!(value, "Bearer secret-access");
            Ok(response(200, r#"{"sub":"7"}"#))
        });
        let token = Secret::new("secret-access");
        userinfo(&client, &example(), &token, None).await.unwrap();
        assert_eq!(stub.urls(), ["https://auth.example.com/userinfo"]);
    }

    #[tokio::test]
    async fn oidc_core_5_3_2_subject_equals_that_of_the_id_token() {
        let body = r#"{"sub":"7","email":"ada@example.com","phone":[1]}"#;
        for subject in [None, Some("7")] {
            let claims = fetch(200, body, subject).await.unwrap();
            assert_eq!(claims.display_name().as_deref(), Some("ada@example.com"));
        }
        for subject in ["8", "", "7 ", "07"] {
            let error = fetch(200, body, Some(subject)).await.unwrap_err();
            assert!(matches!(error, OauthError::OtherSubject { .. }), "{error}");
        }
        let missing = fetch(200, r#"{"email":"ada@example.com"}"#, None).await;
        assert!(missing.unwrap_err().to_string().contains("`sub`"));
    }

    #[tokio::test]
    async fn oidc_core_5_3_2_signed_response_is_reported_as_unsupported() {
        let (client, _) = Stub::client(|_, _| {
            let jwt = "application/jwt; charset=utf-8";
            Ok(response_with_header(200, "content-type", jwt))
        });
        let error = userinfo(&client, &example(), &Secret::new("secret"), None).await;
        let error = error.unwrap_err();
        assert!(
            matches!(error, OauthError::SignedUserinfo { .. }),
            "{error}"
        );
    }

    #[tokio::test]
    async fn token_is_not_sent_to_a_userinfo_endpoint_of_another_server() {
        let mut details = example().into_details();
        details.userinfo_endpoint = url::Url::parse("https://evil.net/userinfo").ok();
        let server = VerifiedServer::verify(details, super::super::LoginEndpoints::default(), &[]);
        let (client, stub) = Stub::responding(200, r#"{"sub":"7"}"#);
        let error = userinfo(&client, &server.unwrap(), &Secret::new("secret"), None).await;
        assert!(matches!(error, Err(OauthError::NoEndpoint { .. })));
        assert_eq!(stub.count(), 0);
    }
}
