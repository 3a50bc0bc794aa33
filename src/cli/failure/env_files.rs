//! Failures of env files.

use super::Code;
use crate::actions::{ActionError, RotationError, TargetError};
use crate::domain::Hint;
use crate::files::FileError;
use crate::vault::{ConfigFileError, EnvFileError};

pub(super) fn code(error: &ActionError) -> Code {
    match error {
        ActionError::EnvFile(error)
        | ActionError::ProjectFile(error)
        | ActionError::ConfigFile(ConfigFileError::File(error)) => file_code(error),
        ActionError::ConfigFile(_) => Code::Config,
        ActionError::Target(_) => Code::Failed,
        ActionError::NoVariable { .. } | ActionError::NoUrlVariable { .. } => Code::Unsupported,
        _ => Code::Usage,
    }
}

/// Returns the code of a file that the user named to be written.
pub(super) fn file_code(error: &EnvFileError) -> Code {
    match error {
        EnvFileError::Busy { .. } => Code::Busy,
        EnvFileError::NoName { .. } | EnvFileError::Dash => Code::Usage,
        _ if error.is_text_error() => Code::Config,
        EnvFileError::File(error) => open_code(error),
        _ => Code::Storage,
    }
}

/// The user must name or prepare another file, or the system does not read or write this one.
pub(super) fn open_code(error: &FileError) -> Code {
    match error {
        FileError::Io { .. } => Code::Storage,
        _ => Code::Config,
    }
}

pub(super) fn hint(error: &ActionError) -> Option<Hint> {
    let hint = match error {
        ActionError::EnvFile(error) | ActionError::ProjectFile(error) => {
            return error.hint().map(Hint::from);
        }
        ActionError::ConfigFile(error) => return error.hint().map(Hint::from),
        ActionError::Target(TargetError::NoDirectory { .. }) => {
            "create it, or name the targets again: --env-file FILE, --config FILE --key PATH, --to COMMAND"
        }
        ActionError::UrlMismatch { .. } => {
            "name another file, or create the key at the URL in that file: --api-url URL"
        }
        ActionError::KeyExists { is_config, .. } => {
            let target = if *is_config {
                "--config FILE --key PATH"
            } else {
                "--env-file FILE"
            };
            return Some(
                Hint::from("add --force to replace it, or run ")
                    .command(format!("token rotate ID {target}"))
                    .text(" to replace it and revoke the old key"),
            );
        }
        ActionError::NoUrlVariable { .. } => {
            "leave out --env-file to print the secret once; a provider file names the variable as `api_url` below \
             [environment]"
        }
        ActionError::NoVariable { .. } => "leave out --env-file to print the secret once",
        _ => return None,
    };
    Some(Hint::from(hint))
}

/// Returns what to do after a rotation was refused because of what is in the env file.
pub(super) fn rotation_hint(error: &RotationError) -> Hint {
    let hint = match error {
        RotationError::FileNotFound { .. } | RotationError::NoKeyInFile { .. } => {
            "name the file that holds the token's key, or add --force to write the new key to this one"
        }
        RotationError::ValueMismatch { .. } => {
            "nothing was changed; to replace the value, add --force"
        }
        RotationError::CannotCompare { .. } | RotationError::SeveralPossible { .. } => {
            "nothing was changed; if it is that token's key, add --force"
        }
        _ => {
            "name the file that holds the token's key, or remove the other key's line from it, then use --force"
        }
    };
    Hint::from(hint)
}
