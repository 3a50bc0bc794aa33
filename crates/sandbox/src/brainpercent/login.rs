//! The sandbox's own way to a session cookie. The real one is the web application's, and nobody documents it.
//!
//! A person signs in on a small page, which sets the cookie and shows it for pasting; a program posts the same form with
//! `Accept: application/json` and gets `{"cookie": "name=value"}`. The page sends nothing anywhere and allows no script.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form, Json, Router, middleware};
use serde::Deserialize;
use serde_json::json;

use super::{SERVICE, session};
use crate::account::{Account, DEMO_EMAIL, DEMO_PASSWORD};
use crate::attempt_limit::AttemptLimit;
use crate::page::{Frame, shield, style};
use crate::secrets::Secret;
use crate::{Sandbox, SandboxError};

const PATH: &str = "/brainpercent/login";

/// Wrong passwords, from anybody.
const WRONG_PASSWORDS: AttemptLimit = AttemptLimit {
    kind: "brainpercent.wrong_password",
    max: 10,
    window: 60_000,
};

pub(super) fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/login", get(ask).post(check))
        .route("/login/style.css", get(style))
        .layer(middleware::from_fn(shield))
}

#[derive(Template)]
#[template(path = "cookie.html")]
struct Page {
    frame: Frame,
    email: &'static str,
    password: &'static str,
    /// After signing in.
    cookie: Option<Secret>,
    error: Option<&'static str>,
}

fn page(status: StatusCode, cookie: Option<Secret>, error: Option<&'static str>) -> Response {
    let view = Page {
        frame: Frame::alone(SERVICE.title, PATH, "Session cookie"),
        email: DEMO_EMAIL,
        password: DEMO_PASSWORD,
        cookie,
        error,
    };
    match view.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn ask() -> Response {
    page(StatusCode::OK, None, None)
}

#[derive(Deserialize)]
struct Entered {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

async fn check(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
    Form(entered): Form<Entered>,
) -> Result<Response, SandboxError> {
    let json = wants_json(&headers);
    let outcome = sandbox.write(|tx, now| {
        if let Some(wait) = WRONG_PASSWORDS.retry_after(tx, now)? {
            return Ok(Err(Some(wait / 1000 + 1)));
        }
        let Some(account) = Account::authenticate(tx, &entered.email, &entered.password)? else {
            WRONG_PASSWORDS.record(tx, now)?;
            return Ok(Err(None));
        };
        Ok(Ok(session::open(tx, now, &account)?))
    })?;
    Ok(match outcome {
        Ok(cookie) => welcome(cookie, json),
        Err(None) => refuse(
            StatusCode::BAD_REQUEST,
            "That e-mail address and password do not belong together.",
            json,
        ),
        Err(Some(seconds)) => {
            let words = "That was wrong ten times within a minute. Wait a minute and try again.";
            let refusal = refuse(StatusCode::TOO_MANY_REQUESTS, words, json);
            ([(header::RETRY_AFTER, seconds.to_string())], refusal).into_response()
        }
    })
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("application/json"))
}

fn welcome(cookie: Secret, json: bool) -> Response {
    let header = session::set_cookie(&cookie, SERVICE.prefix);
    let mut response = if json {
        Json(json!({"cookie": cookie.expose()})).into_response()
    } else {
        page(StatusCode::OK, Some(cookie), None)
    };
    if let Some(value) = header {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

fn refuse(status: StatusCode, words: &'static str, json: bool) -> Response {
    if json {
        return (status, Json(json!({"error": words}))).into_response();
    }
    page(status, None, Some(words))
}
