//! The sandbox: the settings and the store that all services share.

use std::sync::Arc;

use rusqlite::{Connection, Transaction};

use super::store::Store;
use super::{Schema, Settings};
use crate::base::{Millis, SandboxError};
use crate::fault::with_clock_offset;

/// The services over one state. Clones share the state, and so do other processes if it is a file.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

struct Inner {
    settings: Settings,
    store: Store,
}

impl Sandbox {
    /// Opens the state with the tables of `schema`.
    pub(crate) fn with_schema(settings: Settings, schema: Schema) -> Result<Self, SandboxError> {
        let store = Store::open(&settings.state, schema)?;
        Ok(Self(Arc::new(Inner { settings, store })))
    }

    /// Deletes every token, key, code and session of every service. Keeps the demo accounts.
    ///
    /// # Errors
    /// Returns an error if the state cannot be written.
    pub fn reset(&self) -> Result<(), SandboxError> {
        self.0.store.reset()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection, Millis) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        self.0.store.read(|connection| work(connection, self.now()))
    }

    /// Runs `work` in a transaction that excludes all other writers, and rolls back on `Err`. The time is read after the lock is
    /// taken, so that later writes have later times.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>, Millis) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        self.0
            .store
            .write(|| self.now(), |transaction, now| work(transaction, now))
    }

    /// Returns the time of the current request, with the offset of the fault `clock`.
    pub(crate) fn now(&self) -> Millis {
        with_clock_offset((self.settings().clock)()).as_millisecond()
    }
}
