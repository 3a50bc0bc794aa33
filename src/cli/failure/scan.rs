//! Failures of searching for keys.

use std::io;

use super::{Code, Failure, env_files};
use crate::actions::ScanError;
use crate::domain::Hint;
use crate::files::FileError;
use crate::host::GitError;

impl From<ScanError> for Failure {
    fn from(error: ScanError) -> Self {
        let (code, hint) = (code(&error), hint(&error));
        Self::from_error(code, error).with_hints(hint)
    }
}

fn code(error: &ScanError) -> Code {
    match error {
        ScanError::Baseline(FileError::Io { source: error, .. })
            if error.kind() == io::ErrorKind::NotFound =>
        {
            Code::Usage
        }
        ScanError::Path(_)
        | ScanError::NotARepository { .. }
        | ScanError::Range(_)
        | ScanError::OneServer
        | ScanError::HooksOutside { .. }
        | ScanError::OtherHook { .. } => Code::Usage,
        ScanError::MalformedBaseline { .. } => Code::Config,
        ScanError::Baseline(error) => env_files::open_code(error),
        ScanError::WriteBaseline(error) => env_files::file_code(error),
        ScanError::Read(_) | ScanError::Hook(_) | ScanError::HookFile { .. } => Code::Storage,
        ScanError::Git(_)
        | ScanError::NoTokenId
        | ScanError::OtherIssuer
        | ScanError::SessionNotRevoked { .. }
        | ScanError::Rules(_) => Code::Failed,
    }
}

fn hint(error: &ScanError) -> Option<Hint> {
    Some(match error {
        ScanError::Git(GitError::NotInstalled) => Hint::from("install git"),
        ScanError::NotARepository { .. } => {
            Hint::from("run it inside a repository, or scan the files: ").command("token scan .")
        }
        ScanError::Range(_) => Hint::from("name commits that exist here, as git does: ")
            .command("token scan --history HEAD~10..HEAD"),
        ScanError::MalformedBaseline { .. } => {
            Hint::from("write it again: ").command("token scan --baseline FILE --update-baseline")
        }
        ScanError::Baseline(error) => return error.hint().map(Hint::from),
        ScanError::WriteBaseline(error) | ScanError::Hook(error) => {
            return error.hint().map(Hint::from);
        }
        ScanError::OtherHook { .. } => {
            Hint::from("add this line to it: ").command("token scan --staged")
        }
        ScanError::HooksOutside { .. } => {
            Hint::from("create it, or change the setting core.hooksPath of git")
        }
        ScanError::Path(error) if error.kind() == io::ErrorKind::InvalidInput => {
            Hint::from("write its content to ").command("token scan --stdin")
        }
        ScanError::OneServer => {
            Hint::from("set the variable of the service, or config set-api-url")
        }
        ScanError::Git(_)
        | ScanError::Read(_)
        | ScanError::Path(_)
        | ScanError::Rules(_)
        | ScanError::NoTokenId
        | ScanError::OtherIssuer
        | ScanError::SessionNotRevoked { .. }
        | ScanError::HookFile { .. } => return None,
    })
}
