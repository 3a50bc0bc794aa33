//! Failures of this machine: storage, settings, descriptions, prompts, streams.

use super::{Code, Failure};
use crate::actions::{ConfigError, ImportError, RoutingError};
use crate::files::shell_word;
use crate::provider::{AccessViolation, ProviderError};
use crate::ui::OutputError;
use crate::ui::prompt::PromptError;
use crate::vault::VaultError;

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let code = if matches!(
            error,
            VaultError::Busy { .. } | VaultError::LockReplaced { .. }
        ) {
            Code::Busy
        } else {
            Code::Storage
        };
        let hint = error.hint();
        Self::from_error(code, error).with_hint(hint)
    }
}

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Self {
        let hint = match &error {
            ProviderError::Unknown { known, .. } => {
                Some(format!("known services: {}", known.join(", ")))
            }
            ProviderError::File(error) => error.hint(),
            ProviderError::Invalid { path, .. } => Some(format!(
                "run `brainmaps provider check {}`",
                shell_word(path)
            )),
            ProviderError::FileNameMismatch { .. } => None,
            ProviderError::AccessViolation {
                violation, allow, ..
            } => Some(violation_hint(violation, allow.as_deref())),
        };
        Self::from_error(Code::Config, error).with_hint(hint)
    }
}

fn violation_hint(violation: &AccessViolation, allow: Option<&str>) -> String {
    match violation {
        AccessViolation::Variable { prefix, .. } => format!(
            "name a variable that begins with {prefix}, or allow this one: `brainmaps config set {}`",
            allow.unwrap_or_default()
        ),
        AccessViolation::Reserved { prefix, .. } => {
            format!("name a variable of its own that begins with {prefix}")
        }
        AccessViolation::Origin { origin, id, .. } => format!(
            "if you trust that server, name it: `brainmaps --api-url {origin} profile add NAME --provider {id}`, or \
             `--api-url {origin}` with each command; else delete the file"
        ),
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        match error {
            ConfigError::Vault(error) => error.into(),
            ConfigError::UnknownKey { .. } | ConfigError::InvalidValue { .. } => {
                Self::from_error(Code::Usage, error)
            }
            ConfigError::File(ref file) => {
                let hint = file.hint();
                Self::from_error(Code::Config, error).with_hint(hint)
            }
            ConfigError::LinkTarget { ref source, .. } => {
                let hint = source.hint();
                Self::from_error(Code::Storage, error).with_hint(hint)
            }
            ConfigError::Invalid { .. } => Self::from_error(Code::Config, error),
            ConfigError::NotSerializable(_) => Self::from_error(Code::Storage, error),
        }
    }
}

impl From<RoutingError> for Failure {
    fn from(error: RoutingError) -> Self {
        let (code, hint) = match &error {
            RoutingError::NoSuchProfile { name, known, .. } => (
                Code::Config,
                format!(
                    "known profiles: {}; to create it, run `brainmaps profile add {name} --provider SERVICE`; to bind the \
                     directory to another, run `brainmaps project set-cloud --profile NAME`",
                    known.join(", ")
                ),
            ),
            RoutingError::Local { .. } => (
                Code::Unsupported,
                "name a profile with --profile, or bind the directory: `brainmaps project set-cloud`".to_owned(),
            ),
            RoutingError::File(error) => (
                Code::Config,
                error.hint().unwrap_or_else(|| {
                    "replace it: `brainmaps project set-cloud --profile NAME`, or `brainmaps project set-local`"
                        .to_owned()
                }) + "; --profile NAME works without it",
            ),
        };
        Self::from_error(code, error).with_hint(hint)
    }
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        let (code, hint) = match &error {
            ImportError::NotFound {
                searched: places, ..
            } => (Code::LoginRequired, Some(searched_paths(places))),
            ImportError::OutsideServiceDirectory { path, .. } => (
                Code::Usage,
                Some(format!(
                    "if it is the right file, name it: `brainmaps login --import {}`",
                    shell_word(path)
                )),
            ),
            ImportError::Sandbox { .. } => (
                Code::Unsupported,
                Some(
                    "leave out --sandbox, or sign in to the sandbox: `brainmaps --sandbox login`"
                        .to_owned(),
                ),
            ),
            ImportError::MissingOauthDescription { .. } => (
                Code::Config,
                Some("add client_id and token_endpoint to its [oauth]".to_owned()),
            ),
            ImportError::RelativePath { .. } => (Code::Config, None),
            ImportError::File(error) => (Code::Storage, error.hint()),
            ImportError::Malformed { .. } => (
                Code::Failed,
                Some("sign in with `brainmaps login`".to_owned()),
            ),
            ImportError::Expired { .. } => (
                Code::LoginExpired,
                Some("sign in with `brainmaps login`".to_owned()),
            ),
        };
        Self::from_error(code, error).with_hint(hint)
    }
}

fn searched_paths(paths: &[std::path::PathBuf]) -> String {
    let places: Vec<_> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    format!("searched: {}", places.join(", "))
}

impl From<PromptError> for Failure {
    fn from(error: PromptError) -> Self {
        match error {
            PromptError::Interrupted => Self::interrupted(),
            PromptError::Io(_) => Self::from_error(Code::Failed, error),
            PromptError::NoTerminal => Self::from_error(Code::Usage, error)
                .with_hint("pipe the secret in on stdin".to_owned()),
            PromptError::Ended | PromptError::Empty => Self::from_error(Code::Usage, error)
                .with_hint("type it at the prompt, or pipe it in on stdin".to_owned()),
            PromptError::TooLong | PromptError::SeveralLines | PromptError::NotText => {
                Self::from_error(Code::Usage, error)
            }
        }
    }
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Self {
        let hint = match error {
            OutputError::TooLong { .. } => Some(
                "list it in parts, with `--limit N --offset N`, or leave out `--json`".to_owned(),
            ),
            OutputError::Closed | OutputError::Failed(_) => None,
        };
        Self::from_error(Code::Failed, error).with_hint(hint)
    }
}
