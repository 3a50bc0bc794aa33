//! The calls for API keys: `dbm_ak_<key_id>_<secret>`, shown once, without expiry.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use rusqlite::{Row, Transaction, params};
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::caller::Caller;
use super::key_store::PREFIX;
use crate::base::{Millis, SandboxError, rfc3339, secrets};
use crate::state::Sandbox;
use crate::web::json_body::{JsonBody, NotJson};

const MAX_NAME: usize = 100;
const KEY_ID_LETTERS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const KEY_ID_LENGTH: usize = 12;

/// Returns `{api_keys: […]}`. No source documents the format.
pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    let keys = sandbox.read(|connection, _| {
        let sql = "SELECT id, key_id, name, created_at, last_used_at FROM basira_keys
            WHERE account_id = ?1 ORDER BY created_at DESC, rowid DESC";
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map([caller.account.id], to_json)?;
        Ok(rows.collect::<Result<Vec<Value>, _>>()?)
    })?;
    Ok(Json(json!({"api_keys": keys})))
}

pub(super) async fn create(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    body: Result<JsonBody, NotJson>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let body = body?;
    let name = body.text("name").map(str::trim);
    let name = name
        .filter(|name| name.chars().count() <= MAX_NAME)
        .ok_or(ApiError::BadRequest(
            StatusCode::BAD_REQUEST,
            "name must have 1 to 100 characters",
        ))?;
    let created = sandbox.write(|tx, now| insert(tx, now, caller.account.id, name))?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// Creates a key and returns it with its secret.
fn insert(
    tx: &Transaction<'_>,
    now: Millis,
    account_id: i64,
    name: &str,
) -> Result<Value, SandboxError> {
    let id = secrets::uuid()?;
    let key_id = secrets::random_text(KEY_ID_LETTERS, KEY_ID_LENGTH)?;
    let key = secrets::generate(&format!("{PREFIX}{key_id}_"))?;
    tx.execute(
        "INSERT INTO basira_keys (id, key_id, hash, account_id, name, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![id, key_id, secrets::hash(key.expose()), account_id, name, now],
    )?;
    let sql = "SELECT id, key_id, name, created_at, last_used_at FROM basira_keys WHERE id = ?1";
    let mut created = tx.query_row(sql, [id], to_json)?;
    created["key"] = key.expose().into();
    Ok(created)
}

pub(super) async fn revoke(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let gone = sandbox.write(|tx, _| {
        let sql = "DELETE FROM basira_keys WHERE id = ?1 AND account_id = ?2";
        Ok(tx.execute(sql, params![id, caller.account.id])? > 0)
    })?;
    if gone {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(ApiError::NotFound)
}

fn to_json(row: &Row<'_>) -> rusqlite::Result<Value> {
    let key_id: String = row.get(1)?;
    Ok(json!({
        "id": row.get::<_, String>(0)?,
        "prefix": format!("{PREFIX}{key_id}_..."),
        "name": row.get::<_, String>(2)?,
        "created_at": rfc3339(row.get(3)?),
        "last_used_at": row.get::<_, Option<Millis>>(4)?.and_then(rfc3339),
    }))
}
