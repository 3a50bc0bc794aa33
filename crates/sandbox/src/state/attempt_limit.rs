//! Limits how often user codes (RFC 8628 §5.1) and passwords may be guessed. Attempts are counted per kind, not per caller:
//! every caller is on this machine.

use rusqlite::{Transaction, params};

use crate::base::{Millis, SandboxError};

pub(crate) const SCHEMA: &str =
    "CREATE TABLE attempts (kind TEXT NOT NULL, at INTEGER NOT NULL) STRICT;";

/// At most `max` attempts within `window`.
pub(crate) struct AttemptLimit {
    pub(crate) kind: &'static str,
    pub(crate) max: u32,
    pub(crate) window: Millis,
}

/// The outcome of [`AttemptLimit::guess`].
pub(crate) enum Guess<T> {
    Correct(T),
    Wrong,
    /// Was not checked; the next guess is allowed in `retry_after` milliseconds.
    RateLimited {
        retry_after: Millis,
    },
}

/// Checking and recording share a transaction, so that concurrent attempts cannot exceed the limit.
impl AttemptLimit {
    /// Returns the milliseconds until the next attempt is allowed; `None` if it is allowed now.
    pub(crate) fn retry_after(
        &self,
        tx: &Transaction<'_>,
        now: Millis,
    ) -> Result<Option<Millis>, SandboxError> {
        let sql = "SELECT COUNT(*), MIN(at) FROM
            (SELECT at FROM attempts WHERE kind = ?1 AND at > ?2 ORDER BY at DESC LIMIT ?3)";
        let since = now - self.window;
        let (count, oldest): (u32, Option<Millis>) =
            tx.query_row(sql, params![self.kind, since, self.max], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let is_reached = count >= self.max;
        Ok(oldest
            .filter(|_| is_reached)
            .map(|oldest| (oldest - since).max(1)))
    }

    /// Records an attempt if it is allowed, and returns whether it is.
    pub(crate) fn try_record(
        &self,
        tx: &Transaction<'_>,
        now: Millis,
    ) -> Result<bool, SandboxError> {
        if self.retry_after(tx, now)?.is_some() {
            return Ok(false);
        }
        self.record(tx, now)?;
        Ok(true)
    }

    /// Calls `check` if an attempt is allowed, and records it if the guess is wrong (`None`).
    pub(crate) fn guess<T>(
        &self,
        tx: &Transaction<'_>,
        now: Millis,
        check: impl FnOnce() -> Result<Option<T>, SandboxError>,
    ) -> Result<Guess<T>, SandboxError> {
        if let Some(retry_after) = self.retry_after(tx, now)? {
            return Ok(Guess::RateLimited { retry_after });
        }
        if let Some(found) = check()? {
            return Ok(Guess::Correct(found));
        }
        self.record(tx, now)?;
        Ok(Guess::Wrong)
    }

    fn record(&self, tx: &Transaction<'_>, now: Millis) -> Result<(), SandboxError> {
        tx.execute(
            "INSERT INTO attempts (kind, at) VALUES (?1, ?2)",
            params![self.kind, now],
        )?;
        Ok(())
    }
}

/// Deletes attempts after two hours, which is longer than the window of every limit.
pub(crate) const DELETE_EXPIRED: &[&str] = &["DELETE FROM attempts WHERE at < ?1 - 7200000"];
