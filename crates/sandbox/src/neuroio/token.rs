//! Tokens at rest.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::{Value, json};

use super::owner::Owner;
use super::paging::Page;
use crate::store::{Millis, deadline, rfc3339};
use crate::{SandboxError, secrets};

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

/// A day longer than a token works, so that a list still shows what has just expired.
pub(super) const SWEEP: &[&str] = &["DELETE FROM neuroio_tokens WHERE expires < ?1 - 86400000"];

/// How long a temporary token lives.
const TEMPORARY: Duration = Duration::from_hours(24);
/// How many permanent tokens an account or a space may have, active or not.
const PERMANENT_MOST: u32 = 5;

/// Whose the live token `key` is.
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

/// A new token, shown with its key; `None` when there are too many permanent ones.
pub(super) fn make(
    tx: &Transaction<'_>,
    now: Millis,
    owner: &Owner,
    permanent: bool,
) -> Result<Option<Value>, SandboxError> {
    if permanent && count_permanent(tx, owner)? >= PERMANENT_MOST {
        return Ok(None);
    }
    let key = secrets::generate("")?;
    // Enough for its owner to know it again, of no use to anybody else.
    let ending = &key.expose()[key.expose().len() - 4..];
    tx.execute(
        "INSERT INTO neuroio_tokens (hash, ending, owner, created, expires) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            secrets::hash(key.expose()),
            ending,
            owner.key(),
            now,
            (!permanent).then(|| deadline(now, TEMPORARY)),
        ],
    )?;
    let made = find(tx, owner, &Name::Id(tx.last_insert_rowid()))?;
    Ok(made.map(|mut made| {
        made["key"] = key.expose().into();
        made
    }))
}

fn count_permanent(connection: &Connection, owner: &Owner) -> Result<u32, SandboxError> {
    let sql = "SELECT COUNT(*) FROM neuroio_tokens WHERE owner = ?1 AND expires IS NULL";
    Ok(connection.query_row(sql, [owner.key()], |row| row.get(0))?)
}

/// What a token is called in a path.
pub(super) enum Name {
    Id(i64),
    Key([u8; 32]),
}

impl Name {
    /// Digits are an id: no key is made of digits alone.
    pub(super) fn parse(text: &str) -> Self {
        text.parse()
            .map_or_else(|_| Self::Key(secrets::hash(text)), Self::Id)
    }

    /// Id and hash: one of them.
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
    name: &Name,
) -> Result<Option<Value>, SandboxError> {
    let sql = "SELECT id, ending, is_active, created, expires FROM neuroio_tokens
        WHERE owner = ?1 AND (id = ?2 OR hash = ?3)";
    let (id, hash) = name.columns();
    let found = connection.query_row(sql, params![owner.key(), id, hash], shown);
    Ok(found.optional()?)
}

/// The oldest first, so that new tokens do not move the pages.
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
    let rows = statement.query_map(key, shown)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn set_active(
    tx: &Transaction<'_>,
    owner: &Owner,
    name: &Name,
    active: bool,
) -> Result<Option<Value>, SandboxError> {
    let sql =
        "UPDATE neuroio_tokens SET is_active = ?4 WHERE owner = ?1 AND (id = ?2 OR hash = ?3)";
    let (id, hash) = name.columns();
    tx.execute(sql, params![owner.key(), id, hash, active])?;
    find(tx, owner, name)
}

/// Whether there was one to delete.
pub(super) fn delete(
    tx: &Transaction<'_>,
    owner: &Owner,
    name: &Name,
) -> Result<bool, SandboxError> {
    let sql = "DELETE FROM neuroio_tokens WHERE owner = ?1 AND (id = ?2 OR hash = ?3)";
    let (id, hash) = name.columns();
    Ok(tx.execute(sql, params![owner.key(), id, hash])? > 0)
}

/// Deletes the permanent ones, the temporary ones, or (`None`) all of them.
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

/// A token as its owner sees it ever after.
fn shown(row: &Row<'_>) -> rusqlite::Result<Value> {
    let ending: String = row.get(1)?;
    Ok(json!({
        "id": row.get::<_, i64>(0)?,
        "key": format!("…{ending}"),
        "is_active": row.get::<_, bool>(2)?,
        "created": rfc3339(row.get(3)?),
        "expires": row.get::<_, Option<Millis>>(4)?.and_then(rfc3339),
    }))
}
