//! Middleware around all services: rejects requests for hosts other than loopback, limits the body size, and sets the
//! response headers that every service shares.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::json;
use url::{Host, Url};

use crate::state::Sandbox;

const BODY_LIMIT: usize = 64 * 1024;

/// The origin that the client addressed (`http://localhost:8000`). Services build absolute URLs from it.
#[derive(Debug, Clone)]
pub(crate) struct PublicUrl(String);

impl PublicUrl {
    pub(crate) fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

pub(crate) type ExtractPublicUrl = Extension<PublicUrl>;

pub(crate) fn wrap(services: Router, sandbox: &Sandbox) -> Router {
    services
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(sandbox.clone(), guard_host))
}

async fn guard_host(State(sandbox): State<Sandbox>, mut request: Request, next: Next) -> Response {
    let configured = sandbox.settings().base_url.origin().ascii_serialization();
    let mut response = match public_url(&request, &configured) {
        Some(public_url) => {
            request.extensions_mut().insert(public_url);
            next.run(request).await
        }
        None => misdirected(),
    };
    let headers = response.headers_mut();
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    let no_store = HeaderValue::from_static("no-store");
    headers.entry(header::CACHE_CONTROL).or_insert(no_store);
    response
}

/// Returns the origin from the `Host` header, else from the request URL, else (in process) the `configured` one. Returns `None`
/// for any other host: a web page may make its domain resolve to this machine (DNS rebinding).
fn public_url(request: &Request, configured: &str) -> Option<PublicUrl> {
    let host = match request.headers().get(header::HOST) {
        Some(host) => Some(host.to_str().ok()?),
        None => request.uri().authority().map(Authority::as_str),
    };
    let Some(host) = host else {
        return Some(PublicUrl(configured.to_owned()));
    };
    let authority = configured.split_once("://").map(|(_, authority)| authority);
    if authority == Some(host) {
        return Some(PublicUrl(configured.to_owned()));
    }
    loopback_origin(host).map(PublicUrl)
}

/// Returns the origin of `host` (with an optional port) if it is a loopback name or address.
fn loopback_origin(host: &str) -> Option<String> {
    let url = Url::parse(&format!("http://{host}")).ok()?;
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let has_no_user = url.username().is_empty() && url.password().is_none();
    let is_loopback = match url.host()? {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
    };
    (is_bare && has_no_user && is_loopback).then(|| url.origin().ascii_serialization())
}

/// Returns the error for a request to another host.
fn misdirected() -> Response {
    let detail = "the sandbox accepts requests for loopback addresses only";
    (
        StatusCode::MISDIRECTED_REQUEST,
        Json(json!({"detail": detail})),
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(uri: &str, host: Option<&str>) -> Option<String> {
        let mut request = Request::builder().uri(uri);
        if let Some(host) = host {
            request = request.header(header::HOST, host);
        }
        let request = request.body(axum::body::Body::empty()).unwrap();
        public_url(&request, "http://localhost:8000").map(|url| url.0)
    }

    #[test]
    fn public_url_comes_from_the_request() {
        for (uri, host, expected) in [
            ("/", Some("127.0.0.1:9"), "http://127.0.0.1:9"),
            ("/", Some("[::1]:9"), "http://[::1]:9"),
            ("/", Some("LocalHost:9"), "http://localhost:9"),
            ("/", Some("a.localhost"), "http://a.localhost"),
            ("http://127.0.0.1:7/x", None, "http://127.0.0.1:7"),
            ("/", None, "http://localhost:8000"),
        ] {
            assert_eq!(
                origin(uri, host).as_deref(),
                Some(expected),
                "{uri} {host:?}"
            );
        }
    }

    #[test]
    fn hosts_other_than_loopback_are_rejected() {
        for host in [
            "evil.net",
            "localhost.evil.net",
            "127.0.0.1.evil.net",
            "localhost@evil.net",
            "localhost/x",
            "0.0.0.0:8000",
            "10.0.0.1",
            "",
        ] {
            assert_eq!(origin("/", Some(host)), None, "{host}");
        }
        assert_eq!(origin("http://evil.net/x", None), None);
    }
}
