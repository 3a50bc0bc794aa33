use std::collections::HashMap;

use serde_json::json;

use super::*;
use crate::http::testing::{Stub, response, url};
use crate::oauth::AuthorizationPolicy;
use crate::oauth::verified_server::{example, with_pushed_requests};

const REDIRECT: &str = "http://127.0.0.1:4711/callback";

const PUSHED: &str = r#"{"request_uri":"urn:ietf:params:oauth:request_uri:abc","expires_in":60}"#;

async fn begin(http: &Client, server: &VerifiedServer) -> Result<PendingAuthorization, OauthError> {
    let scopes = Scopes::parse("read write");
    let client = CodeClient {
        http,
        server,
        scopes: &scopes,
    };
    client.begin(url(REDIRECT)).await
}

fn query(url: &Url) -> HashMap<String, String> {
    url.query_pairs().into_owned().collect()
}

fn requiring_pushed_requests() -> VerifiedServer {
    with_pushed_requests(AuthorizationPolicy {
        requires_pushed_requests: true,
        ..AuthorizationPolicy::default()
    })
}

#[tokio::test]
async fn rfc7636_4_3_page_has_a_new_state_and_s256_challenge_each_time() {
    let (http, stub) = Stub::responding(500, "{}");
    let first = begin(&http, &example()).await.unwrap();
    let second = begin(&http, &example()).await.unwrap();
    assert_eq!(stub.count(), 0, "the page is opened by the browser only");
    let parameters = query(&first.url);
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "brainmaps-cli"),
        ("redirect_uri", REDIRECT),
        ("scope", "read write"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(parameters[name], value);
    }
    assert_eq!(parameters.len(), 7, "no empty parameter: {parameters:?}");
    assert_eq!(parameters["state"].len(), 43);
    assert_eq!(parameters["code_challenge"].len(), 43);
    let verifier = first.code_verifier.expose();
    assert_eq!(verifier.len(), 43);
    assert!(!first.url.as_str().contains(verifier));
    assert_ne!(parameters["state"], query(&second.url)["state"]);
    assert_ne!(first.code_verifier, second.code_verifier);
}

#[tokio::test]
async fn rfc9126_4_pushed_request_leaves_two_parameters_for_the_browser() {
    let (http, stub) = Stub::responding(201, PUSHED);
    for server in [
        requiring_pushed_requests(),
        with_pushed_requests(AuthorizationPolicy::default()),
    ] {
        let pending = begin(&http, &server).await.unwrap();
        assert_eq!(
            pending.url.as_str(),
            "https://auth.example.com/authorize?client_id=brainmaps-cli&\
             request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3Aabc"
        );
        assert_eq!(pending.open_within, Some(Duration::from_mins(1)));
    }
    let form: HashMap<String, String> = stub.forms().swap_remove(0).into_iter().collect();
    assert_eq!(stub.urls()[0], "https://auth.example.com/par");
    assert_eq!(form["redirect_uri"], REDIRECT);
    assert_eq!(form["scope"], "read write");
    assert_eq!(form["state"].len(), 43);
}

