//! The API key calls.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::caller::{Manager, Revoker};
use super::create_key_request::CreateKeyRequest;
use super::key_store;
use super::paging::Page;
use crate::state::Sandbox;
use crate::web::json_body::{JsonBody, NotJson};

pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    manager: Manager,
    Query(params): Query<HashMap<String, String>>,
) -> Result<Json<Value>, ApiError> {
    let page = Page::of(&params)?;
    let (total, keys) =
        sandbox.read(|connection, _| key_store::list(connection, manager.account_id, &page))?;
    Ok(page.response(total, &keys))
}

pub(super) async fn create(
    State(sandbox): State<Sandbox>,
    manager: Manager,
    body: Result<JsonBody, NotJson>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let request = CreateKeyRequest::parse(&body?)?;
    let created =
        sandbox.write(|tx, now| key_store::create(tx, now, manager.account_id, &request))?;
    let created = created.ok_or(ApiError::TooManyKeys)?;
    let body = json!({"success": true, "data": created});
    Ok((StatusCode::CREATED, Json(body)))
}

pub(super) async fn revoke(
    State(sandbox): State<Sandbox>,
    revoker: Revoker,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    if !sandbox.write(|tx, _| key_store::revoke(tx, revoker.account_id, &id))? {
        return Err(ApiError::NotFound);
    }
    Ok(Json(json!({"success": true, "data": {"id": id}})))
}
