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
use crate::oauth::Desk;

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
    State(desk): State<Desk>,
    visitor: Visitor,
) -> Result<Response, SandboxError> {
    let visit = desk
        .sandbox
        .read(|connection, now| visitor.visit(connection, now))?;
    if visit.user_code.is_none() {
        return Ok(go(&desk, "").into_response());
    }
    if visit.account.is_some() {
        return Ok(go(&desk, "/consent").into_response());
    }
    let view = SignIn {
        frame: Frame::new(&desk, &visitor, 2, "Sign in"),
        email: String::new(),
        demo_email: DEMO_EMAIL,
        demo_password: DEMO_PASSWORD,
        error: None,
    };
    Ok(views::show(&desk, &visitor, StatusCode::OK, &view))
}

pub(super) async fn check(
    State(desk): State<Desk>,
    visitor: Visitor,
    Form(entered): Form<Entered>,
) -> Result<Response, SandboxError> {
    if !visitor.sent(&entered.csrf) {
        return Ok(views::stale(&desk, &visitor));
    }
    if let Some(wait) = desk
        .sandbox
        .read(|connection, now| WRONG_PASSWORDS.retry_after(connection, now))?
    {
        return Ok(views::too_many(&desk, &visitor, wait));
    }
    let renewed = desk.sandbox.write(|tx, now| {
        let Some(account) = Account::authenticate(tx, &entered.email, &entered.password)? else {
            WRONG_PASSWORDS.record(tx, now)?;
            return Ok(None);
        };
        Ok(Some(visitor.sign_in(tx, now, &account)?))
    })?;
    let Some(renewed) = renewed else {
        return Ok(wrong(&desk, &visitor, &entered));
    };
    let response = go(&desk, "/consent").into_response();
    Ok(views::with_cookie(&desk, &renewed, response))
}

/// Which of the two is wrong is nobody's business.
fn wrong(desk: &Desk, visitor: &Visitor, entered: &Entered) -> Response {
    let view = SignIn {
        frame: Frame::new(desk, visitor, 2, "Error: sign in"),
        email: entered.email.chars().take(254).collect(),
        demo_email: DEMO_EMAIL,
        demo_password: DEMO_PASSWORD,
        error: Some("That e-mail address and password do not belong together."),
    };
    views::show(desk, visitor, StatusCode::BAD_REQUEST, &view)
}

#[derive(Deserialize)]
pub(super) struct SignOut {
    #[serde(default)]
    csrf: String,
}

/// "Not you?": back to signing in, for the same code.
pub(super) async fn sign_out(
    State(desk): State<Desk>,
    visitor: Visitor,
    Form(entered): Form<SignOut>,
) -> Result<Response, SandboxError> {
    if !visitor.sent(&entered.csrf) {
        return Ok(views::stale(&desk, &visitor));
    }
    desk.sandbox.write(|tx, _| visitor.sign_out(tx))?;
    Ok(go(&desk, "/sign-in").into_response())
}
