use std::collections::HashMap;

use super::*;
use crate::domain::Scopes;
use crate::http::testing::{Stub, response, url};
use crate::http::{Client, HttpError, TimeoutPhase};
use crate::oauth::verified_server::example;

async fn exchange(http: &Client) -> Result<TokenResponse, OauthError> {
    let server = example();
    let client = CodeClient {
        http,
        server: &server,
        scopes: &Scopes::default(),
    };
    let pending = client.begin(url("http://127.0.0.1:1/callback")).await?;
    client.exchange(&pending, &Secret::new("hunter2")).await
}

#[tokio::test]
async fn rfc6749_4_1_3_exchange_repeats_the_redirect_uri_and_proves_the_challenge() {
    let (http, stub) = Stub::responding(200, r#"{"access_token":"a","token_type":"Bearer"}"#);
    exchange(&http).await.unwrap();
    let form: HashMap<String, String> = stub.forms().swap_remove(0).into_iter().collect();
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["code"], "hunter2");
    assert_eq!(form["redirect_uri"], "http://127.0.0.1:1/callback");
    assert_eq!(form["client_id"], "brainmaps-cli");
    assert_eq!(form["code_verifier"].len(), 43);
    assert_eq!(form.len(), 5, "{form:?}");
}

#[tokio::test(start_paused = true)]
async fn lost_response_is_not_requested_again() {
    let (http, stub) = Stub::client(|_, request| {
        Err(HttpError::Timeout {
            url: request.url().to_string(),
            stage: TimeoutPhase::Waiting,
        })
    });
    let error = exchange(&http).await.unwrap_err();
    assert!(matches!(error, OauthError::GrantLost(_)), "{error}");
    assert_eq!(stub.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn server_error_is_not_requested_again() {
    for status in [429, 500, 502, 503, 504] {
        let (http, stub) = Stub::client(move |_, _| Ok(response(status, "{}")));
        let error = exchange(&http).await.unwrap_err();
        assert!(matches!(error, OauthError::Status { .. }), "{error}");
        assert_eq!(stub.count(), 1);
    }
}

#[tokio::test]
async fn quoted_code_is_redacted_from_the_error() {
    let body = r#"{"error":"invalid_grant","error_description":"code hunter2 is used"}"#;
    let (http, _) = Stub::responding(400, body);
    let error = exchange(&http).await.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(
        text.contains("invalid_grant") && !text.contains("hunter2"),
        "{text}"
    );
}
