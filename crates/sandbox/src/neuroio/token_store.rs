//! Stores tokens.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::{Value, json};

use super::owner::Owner;
use super::paging::Page;
use crate::base::{Millis, SandboxError, deadline, rfc3339, secrets};

pub(super) const SCHEMA: &str = "
    CREATE TABLE neuroio_tokens (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        hash BLOB NOT NULL UNIQUE,
        ending TEXT NOT NULL,
        owner TEXT NOT NULL,
        is_active INTEGER NOT NULL DEFAULT 1,
        created INTEGER NOT NULL,
        expires INTEGER
    ) STRICT;
    CREATE INDEX neuroio_tokens_by_owner ON neuroio_tokens (owner, id);";

/// Keeps tokens for a day after expiry, so that a list still shows them.
pub(super) const DELETE_EXPIRED: &[&str] =
    &["DELETE FROM neuroio_tokens WHERE expires < ?1 - 86400000"];

/// Lifetime of temporary tokens.
const TEMPORARY: Duration = Duration::from_hours(24);
/// Permanent tokens allowed per owner, active or not.
const MAX_PERMANENT: u32 = 5;

pub(super) fn find_active(
    connection: &Connection,
    now: Millis,
    key: &str,
) -> Result<Option<Owner>, SandboxError> {
    let sql = "SELECT owner FROM neuroio_tokens
        WHERE hash = ?1 AND is_active AND (expires IS NULL OR expires > ?2)";
    let read = |row: &Row<'_>| row.get::<_, String>(0);
    let found = connection
        .query_row(sql, params![secrets::hash(key), now], read)
        .optional()?;
    Ok(found.as_deref().and_then(Owner::parse))
}

/// Creates a token and returns it with its key; `None` if there are too many permanent ones.
pub(super) fn create(
    tx: &Transaction<'_>,
    now: Millis,
    owner: &Owner,
    is_permanent: bool,
) -> Result<Option<Value>, SandboxError> {
    if is_permanent && count_permanent(tx, owner)? >= MAX_PERMANENT {
        return Ok(None);
    }
    let key = secrets::generate("")?;
    // Enough for the owner to recognize it, useless to anyone else.
    let ending = &key.expose()[key.expose().len() - 4..];
    tx.execute(
        "INSERT INTO neuroio_tokens (hash, ending, owner, created, expires) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            secrets::hash(key.expose()),
            ending,
            owner.key(),
            now,
            (!is_permanent).then(|| deadline(now, TEMPORARY)),
        ],
    )?;
    let created = find(tx, owner, &TokenRef::Id(tx.last_insert_rowid()))?;
    Ok(created.map(|mut created| {
        created["key"] = key.expose().into();
        created
    }))
}

fn count_permanent(connection: &Connection, owner: &Owner) -> Result<u32, SandboxError> {
    let sql = "SELECT COUNT(*) FROM neuroio_tokens WHERE owner = ?1 AND expires IS NULL";
    Ok(connection.query_row(sql, [owner.key()], |row| row.get(0))?)
}

/// Identifies a token in a path.
pub(super) enum TokenRef {
    Id(i64),
    Key([u8; 32]),
}

impl TokenRef {
    /// A number is an id: no key consists of digits only.
    pub(super) fn parse(text: &str) -> Self {
        text.parse()
            .map_or_else(|_| Self::Key(secrets::hash(text)), Self::Id)
    }

    /// Returns id and hash, of which one is set.
    fn columns(&self) -> (Option<i64>, Option<[u8; 32]>) {
        match self {
            Self::Id(id) => (Some(*id), None),
            Self::Key(hash) => (None, Some(*hash)),
        }
    }
}

pub(super) fn find(
    connection: &Connection,
    owner: &Owner,
    token: &TokenRef,
) -> Result<Option<Value>, SandboxError> {
    let sql = "SELECT id, ending, is_active, created, expires FROM neuroio_tokens
        WHERE owner = ?1 AND (id = ?2 OR hash = ?3)";
    let (id, hash) = token.columns();
    let found = connection.query_row(sql, params![owner.key(), id, hash], to_json);
    Ok(found.optional()?)
}

/// Lists the oldest first, so that new tokens do not shift the pages.
pub(super) fn list(
    connection: &Connection,
    owner: &Owner,
    permanent: Option<bool>,
    page: &Page,
) -> Result<Vec<Value>, SandboxError> {
    let sql = "SELECT id, ending, is_active, created, expires FROM neuroio_tokens
        WHERE owner = ?1 AND (?2 IS NULL OR (expires IS NULL) = ?2) ORDER BY id LIMIT ?3 OFFSET ?4";
    let key = params![owner.key(), permanent, page.limit, page.offset];
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map(key, to_json)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn set_active(
    tx: &Transaction<'_>,
    owner: &Owner,
    token: &TokenRef,
    is_active: bool,
) -> Result<Option<Value>, SandboxError> {
    let sql =
        "UPDATE neuroio_tokens SET is_active = ?4 WHERE owner = ?1 AND (id = ?2 OR hash = ?3)";
    let (id, hash) = token.columns();
    tx.execute(sql, params![owner.key(), id, hash, is_active])?;
    find(tx, owner, token)
}

/// Returns false if there is no such token.
pub(super) fn delete(
    tx: &Transaction<'_>,
    owner: &Owner,
    token: &TokenRef,
) -> Result<bool, SandboxError> {
    let sql = "DELETE FROM neuroio_tokens WHERE owner = ?1 AND (id = ?2 OR hash = ?3)";
    let (id, hash) = token.columns();
    Ok(tx.execute(sql, params![owner.key(), id, hash])? > 0)
}

/// Deletes the permanent tokens, the temporary tokens, or (`None`) both.
pub(super) fn delete_many(
    tx: &Transaction<'_>,
    owner: &Owner,
    permanent: Option<bool>,
) -> Result<(), SandboxError> {
    let sql = "DELETE FROM neuroio_tokens
        WHERE owner = ?1 AND (?2 IS NULL OR (expires IS NULL) = ?2)";
    tx.execute(sql, params![owner.key(), permanent])?;
    Ok(())
}

fn to_json(row: &Row<'_>) -> rusqlite::Result<Value> {
    let ending: String = row.get(1)?;
    Ok(json!({
        "id": row.get::<_, i64>(0)?,
        "key": format!("…{ending}"),
        "is_active": row.get::<_, bool>(2)?,
        "created": rfc3339(row.get(3)?),
        "expires": row.get::<_, Option<Millis>>(4)?.and_then(rfc3339),
    }))
}
