//! Valid and invalid authorization requests.

use axum::http::StatusCode;

use super::super::fixture::{Fixture, SERVICES};
use super::{REDIRECT_URI, approving, authorization_response, changed_parameters, parameters, url};

#[tokio::test]
async fn response_has_code_state_and_issuer() {
    let fixture = approving();
    for (prefix, client_id) in SERVICES {
        let parameters = changed_parameters(&[("client_id", client_id)]);
        let reply = fixture
            .get(&format!("{prefix}{}", url(&parameters)), "")
            .await;
        let response = authorization_response(&reply, REDIRECT_URI);
        assert_eq!(response["state"], parameters["state"]);
        assert_eq!(response["iss"], format!("http://localhost:8000{prefix}"));
        assert!(response["code"].len() > 30);
        assert_eq!(reply.header("cache-control"), "no-store");
        assert_eq!(reply.header("referrer-policy"), "no-referrer");
    }
}

#[tokio::test]
async fn unverified_redirect_uris_get_a_page_and_no_redirect() {
    let fixture = approving();
    for change in [
        ("client_id", ""),
        ("client_id", "somebody"),
        ("redirect_uri", ""),
        ("redirect_uri", "https://evil.test/callback"),
        ("redirect_uri", "http://127.0.0.1:41231/other"),
        ("redirect_uri", "http://localhost:41231/callback"),
        ("redirect_uri", "http://127.0.0.1:1@evil.test/callback"),
        ("redirect_uri", "javascript:alert(1)"),
        ("request_uri", "https://evil.test/request"),
        ("request_uri", "urn:ietf:params:oauth:request_uri:unknown"),
    ] {
        // An invalid request must not be redirected either.
        for more in [("response_type", "code"), ("response_type", "token")] {
            let reply = fixture
                .get(&url(&changed_parameters(&[change, more])), "")
                .await;
            assert_eq!(reply.status, 400, "{change:?}");
            assert_eq!(reply.header("location"), "");
            assert!(reply.body.contains("This sign-in link is not valid"));
            let policy = reply.header("content-security-policy");
            assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        }
    }
}

#[tokio::test]
async fn invalid_requests_are_reported_to_the_redirect_uri() {
    let fixture = approving();
    for (change, error) in [
        (("response_type", ""), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("response_mode", "fragment"), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge", "short"), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge_method", ""), "invalid_request"),
        (("scope", "nonsense"), "invalid_scope"),
        (("resource", "not a URL"), "invalid_target"),
        (("resource", "https://api.test/#x"), "invalid_target"),
        (("request", "e30."), "request_not_supported"),
        (("prompt", "none login"), "invalid_request"),
        (("max_age", "soon"), "invalid_request"),
    ] {
        let reply = fixture.get(&url(&changed_parameters(&[change])), "").await;
        let response = authorization_response(&reply, REDIRECT_URI);
        assert_eq!(response["error"], error, "{change:?}");
        assert_eq!(response["state"], parameters()["state"]);
        assert_eq!(response["iss"], "http://localhost:8000");
        assert!(!response.contains_key("code"));
    }
    let repeated = format!("{}&scope=openid", url(&parameters()));
    let response = authorization_response(&fixture.get(&repeated, "").await, REDIRECT_URI);
    assert_eq!(response["error"], "invalid_request");
}

#[tokio::test]
async fn repeated_redirect_uris_get_a_page() {
    let fixture = approving();
    for name in ["redirect_uri", "client_id"] {
        let path = format!("{}&{name}=http://evil.test", url(&parameters()));
        assert_eq!(fixture.get(&path, "").await.status, 400, "{name}");
    }
}

#[tokio::test]
async fn loopback_addresses_may_have_any_port_and_other_uris_must_be_equal() {
    let fixture = Fixture::new();
    for (client_id, redirect_uri, status) in [
        (SERVICES[0].1, "http://127.0.0.1:1/callback", 303),
        (SERVICES[0].1, "http://[::1]:65535/callback", 303),
        (SERVICES[0].1, "http://127.0.0.1/", 303),
        (SERVICES[0].1, "http://localhost:3000/callback", 400),
        ("sandbox-service", "http://localhost:3000/callback", 303),
        ("sandbox-service", "http://localhost:3001/callback", 400),
        (
            "sandbox-service",
            "https://app.brainmaps.test/callback",
            303,
        ),
        (
            "sandbox-service",
            "https://app.brainmaps.test/callback/",
            400,
        ),
        ("sandbox-service", "http://127.0.0.1:1/callback", 400),
    ] {
        let parameters =
            changed_parameters(&[("client_id", client_id), ("redirect_uri", redirect_uri)]);
        let reply = fixture.get(&url(&parameters), "").await;
        assert_eq!(reply.status.as_u16(), status, "{client_id} {redirect_uri}");
    }
}

#[tokio::test]
async fn request_may_be_sent_as_a_form() {
    let fixture = approving();
    let fields: Vec<_> = parameters().into_iter().collect();
    let reply = fixture.form("/oauth2/authorize", &fields).await;
    assert!(authorization_response(&reply, REDIRECT_URI).contains_key("code"));
}

#[tokio::test]
async fn confidential_client_may_leave_out_the_challenge() {
    let fixture = approving();
    let parameters = changed_parameters(&[
        ("client_id", "sandbox-service"),
        ("redirect_uri", "http://localhost:3000/callback"),
        ("code_challenge", ""),
        ("code_challenge_method", ""),
    ]);
    let reply = fixture.get(&url(&parameters), "").await;
    let response = authorization_response(&reply, parameters["redirect_uri"]);
    assert!(response.contains_key("code"));
}

#[tokio::test]
async fn metadata_announces_the_flow() {
    let fixture = Fixture::new();
    let reply = fixture
        .get("/.well-known/oauth-authorization-server", "")
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    let metadata = reply.json();
    for (member, expected) in [
        (
            "authorization_endpoint",
            "http://localhost:8000/oauth2/authorize".into(),
        ),
        (
            "pushed_authorization_request_endpoint",
            "http://localhost:8000/oauth2/par".into(),
        ),
        ("require_pushed_authorization_requests", false.into()),
        (
            "authorization_response_iss_parameter_supported",
            true.into(),
        ),
        ("response_types_supported", serde_json::json!(["code"])),
        (
            "response_modes_supported",
            serde_json::json!(["query", "form_post"]),
        ),
        (
            "code_challenge_methods_supported",
            serde_json::json!(["S256"]),
        ),
    ] {
        assert_eq!(metadata[member], expected, "{member}");
    }
    let grants = metadata["grant_types_supported"].as_array().unwrap();
    assert!(grants.contains(&"authorization_code".into()));
}
