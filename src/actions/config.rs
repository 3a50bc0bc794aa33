//! The user's settings: `config.toml`.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::domain::{BaseUrl, InvalidName, InvalidUrl, ProviderId};
use crate::vault::{Storage, VaultError, write_settings};

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not what it should be.
    #[error("{} is wrong: {message}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its line.
        message: String,
    },
    /// No such setting.
    #[error("there is no setting `{key}`; there are: {KEYS}")]
    UnknownKey {
        /// The name asked for.
        key: String,
    },
    /// Not a value for this setting.
    #[error("`{value}` is no value for `{key}`: {message}")]
    InvalidValue {
        /// The setting.
        key: String,
        /// The value.
        value: String,
        /// Why not.
        message: String,
    },
    /// It cannot be written.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

const KEYS: &str = "storage, api_url.SERVICE, workspace.SERVICE";

/// The settings, with their defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where new sign-ins are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// Base URLs by service.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub api_url: BTreeMap<ProviderId, BaseUrl>,
    /// The workspaces that requests are about, by service.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub workspace: BTreeMap<ProviderId, String>,
}

impl Config {
    /// Reads `path`; a file that is not there means the defaults.
    ///
    /// # Errors
    /// For a file that cannot be read or is wrong.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(absent)
                if matches!(
                    absent.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(Self::default());
            }
            Err(source) => {
                return Err(ConfigError::Unreadable {
                    path: path.to_owned(),
                    source,
                });
            }
        };
        toml::from_str(&text).map_err(|wrong| ConfigError::Invalid {
            path: path.to_owned(),
            message: wrong.to_string().trim_end().to_owned(),
        })
    }

    /// The base URL set for `provider`.
    pub fn api_url(&self, provider: &ProviderId) -> Option<BaseUrl> {
        self.api_url.get(provider).cloned()
    }

    /// The value of `key` as text; `None` where it is not set.
    ///
    /// # Errors
    /// For an unknown key.
    pub fn get(&self, key: &str) -> Result<Option<String>, ConfigError> {
        let table = toml::Table::try_from(self).unwrap_or_default();
        match split(key)? {
            ("storage", None) => Ok(table
                .get("storage")
                .and_then(|value| value.as_str())
                .map(str::to_owned)),
            ("workspace", service) => Ok(self
                .workspace
                .iter()
                .find(|(id, _)| Some(id.as_str()) == service)
                .map(|(_, workspace)| workspace.clone())),
            (_, service) => Ok(self
                .api_url
                .iter()
                .find(|(id, _)| Some(id.as_str()) == service)
                .map(|(_, url)| url.to_string())),
        }
    }

    /// The settings with `key` set to `value`.
    ///
    /// # Errors
    /// For an unknown key or a value that is none.
    pub fn with(mut self, key: &str, value: &str) -> Result<Self, ConfigError> {
        let invalid = |message: String| ConfigError::InvalidValue {
            key: key.to_owned(),
            value: value.to_owned(),
            message,
        };
        match split(key)? {
            ("storage", None) => {
                let parsed = Storage::deserialize(toml::Value::String(value.to_owned()));
                self.storage =
                    Some(parsed.map_err(|_| invalid("use `file` or `keyring`".to_owned()))?);
            }
            (setting, service) => {
                let id = service
                    .unwrap_or_default()
                    .parse()
                    .map_err(|wrong: InvalidName| invalid(wrong.to_string()))?;
                if setting == "workspace" {
                    let workspace = header_word(value).map_err(invalid)?;
                    self.workspace.insert(id, workspace);
                    return Ok(self);
                }
                let url = value
                    .parse()
                    .map_err(|wrong: InvalidUrl| invalid(wrong.to_string()))?;
                self.api_url.insert(id, url);
            }
        }
        Ok(self)
    }

    /// Writes the settings to `path`.
    ///
    /// # Errors
    /// When they cannot be written; those of before are then still there.
    pub fn write(&self, path: &Path) -> Result<(), ConfigError> {
        let text = toml::to_string(self).map_err(|wrong| ConfigError::Invalid {
            path: path.to_owned(),
            message: wrong.to_string(),
        })?;
        Ok(write_settings(path, text.as_bytes())?)
    }
}

/// What a header can carry.
fn header_word(text: &str) -> Result<String, String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text.to_owned());
    }
    Err("use one word of visible ASCII characters".to_owned())
}

/// A known key, in its parts.
fn split(key: &str) -> Result<(&str, Option<&str>), ConfigError> {
    match key.split_once('.') {
        None if key == "storage" => Ok((key, None)),
        Some((setting @ ("api_url" | "workspace"), service)) => Ok((setting, Some(service))),
        _ => Err(ConfigError::UnknownKey {
            key: key.to_owned(),
        }),
    }
}
