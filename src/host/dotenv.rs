//! Reads the nearest `.env`. Does not export or expand its variables.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::SearchScope;
use crate::domain::{Secret, env_text};
use crate::files::{FileError, Requirements};

pub const ENV_FILE: &str = ".env";

/// Ignores directories, because a Python virtual environment is often called `.env`.
const REQUIREMENTS: Requirements =
    Requirements::unchangeable_by_others(1024 * 1024).ignoring_directories();

/// A `.env` of the user that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DotEnvError {
    /// Other users can write to the file, or it cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The error does not contain the text of the line, which may be a secret.
    #[error("line {line} of `{0}`, which sets {name}, is malformed; put the value in single quotes", .path.display())]
    Malformed {
        path: PathBuf,
        line: usize,
        name: String,
    },
}

/// The wanted variables of a `.env`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DotEnv {
    pub path: PathBuf,
    pub mode: u32,
    /// The values by name, without empty ones.
    pub values: BTreeMap<String, Secret>,
}

impl DotEnvError {
    /// Returns the command that fixes the file, if one command does.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::File(error) => error.hint(),
            Self::Malformed { .. } => None,
        }
    }
}

impl DotEnv {
    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.values.get(name)
    }
}

/// Reads the `wanted` variables from the nearest `.env` in `scope`. Values are literal: `$` is not expanded. The last
/// line that sets a variable takes precedence.
///
/// # Errors
/// [`DotEnvError`] if the file cannot be used.
pub fn read_nearest(
    scope: &SearchScope<'_>,
    wanted: &[&str],
) -> Result<Option<DotEnv>, DotEnvError> {
    let Some((path, file)) = scope.nearest(ENV_FILE, &REQUIREMENTS)? else {
        return Ok(None);
    };
    let mode = file.mode();
    let values = env_text::find_values(&file.read()?, wanted);
    let values = values.map_err(|(line, name)| DotEnvError::Malformed {
        path: path.clone(),
        line,
        name,
    })?;
    Ok(Some(DotEnv { path, mode, values }))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn found(start: &Path, wanted: &[&str]) -> Result<Option<DotEnv>, DotEnvError> {
        read_nearest(&SearchScope::new(start, None), wanted)
    }

    fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = directory.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            #[expect(
                clippy::disallowed_methods,
                reason = "the test plays the user's editor"
            )]
            fs::write(path, text).unwrap();
        }
        directory
    }

    #[test]
    fn error_of_a_malformed_line_contains_no_value() {
        let directory = directory(&[(".env", "A=1\nKEY=\"hunter2\n")]);
        let error = found(directory.path(), &["KEY"]).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("line 2") && shown.contains("KEY"), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn only_the_nearest_file_is_read() {
        let directory = directory(&[
            (".env", "KEY=far\nURL=far"),
            ("a/.env", "KEY=near"),
            ("a/b/c", ""),
        ]);
        let found = found(&directory.path().join("a/b"), &["KEY", "URL"])
            .unwrap()
            .unwrap();
        assert_eq!(found.path, directory.path().join("a/.env"));
        assert_eq!(found.get("KEY").unwrap().expose(), "near");
        assert_eq!(found.get("URL"), None);
    }

    #[test]
    fn directory_called_dot_env_is_skipped() {
        let directory = directory(&[(".env", "KEY=abc"), ("a/.env/bin/python", "")]);
        let found = found(&directory.path().join("a"), &["KEY"])
            .unwrap()
            .unwrap();
        assert_eq!(found.path, directory.path().join(".env"));
    }

    #[cfg(unix)]
    #[test]
    fn pipe_is_refused_without_blocking() {
        let directory = directory(&[]);
        let path = directory.path().join(".env");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        let error = found(directory.path(), &["KEY"]).unwrap_err();
        assert!(
            matches!(error, DotEnvError::File(FileError::NotAFile { path: named }) if named == path)
        );
    }

    #[test]
    fn file_above_the_size_limit_is_refused() {
        let huge = "#".repeat(1024 * 1024 + 1);
        let directory = directory(&[(".env", &huge)]);
        let outcome = found(directory.path(), &["KEY"]);
        assert!(matches!(
            outcome,
            Err(DotEnvError::File(FileError::TooLarge { .. }))
        ));
    }
}
