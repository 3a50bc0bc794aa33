//! Stores API keys.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::{Value, json};

use crate::base::{Millis, SandboxError, rfc3339, secrets};

pub(super) const SCHEMA: &str = "
    CREATE TABLE basic_memory_keys (
        id TEXT PRIMARY KEY,
        hash BLOB NOT NULL UNIQUE,
        account_id INTEGER NOT NULL,
        name TEXT NOT NULL,
        created_at INTEGER NOT NULL
    ) STRICT;";

/// Returns the account id of `key`.
pub(super) fn find_owner(connection: &Connection, key: &str) -> Result<Option<i64>, SandboxError> {
    let sql = "SELECT account_id FROM basic_memory_keys WHERE hash = ?1";
    let found = connection.query_row(sql, [secrets::hash(key)], |row| row.get(0));
    Ok(found.optional()?)
}

/// Lists the newest first.
pub(super) fn list(connection: &Connection, account_id: i64) -> Result<Vec<Value>, SandboxError> {
    let sql = "SELECT id, name, created_at FROM basic_memory_keys WHERE account_id = ?1
        ORDER BY created_at DESC, rowid DESC";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([account_id], to_json)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Creates a key and returns it with its secret.
pub(super) fn create(
    tx: &Transaction<'_>,
    now: Millis,
    account_id: i64,
    name: &str,
) -> Result<Value, SandboxError> {
    let key = secrets::generate("bmc_")?;
    let id = secrets::uuid()?;
    tx.execute(
        "INSERT INTO basic_memory_keys (id, hash, account_id, name, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id, secrets::hash(key.expose()), account_id, name, now],
    )?;
    Ok(json!({"id": id, "key": key.expose(), "name": name, "created_at": rfc3339(now)}))
}

/// Returns false if there is no such key.
pub(super) fn delete(
    tx: &Transaction<'_>,
    account_id: i64,
    id: &str,
) -> Result<bool, SandboxError> {
    let sql = "DELETE FROM basic_memory_keys WHERE id = ?1 AND account_id = ?2";
    Ok(tx.execute(sql, params![id, account_id])? > 0)
}

fn to_json(row: &Row<'_>) -> rusqlite::Result<Value> {
    Ok(json!({
        "id": row.get::<_, String>(0)?,
        "name": row.get::<_, String>(1)?,
        "created_at": rfc3339(row.get(2)?),
    }))
}
