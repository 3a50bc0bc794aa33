//! Sample data: monitored databases. An account without a verified e-mail address may register one.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use rusqlite::{Row, Transaction, params};
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::caller::Caller;
use crate::base::{Millis, SandboxError, rfc3339, secrets};
use crate::state::Sandbox;
use crate::state::account::Account;
use crate::web::json_body::{JsonBody, NotJson};

pub(super) const SCHEMA: &str = "
    CREATE TABLE basira_databases (
        id TEXT PRIMARY KEY,
        account_id INTEGER NOT NULL,
        name TEXT NOT NULL,
        engine TEXT NOT NULL,
        created_at INTEGER NOT NULL
    ) STRICT;
    INSERT INTO basira_databases VALUES
        ('db_orders', 1, 'orders', 'postgresql', 1767225600000),
        ('db_sessions', 1, 'sessions', 'mysql', 1767312000000);";

const MAX_UNVERIFIED: u32 = 1;

pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    let databases = sandbox.read(|connection, _| {
        let sql = "SELECT id, name, engine, created_at FROM basira_databases
            WHERE account_id = ?1 ORDER BY created_at, rowid";
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map([caller.account.id], to_json)?;
        Ok(rows.collect::<Result<Vec<Value>, _>>()?)
    })?;
    Ok(Json(json!({"databases": databases})))
}

pub(super) async fn register(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    body: Result<JsonBody, NotJson>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let body = body?;
    let bad = ApiError::BadRequest(StatusCode::BAD_REQUEST, "name is required");
    let name = body.text("name").map(str::trim).ok_or(bad)?;
    let engine = body.text("engine").unwrap_or("postgresql");
    let created = sandbox.write(|tx, now| insert(tx, now, &caller.account, name, engine))?;
    let message = "unverified accounts can register 1 database; verify your email first";
    let created = created.ok_or(ApiError::Forbidden(message))?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// Returns `None` if the account must not register another one.
fn insert(
    tx: &Transaction<'_>,
    now: Millis,
    account: &Account,
    name: &str,
    engine: &str,
) -> Result<Option<Value>, SandboxError> {
    let sql = "SELECT COUNT(*) FROM basira_databases WHERE account_id = ?1";
    let count: u32 = tx.query_row(sql, [account.id], |row| row.get(0))?;
    if !account.has_verified_email() && count >= MAX_UNVERIFIED {
        return Ok(None);
    }
    let id = secrets::uuid()?;
    tx.execute(
        "INSERT INTO basira_databases VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id, account.id, name, engine, now],
    )?;
    let sql = "SELECT id, name, engine, created_at FROM basira_databases WHERE id = ?1";
    Ok(Some(tx.query_row(sql, [id], to_json)?))
}

pub(super) async fn remove(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let gone = sandbox.write(|tx, _| {
        let sql = "DELETE FROM basira_databases WHERE id = ?1 AND account_id = ?2";
        Ok(tx.execute(sql, params![id, caller.account.id])? > 0)
    })?;
    if gone {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(ApiError::NotFound)
}

fn to_json(row: &Row<'_>) -> rusqlite::Result<Value> {
    Ok(json!({
        "id": row.get::<_, String>(0)?,
        "name": row.get::<_, String>(1)?,
        "engine": row.get::<_, String>(2)?,
        "created_at": rfc3339(row.get(3)?),
    }))
}
