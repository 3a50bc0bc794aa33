//! Stores API keys: `bp_` and 64 hexadecimal digits, shown once.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::{Value, json};

use super::create_key_request::CreateKeyRequest;
use super::paging::Page;
use crate::base::secrets::Secret;
use crate::base::{Millis, SandboxError, rfc3339, secrets};

pub(super) const SCHEMA: &str = "
    CREATE TABLE brainpercent_keys (
        id TEXT PRIMARY KEY,
        hash BLOB NOT NULL UNIQUE,
        key_prefix TEXT NOT NULL,
        account_id INTEGER NOT NULL,
        name TEXT NOT NULL,
        permissions TEXT NOT NULL,
        scopes TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER,
        last_used_at INTEGER
    ) STRICT;";

/// Keeps keys for 30 days after expiry, so that a list still shows them.
pub(super) const DELETE_EXPIRED: &str =
    "DELETE FROM brainpercent_keys WHERE expires_at < ?1 - 30 * 86400000";

/// Active keys allowed per account.
const MAX_ACTIVE: u32 = 10;
const DAY: Millis = 24 * 60 * 60 * 1000;
/// `bp_` and the eight random digits that a list shows.
const PREFIX_LENGTH: usize = 11;

pub(super) struct ActiveKey {
    pub(super) account_id: i64,
    permissions: String,
    scopes: String,
}

impl ActiveKey {
    pub(super) fn permits(&self, permission: &str) -> bool {
        self.permissions.split(' ').any(|own| own == permission)
    }

    pub(super) fn covers(&self, scope: &str) -> bool {
        self.scopes.split(' ').any(|own| own == scope)
    }
}

/// Finds a key that is neither revoked nor expired, and records its use.
pub(super) fn find_active(
    tx: &Transaction<'_>,
    now: Millis,
    hash: [u8; 32],
) -> Result<Option<ActiveKey>, SandboxError> {
    let sql = "UPDATE brainpercent_keys SET last_used_at = ?2
        WHERE hash = ?1 AND (expires_at IS NULL OR expires_at > ?2)
        RETURNING account_id, permissions, scopes";
    let read = |row: &Row<'_>| {
        Ok(ActiveKey {
            account_id: row.get(0)?,
            permissions: row.get(1)?,
            scopes: row.get(2)?,
        })
    };
    Ok(tx.query_row(sql, params![hash, now], read).optional()?)
}

/// Creates a key and returns it with its secret; `None` if there are too many.
pub(super) fn create(
    tx: &Transaction<'_>,
    now: Millis,
    account_id: i64,
    request: &CreateKeyRequest,
) -> Result<Option<Value>, SandboxError> {
    let sql = "SELECT COUNT(*) FROM brainpercent_keys
        WHERE account_id = ?1 AND (expires_at IS NULL OR expires_at > ?2)";
    let active: u32 = tx.query_row(sql, [account_id, now], |row| row.get(0))?;
    if active >= MAX_ACTIVE {
        return Ok(None);
    }
    let key = secrets::generate_hex("bp_")?;
    let id = insert(tx, now, account_id, request, &key)?;
    let sql = format!("SELECT {COLUMNS} FROM brainpercent_keys WHERE id = ?1");
    let mut created = tx.query_row(&sql, [id], to_json)?;
    created["key"] = key.expose().into();
    Ok(Some(created))
}

fn insert(
    tx: &Transaction<'_>,
    now: Millis,
    account_id: i64,
    request: &CreateKeyRequest,
    key: &Secret,
) -> Result<String, SandboxError> {
    let id = secrets::uuid()?;
    tx.execute(
        "INSERT INTO brainpercent_keys
            (id, hash, key_prefix, account_id, name, permissions, scopes, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            id,
            secrets::hash(key.expose()),
            &key.expose()[..PREFIX_LENGTH],
            account_id,
            request.name,
            request.permissions.join(" "),
            request.scopes.join(" "),
            now,
            request.days.map(|days| now + days * DAY),
        ],
    )?;
    Ok(id)
}

/// Returns the total and one page, newest first.
pub(super) fn list(
    connection: &Connection,
    account_id: i64,
    page: &Page,
) -> Result<(i64, Vec<Value>), SandboxError> {
    let sql = "SELECT COUNT(*) FROM brainpercent_keys WHERE account_id = ?1";
    let total = connection.query_row(sql, [account_id], |row| row.get(0))?;
    let sql = format!(
        "SELECT {COLUMNS} FROM brainpercent_keys WHERE account_id = ?1
        ORDER BY created_at DESC, rowid DESC LIMIT ?2 OFFSET ?3"
    );
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map([account_id, page.limit, page.offset()], to_json)?;
    Ok((total, rows.collect::<Result<_, _>>()?))
}

/// Returns false if there is no such key.
pub(super) fn revoke(
    tx: &Transaction<'_>,
    account_id: i64,
    id: &str,
) -> Result<bool, SandboxError> {
    let sql = "DELETE FROM brainpercent_keys WHERE id = ?1 AND account_id = ?2";
    Ok(tx.execute(sql, params![id, account_id])? > 0)
}

const COLUMNS: &str =
    "id, name, key_prefix, permissions, scopes, created_at, expires_at, last_used_at";

fn to_json(row: &Row<'_>) -> rusqlite::Result<Value> {
    let split_words = |column| -> rusqlite::Result<Vec<String>> {
        let text: String = row.get(column)?;
        Ok(text.split(' ').map(str::to_owned).collect())
    };
    let time = |column| -> rusqlite::Result<Option<String>> {
        Ok(row.get::<_, Option<Millis>>(column)?.and_then(rfc3339))
    };
    Ok(json!({
        "id": row.get::<_, String>(0)?,
        "name": row.get::<_, String>(1)?,
        "key_prefix": row.get::<_, String>(2)?,
        "permissions": split_words(3)?,
        "scopes": split_words(4)?,
        "created_at": time(5)?,
        "expires_at": time(6)?,
        "last_used_at": time(7)?,
    }))
}
