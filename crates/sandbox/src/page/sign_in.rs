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
use crate::state::attempt_limit::Guess;

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
    let guess = server.sandbox.write(|tx, now| {
        WRONG_PASSWORDS.guess(tx, now, || {
            let account = Account::authenticate(tx, &form.email, &form.password)?;
            let sign_in = |account| session.sign_in(tx, now, &account);
            account.map(sign_in).transpose()
        })
    })?;
    match guess {
        Guess::Correct(new_session) => {
            let response = redirect_to(&server, "/consent").into_response();
            Ok(views::with_cookie(&server, &new_session, response))
        }
        Guess::Wrong => show_error(&server, &session, &form),
        Guess::RateLimited { retry_after } => {
            Ok(views::too_many_attempts(&server, &session, retry_after))
        }
    }
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
