//! The pages on which a person approves or denies a device (RFC 8628 §3.3) or an authorization request (RFC 6749 §4.1): enter the code
//! or open the authorization endpoint, sign in, decide, outcome.
//!
//! The pages work without scripts and forbid them, must not be framed, and every form has a token bound to the browser session.
//! [`oauth`](crate::oauth) decides whether a decision is still possible and stores it.

mod authorize;
mod browser_session;
mod consent;
mod enter_code;
mod outcome;
mod response;
mod security_headers;
mod sign_in;
mod views;

use axum::Router;
use axum::http::header;
use axum::middleware;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use crate::oauth::AuthServer;
use crate::state::attempt_limit::AttemptLimit;

pub(super) use browser_session::{DELETE_EXPIRED, SCHEMA};
pub(super) use security_headers::{add_security_headers, set_security_headers};
pub(super) use views::Layout;

/// Limits guessing of user codes (RFC 8628 §5.1), over all services and browsers.
const WRONG_CODES: AttemptLimit = AttemptLimit {
    kind: "page.wrong_code",
    max: 10,
    window: 60_000,
};

const WRONG_PASSWORDS: AttemptLimit = AttemptLimit {
    kind: "page.wrong_password",
    max: 10,
    window: 60_000,
};

pub(super) fn routes(server: &AuthServer) -> Router {
    let pages = Router::new()
        .route("/device", get(enter_code::show).post(enter_code::submit))
        .route("/device/authorize", get(authorize::open))
        .route("/device/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/device/sign-out", post(sign_in::sign_out))
        .route("/device/consent", get(consent::show).post(consent::submit))
        .route("/device/done", get(outcome::show))
        .route("/device/style.css", get(style))
        .layer(middleware::from_fn(add_security_headers));
    // Accepts forms of other sites: they only create a request, and a person decides about it.
    let endpoint = Router::new()
        .route(
            "/oauth2/authorize",
            get(authorize::start).post(authorize::start),
        )
        .layer(middleware::map_response(with_security_headers));
    pages.merge(endpoint).with_state(server.clone())
}

async fn with_security_headers(mut response: Response) -> Response {
    set_security_headers(&mut response);
    response
}

fn step_path(server: &AuthServer, path: &str) -> String {
    format!("{}/device{path}", server.service.prefix)
}

/// Redirects with 303, so that a reload does not repeat the form.
fn redirect_to(server: &AuthServer, path: &str) -> Redirect {
    Redirect::to(&step_path(server, path))
}

pub(super) async fn style() -> impl IntoResponse {
    let kind = "text/css; charset=utf-8";
    let keep = "max-age=300";
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)];
    (headers, include_str!("../../templates/style.css"))
}
