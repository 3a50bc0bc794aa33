//! A sandbox with a manual clock, and helpers to send requests.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use brainmaps_sandbox::{
    BASIC_MEMORY_CLIENT_ID, BRAINMAPS_CLIENT_ID, SERVICE_CLIENT_ID, SERVICE_CLIENT_SECRET, Sandbox,
    Settings, State,
};
use jiff::Timestamp;
use serde_json::Value;
use tower::ServiceExt;

/// The services with an OAuth server, each with its path prefix and the id of its public client.
pub(crate) const SERVICES: [(&str, &str); 2] = [
    ("", BRAINMAPS_CLIENT_ID),
    ("/basic-memory", BASIC_MEMORY_CLIENT_ID),
];

/// The path prefix of Basic Memory.
pub(crate) const BASIC_MEMORY: &str = SERVICES[1].0;

pub(crate) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// The verifier of RFC 7636, appendix B, and its challenge below.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[derive(Clone)]
pub(crate) struct Fixture {
    pub(crate) sandbox: Sandbox,
    router: Router,
    now: Arc<AtomicI64>,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::with(State::Memory, |_| {})
    }

    pub(crate) fn on_file(path: &Path) -> Self {
        Self::with(State::File(path.to_owned()), |_| {})
    }

    pub(crate) fn with(state: State, change: impl FnOnce(&mut Settings)) -> Self {
        let now = Arc::new(AtomicI64::new(1_800_000_000_000));
        let shared = Arc::clone(&now);
        let clock = move || Timestamp::from_millisecond(shared.load(Ordering::SeqCst)).unwrap();
        let base_url = "http://localhost:8000".parse().unwrap();
        let mut settings = Settings::new(state, base_url, Arc::new(clock));
        change(&mut settings);
        let sandbox = Sandbox::open(settings).unwrap();
        Self {
            router: sandbox.router(),
            sandbox,
            now,
        }
    }

    pub(crate) fn advance(&self, time: Duration) {
        let time = i64::try_from(time.as_millis()).unwrap();
        self.now.fetch_add(time, Ordering::SeqCst);
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> TestResponse {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap().to_vec();
        TestResponse {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body).unwrap(),
        }
    }

    pub(crate) async fn get(&self, path: &str, authorization: &str) -> TestResponse {
        self.send(request(Method::GET, path, authorization, Body::empty()))
            .await
    }

    pub(crate) async fn delete(&self, path: &str, authorization: &str) -> TestResponse {
        self.send(request(Method::DELETE, path, authorization, Body::empty()))
            .await
    }

    pub(crate) async fn post(&self, path: &str, authorization: &str, body: Value) -> TestResponse {
        let mut request = request(Method::POST, path, authorization, body.to_string().into());
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
        self.send(request).await
    }

    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> TestResponse {
        self.raw_form(path, &serde_urlencoded::to_string(fields).unwrap())
            .await
    }

    /// Sends a form that is already encoded, which may be invalid.
    pub(crate) async fn raw_form(&self, path: &str, body: &str) -> TestResponse {
        self.raw_form_as(path, "", body).await
    }

    /// Sends a form with an `Authorization` header.
    pub(crate) async fn form_as(
        &self,
        path: &str,
        authorization: &str,
        fields: &[(&str, &str)],
    ) -> TestResponse {
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.raw_form_as(path, authorization, &body).await
    }

    async fn raw_form_as(&self, path: &str, authorization: &str, body: &str) -> TestResponse {
        let mut request = request(Method::POST, path, authorization, body.to_owned().into());
        let kind = "application/x-www-form-urlencoded; charset=utf-8";
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
        self.send(request).await
    }
}

/// The `Authorization` header of the confidential client.
pub(crate) fn basic() -> String {
    basic_of(SERVICE_CLIENT_ID, SERVICE_CLIENT_SECRET)
}

pub(crate) fn basic_of(id: &str, secret: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")))
}

pub(crate) fn request(
    method: Method,
    path: &str,
    authorization: &str,
    body: Body,
) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if !authorization.is_empty() {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    request.body(body).unwrap()
}

/// A complete response.
#[derive(Debug)]
pub(crate) struct TestResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl TestResponse {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// Returns the string at `pointer` (`/access_token`).
    pub(crate) fn text(&self, pointer: &str) -> String {
        let json = self.json();
        let text = json.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("no {pointer} in {self:?}"))
            .to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Returns the status and the OAuth error code.
    pub(crate) fn error(&self) -> (u16, String) {
        (self.status.as_u16(), self.text("/error"))
    }
}

/// A device that has received its codes and can poll.
#[expect(clippy::struct_field_names, reason = "the RFC's names")]
pub(crate) struct Device<'a> {
    pub(crate) fixture: &'a Fixture,
    pub(crate) prefix: &'static str,
    pub(crate) client_id: &'static str,
    pub(crate) device_code: String,
    pub(crate) user_code: String,
}

impl<'a> Device<'a> {
    /// Sends the device authorization request to this service.
    pub(crate) async fn at(
        fixture: &'a Fixture,
        (prefix, client_id): (&'static str, &'static str),
    ) -> Self {
        let fields = [
            ("client_id", client_id),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let path = format!("{prefix}/oauth2/device_authorization");
        let reply = fixture.form(&path, &fields).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        Self {
            fixture,
            prefix,
            client_id,
            device_code: reply.text("/device_code"),
            user_code: reply.text("/user_code"),
        }
    }

    pub(crate) async fn new(fixture: &'a Fixture) -> Self {
        Self::at(fixture, SERVICES[0]).await
    }

    pub(crate) async fn poll_with(&self, verifier: &str) -> TestResponse {
        let fields = [
            ("grant_type", DEVICE_CODE),
            ("client_id", self.client_id),
            ("device_code", self.device_code.as_str()),
            ("code_verifier", verifier),
        ];
        self.fixture
            .form(&format!("{}/oauth2/token", self.prefix), &fields)
            .await
    }

    pub(crate) async fn poll(&self) -> TestResponse {
        self.poll_with(VERIFIER).await
    }

    /// Approves for the demo account and returns the tokens.
    pub(crate) async fn tokens(&self) -> Tokens {
        self.fixture.sandbox.approve(&self.user_code).unwrap();
        let reply = self.poll().await;
        assert_eq!(reply.status, 200, "{reply:?}");
        Tokens::of(&reply)
    }

    pub(crate) async fn refresh(&self, refresh_token: &str) -> TestResponse {
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", self.client_id),
            ("refresh_token", refresh_token),
        ];
        self.fixture
            .form(&format!("{}/oauth2/token", self.prefix), &fields)
            .await
    }

    pub(crate) async fn revoke(&self, token: &str) -> TestResponse {
        let fields = [("client_id", self.client_id), ("token", token)];
        self.fixture
            .form(&format!("{}/oauth2/revoke", self.prefix), &fields)
            .await
    }

    pub(crate) async fn introspect(&self, token: &str) -> Value {
        let path = format!("{}/oauth2/introspect", self.prefix);
        let fields = [("token", token)];
        self.fixture.form_as(&path, &basic(), &fields).await.json()
    }

    pub(crate) async fn is_active(&self, token: &str) -> bool {
        self.introspect(token).await["active"] == true
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl Tokens {
    pub(crate) fn of(reply: &TestResponse) -> Self {
        Self {
            access: reply.text("/access_token"),
            refresh: reply.text("/refresh_token"),
        }
    }
}
