//! Errors of the targets that a new key is written to.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::ActionError;
use crate::domain::{format_duration, sanitize_line};
use crate::files::quote_path;

/// A failed command, by the text that the user wrote.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    #[error("cannot start command `{}`", sanitize_line(command))]
    NotStarted { command: String, source: io::Error },
    /// It is remembered with the command.
    #[error(
        "cannot start command `{}`: its directory {} does not exist",
        sanitize_line(command),
        quote_path(directory)
    )]
    NoDirectory { command: String, directory: PathBuf },
    #[error(
        "command `{}` failed with exit status {status}",
        sanitize_line(command)
    )]
    Failed { command: String, status: i32 },
    #[error("command `{}` was ended by signal {signal}", sanitize_line(command))]
    Killed { command: String, signal: i32 },
    #[error("command `{}` was killed after {}", sanitize_line(command), format_duration(*limit))]
    TimedOut { command: String, limit: Duration },
}

#[derive(Debug)]
pub struct TargetOutcome {
    /// For users.
    pub target: String,
    pub error: Option<Box<ActionError>>,
}

impl TargetOutcome {
    pub fn is_written(&self) -> bool {
        self.error.is_none()
    }

    /// Returns the outcomes in one line.
    pub(super) fn list(outcomes: &[Self]) -> String {
        let shown = outcomes.iter().map(|outcome| match &outcome.error {
            None => format!("{}: written", outcome.target),
            Some(error) => {
                let line = error_line(error);
                // The error of a command names it.
                if line.contains(&outcome.target) {
                    line
                } else {
                    format!("{}: {line}", outcome.target)
                }
            }
        });
        shown.collect::<Vec<_>>().join("; ")
    }
}

/// Returns an error and its causes in one line.
pub fn error_line(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !line.contains(&text) {
            line = format!("{line}: {text}");
        }
        next = cause.source();
    }
    line
}
