//! The error responses of the OAuth endpoints (RFC 6749 §5.2, RFC 7636 §4.4.1).

use axum::body::Body;
use axum::http::{Method, header};

use super::fixture::{CHALLENGE, DEVICE_CODE, Device, Fixture, SERVICES, request};

/// The fields of a request, and the status and error code of its response.
type Case<'a> = (&'a [(&'a str, &'a str)], u16, &'a str);

const CLIENT: (&str, &str) = ("client_id", SERVICES[0].1);

#[tokio::test]
async fn invalid_device_requests_get_the_error_code_of_the_rfc() {
    let plain = [
        CLIENT,
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "plain"),
    ];
    let without_method = [CLIENT, ("code_challenge", CHALLENGE)];
    let short = [
        CLIENT,
        ("code_challenge", "short"),
        ("code_challenge_method", "S256"),
    ];
    let without_challenge = [CLIENT, ("code_challenge_method", "S256")];
    let cases: [Case; 8] = [
        (&[], 400, "invalid_request"),
        (&[("client_id", "")], 400, "invalid_request"),
        (&[("client_id", "somebody")], 401, "invalid_client"),
        (&[CLIENT, ("scope", "nonsense")], 400, "invalid_scope"),
        (&plain, 400, "invalid_request"),
        (&without_method, 400, "invalid_request"),
        (&short, 400, "invalid_request"),
        (&without_challenge, 400, "invalid_request"),
    ];
    let fixture = Fixture::new();
    for (fields, status, error) in cases {
        let reply = fixture.form("/oauth2/device_authorization", fields).await;
        assert_eq!(reply.error(), (status, error.to_owned()), "{fields:?}");
        assert!(!reply.text("/error_description").is_empty());
        assert_eq!(reply.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn invalid_token_requests_get_the_error_code_of_the_rfc() {
    let device = ("grant_type", DEVICE_CODE);
    let refresh = ("grant_type", "refresh_token");
    let cases: [Case; 10] = [
        (&[], 400, "invalid_request"),
        (&[CLIENT], 400, "invalid_request"),
        (&[device], 400, "invalid_request"),
        (
            &[CLIENT, ("grant_type", "password")],
            400,
            "unsupported_grant_type",
        ),
        (&[("client_id", "somebody"), device], 401, "invalid_client"),
        (&[CLIENT, device], 400, "invalid_request"),
        (
            &[CLIENT, device, ("device_code", "nonsense")],
            400,
            "invalid_grant",
        ),
        (&[CLIENT, refresh], 400, "invalid_request"),
        (
            &[CLIENT, refresh, ("refresh_token", "")],
            400,
            "invalid_request",
        ),
        (
            &[CLIENT, refresh, ("refresh_token", "nonsense")],
            400,
            "invalid_grant",
        ),
    ];
    let fixture = Fixture::new();
    for (fields, status, error) in cases {
        let reply = fixture.form("/oauth2/token", fields).await;
        assert_eq!(reply.error(), (status, error.to_owned()), "{fields:?}");
    }
}

#[tokio::test]
async fn repeated_parameters_are_rejected() {
    let fixture = Fixture::new();
    for path in ["device_authorization", "token", "revoke", "introspect"] {
        let body = "client_id=brainmaps-cli&client_id=brainmaps-cli";
        let reply = fixture.raw_form(&format!("/oauth2/{path}"), body).await;
        assert_eq!(reply.error(), (400, "invalid_request".into()), "{path}");
    }
}

#[tokio::test]
async fn only_forms_are_accepted() {
    let fixture = Fixture::new();
    let body = serde_json::json!({"client_id": CLIENT.1});
    let reply = fixture.post("/oauth2/device_authorization", "", body).await;
    assert_eq!(reply.error(), (400, "invalid_request".into()));
    let empty = request(Method::POST, "/oauth2/token", "", Body::empty());
    assert_eq!(
        fixture.send(empty).await.error(),
        (400, "invalid_request".into())
    );
    assert_eq!(fixture.get("/oauth2/token", "").await.status, 405);
}

#[tokio::test]
async fn secret_of_an_unknown_client_is_rejected() {
    let fixture = Fixture::new();
    let mut with_basic = request(
        Method::POST,
        "/oauth2/token",
        "Basic YTpi",
        Body::from("a=b"),
    );
    let kind = "application/x-www-form-urlencoded";
    with_basic
        .headers_mut()
        .insert(header::CONTENT_TYPE, kind.parse().unwrap());
    let reply = fixture.send(with_basic).await;
    assert_eq!(reply.error(), (401, "invalid_client".into()));
    assert!(reply.header("www-authenticate").starts_with("Basic"));
}

#[tokio::test]
async fn rfc7662_2_1_introspection_requires_an_authenticated_caller() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let tokens = device.tokens().await;
    let token = [("token", tokens.access.as_str())];
    let reply = fixture.form("/oauth2/introspect", &token).await;
    assert_eq!(reply.error(), (400, "invalid_request".into()));
    for client in ["somebody", CLIENT.1] {
        let fields = [token[0], ("client_id", client)];
        let reply = fixture.form("/oauth2/introspect", &fields).await;
        assert_eq!(reply.error(), (401, "invalid_client".into()), "{client}");
    }
    for (bearer, status) in [(tokens.access.as_str(), 200), ("nonsense", 401)] {
        let body = Body::from(serde_urlencoded::to_string(token).unwrap());
        let bearer = format!("Bearer {bearer}");
        let mut received = request(Method::POST, "/oauth2/introspect", &bearer, body);
        let kind = "application/x-www-form-urlencoded";
        received
            .headers_mut()
            .insert(header::CONTENT_TYPE, kind.parse().unwrap());
        assert_eq!(fixture.send(received).await.status, status);
    }
}
