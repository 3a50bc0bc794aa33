//! Dynamic client registration (RFC 7591).

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::authorization::{approving, changed_parameters, code, redeem};
use super::fixture::{Fixture, SERVICES, TestResponse, basic_of};
use super::page::Browser;

async fn register(fixture: &Fixture, body: Value) -> TestResponse {
    fixture.post("/oauth2/register", "", body).await
}

fn native() -> Value {
    json!({
        "client_name": "A\u{7}<b>Tool</b>",
        "redirect_uris": ["http://127.0.0.1/cb", "com.example.tool:/cb"],
        "token_endpoint_auth_method": "none",
        "application_type": "native",
        "grant_types": ["authorization_code", "refresh_token", "password"],
        "response_types": ["code"],
    })
}

#[tokio::test]
async fn native_client_registers_and_signs_in() {
    let fixture = approving();
    let reply = register(&fixture, native()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let registered = reply.json();
    assert_eq!(registered.get("client_secret"), None);
    assert_eq!(
        registered["grant_types"],
        json!(["authorization_code", "refresh_token"])
    );
    assert_eq!(registered["redirect_uris"], native()["redirect_uris"]);
    let id: &'static str = reply.text("/client_id").leak();
    let redirect_uri = "http://127.0.0.1:41231/cb";
    let own = [("client_id", id), ("redirect_uri", redirect_uri)];
    let code = code(&fixture, &changed_parameters(&own)).await;
    assert_eq!(redeem(&fixture, &code, &own).await.status, 200);
    let other = [("client_id", SERVICES[0].1), ("redirect_uri", redirect_uri)];
    let path = super::authorization::url(&changed_parameters(&other));
    let reply = fixture.get(&path, "").await;
    assert_eq!(reply.status, 400, "the URI of another client");
}

#[tokio::test]
async fn client_name_is_escaped_on_the_page() {
    let fixture = Fixture::new();
    let id: &'static str = register(&fixture, native()).await.text("/client_id").leak();
    let mut browser = Browser::new(&fixture).await;
    let own = [("client_id", id), ("redirect_uri", "http://127.0.0.1:1/cb")];
    browser
        .open(&super::authorization::url(&changed_parameters(&own)))
        .await;
    let who = [("email", "demo@brainmaps.test"), ("password", "demo")];
    browser.submit("/sign-in", &who).await;
    assert_eq!(
        browser.heading(),
        "Let A&#60;b&#62;Tool&#60;/b&#62; use your account?"
    );
}

#[tokio::test]
async fn secret_is_issued_unless_the_client_is_public() {
    let fixture = Fixture::new();
    let body = json!({"redirect_uris": ["https://app.test/cb"]});
    let reply = register(&fixture, body).await;
    let (id, secret) = (reply.text("/client_id"), reply.text("/client_secret"));
    assert_eq!(reply.json()["client_secret_expires_at"], 0);
    assert_eq!(
        reply.text("/token_endpoint_auth_method"),
        "client_secret_basic"
    );
    for (secret, status) in [(secret.as_str(), 200), ("wrong", 401), ("", 401)] {
        let fields = [("grant_type", "client_credentials")];
        let basic = basic_of(&id, secret);
        let reply = fixture.form_as("/oauth2/token", &basic, &fields).await;
        assert_eq!(reply.status, status);
    }
    let fields = [("grant_type", "client_credentials")];
    let path = "/basic-memory/oauth2/token";
    let reply = fixture
        .form_as(path, &basic_of(&id, &secret), &fields)
        .await;
    assert_eq!(reply.status, 401, "registered at the other server only");
}

#[tokio::test]
async fn invalid_metadata_is_rejected() {
    let fixture = Fixture::new();
    for (member, value, error) in [
        ("redirect_uris", json!([]), "invalid_redirect_uri"),
        (
            "redirect_uris",
            json!("http://127.0.0.1/"),
            "invalid_client_metadata",
        ),
        ("redirect_uris", json!([1]), "invalid_client_metadata"),
        (
            "redirect_uris",
            json!(["http://app.test/"]),
            "invalid_redirect_uri",
        ),
        (
            "redirect_uris",
            json!(["javascript:alert(1)"]),
            "invalid_redirect_uri",
        ),
        ("application_type", json!("web"), "invalid_redirect_uri"),
        (
            "application_type",
            json!("other"),
            "invalid_client_metadata",
        ),
        (
            "response_types",
            json!(["token"]),
            "invalid_client_metadata",
        ),
        (
            "token_endpoint_auth_method",
            json!("private_key_jwt"),
            "invalid_client_metadata",
        ),
    ] {
        let mut body = native();
        body[member] = value;
        let reply = register(&fixture, body).await;
        assert_eq!(reply.error(), (400, error.to_owned()), "{member}");
    }
    let form = fixture
        .form("/oauth2/register", &[("client_name", "x")])
        .await;
    assert_eq!(form.error(), (400, "invalid_client_metadata".to_owned()));
}

/// Serves `document` once for each of `count` connections, and returns its URL.
fn serve_document(document: impl Fn(&str) -> Value, count: usize) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/client.json", listener.local_addr().unwrap());
    let body = document(&url).to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(count).flatten() {
            use std::io::{Read as _, Write as _};
            let mut stream = stream;
            let _ = stream.read(&mut [0; 2048]);
            let _ = write!(stream, "HTTP/1.1 200 OK\r\n\r\n{body}");
        }
    });
    url
}

#[tokio::test]
async fn cimd_client_signs_in_with_the_url_of_its_document() {
    let fixture = approving();
    let document = |url: &str| {
        let mut document = native();
        document["client_id"] = url.into();
        document
    };
    let id: &'static str = serve_document(document, 2).leak();
    let redirect_uri = "http://127.0.0.1:41231/cb";
    let own = [("client_id", id), ("redirect_uri", redirect_uri)];
    let code = code(&fixture, &changed_parameters(&own)).await;
    assert_eq!(redeem(&fixture, &code, &own).await.status, 200);
    let metadata = fixture.get("/.well-known/oauth-authorization-server", "");
    let metadata = metadata.await.json();
    assert_eq!(metadata["client_id_metadata_document_supported"], true);
}

#[tokio::test]
async fn cimd_document_of_another_client_or_with_a_secret_is_refused() {
    let fixture = approving();
    for change in ["client_id", "token_endpoint_auth_method"] {
        let document = |url: &str| {
            let mut document = native();
            document["client_id"] = url.into();
            document[change] = "client_secret_post".into();
            document
        };
        let id: &'static str = serve_document(document, 1).leak();
        let own = [("client_id", id), ("redirect_uri", "http://127.0.0.1:1/cb")];
        let reply = fixture
            .get(&super::authorization::url(&changed_parameters(&own)), "")
            .await;
        assert_eq!(reply.status, 400, "{change}");
    }
    let gone = [("client_id", "http://127.0.0.1:9/client.json")];
    let reply = fixture
        .get(&super::authorization::url(&changed_parameters(&gone)), "")
        .await;
    assert_eq!(reply.status, 400);
}
