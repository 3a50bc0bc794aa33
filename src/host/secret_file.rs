//! Reads a secret from a file, as containers, service managers and shells provide secrets: a file that a variable names,
//! or one in a directory in which secrets are mounted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::Environment;
use crate::domain::{Secret, decode_text};
use crate::files::{self, Directory, FileError, Requirements, TrustedFile, quote_path};

/// Kubernetes mounts links to files, Docker mounts files that everybody can read, secret managers mount pipes, and shells
/// pass descriptors.
const REQUIREMENTS: Requirements = Requirements::unchangeable_by_others(64 * 1024).or_descriptor();

/// As [`REQUIREMENTS`], and no other user may read it.
const PRIVATE: Requirements = Requirements::private(64 * 1024)
    .or_own_link()
    .or_descriptor();

/// Set by systemd for a service with `LoadCredential`.
const CREDENTIALS_DIRECTORY: &str = "CREDENTIALS_DIRECTORY";
/// Docker, Podman and many Kubernetes manifests mount secrets here.
const RUN_SECRETS: &str = "/run/secrets";

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

/// The content of a file, or why it cannot be used.
pub type SecretFileResult = Arc<Result<Secret, SecretFileError>>;

/// A secret in a directory in which secrets are mounted.
#[derive(Debug)]
pub struct MountedSecret {
    pub path: PathBuf,
    pub value: SecretFileResult,
}

/// Reads secret files. Reads a pipe only once, because it has its content only once.
#[derive(Debug)]
pub struct SecretFiles {
    run_secrets: MountDirectory,
    pipes: Mutex<BTreeMap<PathBuf, SecretFileResult>>,
}

impl Default for SecretFiles {
    fn default() -> Self {
        Self::with_run_secrets(RUN_SECRETS.into())
    }
}

impl SecretFiles {
    /// Looks in another directory than `/run/secrets`.
    pub fn with_run_secrets(directory: PathBuf) -> Self {
        Self {
            run_secrets: MountDirectory { path: directory },
            pipes: Mutex::default(),
        }
    }

    /// Reads the whole file as one secret, without the white space around it.
    pub fn read(&self, path: &Path) -> SecretFileResult {
        self.read_as(path, &REQUIREMENTS)
    }

    /// As [`SecretFiles::read`], for a file that only its owner may read.
    pub fn read_private(&self, path: &Path) -> SecretFileResult {
        self.read_as(path, &PRIVATE)
    }

    fn read_as(&self, path: &Path, requirements: &Requirements) -> SecretFileResult {
        if path.is_relative() {
            return Arc::new(Err(SecretFileError::Relative));
        }
        let missing = || SecretFileError::Missing {
            path: path.to_owned(),
        };
        self.read_once(path, || {
            files::open(path, requirements)?.ok_or_else(missing)
        })
    }

    fn read_once(
        &self,
        path: &Path,
        open: impl FnOnce() -> Result<TrustedFile, SecretFileError>,
    ) -> SecretFileResult {
        let mut pipes = self.pipes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(read) = pipes.get(path) {
            return Arc::clone(read);
        }
        let file = match open() {
            Ok(file) => file,
            Err(error) => return Arc::new(Err(error)),
        };
        let is_pipe = file.is_pipe();
        let read = Arc::new(read_secret(path, file));
        if is_pipe {
            pipes.insert(path.to_owned(), Arc::clone(&read));
        }
        read
    }

    /// Returns the secret for `variable` in `directory`: in the file with the variable's name, or with this name in lower
    /// case. Returns `None` if neither exists, or if this user may not search the directory.
    pub fn find_in(&self, directory: &MountDirectory, variable: &str) -> Option<MountedSecret> {
        let path = &directory.path;
        if path.is_relative() {
            let path = path.clone();
            let value = Arc::new(Err(SecretFileError::Relative));
            return Some(MountedSecret { path, value });
        }
        let opened = match Directory::open_for_search(path) {
            Ok(opened) => opened?,
            Err(error) if error.is_foreign() => {
                let value = Arc::new(Err(error.into()));
                let path = path.clone();
                return Some(MountedSecret { path, value });
            }
            Err(_) => return None,
        };
        let names = secret_names(variable).into_iter();
        let mut names = names.filter(|name| opened.owner_of(name).is_some());
        let name = names.next()?;
        let path = path.join(&name);
        let value = self.read_once(&path, || open_mounted(&opened, &name, &path));
        Some(MountedSecret { path, value })
    }

    /// Returns the directory in which container runtimes mount secrets.
    pub fn run_secrets(&self) -> &MountDirectory {
        &self.run_secrets
    }

    /// Returns `true` if the environment or a file has a value for `variable`, usable or not.
    pub fn has_key(&self, environment: &Environment, variable: &str) -> bool {
        environment.has_secret(variable) || self.has_mounted_file(environment, variable)
    }

    fn has_mounted_file(&self, environment: &Environment, variable: &str) -> bool {
        let of_service = MountDirectory::of_service(environment);
        let mut directories = of_service.iter().chain([&self.run_secrets]);
        directories.any(|directory| {
            let names = secret_names(variable);
            let mut paths = names.iter().map(|name| directory.path.join(name));
            paths.any(|path| std::fs::symlink_metadata(path).is_ok())
        })
    }
}

/// A directory in which secrets are mounted. It need not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MountDirectory {
    pub path: PathBuf,
}

impl MountDirectory {
    /// Returns the directory with the credentials of a systemd service.
    pub fn of_service(environment: &Environment) -> Option<Self> {
        let path = environment.path(CREDENTIALS_DIRECTORY)?;
        Some(Self { path })
    }
}

/// Returns the names of the file: the variable's, and the same in lower case, as secrets are usually named.
fn secret_names(variable: &str) -> Vec<String> {
    // A path in place of a name would name a file elsewhere.
    let is_inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if variable.is_empty() || !variable.chars().all(is_inside) {
        return Vec::new();
    }
    vec![variable.to_owned(), variable.to_ascii_lowercase()]
}

/// Opens a file in a directory of mounted secrets. Where other users can create files, a file with several hard links is
/// rejected: another user may have linked a file of this user there.
fn open_mounted(
    directory: &Directory,
    name: &str,
    path: &Path,
) -> Result<TrustedFile, SecretFileError> {
    let path = || path.to_owned();
    let file = directory.open_file(name, &REQUIREMENTS)?;
    let file = file.ok_or_else(|| SecretFileError::Missing { path: path() })?;
    if file.hard_links() > 1 && directory.is_writable_by_others() {
        return Err(FileError::SharedHardLink { path: path() }.into());
    }
    Ok(file)
}

fn read_secret(path: &Path, file: TrustedFile) -> Result<Secret, SecretFileError> {
    let path = || path.to_owned();
    let bytes = decode_text(file.read()?);
    let text = str::from_utf8(&bytes).map_err(|_| FileError::NotText { path: path() })?;
    let secret = Secret::new(text);
    if secret.is_empty() {
        return Err(SecretFileError::Empty { path: path() });
    }
    Ok(secret)
}

#[cfg(test)]
mod tests;
