//! Response headers that forbid scripts, framing, sniffing, referrers and caching, and a check against cross-site forms.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use url::Url;

const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

pub(crate) async fn add_security_headers(request: Request, next: Next) -> Response {
    let mut response = if is_cross_site_post(&request) {
        let message = "This form was sent from another site. Nothing was changed.";
        (StatusCode::FORBIDDEN, message).into_response()
    } else {
        next.run(request).await
    };
    set_security_headers(&mut response);
    response
}

pub(crate) fn set_security_headers(response: &mut Response) {
    let form_target = response.extensions().get::<FormTarget>();
    let policy = form_target.and_then(FormTarget::policy);
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(policy) = policy {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// A response extension: where the form of the page leads to. Chromium applies `form-action` to redirects, too.
#[derive(Debug, Clone)]
pub(super) struct FormTarget {
    origin: String,
    /// The only script of the page.
    script: Option<&'static str>,
}

impl FormTarget {
    /// The form leads to `origin` by a redirect.
    pub(super) fn of_redirect(origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            script: None,
        }
    }

    /// The form posts to `redirect_uri`, submitted by `script`.
    pub(super) fn of_response(redirect_uri: &str, script: &'static str) -> Self {
        Self {
            origin: origin(redirect_uri),
            script: Some(script),
        }
    }

    /// A policy cannot name an IPv6 address, so it names the scheme. Every form of the page is fixed, and it leads to a registered
    /// URI.
    fn policy(&self) -> Option<HeaderValue> {
        let (scheme, host) = self.origin.split_once("://").unwrap_or((&self.origin, ""));
        let source = if host.is_empty() || host.starts_with('[') {
            format!("{scheme}:")
        } else {
            self.origin.clone()
        };
        let target = format!("form-action 'self' {source}");
        let mut policy = POLICY.replace("form-action 'self'", &target);
        if let Some(script) = self.script {
            let hash = BASE64_STANDARD.encode(Sha256::digest(script));
            policy = format!("{policy}; script-src 'sha256-{hash}'");
        }
        HeaderValue::from_str(&policy).ok()
    }
}

/// Returns the origin of a redirect URI, or its scheme if it has no host.
pub(super) fn origin(redirect_uri: &str) -> String {
    match Url::parse(redirect_uri) {
        Ok(url) if url.has_host() => url.origin().ascii_serialization(),
        Ok(url) => url.scheme().to_owned(),
        Err(_) => String::new(),
    }
}

/// Second protection beside the form token. `Origin` cannot be used: without a referrer, browsers send `null` for own forms too.
fn is_cross_site_post(request: &Request) -> bool {
    let site = request.headers().get("sec-fetch-site");
    let is_same_origin = site.is_none_or(|site| site == "same-origin" || site == "none");
    request.method() == Method::POST && !is_same_origin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_target_is_added_to_the_policy() {
        for (target, source) in [
            ("http://127.0.0.1:80", "http://127.0.0.1:80"),
            ("http://[::1]:80", "http:"),
            ("com.example.app", "com.example.app:"),
        ] {
            let policy = FormTarget::of_redirect(target).policy().unwrap();
            let expected = format!("form-action 'self' {source}; frame-ancestors 'none'");
            assert!(policy.to_str().unwrap().contains(&expected), "{policy:?}");
            assert!(!policy.to_str().unwrap().contains("script-src"));
        }
        let target = FormTarget::of_response("http://localhost:80/x", "a()");
        let policy = target.policy().unwrap();
        assert!(policy.to_str().unwrap().contains("; script-src 'sha256-"));
    }
}
