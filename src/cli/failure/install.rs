//! Failures of configuring other programs.

use super::{Code, Failure};
use crate::actions::InstallError;
use crate::domain::{CommandLine, Hint};

impl From<InstallError> for Failure {
    fn from(error: InstallError) -> Self {
        let (code, hint) = (code(&error), hint(&error));
        Self::from_error(code, error).with_hints(hint)
    }
}

fn code(error: &InstallError) -> Code {
    match error {
        InstallError::Taken { .. }
        | InstallError::OtherProfile { .. }
        | InstallError::HttpsOnly { .. }
        | InstallError::NotOwnLink { .. }
        | InstallError::NoRegistry { .. }
        | InstallError::NoServer { .. }
        | InstallError::Sandbox { .. }
        | InstallError::Space { .. } => Code::Usage,
        InstallError::Malformed { .. } => Code::Config,
        InstallError::Read(_)
        | InstallError::Write(_)
        | InstallError::Link { .. }
        | InstallError::NoHome => Code::Storage,
        InstallError::NotInstalled { .. }
        | InstallError::Start { .. }
        | InstallError::Failed { .. } => Code::Failed,
    }
}

fn hint(error: &InstallError) -> Option<Hint> {
    Some(match error {
        InstallError::Taken { wanted, .. } => {
            Hint::from(format!("remove that setting first, or write {wanted}"))
        }
        InstallError::OtherProfile {
            program,
            host,
            profile,
        } => {
            let uninstall = CommandLine::for_profile(profile, "helper uninstall");
            let uninstall = uninstall.argument(program).argument("--host");
            Hint::run(uninstall.argument(host)).text(" first")
        }
        InstallError::Malformed { .. } => Hint::from("correct the file with its own program"),
        InstallError::Read(error) => return error.hint().map(Hint::from),
        InstallError::Write(error) => return error.hint().map(Hint::from),
        InstallError::Link { source, .. } => match source.hint() {
            Some(hint) => Hint::from(hint),
            None => Hint::from("choose another directory with --dir"),
        },
        InstallError::NotOwnLink { .. } => {
            Hint::from("move it away, or choose another directory with --dir")
        }
        InstallError::NoRegistry { setting, .. } => Hint::from(format!(
            "add [registries.NAME] with the index first, name its server with --host, or write {setting}"
        )),
        InstallError::NoServer { .. } => Hint::from("set one with --api-url URL"),
        InstallError::Sandbox { .. } => {
            Hint::from("without --sandbox, set BRAINMAPS_SANDBOX=1 for that program")
        }
        InstallError::Space { .. } => Hint::from("start this program by a path without spaces"),
        InstallError::NotInstalled { program } | InstallError::Start { program, .. } => {
            Hint::from(format!("install {program}, or see the settings with "))
                .command(format!("helper install {program} --print").as_str())
        }
        InstallError::HttpsOnly { .. } | InstallError::Failed { .. } | InstallError::NoHome => {
            return None;
        }
    })
}
