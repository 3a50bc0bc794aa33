//! Pushed authorization requests (RFC 9126).

use std::collections::HashMap;
use std::time::Duration;

use brainmaps_sandbox::State;

use super::super::fixture::{Fixture, TestResponse, basic};
use super::{
    CLIENT_ID, REDIRECT_URI, approving, authorization_response, changed_parameters, parameters,
    redeem, url,
};

async fn push(fixture: &Fixture, parameters: HashMap<&'static str, &'static str>) -> TestResponse {
    let fields: Vec<_> = parameters.into_iter().collect();
    fixture.form("/oauth2/par", &fields).await
}

/// Returns the path of the authorization request with a request URI.
fn authorize_path(client_id: &str, request_uri: &str) -> String {
    url(&HashMap::from([
        ("client_id", client_id),
        ("request_uri", request_uri),
    ]))
}

#[tokio::test]
async fn pushed_request_is_used_once() {
    let fixture = approving();
    let reply = push(&fixture, parameters()).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    assert_eq!(reply.json()["expires_in"], 60);
    assert_eq!(reply.header("cache-control"), "no-store");
    let request_uri = reply.text("/request_uri");
    assert!(request_uri.starts_with("urn:ietf:params:oauth:request_uri:"));
    let path = authorize_path(CLIENT_ID, &request_uri);
    let response = authorization_response(&fixture.get(&path, "").await, REDIRECT_URI);
    assert_eq!(response["state"], parameters()["state"]);
    assert_eq!(redeem(&fixture, &response["code"], &[]).await.status, 200);
    assert_eq!(fixture.get(&path, "").await.status, 400);
}

#[tokio::test]
async fn request_uri_expires_and_belongs_to_its_client() {
    let fixture = approving();
    let request_uri = push(&fixture, parameters()).await.text("/request_uri");
    fixture.advance(Duration::from_mins(1));
    let reply = fixture
        .get(&authorize_path(CLIENT_ID, &request_uri), "")
        .await;
    assert_eq!(reply.status, 400);
    let request_uri = push(&fixture, parameters()).await.text("/request_uri");
    let reply = fixture
        .get(&authorize_path("sandbox-service", &request_uri), "")
        .await;
    assert_eq!(reply.status, 400);
}

#[tokio::test]
async fn invalid_requests_are_rejected_when_pushed() {
    let fixture = approving();
    for (change, error) in [
        (("client_id", "somebody"), (401, "invalid_client")),
        (("client_id", "sandbox-service"), (401, "invalid_client")),
        (
            ("redirect_uri", "https://evil.test/"),
            (400, "invalid_request"),
        ),
        (("redirect_uri", ""), (400, "invalid_request")),
        (("request_uri", "urn:x"), (400, "invalid_request")),
        (
            ("response_type", "token"),
            (400, "unsupported_response_type"),
        ),
        (("code_challenge", ""), (400, "invalid_request")),
        (("scope", "nonsense"), (400, "invalid_scope")),
    ] {
        let reply = push(&fixture, changed_parameters(&[change])).await;
        assert_eq!(reply.error(), (error.0, error.1.to_owned()), "{change:?}");
    }
}

#[tokio::test]
async fn parameters_of_the_authorization_request_do_not_replace_pushed_ones() {
    let fixture = approving();
    let request_uri = push(&fixture, parameters()).await.text("/request_uri");
    let path = format!(
        "{}&state=other&redirect_uri=https://evil.test/",
        authorize_path(CLIENT_ID, &request_uri)
    );
    let response = authorization_response(&fixture.get(&path, "").await, REDIRECT_URI);
    assert_eq!(response["state"], parameters()["state"]);
}

#[tokio::test]
async fn confidential_client_authenticates_to_push() {
    let fixture = approving();
    let redirect_uri = "https://app.brainmaps.test/callback";
    let mut parameters = changed_parameters(&[("redirect_uri", redirect_uri)]);
    parameters.remove("client_id");
    let fields: Vec<_> = parameters.into_iter().collect();
    let reply = fixture.form_as("/oauth2/par", &basic(), &fields).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    let path = authorize_path("sandbox-service", &reply.text("/request_uri"));
    let response = authorization_response(&fixture.get(&path, "").await, redirect_uri);
    assert!(response.contains_key("code"));
}

#[tokio::test]
async fn server_can_require_pushed_requests() {
    let fixture = Fixture::with(State::Memory, |settings| {
        settings.auto_approve = true;
        settings.require_par = true;
    });
    let metadata = fixture
        .get("/.well-known/oauth-authorization-server", "")
        .await;
    assert_eq!(
        metadata.json()["require_pushed_authorization_requests"],
        true
    );
    let reply = fixture.get(&url(&parameters()), "").await;
    assert_eq!(
        authorization_response(&reply, REDIRECT_URI)["error"],
        "invalid_request"
    );
    let request_uri = push(&fixture, parameters()).await.text("/request_uri");
    let reply = fixture
        .get(&authorize_path(CLIENT_ID, &request_uri), "")
        .await;
    assert!(authorization_response(&reply, REDIRECT_URI).contains_key("code"));
}
