//! Step 2: the person signs in.

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::browser_session::BrowserSession;
use super::views::{self, Layout, SignIn};
use super::{WRONG_PASSWORDS, redirect_to};
use crate::base::SandboxError;
use crate::oauth::AuthServer;
use crate::state::account::{Account, DEMO_EMAIL, DEMO_PASSWORD};

#[derive(Deserialize)]
pub(super) struct SignInForm {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

pub(super) async fn show(
    State(server): State<AuthServer>,
    session: BrowserSession,
) -> Result<Response, SandboxError> {
    let state = server
        .sandbox
        .read(|connection, now| session.load(connection, now))?;
    let Some(pending) = &state.pending else {
        return Ok(redirect_to(&server, "").into_response());
    };
    if state.account.is_some() {
        return Ok(redirect_to(&server, "/consent").into_response());
    }
    let view = SignIn {
        layout: Layout::new(&server, &session, pending.step(2), "Sign in"),
        email: String::new(),
        demo_email: DEMO_EMAIL,
        demo_password: DEMO_PASSWORD,
        error: None,
    };
    Ok(views::show(&server, &session, StatusCode::OK, &view))
}

pub(super) async fn submit(
    State(server): State<AuthServer>,
    session: BrowserSession,
    Form(form): Form<SignInForm>,
) -> Result<Response, SandboxError> {
    if !session.is_valid_csrf(&form.csrf) {
        return Ok(views::stale_form(&server, &session));
    }
    if let Some(wait) = server
        .sandbox
        .read(|connection, now| WRONG_PASSWORDS.retry_after(connection, now))?
    {
        return Ok(views::too_many_attempts(&server, &session, wait));
    }
    let new_session = server.sandbox.write(|tx, now| {
        let Some(account) = Account::authenticate(tx, &form.email, &form.password)? else {
            WRONG_PASSWORDS.record(tx, now)?;
            return Ok(None);
        };
        Ok(Some(session.sign_in(tx, now, &account)?))
    })?;
    let Some(new_session) = new_session else {
        return show_error(&server, &session, &form);
    };
    let response = redirect_to(&server, "/consent").into_response();
    Ok(views::with_cookie(&server, &new_session, response))
}

/// Must not reveal which of the two is wrong.
fn show_error(
    server: &AuthServer,
    session: &BrowserSession,
    form: &SignInForm,
) -> Result<Response, SandboxError> {
    let state = server
        .sandbox
        .read(|connection, now| session.load(connection, now))?;
    let step = state.pending.map_or(2, |pending| pending.step(2));
    let view = SignIn {
        layout: Layout::new(server, session, step, "Error: sign in"),
        email: form.email.chars().take(254).collect(),
        demo_email: DEMO_EMAIL,
        demo_password: DEMO_PASSWORD,
        error: Some("Wrong e-mail address or password."),
    };
    Ok(views::show(server, session, StatusCode::BAD_REQUEST, &view))
}

#[derive(Deserialize)]
pub(super) struct SignOutForm {
    #[serde(default)]
    csrf: String,
}

/// Returns to the sign-in step and keeps the code ("Not you?").
pub(super) async fn sign_out(
    State(server): State<AuthServer>,
    session: BrowserSession,
    Form(form): Form<SignOutForm>,
) -> Result<Response, SandboxError> {
    if !session.is_valid_csrf(&form.csrf) {
        return Ok(views::stale_form(&server, &session));
    }
    server.sandbox.write(|tx, _| session.sign_out(tx))?;
    Ok(redirect_to(&server, "/sign-in").into_response())
}
