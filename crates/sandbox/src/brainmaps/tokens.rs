//! The calls for personal access tokens: create, list, revoke.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use rusqlite::params;
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::caller::Caller;
use super::token_store::{insert, to_json};
use crate::base::secrets;
use crate::state::Sandbox;
use crate::web::json_body::{JsonBody, NotJson};

const NAME_LIMIT: usize = 100;

pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    caller.require_scope(&["tokens:read", "tokens:write"])?;
    let results = sandbox.read(|connection, _| {
        let sql =
            "SELECT id, name, created_at, expires_at, revoked_at IS NOT NULL FROM brainmaps_tokens
            WHERE account_id = ?1 AND kind = 'personal' ORDER BY created_at DESC, rowid DESC";
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map([caller.account.id], to_json)?;
        Ok(rows.collect::<Result<Vec<Value>, _>>()?)
    })?;
    Ok(Json(json!({"results": results})))
}

pub(super) async fn create(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    body: Result<JsonBody, NotJson>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    caller.require_scope(&["tokens:write"])?;
    let body = body?;
    let name = body.text("name").map(str::trim);
    let name = name.ok_or(invalid("name: This field is required."))?;
    if name.chars().count() > NAME_LIMIT {
        return Err(invalid(
            "name: Ensure this field has no more than 100 characters.",
        ));
    }
    let token = secrets::generate("bm_pat_")?;
    let mut json = insert(&sandbox, &caller.account, "personal", name, &token)?;
    json["token"] = token.expose().into();
    Ok((StatusCode::CREATED, Json(json)))
}

/// Idempotent. Tokens of other accounts and session tokens are not found.
pub(super) async fn revoke(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    caller.require_scope(&["tokens:write"])?;
    let is_found = sandbox.write(|tx, now| {
        let sql = "UPDATE brainmaps_tokens SET revoked_at = COALESCE(revoked_at, ?3)
            WHERE id = ?1 AND account_id = ?2 AND kind = 'personal'";
        Ok(tx.execute(sql, params![id, caller.account.id, now])? > 0)
    })?;
    if is_found {
        return Ok(Json(json!({"status": "token revoked"})));
    }
    Err(ApiError::NotFound("No token matches the given query."))
}

fn invalid(message: &'static str) -> ApiError {
    ApiError::BadRequest(StatusCode::BAD_REQUEST, "validation_error", message)
}