#[tokio::test]
async fn rfc9126_5_optional_pushed_request_that_is_refused_to_the_client_goes_through_the_browser()
{
    for (status, body, falls_back) in [
        (400, r#"{"error":"unauthorized_client"}"#, true),
        (403, r#"{"error":"access_denied"}"#, true),
        (404, "<html>", true),
        (405, "<html>", true),
        (400, r#"{"error":"invalid_scope"}"#, false),
        (401, r#"{"error":"invalid_client"}"#, false),
        (503, "{}", false),
        (200, "{}", false),
    ] {
        let (http, _) = Stub::responding(status, body);
        let optional = with_pushed_requests(AuthorizationPolicy::default());
        let pending = begin(&http, &optional).await;
        assert_eq!(pending.is_ok(), falls_back, "{status} {body}");
        if let Ok(pending) = pending {
            assert!(pending.push_problem.is_some());
            assert_eq!(query(&pending.url)["scope"], "read write");
        }
        let required = begin(&http, &requiring_pushed_requests()).await;
        assert!(required.is_err(), "{status} {body}");
    }
}

#[tokio::test]
async fn server_without_s256_is_refused_before_any_request() {
    let server = with_pushed_requests(AuthorizationPolicy {
        lacks_pkce: true,
        ..AuthorizationPolicy::default()
    });
    let (http, stub) = Stub::responding(201, PUSHED);
    let error = begin(&http, &server).await.unwrap_err();
    assert!(matches!(error, OauthError::NoPkce { .. }), "{error}");
    assert_eq!(stub.count(), 0);
}

#[test]
fn query_of_the_authorization_endpoint_is_kept() {
    let page = with_parameters(&url("https://a.test/x?tenant=1"), &vec![("scope", "a b")]);
    assert_eq!(page.as_str(), "https://a.test/x?tenant=1&scope=a+b");
}

#[tokio::test]
async fn pasted_text_is_the_redirected_url_or_the_code() {
    let (http, _) = Stub::client(|_, _| Ok(response(500, "{}")));
    let pending = begin(&http, &example()).await.unwrap();
    let state = pending.state.expose();
    let paste = |text: String| pending.code_in_pasted_text(&Secret::new(text));
    for text in [
        format!("{REDIRECT}?code=abc&state={state}"),
        format!("  {REDIRECT}?state={state}&code=abc#_=_\n"),
        format!("?code=abc&state={state}"),
        format!("abc#{state}"),
        "abc".to_owned(),
    ] {
        assert_eq!(paste(text.clone()).unwrap().expose(), "abc", "{text}");
    }
    for (text, expected) in [
        (
            format!("{REDIRECT}?code=abc&state=x"),
            AuthorizationError::WrongState,
        ),
        (
            format!("{REDIRECT}?code=abc"),
            AuthorizationError::WrongState,
        ),
        ("abc#x".to_owned(), AuthorizationError::WrongState),
        ("two words".to_owned(), AuthorizationError::InvalidCode),
        (String::new(), AuthorizationError::InvalidCode),
    ] {
        assert_eq!(paste(text.clone()).unwrap_err(), expected, "{text}");
    }
    for text in [
        pending.url.to_string(),
        format!("http://127.0.0.1:4712/callback?code=abc&state={state}"),
        format!("https://evil.test/callback?code=abc&state={state}"),
        REDIRECT.to_owned(),
    ] {
        let error = paste(text.clone()).unwrap_err();
        assert!(
            matches!(error, AuthorizationError::NotTheRedirect { .. }),
            "{text}: {error}"
        );
    }
}

#[tokio::test]
async fn resource_audience_and_client_secret_are_sent_as_in_other_grants() {
    let mut details = example().into_details();
    details.client.resource = Some("https://api.test".to_owned());
    details.client.audience = Some("api".to_owned());
    details.client.authentication =
        crate::domain::ClientAuthentication::Secret(crate::domain::ClientSecret {
            value: Secret::new("hunter2"),
            method: crate::domain::ClientAuthMethod::Post,
        });
    let login = requiring_pushed_requests().login_endpoints().clone();
    let server = VerifiedServer::verify(details, login, &[]).unwrap();
    let (http, stub) = Stub::responding(201, PUSHED);
    begin(&http, &server).await.unwrap();
    let form: HashMap<String, String> = stub.forms().swap_remove(0).into_iter().collect();
    let sent = |name: &str| form.get(name).map(String::as_str);
    assert_eq!(sent("resource"), Some("https://api.test"));
    assert_eq!(sent("audience"), Some("api"));
    assert_eq!(sent("client_secret"), Some("hunter2"));
    let malformed = json!({"expires_in": 60}).to_string();
    let (http, _) = Stub::responding(201, &malformed);
    let error = begin(&http, &server).await.unwrap_err();
    assert!(error.to_string().contains("no `request_uri`"), "{error}");
}

#[test]
fn consent_is_requested_for_offline_access_of_openid_only() {
    for (scopes, expected) in [
        ("openid offline_access", "consent"),
        ("offline_access profile openid", "consent"),
        ("offline_access", ""),
        ("openid", ""),
        ("", ""),
    ] {
        assert_eq!(prompt_for(&Scopes::parse(scopes)), expected, "{scopes}");
    }
}
