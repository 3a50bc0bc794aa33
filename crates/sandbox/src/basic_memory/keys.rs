//! The calls for API keys: `bmc_` and 32 letters or digits, shown once.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::caller::Caller;
use super::key_store;
use crate::state::Sandbox;
use crate::web::json_body::{JsonBody, NotJson};

/// Returns `{keys: […]}`. No source documents the format.
pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    let keys = sandbox.read(|connection, _| key_store::list(connection, caller.account.id))?;
    Ok(Json(json!({"keys": keys})))
}

pub(super) async fn create(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    body: Result<JsonBody, NotJson>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let body = body?;
    let missing_name = ApiError::Detail(StatusCode::UNPROCESSABLE_ENTITY, "name: Field required");
    let name = body.text("name").map(str::trim).ok_or(missing_name)?;
    let created = sandbox.write(|tx, now| key_store::create(tx, now, caller.account.id, name))?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// Deletes the key: revoked keys are not listed.
pub(super) async fn revoke(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let deleted = sandbox.write(|tx, _| key_store::delete(tx, caller.account.id, &id))?;
    if deleted {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(ApiError::Detail(StatusCode::NOT_FOUND, "API key not found"))
}
