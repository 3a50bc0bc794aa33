//! Logging in, which makes a temporary token, and who is logged in. Logging out is deleting that token.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::caller::Caller;
use super::owner::Owner;
use super::reply::No;
use super::{spaces, token};
use crate::Sandbox;
use crate::account::Account;
use crate::json_body::{JsonBody, NotJson};

/// The user name is the e-mail address.
pub(super) async fn log_in(
    State(sandbox): State<Sandbox>,
    body: Result<JsonBody, NotJson>,
) -> Result<Json<Value>, No> {
    let body = body?;
    let text = |name| {
        let words = "This field is required.";
        body.text(name).ok_or(No::Field(name, words))
    };
    let (username, password) = (text("username")?, text("password")?);
    let account =
        sandbox.read(|connection, _| Account::authenticate(connection, username, password))?;
    let account = account.ok_or(No::WrongPair)?;
    let owner = Owner::of(&account);
    let token = sandbox.write(|tx, now| token::make(tx, now, &owner, false))?;
    Ok(Json(
        json!({"user": {"username": account.email}, "token": token}),
    ))
}

/// `space` tells a space token from an account token.
pub(super) async fn who_am_i(
    State(sandbox): State<Sandbox>,
    caller: Caller,
) -> Result<Json<Value>, No> {
    let owner = caller.0.owner;
    let space = owner.space_id().map_or(Ok(None), |id| {
        sandbox.read(|connection, _| spaces::find(connection, owner.account_id, id))
    })?;
    Ok(Json(
        json!({"username": caller.0.account.email, "space": space}),
    ))
}
