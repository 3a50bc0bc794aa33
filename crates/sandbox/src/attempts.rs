//! Counting what may be tried only so often: guesses at user codes (RFC 8628 §5.1) and at passwords.

use rusqlite::{Connection, Transaction, params};

use super::SandboxError;
use super::store::Millis;

pub(super) const SCHEMA: &str =
    "CREATE TABLE attempts (kind TEXT NOT NULL, at INTEGER NOT NULL) STRICT;";

/// So many in so long.
pub(super) struct Limit {
    /// What is counted.
    pub(super) kind: &'static str,
    /// How many within the span.
    pub(super) count: u32,
    /// The span, in milliseconds.
    pub(super) span: Millis,
}

impl Limit {
    /// In how many milliseconds another try is allowed; `None` when it is allowed now.
    pub(super) fn wait(
        &self,
        connection: &Connection,
        now: Millis,
    ) -> Result<Option<Millis>, SandboxError> {
        let sql = "SELECT COUNT(*), MIN(at) FROM
            (SELECT at FROM attempts WHERE kind = ?1 AND at > ?2 ORDER BY at DESC LIMIT ?3)";
        let since = now - self.span;
        let (count, oldest): (u32, Option<Millis>) =
            connection.query_row(sql, params![self.kind, since, self.count], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let full = count >= self.count;
        Ok(oldest
            .filter(|_| full)
            .map(|oldest| (oldest - since).max(1)))
    }

    /// Counts one.
    pub(super) fn count(
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

/// What no limit looks back to any more.
pub(super) const SWEEP: &[&str] = &["DELETE FROM attempts WHERE at < ?1 - 7200000"];
