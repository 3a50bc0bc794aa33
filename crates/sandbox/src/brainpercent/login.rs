//! The sandbox's own page for getting a session cookie. The real one belongs to the web application and is not documented.
//!
//! A person signs in, and the page sets the cookie and shows it for pasting. A program posts the same form with
//! `Accept: application/json` and gets `{"cookie": "name=value"}`. The page forbids scripts.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form, Json, Router, middleware};
use serde::Deserialize;
use serde_json::json;

use super::{SERVICE, session};
use crate::base::SandboxError;
use crate::base::secrets::Secret;
use crate::page::{Layout, add_security_headers, style};
use crate::state::Sandbox;
use crate::state::account::{Account, DEMO_EMAIL, DEMO_PASSWORD};
use crate::state::attempt_limit::{AttemptLimit, Guess};

const PATH: &str = "/brainpercent/login";

const WRONG_PASSWORDS: AttemptLimit = AttemptLimit {
    kind: "brainpercent.wrong_password",
    max: 10,
    window: 60_000,
};

pub(super) fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/login", get(show).post(submit))
        .route("/login/style.css", get(style))
        .layer(middleware::from_fn(add_security_headers))
}

#[derive(Template)]
#[template(path = "cookie.html")]
struct Page {
    layout: Layout,
    email: &'static str,
    password: &'static str,
    /// Set after signing in.
    cookie: Option<Secret>,
    error: Option<&'static str>,
}

fn page(status: StatusCode, cookie: Option<Secret>, error: Option<&'static str>) -> Response {
    let view = Page {
        layout: Layout::standalone(SERVICE.title, PATH, "Session cookie"),
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

async fn show() -> Response {
    page(StatusCode::OK, None, None)
}

#[derive(Deserialize)]
struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

async fn submit(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> Result<Response, SandboxError> {
    let is_json = accepts_json(&headers);
    let guess = sandbox.write(|tx, now| {
        WRONG_PASSWORDS.guess(tx, now, || {
            let account = Account::authenticate(tx, &form.email, &form.password)?;
            let open = |account| session::open(tx, now, &account);
            account.map(open).transpose()
        })
    })?;
    Ok(match guess {
        Guess::Correct(cookie) => signed_in(cookie, is_json),
        Guess::Wrong => rejected(
            StatusCode::BAD_REQUEST,
            "Wrong e-mail address or password.",
            is_json,
        ),
        Guess::RateLimited { retry_after } => {
            let seconds = retry_after / 1000 + 1;
            let message = "Too many wrong passwords. Wait a minute and try again.";
            let error = rejected(StatusCode::TOO_MANY_REQUESTS, message, is_json);
            ([(header::RETRY_AFTER, seconds.to_string())], error).into_response()
        }
    })
}

fn accepts_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("application/json"))
}

fn signed_in(cookie: Secret, is_json: bool) -> Response {
    let header = session::set_cookie(&cookie, SERVICE.prefix);
    let mut response = if is_json {
        Json(json!({"cookie": cookie.expose()})).into_response()
    } else {
        page(StatusCode::OK, Some(cookie), None)
    };
    if let Some(value) = header {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

fn rejected(status: StatusCode, message: &'static str, is_json: bool) -> Response {
    if is_json {
        return (status, Json(json!({"error": message}))).into_response();
    }
    page(status, None, Some(message))
}
