//! Errors of the settings file.

use std::path::PathBuf;

use crate::domain::{AuditMember, sanitize_line};
use crate::files::{FileError, InvalidToml};
use crate::vault::{EnvFileError, VaultError};

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("`{}` is invalid: {error}", sanitize_line(&path.to_string_lossy()))]
    Invalid { path: PathBuf, error: InvalidToml },
    #[error("cannot write the settings")]
    NotSerializable(#[source] toml::ser::Error),
    #[error("unknown setting \"{key}\" (expected {SETTING_KEYS})")]
    UnknownKey { key: String },
    #[error("unknown setting \"{key}\" (expected {})", audit_settings())]
    UnknownAuditMember { key: String },
    /// A list, which one value cannot change.
    #[error("{key} is not a single setting")]
    NotASetting { key: String },
    #[error(
        "{service} has no parameter \"{name}\" ({})",
        expected_parameters(known)
    )]
    UnknownParameter {
        service: String,
        name: String,
        /// The parameters of the service.
        known: Vec<String>,
    },
    #[error("invalid value \"{value}\" for {key}: {message}")]
    InvalidValue {
        key: String,
        value: String,
        message: String,
    },
    #[error("cannot write the settings: `{}` is a symbolic link", sanitize_line(&link.to_string_lossy()))]
    LinkTarget { link: PathBuf, source: EnvFileError },
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// The names of the settings, for messages.
pub(crate) const SETTING_KEYS: &str = "storage, audit_log, notices, login_method, login_method.PROFILE, completion, usage_record, client_metadata_url, \
                                       api_url.SERVICE, workspace.SERVICE, allow_variable.SERVICE, audit.MEMBER, parameter.NAME or parameter.NAME.PROFILE";

/// The names of the settings of audits, for messages.
fn audit_settings() -> String {
    AuditMember::ALL
        .map(|member| format!("audit.{}", member.name()))
        .join(", ")
}

fn expected_parameters(known: &[String]) -> String {
    if known.is_empty() {
        return "its description names no parameters".to_owned();
    }
    format!("expected {}", known.join(", "))
}
