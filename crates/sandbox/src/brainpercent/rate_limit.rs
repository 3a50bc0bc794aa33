//! The rate limit per credential. The documentation does not say how many requests are allowed.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::base::{Millis, SandboxError};

pub(super) const SCHEMA: &str = "
    CREATE TABLE brainpercent_windows (
        hash BLOB PRIMARY KEY,
        began_at INTEGER NOT NULL,
        requests INTEGER NOT NULL
    ) STRICT;";

pub(super) const DELETE_EXPIRED: &str =
    "DELETE FROM brainpercent_windows WHERE began_at < ?1 - 60000";

/// One minute.
const WINDOW: Millis = 60_000;
const MAX_REQUESTS: i64 = 60;

/// Counts a request with the credential `hash`. Returns the seconds to wait if the limit is exceeded.
pub(super) fn count(
    tx: &Transaction<'_>,
    now: Millis,
    hash: [u8; 32],
) -> Result<Option<i64>, SandboxError> {
    let sql =
        "SELECT began_at, requests FROM brainpercent_windows WHERE hash = ?1 AND began_at > ?2";
    let read = |row: &Row<'_>| Ok((row.get::<_, Millis>(0)?, row.get::<_, i64>(1)?));
    let open = tx
        .query_row(sql, params![hash, now - WINDOW], read)
        .optional()?;
    let (began_at, requests) = open.unwrap_or((now, 0));
    if requests >= MAX_REQUESTS {
        let left = began_at + WINDOW - now;
        return Ok(Some((left + 999) / 1000));
    }
    tx.execute(
        "INSERT INTO brainpercent_windows (hash, began_at, requests) VALUES (?1, ?2, ?3)
         ON CONFLICT (hash) DO UPDATE SET began_at = ?2, requests = ?3",
        params![hash, began_at, requests + 1],
    )?;
    Ok(None)
}
