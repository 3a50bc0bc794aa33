//! Reads the nearest `.env`. Does not export or expand its variables.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use zeroize::Zeroizing;

use super::SearchScope;
use crate::domain::{Secret, decode_text, env_text, is_utf32};
use crate::files::{FileError, Requirements, TrustedFile};

pub const ENV_FILE: &str = ".env";

/// Ignores directories, because a Python virtual environment is often called `.env`. Accepts pipes, because secret
/// managers mount one.
const REQUIREMENTS: Requirements = Requirements::unchangeable_by_others(1024 * 1024)
    .ignoring_directories()
    .or_pipe();

/// A `.env` of the user that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DotEnvError {
    /// Other users can write to the file, or it cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The error does not contain the text of the line, which may be a secret.
    #[error("line {line} of `{0}`, which sets {name}, is malformed; write {name}='VALUE' on a line of its own", .path.display())]
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

/// The content of a `.env` as UTF-8.
#[derive(Debug, Clone)]
struct Content {
    path: PathBuf,
    mode: u32,
    text: Zeroizing<Vec<u8>>,
}

/// Reads `.env` files, and a pipe only once: its writer may serve a single reader, and without a writer each attempt
/// waits for the time limit.
#[derive(Default)]
pub struct DotEnvReader {
    pipe: Mutex<Option<Pipe>>,
}

/// No program wrote within this many seconds.
#[derive(Clone, Copy)]
struct PipeTimeout(u64);

struct Pipe {
    path: PathBuf,
    content: Result<Content, PipeTimeout>,
}

impl DotEnvReader {
    /// Reads the `wanted` variables from the nearest `.env` in `scope`. Values are literal: `$` is not expanded. The last
    /// line that sets a variable takes precedence.
    ///
    /// # Errors
    /// [`DotEnvError`] if the file cannot be used.
    pub fn read_nearest(
        &self,
        scope: &SearchScope<'_>,
        wanted: &[&str],
    ) -> Result<Option<DotEnv>, DotEnvError> {
        let Some((path, file)) = scope.nearest(ENV_FILE, &REQUIREMENTS)? else {
            return Ok(None);
        };
        if !file.is_pipe() {
            return Content::read(path, file)?.find_values(wanted).map(Some);
        }
        let mut pipe = self.pipe.lock().unwrap_or_else(PoisonError::into_inner);
        let read = match pipe.take().filter(|read| read.path == path) {
            Some(read) => read,
            None => Pipe::read(path, file)?,
        };
        let read = pipe.insert(read);
        match &read.content {
            Ok(content) => content.find_values(wanted).map(Some),
            Err(PipeTimeout(seconds)) => Err(DotEnvError::File(FileError::PipeTimeout {
                path: read.path.clone(),
                seconds: *seconds,
            })),
        }
    }
}

impl Pipe {
    fn read(path: PathBuf, file: TrustedFile) -> Result<Self, DotEnvError> {
        let content = match Content::read(path.clone(), file) {
            Err(DotEnvError::File(FileError::PipeTimeout { seconds, .. })) => {
                Err(PipeTimeout(seconds))
            }
            read => Ok(read?),
        };
        Ok(Self { path, content })
    }
}

impl Content {
    fn read(path: PathBuf, file: TrustedFile) -> Result<Self, DotEnvError> {
        let mode = file.mode();
        let bytes = file.read()?;
        if is_utf32(&bytes) {
            return Err(FileError::NotText { path }.into());
        }
        let text = decode_text(bytes);
        Ok(Self { path, mode, text })
    }

    fn find_values(&self, wanted: &[&str]) -> Result<DotEnv, DotEnvError> {
        let values = env_text::find_values(&self.text, wanted);
        let values = values.map_err(|(line, name)| DotEnvError::Malformed {
            path: self.path.clone(),
            line,
            name,
        })?;
        Ok(DotEnv {
            path: self.path.clone(),
            mode: self.mode,
            values,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write as _;
    use std::path::Path;

    use rustix::fs::{CWD, FileType, Mode};

    use super::*;

    fn found(start: &Path, wanted: &[&str]) -> Result<Option<DotEnv>, DotEnvError> {
        DotEnvReader::default().read_nearest(&SearchScope::new(start, None), wanted)
    }

    fn directory<T: AsRef<[u8]>>(files: &[(&str, T)]) -> tempfile::TempDir {
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

    fn pipe() -> tempfile::TempDir {
        let directory = directory::<&str>(&[]);
        let path = directory.path().join(".env");
        let mode = Mode::RUSR | Mode::WUSR;
        rustix::fs::mknodat(CWD, &path, FileType::Fifo, mode, 0).unwrap();
        directory
    }

    #[test]
    fn pipe_without_a_writer_is_refused_without_blocking() {
        let directory = pipe();
        let error = found(directory.path(), &["KEY"]).unwrap_err();
        assert!(
            matches!(error, DotEnvError::File(FileError::PipeTimeout { path: named, .. }) if named == directory.path().join(".env"))
        );
    }

    #[test]
    fn pipe_is_read_once_for_any_number_of_variables() {
        let directory = pipe();
        let path = directory.path().join(".env");
        let writer = std::thread::spawn(move || {
            let mut pipe = fs::File::options().write(true).open(path).unwrap();
            pipe.write_all(b"KEY=a\n").unwrap();
            std::thread::sleep(std::time::Duration::from_millis(20));
            pipe.write_all(b"URL=b\n").unwrap();
        });
        let reader = DotEnvReader::default();
        for (name, expected) in [("KEY", "a"), ("URL", "b"), ("KEY", "a")] {
            let scope = SearchScope::new(directory.path(), None);
            let found = reader.read_nearest(&scope, &[name]).unwrap().unwrap();
            assert_eq!(found.get(name).unwrap().expose(), expected);
        }
        writer.join().unwrap();
    }

    #[test]
    fn utf_16_is_decoded_and_an_invalid_byte_elsewhere_is_ignored() {
        for text in [
            &b"\xff\xfeA\0=\x001\0\r\0\n\0K\0E\0Y\0=\0a\0\r\0\n\0"[..],
            b"\xfe\xff\0K\0E\0Y\0=\0a",
            b"\xef\xbb\xbfKEY=a\n",
            b"A=caf\xe9\nKEY=a\n# \xff\n",
        ] {
            let directory = directory(&[(".env", text)]);
            let found = found(directory.path(), &["KEY"]).unwrap().unwrap();
            assert_eq!(found.get("KEY").unwrap().expose(), "a", "{text:?}");
        }
        let directory = directory(&[(".env", b"A=1\nKEY=caf\xe9\n")]);
        let error = found(directory.path(), &["KEY"]).unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
    }

    #[test]
    fn utf_32_is_refused() {
        let units = |encode: fn(u32) -> [u8; 4], text: &str| -> Vec<u8> {
            text.chars().flat_map(|c| encode(c.into())).collect()
        };
        for encode in [u32::to_le_bytes, u32::to_be_bytes] {
            for text in ["KEY=a\n", "\u{feff}KEY=a\n"] {
                let directory = directory(&[(".env", units(encode, text))]);
                let error = found(directory.path(), &["KEY"]).unwrap_err();
                assert!(error.to_string().contains("not UTF-8"), "{error}");
            }
        }
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
