//! Step 1: the person enters the code, or compares the one in the link with the terminal. The link may come from an attacker
//! (RFC 8628 §3.3.1, §5.4).

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rusqlite::Transaction;
use serde::Deserialize;

use super::browser_session::{BrowserSession, PendingRequest};
use super::views::{self, Code, Layout};
use super::{WRONG_CODES, redirect_to};
use crate::base::SandboxError;
use crate::oauth::{self, AuthServer, DeviceRequest, RequestStatus, UserCode};
use crate::state::attempt_limit::Guess;

#[derive(Deserialize)]
pub(super) struct Link {
    user_code: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct CodeForm {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    user_code: String,
}

pub(super) async fn show(
    State(server): State<AuthServer>,
    session: BrowserSession,
    Query(link): Query<Link>,
) -> Response {
    let linked_code = link.user_code.as_deref().and_then(UserCode::parse);
    let view = Code {
        layout: Layout::new(&server, &session, 1, title(linked_code.is_some())),
        is_comparison: linked_code.is_some(),
        typed: linked_code.map(|code| code.to_string()).unwrap_or_default(),
        error: None,
    };
    views::show(&server, &session, StatusCode::OK, &view)
}

fn title(is_comparison: bool) -> &'static str {
    if is_comparison {
        "Compare the code"
    } else {
        "Enter the code"
    }
}

pub(super) async fn submit(
    State(server): State<AuthServer>,
    session: BrowserSession,
    Form(form): Form<CodeForm>,
) -> Result<Response, SandboxError> {
    if !session.is_valid_csrf(&form.csrf) {
        return Ok(views::stale_form(&server, &session));
    }
    if form.user_code.trim().is_empty() {
        return Ok(show_error(
            &server,
            &session,
            &form,
            "Enter the code that your terminal shows.",
        ));
    }
    let request = match enter_code(&server, &session, &form)? {
        Guess::Correct(request) => request,
        Guess::Wrong => {
            let message = "Wrong code. Compare it with your terminal and try again.";
            return Ok(show_error(&server, &session, &form, message));
        }
        Guess::RateLimited { retry_after } => {
            return Ok(views::too_many_attempts(&server, &session, retry_after));
        }
    };
    let signed_in = server
        .sandbox
        .read(|connection, now| session.load(connection, now))?
        .account
        .is_some();
    let next = match request.status {
        RequestStatus::Pending if signed_in => "/consent",
        RequestStatus::Pending => "/sign-in",
        _ => "/done",
    };
    Ok(redirect_to(&server, next).into_response())
}

/// Finds the request and stores its code in the session. A wrong code counts towards the shared limit.
fn enter_code(
    server: &AuthServer,
    session: &BrowserSession,
    form: &CodeForm,
) -> Result<Guess<DeviceRequest>, SandboxError> {
    let find = |tx: &Transaction<'_>, now| {
        let Some(code) = UserCode::parse(&form.user_code) else {
            return Ok(None);
        };
        let found = oauth::find_request(tx, now, &code)?;
        let found = found.filter(|found| found.service == server.service.id);
        if let Some(request) = &found {
            session.set_pending(tx, now, &PendingRequest::Device(request.user_code.clone()))?;
        }
        Ok(found)
    };
    server
        .sandbox
        .write(|tx, now| WRONG_CODES.guess(tx, now, || find(tx, now)))
}

fn show_error(
    server: &AuthServer,
    session: &BrowserSession,
    form: &CodeForm,
    message: &'static str,
) -> Response {
    let view = Code {
        layout: Layout::new(server, session, 1, "Error: enter the code"),
        typed: form.user_code.chars().take(20).collect(),
        is_comparison: false,
        error: Some(message),
    };
    views::show(server, session, StatusCode::BAD_REQUEST, &view)
}
