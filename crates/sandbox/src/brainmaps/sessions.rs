//! Logging in with a password, logging out, and who is logged in.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::caller::{Caller, Credential};
use super::reply::No;
use super::tokens;
use crate::Sandbox;
use crate::account::Account;
use crate::json_body::{JsonBody, NotJson};

pub(super) async fn log_in(
    State(sandbox): State<Sandbox>,
    body: Result<JsonBody, NotJson>,
) -> Result<Json<Value>, No> {
    let body = body?;
    let (Some(email), Some(password)) = (body.text("email"), body.text("password")) else {
        return Err(No::Bad(
            StatusCode::BAD_REQUEST,
            "validation_error",
            "email and password are required.",
        ));
    };
    let account =
        sandbox.read(|connection, _| Account::authenticate(connection, email, password))?;
    let account = account.ok_or(No::Unauthenticated("Token", "Invalid email or password."))?;
    let token = tokens::open_session(&sandbox, &account)?;
    Ok(Json(
        json!({"token": token.expose(), "user": person(&account)}),
    ))
}

/// Ends the session token it is called with; no other credential is a session.
pub(super) async fn log_out(
    State(sandbox): State<Sandbox>,
    caller: Caller,
) -> Result<StatusCode, No> {
    let Credential::Session(id) = &caller.credential else {
        return Err(No::Bad(
            StatusCode::BAD_REQUEST,
            "not_a_session",
            "Only a session token can log out; revoke other tokens instead.",
        ));
    };
    tokens::end(&sandbox, &caller.account, id)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn me(caller: Caller) -> Result<Json<Value>, No> {
    caller.may(&["profile", "openid", "email"])?;
    Ok(Json(person(&caller.account)))
}

fn person(account: &Account) -> Value {
    json!({
        "id": account.id,
        "email": account.email,
        "first_name": account.first_name,
        "last_name": account.last_name,
    })
}
