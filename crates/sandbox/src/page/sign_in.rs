//! Step 2: the person says who they are.

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::session::Visitor;
use super::views::{self, Frame, SignIn};
use super::{WRONG_PASSWORDS, go};
use crate::SandboxError;
use crate::account::{Account, DEMO_EMAIL, DEMO_PASSWORD};
use crate::oauth::AuthServer;

#[derive(Deserialize)]
pub(super) struct Entered {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

pub(super) async fn ask(
    State(server): State<AuthServer>,
    visitor: Visitor,
) -> Result<Response, SandboxError> {
    let visit = server
        .sandbox
        .read(|connection, now| visitor.visit(connection, now))?;
    if visit.user_code.is_none() {
        return Ok(go(&server, "").into_response());
    }
    if visit.account.is_some() {
        return Ok(go(&server, "/consent").into_response());
    }
    let view = SignIn {
        frame: Frame::new(&server, &visitor, 2, "Sign in"),
        email: String::new(),
        demo_email: DEMO_EMAIL,
        demo_password: DEMO_PASSWORD,
        error: None,
    };
    Ok(views::show(&server, &visitor, StatusCode::OK, &view))
}

pub(super) async fn check(
    State(server): State<AuthServer>,
    visitor: Visitor,
    Form(entered): Form<Entered>,
) -> Result<Response, SandboxError> {
    if !visitor.sent(&entered.csrf) {
        return Ok(views::stale(&server, &visitor));
    }
    if let Some(wait) = server
        .sandbox
        .read(|connection, now| WRONG_PASSWORDS.retry_after(connection, now))?
    {
        return Ok(views::too_many(&server, &visitor, wait));
    }
    let renewed = server.sandbox.write(|tx, now| {
        let Some(account) = Account::authenticate(tx, &entered.email, &entered.password)? else {
            WRONG_PASSWORDS.record(tx, now)?;
            return Ok(None);
        };
        Ok(Some(visitor.sign_in(tx, now, &account)?))
    })?;
    let Some(renewed) = renewed else {
        return Ok(wrong(&server, &visitor, &entered));
    };
    let response = go(&server, "/consent").into_response();
    Ok(views::with_cookie(&server, &renewed, response))
}

/// Which of the two is wrong is nobody's business.
fn wrong(server: &AuthServer, visitor: &Visitor, entered: &Entered) -> Response {
    let view = SignIn {
        frame: Frame::new(server, visitor, 2, "Error: sign in"),
        email: entered.email.chars().take(254).collect(),
        demo_email: DEMO_EMAIL,
        demo_password: DEMO_PASSWORD,
        error: Some("That e-mail address and password do not belong together."),
    };
    views::show(server, visitor, StatusCode::BAD_REQUEST, &view)
}

#[derive(Deserialize)]
pub(super) struct SignOut {
    #[serde(default)]
    csrf: String,
}

/// "Not you?": back to signing in, for the same code.
pub(super) async fn sign_out(
    State(server): State<AuthServer>,
    visitor: Visitor,
    Form(entered): Form<SignOut>,
) -> Result<Response, SandboxError> {
    if !visitor.sent(&entered.csrf) {
        return Ok(views::stale(&server, &visitor));
    }
    server.sandbox.write(|tx, _| visitor.sign_out(tx))?;
    Ok(go(&server, "/sign-in").into_response())
}
