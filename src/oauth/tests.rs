//! All steps together, against an in-process server and against misbehaving loopback servers.

use url::Url;

use super::*;
use crate::domain::{ClientParameters, OAuthServer, Origin, Secret};
use crate::http::testing::{accept, listen, write};
use crate::http::{Client, HttpError, Network, WireLog};

const LOST: &str = "was lost after the request was sent";

fn server(at: &Url) -> VerifiedServer {
    let authority = OAuthServer {
        issuer: at.origin().ascii_serialization(),
        client_id: "brainmaps-cli".to_owned(),
        client: ClientParameters::default(),
        protected_resource: None,
        token_endpoint: at.clone(),
        revocation_endpoint: Some(at.clone()),
        userinfo_endpoint: None,
    };
    VerifiedServer::verify(authority, LoginEndpoints::default(), &[]).unwrap()
}

impl Metadata {
    /// Returns the server for `client_id` with verified endpoints.
    pub(crate) fn server(
        &self,
        client_id: &str,
        allowed_origins: &[Origin],
    ) -> Result<VerifiedServer, OauthError> {
        let token_endpoint = self.required_token_endpoint()?;
        let authority = OAuthServer {
            issuer: self.issuer.clone(),
            client_id: client_id.to_owned(),
            client: ClientParameters::default(),
            protected_resource: None,
            token_endpoint,
            revocation_endpoint: self.revocation_endpoint.clone(),
            userinfo_endpoint: self.userinfo_endpoint.clone(),
        };
        VerifiedServer::verify(authority, self.login_endpoints(), allowed_origins)
    }
}

/// Returns the error of a refresh whose response over a real connection is `raw`.
async fn refresh_error(raw: Vec<u8>) -> OauthError {
    let (listener, at) = listen().await;
    let peer = tokio::spawn(async move {
        let (stream, _) = accept(&listener).await;
        write(&stream, &raw).await;
    });
    let client = Client::new(std::sync::Arc::new(Network::default()), WireLog::silent());
    let result = refresh(&client, &server(&at), &Secret::new("hunter2")).await;
    peer.await.unwrap();
    result.unwrap_err()
}

fn raw(head: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Responses that hold no tokens, each with a part of the error message.
fn unusable_responses() -> [(Vec<u8>, &'static str); 8] {
    let mut huge = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhunter2".to_vec();
    huge.resize(50 * 1024 * 1024, b' ');
    let redirect = "307 Temporary Redirect\r\nlocation: https://evil.net/t?hunter2";
    let failure = raw("503 Service Unavailable", r#"{"error":"invalid_grant"}"#);
    let html = raw("200 OK", "<html>hunter2");
    let truncated = raw("200 OK", r#"{"access_token":"hunter2"#);
    let short = raw("200 OK\r\ncontent-length: 90", "{");
    [
        (huge, "is larger than 1024 KiB"),
        (html, "it is an HTML page, not JSON"),
        (truncated, "it is not valid JSON, or truncated"),
        (short, LOST),
        (raw(redirect, ""), "redirects to https://evil.net/t,"),
        (failure, "HTTP 503"),
        (b"no HTTP at all: hunter2\r\n\r\n".to_vec(), LOST),
        (Vec::new(), LOST),
    ]
}

#[tokio::test]
async fn malformed_responses_are_reported_and_do_not_end_the_session() {
    for (response, expected) in unusable_responses() {
        let error = refresh_error(response).await;
        let text = format!("{error} {error:?}");
        assert!(
            text.contains(expected) && !text.contains("hunter2"),
            "{expected}: {text}"
        );
        assert!(!matches!(error, OauthError::InvalidGrant { .. }));
    }
}

#[tokio::test]
async fn unreachable_token_endpoint_does_not_end_the_session() {
    let (listener, at) = listen().await;
    drop(listener);
    let client = Client::new(std::sync::Arc::new(Network::default()), WireLog::silent());
    let error = refresh(&client, &server(&at), &Secret::new("hunter2")).await;
    assert!(matches!(
        error,
        Err(OauthError::Http(HttpError::Connect { .. }))
    ));
}

#[cfg(feature = "sandbox")]
mod in_process {
    use std::collections::HashMap;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use axum::routing::{get, post};
    use axum::{Form, Json, Router};
    use serde_json::json;

    use super::*;
    use crate::domain::Scopes;
    use crate::http::InProcess;

    type Fields = Form<HashMap<String, String>>;

    const ISSUER: &str = "http://localhost:8000";

    /// Creates a server that approves at the third poll.
    fn server() -> Router {
        let metadata = json!({
            "issuer": ISSUER,
            "device_authorization_endpoint": format!("{ISSUER}/device/"),
            "token_endpoint": format!("{ISSUER}/token"),
            "revocation_endpoint": format!("{ISSUER}/revoke"),
        });
        let page = format!("{ISSUER}/d");
        let device = json!({"device_code": "d", "user_code": "U", "verification_uri": page, "expires_in": 90});
        let polls = Arc::new(AtomicU32::new(0));
        let token = async move |Form(form): Fields| {
            Json(
                match (
                    form.get("code_verifier"),
                    polls.fetch_add(1, Ordering::Relaxed),
                ) {
                    (Some(_), 0 | 1) => json!({"error": "authorization_pending"}),
                    (Some(verifier), _) => {
                        json!({"access_token": "first", "refresh_token": verifier})
                    }
                    (None, _) => json!({"access_token": "second"}),
                },
            )
        };
        Router::new()
            .route(
                "/.well-known/openid-configuration",
                get(async || Json(metadata)),
            )
            .route("/device/", post(async |Form(_): Fields| Json(device)))
            .route("/token", post(token))
            .route(
                "/revoke",
                post(async |Form(form): Fields| assert_eq!(form["token"].len(), 43)),
            )
    }

    #[tokio::test(start_paused = true)]
    async fn session_from_discovery_to_revocation() {
        let http = Client::new(Arc::new(InProcess::new(server())), WireLog::silent());
        let metadata = discover(&http, ISSUER).await.unwrap();
        let server = metadata.server("brainmaps-cli", &[]).unwrap();
        let client = DeviceClient {
            http: &http,
            server: &server,
            scopes: &Scopes::default(),
        };
        let authorization = client.authorize().await.unwrap();
        let grant = client
            .wait_for_approval(authorization, &mut |_| ())
            .await
            .unwrap();
        assert_eq!(grant.access_token.expose(), "first");
        let token = grant.refresh_token.unwrap();
        let grant = refresh(&http, &server, &token).await.unwrap();
        assert_eq!(
            (grant.access_token.expose(), grant.refresh_token),
            ("second", None)
        );
        revoke(&http, &server, &token, TokenHint::RefreshToken)
            .await
            .unwrap();
    }
}
