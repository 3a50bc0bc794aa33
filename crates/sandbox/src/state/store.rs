//! The SQLite database with the state of all services, shared by several processes. Opens it safely, creates the schema and runs
//! transactions. Each module declares its own tables; this one must not read them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::settings::State;
use super::{Schema, database_file, schema};
use crate::base::{Millis, SandboxError};

/// How often a process deletes expired rows, at its next write.
const CLEANUP_INTERVAL: Millis = 10 * 60 * 1000;

pub(crate) struct Store {
    schema: Schema,
    inner: Mutex<Inner>,
}

struct Inner {
    connection: Connection,
    cleaned_at: Option<Millis>,
}

impl Store {
    pub(crate) fn open(state: &State, schema: Schema) -> Result<Self, SandboxError> {
        let mut connection = match state {
            State::Memory => Connection::open_in_memory()?,
            State::File(path) => database_file::open(path)?,
        };
        // Rollback journal instead of WAL: enabling WAL needs exclusive access, which many processes starting at the same time
        // cannot get. NORMAL survives a killed process, which is enough here.
        connection.execute_batch(
            "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;",
        )?;
        schema::ensure(&mut connection, &schema)?;
        let inner = Inner {
            connection,
            cleaned_at: None,
        };
        Ok(Self {
            schema,
            inner: Mutex::new(inner),
        })
    }

    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        work(&self.inner().connection)
    }

    /// Runs `work` in a transaction. `IMMEDIATE` takes the write lock before the first read, so that no other write intervenes.
    pub(crate) fn write<T>(
        &self,
        clock: impl FnOnce() -> Millis,
        work: impl FnOnce(&Transaction<'_>, Millis) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        let mut inner = self.inner();
        let cleaned_at = inner.cleaned_at;
        let transaction = inner
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let now = clock();
        let result = work(&transaction, now)?;
        let is_cleanup_due = cleaned_at.is_none_or(|then| now - then > CLEANUP_INTERVAL);
        if is_cleanup_due {
            self.schema.delete_expired_rows(&transaction, now)?;
        }
        transaction.commit()?;
        if is_cleanup_due {
            inner.cleaned_at = Some(now);
        }
        Ok(result)
    }

    /// Deletes everything and recreates the schema.
    pub(crate) fn reset(&self) -> Result<(), SandboxError> {
        schema::recreate(&mut self.inner().connection, &self.schema)
    }

    /// Locks the connection. A panic rolls its transaction back, so a poisoned lock is usable.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
