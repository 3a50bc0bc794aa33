//! Sets a secret in a user's configuration file, as safely as in an env file.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{ConfigEntry, EnvFile, EnvFileError};
use crate::domain::Secret;
use crate::files::config_value::{self, ConfigValueError, ValuePath};
use crate::files::quote_path;

/// An error of a configuration file. The file is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum ConfigFileError {
    #[error(transparent)]
    File(#[from] EnvFileError),
    #[error("cannot edit {}: the file is not UTF-8", quote_path(path))]
    NotUtf8 { path: PathBuf },
    #[error("cannot edit {}: {source}", quote_path(path))]
    Value {
        path: PathBuf,
        source: ConfigValueError,
    },
}

/// A value in a configuration file that can be written.
#[derive(Debug)]
pub struct ConfigFile {
    file: EnvFile,
    entry: ConfigEntry,
}

impl ConfigFile {
    /// Opens the file, which need not exist, and checks that a secret could be written.
    ///
    /// # Errors
    /// [`ConfigFileError`] if the file must not or cannot be changed, or its text cannot be edited.
    pub fn open(entry: &ConfigEntry) -> Result<Self, ConfigFileError> {
        let file = Self {
            file: EnvFile::open(&entry.path)?,
            entry: entry.clone(),
        };
        let text = file.read_text()?;
        file.edited(&text, &Secret::new("preflight"))?;
        Ok(file)
    }

    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Returns the file without its structure.
    pub fn file(&self) -> &EnvFile {
        &self.file
    }

    /// Returns the value; `None` if it does not exist or is empty.
    ///
    /// # Errors
    /// [`ConfigFileError`] if the file cannot be read.
    pub fn get(&self) -> Result<Option<Secret>, ConfigFileError> {
        let text = self.read_text()?;
        let found = config_value::get(&text, self.value_path());
        let found = found.map_err(|source| self.value_error(source))?;
        Ok(found.map(Secret::new))
    }

    /// Replaces the value `expected` by `secret`.
    ///
    /// # Errors
    /// [`EnvFileError::Changed`] if the file has another value; if it cannot be read or written: it is then unchanged.
    pub fn set(&self, secret: &Secret, expected: Option<&Secret>) -> Result<(), ConfigFileError> {
        let before = self.file.read_bytes()?;
        let text = self.text_of(before.as_ref().map_or(&[][..], |bytes| bytes.as_slice()))?;
        let found = config_value::get(&text, self.value_path());
        let found = found.map_err(|source| self.value_error(source))?;
        if found.as_deref() != expected.map(Secret::expose) {
            let path = self.path().to_owned();
            return Err(EnvFileError::Changed { path }.into());
        }
        let after = self.edited(&text, secret)?;
        let before = before.as_ref().map(|bytes| bytes.as_slice());
        Ok(self.file.exchange_content(before, Some(after.as_bytes()))?)
    }

    fn value_path(&self) -> ValuePath<'_> {
        ValuePath {
            format: self.entry.format,
            key: &self.entry.key,
        }
    }

    fn edited(&self, text: &str, secret: &Secret) -> Result<Zeroizing<String>, ConfigFileError> {
        let edited = config_value::set(text, self.value_path(), secret.expose());
        let edited = edited.map_err(|source| self.value_error(source))?;
        Ok(Zeroizing::new(edited))
    }

    fn read_text(&self) -> Result<Zeroizing<String>, ConfigFileError> {
        let bytes = self.file.read_bytes()?;
        self.text_of(bytes.as_ref().map_or(&[][..], |bytes| bytes.as_slice()))
    }

    fn text_of(&self, bytes: &[u8]) -> Result<Zeroizing<String>, ConfigFileError> {
        let text = str::from_utf8(bytes).map_err(|_| ConfigFileError::NotUtf8 {
            path: self.path().to_owned(),
        })?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    fn value_error(&self, source: ConfigValueError) -> ConfigFileError {
        let path = self.path().to_owned();
        ConfigFileError::Value { path, source }
    }
}

impl ConfigFileError {
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::File(error) => error.hint(),
            Self::NotUtf8 { .. } => Some("save it as UTF-8".to_owned()),
            Self::Value { source, .. } => Some(
                match source {
                    ConfigValueError::CannotAdd { .. } => "add the key to the file with an empty value in quotes",
                    ConfigValueError::NotAValue { .. } | ConfigValueError::NotATable { .. } => {
                        "name the path of a single value, for example --key api.key"
                    }
                    ConfigValueError::Unsupported { .. } => {
                        "write the value in quotes on one line, without anchors, tags or comments in it"
                    }
                    ConfigValueError::DuplicateKey { .. } => "remove one of the two",
                    ConfigValueError::SeveralDocuments => "move the document to a file of its own",
                    ConfigValueError::Malformed { .. } => {
                        "fix the file, or name its format with --config-format"
                    }
                    _ => "use a command that writes the file: --to 'COMMAND'",
                }
                .to_owned(),
            ),
        }
    }
}
