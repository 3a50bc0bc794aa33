//! Passes the credential to later steps and jobs of a CI job.

use std::io::{self, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

use crate::actions::token::destination::env_file::EnvVariable;
use crate::actions::{
    ActionError, CiError, CiVariableName, ProfileSession, ResolvedCredential, SecretTarget,
};
use crate::domain::{CiPlatform, Secret, env_text};
use crate::files::{self, FileError, Requirements, TrustedFile};
use crate::helper::ci_commands::github_file_block;
use crate::host::Environment;

/// The runner reads the whole file. A container of the job may run as root, and the file then belongs to another user.
const REQUIREMENTS: Requirements = Requirements::unchangeable_by_others(64 * 1024 * 1024)
    .without_links()
    .for_writing()
    .any_owner_for_root();

const DELIMITER_BYTES: usize = 16;

/// Fails unless this process runs in a job of `platform`.
///
/// # Errors
/// [`CiError::NotInJob`], which names `option`.
pub fn require_ci_job(
    environment: &Environment,
    platform: CiPlatform,
    option: &'static str,
) -> Result<(), ActionError> {
    if environment.is_enabled(platform.variable()) {
        return Ok(());
    }
    Err(CiError::NotInJob { option, platform }.into())
}

/// A file in which a runner of GitHub Actions reads what a step sets.
#[derive(Debug)]
pub struct RunnerFile {
    path: PathBuf,
    file: TrustedFile,
}

impl RunnerFile {
    /// Opens the file that `variable` names.
    ///
    /// # Errors
    /// [`CiError`] if there is none, or other users can change it.
    pub fn open(environment: &Environment, variable: &'static str) -> Result<Self, ActionError> {
        let path = environment.path(variable);
        let path = path.filter(|path| path.is_absolute());
        let path = path.ok_or(CiError::NoFile(variable))?;
        let file = files::open(&path, &REQUIREMENTS);
        let file = file.map_err(|source| CiError::File { variable, source })?;
        let file = file.ok_or(CiError::NoFile(variable))?;
        if file.hard_links() > 1 {
            let source = FileError::SharedHardLink { path };
            return Err(CiError::File { variable, source }.into());
        }
        Ok(Self { path, file })
    }

    /// Appends a block that sets `name`.
    ///
    /// # Errors
    /// [`CiError::Append`].
    pub fn set(&self, name: &CiVariableName, value: &Secret) -> Result<(), ActionError> {
        let appended = self.append(name.as_str(), value);
        appended.map_err(|source| {
            let path = self.path.clone();
            CiError::Append { path, source }.into()
        })
    }

    fn append(&self, name: &str, value: &Secret) -> io::Result<()> {
        let mut random = [0_u8; DELIMITER_BYTES];
        getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
        let delimiter = format!("brainmaps_{}", hex::encode(random));
        let block = github_file_block(name, value, &delimiter);
        let mut file = self.file.file();
        // Another process of the step may append at the same time.
        fcntl_setfl(file, fcntl_getfl(file)? | OFlags::APPEND)?;
        let ends_line = ends_with_line_end(file)?;
        let text = if ends_line { "" } else { "\n" }.to_owned() + block.expose();
        file.write_all(Secret::verbatim(text).expose().as_bytes())
    }
}

fn ends_with_line_end(file: &std::fs::File) -> io::Result<bool> {
    let Some(last) = file.metadata()?.len().checked_sub(1) else {
        return Ok(true);
    };
    let mut byte = [0];
    file.read_exact_at(&mut byte, last)?;
    Ok(byte == *b"\n")
}

impl ProfileSession<'_> {
    /// Writes the credential to an env file that a later job gets as a dotenv report of GitLab. A credential of another
    /// server than the service's own is written with its URL.
    ///
    /// # Errors
    /// [`CiError::NotPlain`], and if the file cannot be written or names another server.
    pub fn write_dotenv_report(
        self,
        path: &Path,
        variable: Option<&CiVariableName>,
        selected: &ResolvedCredential,
    ) -> Result<(), ActionError> {
        let secret = &selected.credential.secret;
        if !env_text::is_plain(secret.expose()) {
            return Err(CiError::NotPlain.into());
        }
        let target = SecretTarget {
            variable: variable.map(|name| name.as_str().to_owned()),
            ..SecretTarget::env_file(path).allow_replacing()
        };
        let target = EnvVariable::open(self, &target)?.for_key_at(self, &selected.base)?;
        target.set(self.context, secret)
    }
}
