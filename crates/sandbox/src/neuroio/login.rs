//! Password login, which creates a temporary token, and the current user. Logout deletes that token.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::caller::Caller;
use super::owner::Owner;
use super::{spaces, token_store};
use crate::state::Sandbox;
use crate::state::account::Account;
use crate::web::json_body::{JsonBody, NotJson};

/// The user name is the e-mail address.
pub(super) async fn log_in(
    State(sandbox): State<Sandbox>,
    body: Result<JsonBody, NotJson>,
) -> Result<Json<Value>, ApiError> {
    let body = body?;
    let text = |name| {
        let message = "This field is required.";
        body.text(name).ok_or(ApiError::InvalidField(name, message))
    };
    let (username, password) = (text("username")?, text("password")?);
    let account =
        sandbox.read(|connection, _| Account::authenticate(connection, username, password))?;
    let account = account.ok_or(ApiError::WrongPassword)?;
    let owner = Owner::of(&account);
    let token = sandbox.write(|tx, now| token_store::create(tx, now, &owner, false))?;
    Ok(Json(
        json!({"user": {"username": account.email}, "token": token}),
    ))
}

/// `space` is set for space tokens and null for account tokens.
pub(super) async fn whoami(
    State(sandbox): State<Sandbox>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    let owner = caller.0.owner;
    let space = owner.space_id().map_or(Ok(None), |id| {
        sandbox.read(|connection, _| spaces::find(connection, owner.account_id, id))
    })?;
    Ok(Json(
        json!({"username": caller.0.account.email, "space": space}),
    ))
}
