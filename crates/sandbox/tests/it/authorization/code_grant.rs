//! The exchange of an authorization code for tokens (RFC 6749 §4.1.3).

use std::time::Duration;

use super::super::fixture::{Device, Fixture, Tokens, basic, basic_of};
use super::{CLIENT_ID, approving, changed_parameters, code, parameters, redeem};

fn invalid_grant() -> (u16, String) {
    (400, "invalid_grant".to_owned())
}

#[tokio::test]
async fn code_is_exchanged_for_working_tokens() {
    let fixture = approving();
    let code = code(&fixture, &parameters()).await;
    let reply = redeem(&fixture, &code, &[]).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.text("/token_type"), "Bearer");
    assert_eq!(reply.text("/scope"), "openid offline_access brains:read");
    let tokens = Tokens::of(&reply);
    let bearer = format!("Bearer {}", tokens.access);
    assert_eq!(fixture.get("/api/brains/", &bearer).await.status, 200);
    let device = Device::new(&fixture).await;
    assert_eq!(device.refresh(&tokens.refresh).await.status, 200);
}

#[tokio::test]
async fn second_redemption_revokes_the_first_tokens() {
    let fixture = approving();
    let code = code(&fixture, &parameters()).await;
    let tokens = Tokens::of(&redeem(&fixture, &code, &[]).await);
    let device = Device::new(&fixture).await;
    assert!(device.is_active(&tokens.access).await);
    assert_eq!(redeem(&fixture, &code, &[]).await.error(), invalid_grant());
    assert!(!device.is_active(&tokens.access).await);
    assert_eq!(
        device.refresh(&tokens.refresh).await.error(),
        invalid_grant()
    );
}

#[tokio::test]
async fn invalid_exchanges_get_the_error_code_of_the_rfc() {
    let fixture = approving();
    let code = code(&fixture, &parameters()).await;
    for (change, error) in [
        (("code", "unknown"), (400, "invalid_grant")),
        (("code", ""), (400, "invalid_request")),
        (("redirect_uri", ""), (400, "invalid_request")),
        (
            ("redirect_uri", "http://127.0.0.1:41232/callback"),
            (400, "invalid_grant"),
        ),
        (("code_verifier", "wrong"), (400, "invalid_grant")),
        (("code_verifier", ""), (400, "invalid_grant")),
        (("client_id", ""), (400, "invalid_request")),
        (("client_id", "somebody"), (401, "invalid_client")),
        (("client_id", "sandbox-service"), (401, "invalid_client")),
        (("client_secret", "x"), (401, "invalid_client")),
    ] {
        let reply = redeem(&fixture, &code, &[change]).await;
        assert_eq!(reply.error(), (error.0, error.1.to_owned()), "{change:?}");
    }
    assert_eq!(
        redeem(&fixture, &code, &[]).await.status,
        200,
        "invalid exchanges do not use up the code"
    );
}

#[tokio::test]
async fn code_belongs_to_its_client_and_service() {
    let fixture = approving();
    let code = code(&fixture, &parameters()).await;
    let other = [
        ("client_id", "sandbox-service"),
        ("client_secret", "sandbox-service-secret"),
    ];
    assert_eq!(
        redeem(&fixture, &code, &other).await.error(),
        invalid_grant()
    );
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", super::super::fixture::SERVICES[1].1),
        ("redirect_uri", super::REDIRECT_URI),
        ("code_verifier", super::super::fixture::VERIFIER),
        ("code", &code),
    ];
    let reply = fixture.form("/basic-memory/oauth2/token", &fields).await;
    assert_eq!(reply.error(), invalid_grant());
}

#[tokio::test]
async fn code_expires_after_a_minute() {
    let fixture = approving();
    let first = code(&fixture, &parameters()).await;
    fixture.advance(Duration::from_secs(59));
    assert_eq!(redeem(&fixture, &first, &[]).await.status, 200);
    let second = code(&fixture, &parameters()).await;
    fixture.advance(Duration::from_mins(1));
    assert_eq!(
        redeem(&fixture, &second, &[]).await.error(),
        invalid_grant()
    );
}

#[tokio::test]
async fn confidential_client_authenticates_in_the_header_or_in_the_body() {
    let fixture = approving();
    let parameters = changed_parameters(&[
        ("client_id", "sandbox-service"),
        ("redirect_uri", "http://localhost:3000/callback"),
    ]);
    for (authorization, in_body, status) in [
        (basic(), None, 200),
        (String::new(), Some("sandbox-service-secret"), 200),
        (String::new(), Some("wrong"), 401),
        (String::new(), None, 401),
        (basic_of("sandbox-service", "wrong"), None, 401),
        (basic_of("sandbox-service", ""), None, 401),
        (basic_of(CLIENT_ID, ""), None, 400),
        (basic(), Some("sandbox-service-secret"), 400),
    ] {
        let code = code(&fixture, &parameters).await;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("client_id", "sandbox-service"),
            ("redirect_uri", "http://localhost:3000/callback"),
            ("code_verifier", super::super::fixture::VERIFIER),
            ("code", code.as_str()),
        ];
        fields.extend(in_body.map(|secret| ("client_secret", secret)));
        let reply = fixture
            .form_as("/oauth2/token", &authorization, &fields)
            .await;
        assert_eq!(reply.status.as_u16(), status, "{authorization} {in_body:?}");
    }
}

#[tokio::test]
async fn public_client_may_send_basic_with_an_empty_secret() {
    let fixture = approving();
    let code = code(&fixture, &parameters()).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", super::REDIRECT_URI),
        ("code_verifier", super::super::fixture::VERIFIER),
        ("code", &code),
    ];
    let path = "/oauth2/token";
    let wrong = fixture
        .form_as(path, &basic_of(CLIENT_ID, "x"), &fields)
        .await;
    assert_eq!(wrong.error(), (401, "invalid_client".to_owned()));
    let reply = fixture
        .form_as(path, &basic_of(CLIENT_ID, ""), &fields)
        .await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

#[tokio::test]
async fn resource_is_the_audience_of_the_token() {
    let fixture: Fixture = approving();
    let resource = "https://mcp.example.com/mcp";
    let code = code(&fixture, &changed_parameters(&[("resource", resource)])).await;
    let tokens = Tokens::of(&redeem(&fixture, &code, &[]).await);
    let device = Device::new(&fixture).await;
    assert_eq!(device.introspect(&tokens.access).await["aud"], resource);
    let refreshed = Tokens::of(&device.refresh(&tokens.refresh).await);
    assert_eq!(device.introspect(&refreshed.access).await["aud"], resource);
}
