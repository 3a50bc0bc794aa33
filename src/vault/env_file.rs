//! A key in an env file of the user's (`.env`): one line changes, the others stay, and the file becomes 0600.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{VaultError, atomic, permissions};
use crate::domain::Secret;

/// An env file that can be written.
#[derive(Debug)]
pub struct EnvFile {
    directory: PathBuf,
    name: String,
}

impl EnvFile {
    /// The file at `path`, which need not be there yet. Shows that it can be written, so that no key is made in vain.
    ///
    /// # Errors
    /// When it is a link or no regular file, or its directory cannot be written.
    pub fn open(path: &Path) -> Result<Self, VaultError> {
        let absolute = std::path::absolute(path).map_err(VaultError::io("use", path))?;
        let name = absolute.file_name().and_then(|name| name.to_str());
        let (Some(name), Some(directory)) = (name, absolute.parent()) else {
            return Err(VaultError::NotAFile { path: absolute });
        };
        let file = Self {
            directory: directory.to_owned(),
            name: name.to_owned(),
        };
        // A temporary file would be made with all the directories above it, a mistyped one included.
        fs::metadata(&file.directory).map_err(VaultError::io("use", &file.directory))?;
        let text = file.read()?;
        atomic::rehearse(&file.directory, &file.name, text.len() + 1024)?;
        Ok(file)
    }

    /// Puts `variable=secret` into it.
    ///
    /// # Errors
    /// When it cannot be read or written; it is then as it was.
    pub fn set(&self, variable: &str, secret: &Secret) -> Result<(), VaultError> {
        self.set_all(&[(variable, secret)])
    }

    /// Sets several variables in one write, so that no reader finds one without the others.
    ///
    /// # Errors
    /// As [`EnvFile::set`].
    pub fn set_all(&self, variables: &[(&str, &Secret)]) -> Result<(), VaultError> {
        let mut text = Secret::verbatim(self.read()?);
        for (variable, value) in variables {
            text = with_line(text.expose(), variable, value);
        }
        atomic::write(&self.directory, &self.name, text.expose().as_bytes())
    }

    /// What `variable` is set to.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn get(&self, variable: &str) -> Result<Option<Secret>, VaultError> {
        let text = self.read()?;
        // The last line of a name counts, as for everybody who reads such files.
        let line = text.lines().rfind(|line| sets(line, variable));
        let value = line.and_then(|line| line.split_once('='));
        Ok(value.map(|(_, value)| unquoted(value)))
    }

    fn read(&self) -> Result<String, VaultError> {
        let path = self.directory.join(&self.name);
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_symlink() => return Err(VaultError::Symlink { path }),
            Ok(found) if !found.is_file() => return Err(VaultError::NotAFile { path }),
            Ok(_) => {}
            Err(absent) if absent.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
            Err(error) => return Err(VaultError::io("read", &path)(error)),
        }
        fs::read_to_string(&path).map_err(VaultError::io("read", &path))
    }
}

/// The first line that sets `variable` is replaced, further ones go, else a line is added.
fn with_line(text: &str, variable: &str, secret: &Secret) -> Secret {
    let new = format!("{variable}={}", quoted(secret.expose()));
    let exported = format!("export {new}");
    let mut lines: Vec<&str> = Vec::new();
    let mut done = false;
    for line in text.lines() {
        if !sets(line, variable) {
            lines.push(line);
        } else if !done {
            lines.push(if is_exported(line) { &exported } else { &new });
            done = true;
        }
    }
    if !done {
        lines.push(&new);
    }
    Secret::verbatim(lines.join("\n") + "\n")
}

fn sets(line: &str, variable: &str) -> bool {
    let name = name_in(line);
    name.is_some_and(|name| exported(name).unwrap_or(name) == variable)
}

fn is_exported(line: &str) -> bool {
    name_in(line).and_then(exported).is_some()
}

/// What stands before the `=`, without the mark that some editors put before the first line.
fn name_in(line: &str) -> Option<&str> {
    let (name, _) = line.split_once('=')?;
    Some(name.trim_start_matches('\u{feff}').trim())
}

