//! Reads a secret from the file that a variable names, as containers and service managers provide secrets.

use std::path::{Path, PathBuf};

use crate::domain::{Secret, decode_text};
use crate::files::{self, FileError, Requirements, quote_path};

/// Kubernetes mounts links to files, Docker mounts files that everybody can read, and secret managers mount pipes.
const REQUIREMENTS: Requirements = Requirements::unchangeable_by_others(64 * 1024).or_pipe();

/// No variant contains the content.
#[derive(Debug, thiserror::Error)]
pub enum SecretFileError {
    /// A relative path would name another file in each directory.
    #[error("the path is relative; write an absolute path, or one that begins with ~/")]
    Relative,
    #[error("{} does not exist", quote_path(path))]
    Missing { path: PathBuf },
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{} is empty", quote_path(path))]
    Empty { path: PathBuf },
}

impl SecretFileError {
    /// Returns the command that fixes the file, if one command does.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::File(error) => error.hint(),
            Self::Relative | Self::Missing { .. } | Self::Empty { .. } => None,
        }
    }
}

/// Reads the whole file as one secret, without the white space around it.
///
/// # Errors
/// [`SecretFileError`] if the file cannot be used.
pub fn read_secret_file(path: &Path) -> Result<Secret, SecretFileError> {
    if path.is_relative() {
        return Err(SecretFileError::Relative);
    }
    let path = || path.to_owned();
    let file = files::open(&path(), &REQUIREMENTS)?;
    let file = file.ok_or_else(|| SecretFileError::Missing { path: path() })?;
    let bytes = decode_text(file.read()?);
    let text = str::from_utf8(&bytes).map_err(|_| FileError::NotText { path: path() })?;
    let secret = Secret::new(text);
    if secret.is_empty() {
        return Err(SecretFileError::Empty { path: path() });
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn write(path: &Path, content: &[u8], mode: u32) {
        #[expect(
            clippy::disallowed_methods,
            reason = "the test plays a container runtime"
        )]
        fs::write(path, content).unwrap();
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    fn read(path: &Path) -> Result<String, String> {
        let secret = read_secret_file(path).map_err(|error| error.to_string())?;
        Ok(secret.expose().to_owned())
    }

    #[test]
    fn files_of_container_runtimes_are_read_without_the_line_end() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("key");
        for (content, mode) in [
            (&b"abc"[..], 0o444),
            (b"abc\n", 0o400),
            (b"abc\r\n", 0o440),
            (b"\xef\xbb\xbfabc\n", 0o644),
            (b"\xff\xfea\0b\0c\0\r\0\n\0", 0o600),
        ] {
            let _ = fs::remove_file(&path);
            write(&path, content, mode);
            assert_eq!(read(&path).as_deref(), Ok("abc"), "{content:?}");
        }
        // Kubernetes: key -> ..data/key, ..data -> ..2026_11_29
        let mounted = home.path().join("mounted");
        fs::create_dir_all(mounted.join("..2026_11_29")).unwrap();
        write(&mounted.join("..2026_11_29/key"), b"abc", 0o444);
        symlink("..2026_11_29", mounted.join("..data")).unwrap();
        symlink("..data/key", mounted.join("key")).unwrap();
        assert_eq!(read(&mounted.join("key")).as_deref(), Ok("abc"));
    }

    #[test]
    fn unusable_file_is_an_error_without_its_content() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("key");
        let large = vec![b'x'; 65 * 1024];
        for (content, mode, says) in [
            (&b""[..], 0o600, "is empty"),
            (b" \n", 0o600, "is empty"),
            (b"hunter2", 0o666, "writable by other users"),
            (b"hunter2\xff", 0o600, "is not UTF-8 text"),
            (&large, 0o600, "larger than 65536 bytes"),
        ] {
            write(&path, content, mode);
            let error = read(&path).unwrap_err();
            assert!(
                error.contains(says) && !error.contains("hunter2"),
                "{error}"
            );
        }
        assert!(
            read(&home.path().join("none"))
                .unwrap_err()
                .contains("does not exist")
        );
        assert!(read(home.path()).unwrap_err().contains("is a directory"));
        assert!(read(Path::new("key")).unwrap_err().contains("relative"));
    }
}
