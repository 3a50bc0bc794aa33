//! Response headers that forbid scripts, framing, sniffing, referrers and caching, and a check against cross-site forms.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

const HEADERS: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
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
    for (name, value) in HEADERS {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
}

/// Second protection beside the form token. `Origin` cannot be used: without a referrer, browsers send `null` for own forms too.
fn is_cross_site_post(request: &Request) -> bool {
    let site = request.headers().get("sec-fetch-site");
    let is_same_origin = site.is_none_or(|site| site == "same-origin" || site == "none");
    request.method() == Method::POST && !is_same_origin
}
