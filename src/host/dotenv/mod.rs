//! The nearest `.env`: read, never exported, never expanded.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::domain::{Secret, env_text};

/// A `.env` larger than this is something else.
const MAX_BYTES: u64 = 1024 * 1024;

/// A `.env` that is there and cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DotEnvError {
    /// A pipe, device or socket.
    #[error("`{0}` is not a regular file", .path.display())]
    NotAFile {
        /// The file.
        path: PathBuf,
    },
    /// Written by another user, who could choose the key and the URL that this user's data goes to.
    #[error("`{0}` belongs to another user", .path.display())]
    ForeignOwner {
        /// The file.
        path: PathBuf,
    },
    /// More than 1 MiB.
    #[error("`{0}` is too large for a .env file", .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// Not allowed, or failing hardware.
    #[error("`{0}` could not be read", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The line of a wanted variable is malformed; its text is not shown.
    #[error("line {line} of `{0}`, which sets {name}, is malformed; put the value in single quotes", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The variable.
        name: String,
    },
}

/// The wanted variables of one `.env`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DotEnv {
    /// The file they stand in.
    pub path: PathBuf,
    /// The values by name; empty ones are left out.
    pub values: BTreeMap<String, Secret>,
}

impl DotEnv {
    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.values.get(name)
    }
}

/// Reads the `wanted` variables from the nearest `.env` in `start` or above. A directory of that name (a Python
/// virtual environment often is) is passed by. Values are literal: `$` means itself. The last line of a name counts.
///
/// # Errors
/// [`DotEnvError`] names the file. It is no reason to end the program: the caller says so and goes on without.
pub fn find(start: &Path, wanted: &[&str]) -> Result<Option<DotEnv>, DotEnvError> {
    let Some((path, facts)) = start.ancestors().find_map(candidate) else {
        return Ok(None);
    };
    let text = read(&path, &facts)?;
    let values =
        env_text::wanted(&text, wanted).map_err(|(line, name)| DotEnvError::Malformed {
            path: path.clone(),
            line,
            name,
        })?;
    Ok(Some(DotEnv { path, values }))
}

/// What stands in `directory` under the name; a directory that cannot be searched counts as empty.
fn candidate(directory: &Path) -> Option<(PathBuf, Metadata)> {
    let path = directory.join(".env");
    let facts = fs::metadata(&path).ok()?;
    (!facts.is_dir()).then_some((path, facts))
}

fn read(path: &Path, facts: &Metadata) -> Result<Zeroizing<Vec<u8>>, DotEnvError> {
    let path = path.to_owned();
    if !facts.is_file() {
        return Err(DotEnvError::NotAFile { path });
    }
    if !is_trusted(facts) {
        return Err(DotEnvError::ForeignOwner { path });
    }
    let mut text = Zeroizing::new(Vec::new());
    let outcome =
        File::open(&path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut text));
    match outcome {
        Err(source) => Err(DotEnvError::Unreadable { path, source }),
        Ok(length) if length as u64 > MAX_BYTES => Err(DotEnvError::TooLarge { path }),
        Ok(_) => Ok(text),
    }
}

/// Mine or the system's; to the superuser (containers) everybody's.
#[cfg(unix)]
pub(super) fn is_trusted(facts: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let me = rustix::process::geteuid().as_raw();
    me == 0 || facts.uid() == me || facts.uid() == 0
}

#[cfg(not(unix))]
pub(super) fn is_trusted(_facts: &Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_malformed_line_of_a_wanted_name_is_named_without_its_text() {
        let directory = directory(&[(".env", "A=1\nKEY=\"hunter2\n")]);
        let error = find(directory.path(), &["KEY"]).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("line 2") && shown.contains("KEY"), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn the_nearest_file_counts_and_nothing_above_it() {
        let directory = directory(&[
            (".env", "KEY=far\nURL=far"),
            ("a/.env", "KEY=near"),
            ("a/b/c", ""),
        ]);
        let found = find(&directory.path().join("a/b"), &["KEY", "URL"])
            .unwrap()
            .unwrap();
        assert_eq!(found.path, directory.path().join("a/.env"));
        assert_eq!(found.get("KEY").unwrap().expose(), "near");
        assert_eq!(found.get("URL"), None);
    }

    #[test]
    fn a_virtual_environment_called_dot_env_is_passed_by() {
        let directory = directory(&[(".env", "KEY=abc"), ("a/.env/bin/python", "")]);
        let found = find(&directory.path().join("a"), &["KEY"])
            .unwrap()
            .unwrap();
        assert_eq!(found.path, directory.path().join(".env"));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_refused_instead_of_waited_for() {
        let directory = directory(&[]);
        let path = directory.path().join(".env");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        let error = find(directory.path(), &["KEY"]).unwrap_err();
        assert!(matches!(error, DotEnvError::NotAFile { path: named } if named == path));
    }

    #[test]
    fn a_huge_file_is_refused() {
        let huge = "#".repeat(usize::try_from(MAX_BYTES).unwrap() + 1);
        let directory = directory(&[(".env", &huge)]);
        let outcome = find(directory.path(), &["KEY"]);
        assert!(matches!(outcome, Err(DotEnvError::TooLarge { .. })));
    }
}
