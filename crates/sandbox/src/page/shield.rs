//! What a browser may do with the page: show it. No scripts, no frames, no sniffing, no referrer, no copy.

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

pub(crate) async fn shield(request: Request, next: Next) -> Response {
    let mut response = if comes_from_elsewhere(&request) {
        let words = "This form was sent from another site, so nothing was done.";
        (StatusCode::FORBIDDEN, words).into_response()
    } else {
        next.run(request).await
    };
    for (name, value) in HEADERS {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}

/// A second lock beside the forms' own token: browsers say truthfully where a request was made. `Origin` does not serve
/// here, since without a referrer browsers send `null` for our own forms too.
fn comes_from_elsewhere(request: &Request) -> bool {
    let site = request.headers().get("sec-fetch-site");
    let own = site.is_none_or(|site| site == "same-origin" || site == "none");
    request.method() == Method::POST && !own
}
