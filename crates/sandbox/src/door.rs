//! The door that every request passes: who may come in, and what every answer carries. The one place for whatever
//! concerns all services at once.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::json;
use url::{Host, Url};

use super::Sandbox;

/// No request here needs more.
const BODY_LIMIT: usize = 64 * 1024;

/// The address that this request came to (`http://localhost:8000`), from which the services derive their own.
#[derive(Debug, Clone)]
pub(super) struct Base(String);

impl Base {
    /// `path` at this address.
    pub(super) fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

/// Taken by the handlers that name themselves.
pub(super) type Here = Extension<Base>;

/// `inside`, behind the door.
pub(super) fn guard(inside: Router, sandbox: &Sandbox) -> Router {
    inside
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(sandbox.clone(), enter))
}

async fn enter(State(sandbox): State<Sandbox>, mut request: Request, next: Next) -> Response {
    let own = sandbox.settings().base_url.origin().ascii_serialization();
    let mut response = match base(&request, &own) {
        Some(base) => {
            request.extensions_mut().insert(base);
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

/// Where the request believes to be: its `Host`, else its URL, else (in process) the sandbox's `own` origin. A name
/// that is neither loopback nor `own` is a web page that had its domain resolve to this machine (DNS rebinding).
fn base(request: &Request, own: &str) -> Option<Base> {
    let named = match request.headers().get(header::HOST) {
        Some(host) => Some(host.to_str().ok()?),
        None => request.uri().authority().map(Authority::as_str),
    };
    let Some(host) = named else {
        return Some(Base(own.to_owned()));
    };
    if own.split_once("://").is_some_and(|(_, own)| own == host) {
        return Some(Base(own.to_owned()));
    }
    loopback(host).map(Base)
}

/// The origin of `host` (a name, perhaps a port) when it is a loopback one.
fn loopback(host: &str) -> Option<String> {
    let url = Url::parse(&format!("http://{host}")).ok()?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let nobody = url.username().is_empty() && url.password().is_none();
    let near = match url.host()? {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
    };
    (bare && nobody && near).then(|| url.origin().ascii_serialization())
}

fn misdirected() -> Response {
    let detail = "the sandbox answers to loopback addresses only";
    (
        StatusCode::MISDIRECTED_REQUEST,
        Json(json!({"detail": detail})),
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(uri: &str, host: Option<&str>) -> Option<String> {
        let mut request = Request::builder().uri(uri);
        if let Some(host) = host {
            request = request.header(header::HOST, host);
        }
        let request = request.body(axum::body::Body::empty()).unwrap();
        base(&request, "http://localhost:8000").map(|base| base.0)
    }

    #[test]
    fn a_request_names_the_address_it_came_to() {
        for (uri, host, base) in [
            ("/", Some("127.0.0.1:9"), "http://127.0.0.1:9"),
            ("/", Some("[::1]:9"), "http://[::1]:9"),
            ("/", Some("LocalHost:9"), "http://localhost:9"),
            ("/", Some("a.localhost"), "http://a.localhost"),
            ("http://127.0.0.1:7/x", None, "http://127.0.0.1:7"),
            ("/", None, "http://localhost:8000"),
        ] {
            assert_eq!(asked(uri, host).as_deref(), Some(base), "{uri} {host:?}");
        }
    }

    #[test]
    fn a_name_that_is_not_loopback_is_turned_away() {
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
            assert_eq!(asked("/", Some(host)), None, "{host}");
        }
        assert_eq!(asked("http://evil.net/x", None), None);
    }
}
