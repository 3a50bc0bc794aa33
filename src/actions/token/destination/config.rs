//! A value in a configuration file that a new key is written to.

use std::path::Path;

use super::env_file::warn_about_file;
use crate::actions::{ActionError, Context};
use crate::domain::Secret;
use crate::vault::{ConfigEntry, ConfigFile};

#[derive(Debug)]
pub(crate) struct ConfigTarget {
    file: ConfigFile,
    entry: ConfigEntry,
    /// The value when the file was opened.
    value: Option<Secret>,
}

impl ConfigTarget {
    /// Opens the file before a key is created, and warns about its owner, mode and git status.
    ///
    /// # Errors
    /// If the value cannot be written.
    pub(super) fn open(context: &Context, entry: &ConfigEntry) -> Result<Self, ActionError> {
        let file = ConfigFile::open(entry)?;
        warn_about_file(context, file.file());
        Ok(Self {
            value: file.get()?,
            entry: entry.clone(),
            file,
        })
    }

    pub(super) fn path(&self) -> &Path {
        self.file.path()
    }

    pub(super) fn key(&self) -> &str {
        self.entry.key.as_str()
    }

    pub(super) fn existed(&self) -> bool {
        self.file.file().owner_and_mode().is_some()
    }

    pub(super) fn previous_value(&self) -> Option<&Secret> {
        self.value.as_ref()
    }

    pub(super) fn get(&self) -> Result<Option<Secret>, ActionError> {
        Ok(self.file.get()?)
    }

    /// Writes the key unless another process changed the value since the file was opened.
    pub(super) fn set(&self, secret: &Secret) -> Result<(), ActionError> {
        Ok(self.file.set(secret, self.previous_value())?)
    }
}
