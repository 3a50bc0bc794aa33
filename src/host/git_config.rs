//! Reads and changes the user's git configuration.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::Environment;
use super::git::find_git;

#[derive(Debug, thiserror::Error)]
pub enum GitError {
    #[error("git is not installed")]
    NotFound,
    #[error("git does not start")]
    Start(#[source] io::Error),
    #[error("git failed: {0}")]
    Failed(String),
}

/// The global configuration.
#[derive(Debug)]
pub struct GitConfig {
    program: PathBuf,
}

impl GitConfig {
    /// # Errors
    /// [`GitError::NotFound`].
    pub fn find(environment: &Environment) -> Result<Self, GitError> {
        let program = find_git(environment).ok_or(GitError::NotFound)?;
        Ok(Self { program })
    }

    /// Returns the values of `key` in order.
    ///
    /// # Errors
    /// [`GitError`].
    pub fn values(&self, key: &str) -> Result<Vec<String>, GitError> {
        let output = self.start(&["--null", "--get-all", key])?;
        // 1: the key has no value.
        if output.status.code() == Some(1) {
            return Ok(Vec::new());
        }
        let text = stdout_of(&output)?;
        let values = text.strip_suffix('\0').unwrap_or(&text).split('\0');
        Ok(values.map(str::to_owned).collect())
    }

    /// Adds a value behind the others.
    ///
    /// # Errors
    /// [`GitError`].
    pub fn add(&self, key: &str, value: &str) -> Result<(), GitError> {
        stdout_of(&self.start(&["--add", key, value])?).map(drop)
    }

    /// Removes all values of `key`.
    ///
    /// # Errors
    /// [`GitError`].
    pub fn remove(&self, key: &str) -> Result<(), GitError> {
        stdout_of(&self.start(&["--unset-all", key])?).map(drop)
    }

    /// Runs git outside of any repository, whose configuration could be hostile.
    fn start(&self, arguments: &[&str]) -> Result<Output, GitError> {
        let mut command = Command::new(&self.program);
        command
            .args(["config", "--global"])
            .args(arguments)
            .current_dir(Path::new("/"))
            .stdin(Stdio::null());
        command.output().map_err(GitError::Start)
    }
}

fn stdout_of(output: &Output) -> Result<String, GitError> {
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        return Err(GitError::Failed(crate::domain::sanitize_line(&message)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
