//! The nearest `.env`: read, never exported, never expanded.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::domain::Secret;

/// A `.env` larger than this is something else.
const MAX_BYTES: u64 = 1024 * 1024;

/// Stands for `$` while a line is parsed. dotenvy replaces `$NAME` by the variables of *this process*, so that a
/// `.env` somebody else wrote could collect any secret of the environment and send it to a URL of its own choice.
/// It is a Unicode noncharacter: no file and no credential holds it.
const DOLLAR: char = '\u{FDD0}';

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
    #[error("line {line} of `{0}`, which sets {name}, is malformed (is a quote missing?)", .path.display())]
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
    let values = parse(&text, wanted).map_err(|(line, name)| DotEnvError::Malformed {
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
fn is_trusted(facts: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let me = rustix::process::geteuid().as_raw();
    me == 0 || facts.uid() == me || facts.uid() == 0
}

#[cfg(not(unix))]
fn is_trusted(_facts: &Metadata) -> bool {
    true
}

/// Every line stands for itself, so that an apostrophe in one value cannot swallow the lines below it, and the lines
/// of other variables are not parsed at all.
fn parse(text: &[u8], wanted: &[&str]) -> Result<BTreeMap<String, Secret>, (usize, String)> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let mut values = BTreeMap::new();
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
        let Ok(line) = str::from_utf8(line) else {
            continue;
        };
        let Some(name) = wanted.iter().find(|name| **name == name_in(line)) else {
            continue;
        };
        let value = value_in(line).ok_or_else(|| (index + 1, (*name).to_owned()))?;
        values.insert((*name).to_owned(), value);
    }
    values.retain(|_, value| !value.is_empty());
    Ok(values)
}

fn name_in(line: &str) -> &str {
    let name = line.split('=').next().unwrap_or_default().trim();
    match name.strip_prefix("export") {
        Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start(),
        _ => name,
    }
}

/// dotenvy's errors hold the line, secret and all: they end here.
fn value_in(line: &str) -> Option<Secret> {
    let line = Zeroizing::new(without_dollars(line) + "\n");
    let (_, value) = dotenvy::from_read_iter(line.as_bytes()).next()?.ok()?;
    let value = Zeroizing::new(value);
    Some(Secret::new(value.replace(DOLLAR, "$")))
}

/// `line` with each `$` replaced, and with it the backslash that escapes it outside single quotes.
fn without_dollars(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let (mut single, mut double, mut escaped) = (false, false, false);
    for c in line.chars() {
        match c {
            '$' if escaped => {
                out.pop();
                out.push(DOLLAR);
            }
            '$' => out.push(DOLLAR),
            _ => out.push(c),
        }
        let plain = !escaped;
        escaped = c == '\\' && plain && !single;
        single ^= c == '\'' && plain && !double;
        double ^= c == '"' && plain && !single;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<String> {
        let values = parse(text.as_bytes(), &["KEY"]).unwrap();
        values.get("KEY").map(|secret| secret.expose().to_owned())
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
    fn values_are_read_as_every_dotenv_reader_reads_them() {
        for (text, expected) in [
            ("KEY=abc", "abc"),
            ("KEY=abc \r\n", "abc"),
            ("  export KEY = 'a b' # why", "a b"),
            ("KEY=\"a\\\"b\"", "a\"b"),
            ("KEY=a#b", "a#b"),
            ("\u{feff}KEY=abc", "abc"),
            ("KEY=old\nKEY=new", "new"),
        ] {
            assert_eq!(value(text).as_deref(), Some(expected), "{text:?}");
        }
        for absent in [
            "",
            "KEY=",
            "KEY=\"\"",
            "#KEY=abc",
            "KEY_2=abc",
            "exportKEY=abc",
        ] {
            assert_eq!(value(absent), None, "{absent:?}");
        }
    }

    #[test]
    fn nothing_of_the_process_environment_gets_in() {
        assert!(crate::host::Environment::capture().get("PATH").is_some());
        for text in [
            "$PATH",
            "${PATH}",
            "\"$PATH\"",
            "\"${PATH}\"",
            "x$PATH",
            "'$PATH'",
            "\\\\$PATH",
            "$$PATH",
            "\\'$PATH",
            "\"\\\\$PATH\"",
            "a'b'$PATH",
        ] {
            let read = value(&format!("KEY={text}")).unwrap();
            assert!(
                read.contains("PATH") && !read.contains('/'),
                "{text}: {read}"
            );
            assert!(read.contains('$'), "{text}: {read}");
        }
    }

    #[test]
    fn a_dollar_in_a_value_survives() {
        for (text, expected) in [
            ("a$b", "a$b"),
            ("\"a$b$\"", "a$b$"),
            ("a\\$b", "a$b"),
            ("\"a\\$b\"", "a$b"),
            ("'a\\$b'", "a\\$b"),
        ] {
            assert_eq!(
                value(&format!("KEY={text}")).as_deref(),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn a_malformed_line_elsewhere_hides_nothing() {
        let text = b"NOTE=don't\n=\n\xff\xfe\nOTHER=\"\nKEY=abc\nLAST='";
        assert_eq!(parse(text, &["KEY"]).unwrap()["KEY"].expose(), "abc");
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
