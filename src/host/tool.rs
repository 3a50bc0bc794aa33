//! Runs a tool that reads and changes its own configuration.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::Environment;

/// A tool in `PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// The name by which it is known.
    pub name: &'static str,
    path: PathBuf,
}

#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    #[error("it does not start")]
    Start(#[source] io::Error),
    #[error("it failed: {message}")]
    Failed {
        /// `None` if a signal ended it.
        code: Option<i32>,
        message: String,
    },
}

impl Tool {
    /// Returns the first program called `name` in an absolute directory of `PATH`. A relative one could be a repository's.
    pub fn find(environment: &Environment, name: &'static str) -> Option<Self> {
        let directories = environment.get("PATH")?;
        let directories = std::env::split_paths(directories).filter(|it| it.is_absolute());
        let path = directories
            .map(|directory| directory.join(name))
            .find(|program| program.is_file())?;
        Some(Self { name, path })
    }

    /// Returns what the tool prints. It runs outside of any repository, whose configuration could be hostile.
    ///
    /// # Errors
    /// [`ToolError`].
    pub fn run(&self, arguments: &[impl AsRef<str>]) -> Result<String, ToolError> {
        let arguments = arguments.iter().map(AsRef::as_ref);
        let output = Command::new(&self.path)
            .args(arguments)
            .current_dir(Path::new("/"))
            .stdin(Stdio::null())
            .output()
            .map_err(ToolError::Start)?;
        stdout_of(&output)
    }
}

fn stdout_of(output: &Output) -> Result<String, ToolError> {
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        return Err(ToolError::Failed {
            code: output.status.code(),
            message: crate::domain::sanitize_line(&message),
        });
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
