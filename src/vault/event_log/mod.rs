//! The audit log: one JSON line for each event, in a file or in the system's log.
//!
//! Each line of a file contains the SHA-256 of the line before it, so that a changed or deleted line is detected. Lines are
//! appended under a lock on the file, and not synchronized with the disk: a power failure may lose the last ones.

mod append;
mod chain;
mod read;
mod syslog;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use read::{BrokenLine, EventLogContent};

use super::VaultError;
use crate::domain::{AuditLogSetting, EventRecord};

/// The longest line, in bytes with its line feed: one write of this size is not interrupted.
const MAX_LINE: usize = 4096;
/// A file that would grow beyond this size is renamed, in bytes.
const MAX_FILE: u64 = 8 * 1024 * 1024;
/// The number of files that are kept, with the current one.
const MAX_FILES: usize = 4;

/// Where events are recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventLog {
    File(PathBuf),
    /// A datagram socket.
    Syslog(PathBuf),
}

impl EventLog {
    /// Returns `None` if the log is off.
    pub fn new(setting: &AuditLogSetting) -> Option<Self> {
        match setting {
            AuditLogSetting::Off => None,
            AuditLogSetting::Syslog(socket) => Some(Self::Syslog(socket.clone())),
            AuditLogSetting::File(path) => Some(Self::File(path.clone())),
        }
    }

    /// Appends `record`. Creates the file, and a missing directory for it.
    ///
    /// # Errors
    /// If the file is not a private file of the user, another process holds its lock for too long, or the disk is full.
    pub fn append(&self, record: &EventRecord) -> Result<(), VaultError> {
        let record = record.clone().sanitized();
        match self {
            Self::File(path) => append::append(path, &record),
            Self::Syslog(socket) => syslog::send(socket, &record),
        }
    }

    /// Creates the file and a missing directory for it.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub fn prepare(&self) -> Result<(), VaultError> {
        match self {
            Self::File(path) => append::prepare(path),
            Self::Syslog(socket) => syslog::check(socket),
        }
    }

    /// Fails if [`Self::append`] would fail, as far as that is visible without a record.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub fn check(&self) -> Result<(), VaultError> {
        match self {
            Self::File(path) => append::check(path),
            Self::Syslog(socket) => syslog::check(socket),
        }
    }
}
