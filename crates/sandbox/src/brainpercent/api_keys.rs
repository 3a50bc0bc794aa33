//! Managing API keys.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::body::Wish;
use super::caller::{Manager, Revoker};
use super::key;
use super::paging::Page;
use super::reply::No;
use crate::Sandbox;
use crate::json_body::{JsonBody, NotJson};

pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    manager: Manager,
    Query(asked): Query<HashMap<String, String>>,
) -> Result<Json<Value>, No> {
    let page = Page::of(&asked)?;
    let (total, keys) =
        sandbox.read(|connection, _| key::list(connection, manager.account_id, &page))?;
    Ok(page.answer(total, &keys))
}

pub(super) async fn create(
    State(sandbox): State<Sandbox>,
    manager: Manager,
    body: Result<JsonBody, NotJson>,
) -> Result<(StatusCode, Json<Value>), No> {
    let wish = Wish::of(&body?)?;
    let made = sandbox.write(|tx, now| key::make(tx, now, manager.account_id, &wish))?;
    let made = made.ok_or(No::TooManyKeys)?;
    let body = json!({"success": true, "data": made});
    Ok((StatusCode::CREATED, Json(body)))
}

pub(super) async fn revoke(
    State(sandbox): State<Sandbox>,
    revoker: Revoker,
    Path(id): Path<String>,
) -> Result<Json<Value>, No> {
    if !sandbox.write(|tx, _| key::revoke(tx, revoker.account_id, &id))? {
        return Err(No::Missing);
    }
    Ok(Json(json!({"success": true, "data": {"id": id}})))
}
