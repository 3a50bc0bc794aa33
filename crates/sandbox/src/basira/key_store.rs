//! The table of API keys.

use rusqlite::{OptionalExtension, Transaction, params};

use crate::base::{Millis, SandboxError, secrets};
use crate::state::account::Account;

pub(super) const PREFIX: &str = "dbm_ak_";

pub(super) const SCHEMA: &str = "
    CREATE TABLE basira_keys (
        id TEXT PRIMARY KEY,
        key_id TEXT NOT NULL UNIQUE,
        hash BLOB NOT NULL UNIQUE,
        account_id INTEGER NOT NULL,
        name TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        last_used_at INTEGER
    ) STRICT;";

/// Returns the account of `key` and records its use.
pub(super) fn account(
    tx: &Transaction<'_>,
    now: Millis,
    key: &str,
) -> Result<Option<Account>, SandboxError> {
    let sql = "UPDATE basira_keys SET last_used_at = ?2 WHERE hash = ?1 RETURNING account_id";
    let key = params![secrets::hash(key), now];
    let id = tx.query_row(sql, key, |row| row.get(0)).optional()?;
    id.map_or(Ok(None), |id| Account::by_id(tx, id))
}
