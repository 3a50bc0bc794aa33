//! The state: one SQLite database that several processes may use at once. Owns opening it safely, its schema and its
//! transactions; what stands in the tables belongs to the rooms that declare them.

mod file;
mod schema;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{SandboxError, State};

/// Milliseconds since 1970: polling is measured in less than seconds.
pub(super) type Millis = i64;

/// `length` in milliseconds; an absurdly long one is cut to what can be added to any time of day.
pub(super) fn span(length: Duration) -> Millis {
    const MOST: Millis = Millis::MAX / 2;
    Millis::try_from(length.as_millis()).map_or(MOST, |length| length.min(MOST))
}

/// The time when `length` is over.
pub(super) fn after(now: Millis, length: Duration) -> Millis {
    now + span(length)
}

/// `at` as RFC 3339 writes it, for an answer; `None` for a time beyond the calendar.
pub(super) fn rfc3339(at: Millis) -> Option<String> {
    let at = Timestamp::from_millisecond(at).ok()?;
    Some(at.to_string())
}

/// How long one process waits for another's transaction; each takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often a process that stays removes what is over.
const SWEEP_EVERY: Millis = 10 * 60 * 1000;

pub(super) struct Store(Mutex<Inner>);

struct Inner {
    connection: Connection,
    swept_at: Option<Millis>,
}

impl Store {
    /// Opens or makes the state.
    pub(super) fn open(state: &State) -> Result<Self, SandboxError> {
        let mut connection = match state {
            State::Memory => Connection::open_in_memory()?,
            State::File(path) => file::open(path)?,
        };
        connection.busy_timeout(PATIENCE)?;
        // The rollback journal, not WAL: turning WAL on needs the database for oneself, which a burst of processes
        // that all start at once cannot have. NORMAL survives a killed process; a sandbox need not survive more.
        connection.execute_batch(
            "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;",
        )?;
        schema::ensure(&mut connection)?;
        Ok(Self(Mutex::new(Inner {
            connection,
            swept_at: None,
        })))
    }

    /// A look at the state.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        work(&self.inner().connection)
    }

    /// A change that nobody else can come between: `IMMEDIATE` takes the write lock before anything is read.
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
        let done = work(&transaction, now)?;
        let due = swept_at.is_none_or(|then| now - then > SWEEP_EVERY);
        if due {
            schema::sweep(&transaction, now)?;
        }
        transaction.commit()?;
        if due {
            inner.swept_at = Some(now);
        }
        Ok(done)
    }

    /// Makes the state as new.
    pub(super) fn reset(&self) -> Result<(), SandboxError> {
        schema::recreate(&mut self.inner().connection)
    }

    /// A panic elsewhere rolled its transaction back, so the connection behind a poisoned lock is sound.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
