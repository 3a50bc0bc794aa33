//! Password login, logout, and the current user.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::caller::{Caller, Credential};
use super::token_store;
use crate::state::Sandbox;
use crate::state::account::Account;
use crate::web::json_body::{JsonBody, NotJson};

pub(super) async fn log_in(
    State(sandbox): State<Sandbox>,
    body: Result<JsonBody, NotJson>,
) -> Result<Json<Value>, ApiError> {
    let body = body?;
    let (Some(email), Some(password)) = (body.text("email"), body.text("password")) else {
        return Err(ApiError::BadRequest(
            StatusCode::BAD_REQUEST,
            "validation_error",
            "email and password are required.",
        ));
    };
    let account =
        sandbox.read(|connection, _| Account::authenticate(connection, email, password))?;
    let account = account.ok_or(ApiError::Unauthenticated(
        "Token",
        "Invalid email or password.",
    ))?;
    let token = token_store::create_session(&sandbox, &account)?;
    Ok(Json(
        json!({"token": token.expose(), "user": to_json(&account)}),
    ))
}

/// Revokes the session token of the request. Other credentials cannot log out.
pub(super) async fn log_out(
    State(sandbox): State<Sandbox>,
    caller: Caller,
) -> Result<StatusCode, ApiError> {
    let Credential::Session(id) = &caller.credential else {
        return Err(ApiError::BadRequest(
            StatusCode::BAD_REQUEST,
            "not_a_session",
            "Only a session token can log out; revoke other tokens instead.",
        ));
    };
    token_store::revoke_session(&sandbox, &caller.account, id)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn me(caller: Caller) -> Result<Json<Value>, ApiError> {
    caller.require_scope(&["profile", "openid", "email"])?;
    Ok(Json(to_json(&caller.account)))
}

fn to_json(account: &Account) -> Value {
    json!({
        "id": account.id,
        "email": account.email,
        "first_name": account.first_name,
        "last_name": account.last_name,
    })
}
