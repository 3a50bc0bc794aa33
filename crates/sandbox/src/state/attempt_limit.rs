//! Limits how often user codes (RFC 8628 §5.1) and passwords may be guessed. Attempts are counted per kind, not per caller:
//! every caller is on this machine.

use rusqlite::{Connection, Transaction, params};

use crate::base::{Millis, SandboxError};

pub(crate) const SCHEMA: &str =
    "CREATE TABLE attempts (kind TEXT NOT NULL, at INTEGER NOT NULL) STRICT;";

/// At most `max` attempts within `window`.
pub(crate) struct AttemptLimit {
    pub(crate) kind: &'static str,
    pub(crate) max: u32,
    pub(crate) window: Millis,
}

impl AttemptLimit {
    /// Returns the milliseconds until the next attempt is allowed; `None` if it is allowed now.
    pub(crate) fn retry_after(
        &self,
        connection: &Connection,
        now: Millis,
    ) -> Result<Option<Millis>, SandboxError> {
        let sql = "SELECT COUNT(*), MIN(at) FROM
            (SELECT at FROM attempts WHERE kind = ?1 AND at > ?2 ORDER BY at DESC LIMIT ?3)";
        let since = now - self.window;
        let (count, oldest): (u32, Option<Millis>) =
            connection.query_row(sql, params![self.kind, since, self.max], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let is_reached = count >= self.max;
        Ok(oldest
            .filter(|_| is_reached)
            .map(|oldest| (oldest - since).max(1)))
    }

    pub(crate) fn record(
        &self,
        transaction: &Transaction<'_>,
        now: Millis,
    ) -> Result<(), SandboxError> {
        transaction.execute(
            "INSERT INTO attempts (kind, at) VALUES (?1, ?2)",
            params![self.kind, now],
        )?;
        Ok(())
    }
}

/// Deletes attempts after two hours, which is longer than the window of every limit.
pub(crate) const SWEEP: &[&str] = &["DELETE FROM attempts WHERE at < ?1 - 7200000"];
