//! The events that a command records in the audit log, and that have no result yet.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::EventRecord;
use crate::vault::{EventLog, VaultError};

/// The events that began and have no result yet. All contexts of a command share it.
#[derive(Debug, Default)]
pub struct PendingEvents(Mutex<Vec<PendingEvent>>);

#[derive(Debug)]
struct PendingEvent {
    log: EventLog,
    record: EventRecord,
}

/// The audit log of a command.
#[derive(Debug, Clone, Default)]
pub struct EventRecorder {
    /// `None` if the log is off.
    pub log: Option<EventLog>,
    pub pending: Arc<PendingEvents>,
}

impl PendingEvents {
    /// Records every event that has no result: the command failed with the error code `result`.
    ///
    /// # Errors
    /// If the log cannot be written.
    pub fn fail(&self, result: &str) -> Result<(), VaultError> {
        let pending = std::mem::take(&mut *self.lock());
        pending
            .into_iter()
            .try_for_each(|PendingEvent { log, record }| {
                log.append(&EventRecord {
                    result: result.to_owned(),
                    ..record
                })
            })
    }

    pub(super) fn insert(&self, log: &EventLog, record: EventRecord) {
        self.remove(&record);
        let log = log.clone();
        self.lock().push(PendingEvent { log, record });
    }

    pub(super) fn remove(&self, record: &EventRecord) {
        self.lock().retain(|PendingEvent { record: other, .. }| {
            (&other.event, &other.profile) != (&record.event, &record.profile)
        });
    }

    fn lock(&self) -> MutexGuard<'_, Vec<PendingEvent>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
