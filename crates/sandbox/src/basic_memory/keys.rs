//! The calls for API keys: `bmc_` and 32 letters or digits, shown once.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use rusqlite::{Row, params};
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::caller::Caller;
use crate::base::{rfc3339, secrets};
use crate::state::Sandbox;
use crate::web::json_body::{JsonBody, NotJson};

/// Returns `{keys: […]}`. No source documents the format.
pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    let keys = sandbox.read(|connection, _| {
        let sql = "SELECT id, name, created_at FROM basic_memory_keys WHERE account_id = ?1
            ORDER BY created_at DESC, rowid DESC";
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map([caller.account.id], to_json)?;
        Ok(rows.collect::<Result<Vec<Value>, _>>()?)
    })?;
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
    let key = secrets::generate("bmc_")?;
    let id = secrets::uuid()?;
    let created_at = sandbox.write(|tx, now| {
        tx.execute(
            "INSERT INTO basic_memory_keys (id, hash, account_id, name, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                id,
                secrets::hash(key.expose()),
                caller.account.id,
                name,
                now
            ],
        )?;
        Ok(now)
    })?;
    let body =
        json!({"id": id, "key": key.expose(), "name": name, "created_at": rfc3339(created_at)});
    Ok((StatusCode::CREATED, Json(body)))
}

/// Deletes the key: revoked keys are not listed.
pub(super) async fn revoke(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let deleted = sandbox.write(|tx, _| {
        let sql = "DELETE FROM basic_memory_keys WHERE id = ?1 AND account_id = ?2";
        Ok(tx.execute(sql, params![id, caller.account.id])? > 0)
    })?;
    if deleted {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(ApiError::Detail(StatusCode::NOT_FOUND, "API key not found"))
}

fn to_json(row: &Row<'_>) -> rusqlite::Result<Value> {
    Ok(json!({
        "id": row.get::<_, String>(0)?,
        "name": row.get::<_, String>(1)?,
        "created_at": rfc3339(row.get(2)?),
    }))
}
