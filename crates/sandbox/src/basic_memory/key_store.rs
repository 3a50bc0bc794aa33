//! The table of API keys.

use rusqlite::{Connection, OptionalExtension};

use crate::base::{SandboxError, secrets};

pub(super) const SCHEMA: &str = "
    CREATE TABLE basic_memory_keys (
        id TEXT PRIMARY KEY,
        hash BLOB NOT NULL UNIQUE,
        account_id INTEGER NOT NULL,
        name TEXT NOT NULL,
        created_at INTEGER NOT NULL
    ) STRICT;";

/// Returns the account id of `key`.
pub(super) fn owner(connection: &Connection, key: &str) -> Result<Option<i64>, SandboxError> {
    let sql = "SELECT account_id FROM basic_memory_keys WHERE hash = ?1";
    let found = connection.query_row(sql, [secrets::hash(key)], |row| row.get(0));
    Ok(found.optional()?)
}