/// The name behind `export`.
fn exported(name: &str) -> Option<&str> {
    let rest = name.strip_prefix("export")?;
    rest.starts_with([' ', '\t']).then(|| rest.trim_start())
}

/// The value as a shell has it: pieces in single quotes, in double quotes and in none, up to the white space after them.
fn unquoted(value: &str) -> Secret {
    let mut text = String::with_capacity(value.len());
    let (mut quote, mut escaped) = (None, false);
    for c in value.trim().chars() {
        match quote {
            _ if escaped => {
                text.push(c);
                escaped = false;
            }
            Some('\'') if c != '\'' => text.push(c),
            _ if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            None if matches!(c, '\'' | '"') => quote = Some(c),
            None if c.is_whitespace() => break,
            _ => text.push(c),
        }
    }
    Secret::new(text)
}

/// A shell may read the file, too: a quote inside a value must not end it. A backslash stands outside the quotes as well:
/// dotenvy finds the end of a line as if `\'` in single quotes were no end of them, against what it then reads.
fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.:/+=~@%".contains(c);
    if value.chars().all(plain) {
        return value.to_owned();
    }
    let mut text = String::with_capacity(4 * value.len() + 2);
    text.push('\'');
    for c in value.chars() {
        match c {
            '\'' => text.push_str(r"'\''"),
            '\\' => text.push_str(r"'\\'"),
            other => text.push(other),
        }
    }
    text.push('\'');
    text
}

/// Writes the user's settings, which hold no secret, as carefully as credentials.
///
/// # Errors
/// When they cannot be written; those of before are then still there.
pub fn write_settings(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let (Some(directory), Some(name)) = (
        path.parent(),
        path.file_name().and_then(|name| name.to_str()),
    ) else {
        return Err(VaultError::NotAFile {
            path: path.to_owned(),
        });
    };
    permissions::private_directory(directory)?;
    atomic::write(directory, name, bytes)
}

/// Writes a file that holds no secret into a directory of the user's, whose mode is the user's business.
///
/// # Errors
/// When a link or no regular file stands there, or it cannot be written; what was there before still is.
pub fn write_project_file(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let file = EnvFile::open(path)?;
    atomic::write(&file.directory, &file.name, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn one_line_changes_the_others_stay_and_the_file_becomes_private() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(".env");
        atomic::write(
            home.path(),
            ".env",
            b"# mine\nexport KEY=old\nOTHER=1\nKEY=older",
        )
        .unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        EnvFile::open(&path)
            .unwrap()
            .set("KEY", &Secret::new("new"))
            .unwrap();
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            "# mine\nexport KEY=new\nOTHER=1\n"
        );
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    #[test]
    fn every_spelling_of_a_line_is_found_and_a_key_with_quotes_comes_out_as_it_went_in() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(".env");
        for (before, holds) in [
            ("\u{feff}KEY='a b'", "a b"),
            ("export\tKEY = abc # why", "abc"),
            ("KEY=1\nKEY=\"a\\\"b\"", "a\"b"),
            ("KEY='a'\\''b'", "a'b"),
        ] {
            atomic::write(home.path(), ".env", before.as_bytes()).unwrap();
            let file = EnvFile::open(&path).unwrap();
            assert_eq!(
                file.get("KEY").unwrap(),
                Some(Secret::new(holds)),
                "{before}"
            );
            for hard in [r#"a'b\c"$d#"#, r"ab\", r"\'", r"'\'\"] {
                file.set("KEY", &Secret::new(hard)).unwrap();
                let after = fs::read_to_string(&path).unwrap();
                assert_eq!(after.matches("KEY").count(), 1, "{after}");
                assert_eq!(file.get("KEY").unwrap().unwrap().expose(), hard);
            }
        }
    }

    #[test]
    fn a_link_and_a_missing_directory_are_refused_before_a_key_is_made() {
        let home = tempfile::tempdir().unwrap();
        let link = home.path().join("link");
        std::os::unix::fs::symlink("elsewhere", &link).unwrap();
        assert!(matches!(
            EnvFile::open(&link),
            Err(VaultError::Symlink { .. })
        ));
        assert!(EnvFile::open(&home.path().join("gone/.env")).is_err());
    }
}
