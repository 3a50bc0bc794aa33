//! Where the secret of a token is used: what `token create` and `token rotate` write it to.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::domain::{ConfigFormat, KeyPath, sanitize_line};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretDestination {
    /// The profile's stored key.
    Profile,
    /// The provider's variable in an env file.
    EnvFile(PathBuf),
    EnvVariable {
        path: PathBuf,
        variable: String,
    },
    Config(ConfigEntry),
    Command(TargetCommand),
}

/// A value in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigEntry {
    pub path: PathBuf,
    pub key: KeyPath,
    pub format: ConfigFormat,
}

/// A command of the user that reads the secret from its standard input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetCommand {
    /// For `sh -c`.
    pub command: String,
    /// Where it runs.
    pub directory: PathBuf,
}

impl TargetCommand {
    /// The variable of the command with the id of the new token.
    pub const ID_VARIABLE: &str = "BRAINMAPS_NEW_TOKEN_ID";

    /// Returns `true` if the command can write the secret of each token to another place.
    pub fn names_token(&self) -> bool {
        self.command.contains(Self::ID_VARIABLE)
    }
}

/// A target of an unfinished rotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetState {
    pub target: SecretDestination,
    /// Whether the target is known to have the new secret.
    #[serde(rename = "written")]
    pub is_written: bool,
    /// The fingerprint of the value that the new secret replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
}

impl TargetState {
    /// The state of a target whose earlier value is unknown.
    pub fn new(target: &SecretDestination, is_written: bool) -> Self {
        Self {
            target: target.clone(),
            is_written,
            replaces: None,
        }
    }
}

impl SecretDestination {
    /// Returns `true` if both are the same value of the same file, however their paths are spelled, or are equal.
    pub fn is_same_target(&self, other: &Self) -> bool {
        self == other || self.resolved() == other.resolved()
    }

    pub fn is_file(&self) -> bool {
        self.path().is_some()
    }

    /// Returns the file with the secret; `None` for a destination of another type.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::EnvFile(path) | Self::EnvVariable { path, .. } => Some(path),
            Self::Config(place) => Some(&place.path),
            Self::Profile | Self::Command(_) => None,
        }
    }

    /// Returns the target without symbolic links in the path of an existing file.
    fn resolved(&self) -> Self {
        let mut resolved = self.clone();
        let path = match &mut resolved {
            Self::EnvFile(path) | Self::EnvVariable { path, .. } => path,
            Self::Config(entry) => &mut entry.path,
            Self::Profile | Self::Command(_) => return resolved,
        };
        if let Ok(real) = path.canonicalize() {
            *path = real;
        }
        resolved
    }
}

impl fmt::Display for SecretDestination {
    /// Writes one line for users.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Profile => "the profile's stored key".to_owned(),
            Self::EnvFile(path) => path.display().to_string(),
            Self::EnvVariable { path, variable } => format!("{}:{variable}", path.display()),
            Self::Config(entry) => format!("{} ({})", entry.path.display(), entry.key),
            Self::Command(command) => format!("command `{}`", command.command),
        };
        formatter.write_str(&sanitize_line(&text))
    }
}
