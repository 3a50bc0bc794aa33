//! The SQLite database with the state of all services, shared by several processes. Opens it safely, creates the schema and runs
//! transactions. Each module declares its own tables; this one must not read them.

mod file;
mod schema;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{SandboxError, State};

/// Milliseconds since 1970. Polling intervals need more precision than seconds.
pub(super) type Millis = i64;

/// Converts to milliseconds, limited so that adding the result to a current time cannot overflow.
pub(super) fn to_millis(length: Duration) -> Millis {
    const MOST: Millis = Millis::MAX / 2;
    Millis::try_from(length.as_millis()).map_or(MOST, |length| length.min(MOST))
}

pub(super) fn deadline(now: Millis, length: Duration) -> Millis {
    now + to_millis(length)
}

/// Formats `at` for a response. Returns `None` if it is outside the calendar.
pub(super) fn rfc3339(at: Millis) -> Option<String> {
    let at = Timestamp::from_millisecond(at).ok()?;
    Some(at.to_string())
}

/// How long to wait for another process's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How often a long-running process deletes expired rows.
const SWEEP_INTERVAL: Millis = 10 * 60 * 1000;

pub(super) struct Store(Mutex<Inner>);

struct Inner {
    connection: Connection,
    swept_at: Option<Millis>,
}

impl Store {
    pub(super) fn open(state: &State) -> Result<Self, SandboxError> {
        let mut connection = match state {
            State::Memory => Connection::open_in_memory()?,
            State::File(path) => file::open(path)?,
        };
        connection.busy_timeout(BUSY_TIMEOUT)?;
        // Rollback journal instead of WAL: enabling WAL needs exclusive access, which many processes starting at the same time
        // cannot get. NORMAL survives a killed process, which is enough here.
        connection.execute_batch(
            "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;",
        )?;
        schema::ensure(&mut connection)?;
        Ok(Self(Mutex::new(Inner {
            connection,
            swept_at: None,
        })))
    }

    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        work(&self.inner().connection)
    }

    /// Runs `work` in a transaction. `IMMEDIATE` takes the write lock before the first read, so that no other write intervenes.
    pub(super) fn write<T>(
        &self,
        clock: impl FnOnce() -> Millis,
        work: impl FnOnce(&Transaction<'_>, Millis) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        let mut inner = self.inner();
        let swept_at = inner.swept_at;
        let transaction = inner
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let now = clock();
        let result = work(&transaction, now)?;
        let due = swept_at.is_none_or(|then| now - then > SWEEP_INTERVAL);
        if due {
            schema::sweep(&transaction, now)?;
        }
        transaction.commit()?;
        if due {
            inner.swept_at = Some(now);
        }
        Ok(result)
    }

    /// Deletes everything and recreates the schema.
    pub(super) fn reset(&self) -> Result<(), SandboxError> {
        schema::recreate(&mut self.inner().connection)
    }

    /// A panic rolls its transaction back, so the connection behind a poisoned lock is usable.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
