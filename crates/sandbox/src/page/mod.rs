//! The page where a person lets a device in or keeps it out (RFC 8628 §3.3): the code, signing in, the decision, done.
//!
//! Owns the browser's side: its session, what it shows, what a browser may do with it. The page works without scripts
//! and allows none; nothing may frame it; every form carries a token tied to the session. What is decided, and whether
//! it may still be, belongs to `oauth`.

mod code;
mod consent;
mod outcome;
mod session;
mod shield;
mod sign_in;
mod views;

use axum::Router;
use axum::http::header;
use axum::middleware;
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};

use super::attempt_limit::AttemptLimit;
use super::oauth::Desk;

pub(super) use session::{SCHEMA, SWEEP};
pub(super) use shield::shield;
pub(super) use views::Frame;

/// Wrong codes at all services together, from anybody: guessing must not pay (RFC 8628 §5.1).
const WRONG_CODES: AttemptLimit = AttemptLimit {
    kind: "page.wrong_code",
    max: 10,
    window: 60_000,
};

/// Wrong passwords.
const WRONG_PASSWORDS: AttemptLimit = AttemptLimit {
    kind: "page.wrong_password",
    max: 10,
    window: 60_000,
};

/// The steps, below the service's own path.
pub(super) fn routes(desk: &Desk) -> Router {
    Router::new()
        .route("/device", get(code::ask).post(code::check))
        .route("/device/sign-in", get(sign_in::ask).post(sign_in::check))
        .route("/device/sign-out", post(sign_in::sign_out))
        .route("/device/consent", get(consent::ask).post(consent::decide))
        .route("/device/done", get(outcome::show))
        .route("/device/style.css", get(style))
        .layer(middleware::from_fn(shield))
        .with_state(desk.clone())
}

/// Where a step of this service lies.
fn step(desk: &Desk, path: &str) -> String {
    format!("{}/device{path}", desk.service.prefix)
}

/// On to another step (303: a reload repeats nothing).
fn go(desk: &Desk, path: &str) -> Redirect {
    Redirect::to(&step(desk, path))
}

/// How every page looks.
pub(super) async fn style() -> impl IntoResponse {
    let kind = "text/css; charset=utf-8";
    let keep = "max-age=300";
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)];
    (headers, include_str!("../../templates/style.css"))
}
