//! Sets keys in the user's env files (`.env`). A change holds a lock from reading to renaming, writes a complete new
//! file with the same owner, group and mode, and keeps every byte except the value.

mod error;
mod layout;
mod lock;
mod replace;
mod temp_file;
#[cfg(test)]
mod tests;
mod text;

use std::fs::File;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::process::geteuid;
use zeroize::Zeroizing;

pub use self::error::{EnvFileError, EnvTextError};
pub use self::layout::Layout;
use self::lock::DirectoryLock;
use self::replace::{Existing, Replacement};
use self::text::EnvText;
use crate::domain::Secret;
use crate::files::{
    Directory, FileError, Obstacle, Owner, Requirements, absolute_path, find_obstacle,
};

/// Readers of `.env` have the same limit.
const MAX_BYTES: u64 = 1024 * 1024;

/// The file is replaced, which would break a symbolic link. Root may specify a file of any user.
const REQUIREMENTS: Requirements = Requirements::unchangeable_by_others(MAX_BYTES)
    .without_links()
    .any_owner_for_root();

/// Enough for a key and its URL.
const PREFLIGHT_GROWTH: usize = 8 * 1024;

#[derive(Debug)]
pub struct EnvFile {
    directory: Directory,
    name: String,
    path: PathBuf,
    found: Option<(Owner, u32)>,
}

/// What the file contains. A file that does not exist has an empty text.
struct Content {
    existing: Option<Existing>,
    text: EnvText,
}

/// The value that a variable must still have for a change to be written.
#[derive(Debug, Clone, Copy)]
pub struct ExpectedValue<'a> {
    pub variable: &'a str,
    pub value: Option<&'a Secret>,
}

impl EnvFile {
    /// Opens the file at `path`, which need not exist. Checks that it can be written before a key is created, and
    /// removes temporary files of killed writers.
    ///
    /// # Errors
    /// [`EnvFileError`] if the file must not or cannot be replaced.
    pub fn open(path: &Path) -> Result<Self, EnvFileError> {
        let no_name = || EnvFileError::NoName {
            path: path.to_owned(),
        };
        if path == Path::new("-") {
            return Err(EnvFileError::Dash);
        }
        let absolute = absolute_path(path);
        let name = absolute.file_name().and_then(|name| name.to_str());
        let (name, parent) = name.zip(absolute.parent()).ok_or_else(no_name)?;
        let directory = Directory::open(parent)?;
        let directory = directory.ok_or_else(|| EnvFileError::NoDirectory {
            path: parent.to_owned(),
        })?;
        let mut file = Self {
            directory,
            name: name.to_owned(),
            path: absolute.clone(),
            found: None,
        };
        file.found = file.preflight_write()?;
        Ok(file)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the owner and the permission bits at the time of opening; `None` if the file did not exist.
    pub fn owner_and_mode(&self) -> Option<(Owner, u32)> {
        self.found
    }

    /// Returns the value of `variable`; `None` if it is not set or empty.
    ///
    /// # Errors
    /// [`EnvFileError`] if the file cannot be read, or its readers disagree about the value.
    pub fn get(&self, variable: &str) -> Result<Option<Secret>, EnvFileError> {
        let text = self.read()?.text;
        text.get(variable).map_err(|source| self.text_error(source))
    }

    /// Returns the lines that setting `variable` does not change although a reader may use them.
    ///
    /// # Errors
    /// As [`EnvFile::get`].
    pub fn layout(&self, variable: &str) -> Result<Layout, EnvFileError> {
        let text = self.read()?.text;
        let layout = text.layout(variable);
        layout.map_err(|source| self.text_error(source))
    }

    /// # Errors
    /// As [`EnvFile::set_all`].
    pub fn set(&self, variable: &str, secret: &Secret) -> Result<(), EnvFileError> {
        self.set_all(&[(variable, secret)])
    }

    /// Sets several variables in one write, so that no reader finds only some of them.
    ///
    /// # Errors
    /// [`EnvFileError`] if the file cannot be read or written: it is then unchanged.
    pub fn set_all(&self, variables: &[(&str, &Secret)]) -> Result<(), EnvFileError> {
        self.write(variables, |_| Ok(true))
    }

    /// Sets several variables if one still has its expected value.
    ///
    /// # Errors
    /// As [`EnvFile::set_all`], and [`EnvFileError::Changed`].
    pub fn set_all_if_unchanged(
        &self,
        variables: &[(&str, &Secret)],
        expected: ExpectedValue<'_>,
    ) -> Result<(), EnvFileError> {
        self.write(variables, |text| {
            Ok(text.get(expected.variable)?.as_ref() == expected.value)
        })
    }

    fn write(
        &self,
        variables: &[(&str, &Secret)],
        is_expected: impl FnOnce(&EnvText) -> Result<bool, EnvTextError>,
    ) -> Result<(), EnvFileError> {
        let _lock = self.lock()?;
        let Content { existing, mut text } = self.read()?;
        let edited = is_expected(&text).and_then(|is_expected| {
            if is_expected {
                for (variable, value) in variables {
                    text.set(variable, value)?;
                }
            }
            Ok(is_expected)
        });
        if !edited.map_err(|source| self.text_error(source))? {
            let path = self.path.clone();
            return Err(EnvFileError::Changed { path });
        }
        self.replacement(existing.as_ref()).write(text.bytes())
    }

    /// Returns the content; `None` if the file does not exist.
    ///
    /// # Errors
    /// [`EnvFileError`] if the file cannot be read.
    pub(super) fn read_bytes(&self) -> Result<Option<Zeroizing<Vec<u8>>>, EnvFileError> {
        let Content { existing, text } = self.read()?;
        Ok(existing.map(|_| Zeroizing::new(text.bytes().to_vec())))
    }

    /// Replaces the whole content.
    ///
    /// # Errors
    /// [`EnvFileError`] if the file cannot be written: it is then unchanged.
    pub(super) fn replace_content(&self, bytes: &[u8]) -> Result<(), EnvFileError> {
        let _lock = self.lock()?;
        let existing = self.read()?.existing;
        self.replacement(existing.as_ref()).write(bytes)
    }

    /// Replaces the content if it is still `before`, or deletes the file; `None` is a file that does not exist.
    ///
    /// # Errors
    /// [`EnvFileError`] if the file was changed meanwhile, or cannot be written: it is then unchanged.
    pub(super) fn exchange_content(
        &self,
        before: Option<&[u8]>,
        after: Option<&[u8]>,
    ) -> Result<(), EnvFileError> {
        let _lock = self.lock()?;
        let Content { existing, text } = self.read()?;
        let present = existing.as_ref().map(|_| text.bytes());
        if present != before {
            let path = self.path.clone();
            return Err(EnvFileError::Changed { path });
        }
        match after {
            Some(after) => self.replacement(existing.as_ref()).write(after),
            None => self.replacement(existing.as_ref()).delete(),
        }
    }

    fn preflight_write(&self) -> Result<Option<(Owner, u32)>, EnvFileError> {
        if find_obstacle(self.directory.file()) == Some(Obstacle::Immutable) {
            let path = self.directory.path().to_owned();
            return Err(EnvFileError::Immutable { path });
        }
        let _lock = self.lock()?;
        let Content { existing, text } = self.read()?;
        let replacement = self.replacement(existing.as_ref());
        replacement.remove_stale_temps();
        replacement.preflight_write(text.bytes().len() + PREFLIGHT_GROWTH)?;
        Ok(existing.map(|existing| (existing.owner, existing.mode)))
    }

    fn replacement<'a>(&'a self, existing: Option<&'a Existing>) -> Replacement<'a> {
        Replacement {
            directory: &self.directory,
            name: &self.name,
            path: &self.path,
            existing,
        }
    }

    fn lock(&self) -> Result<DirectoryLock<'_>, EnvFileError> {
        let name = temp_file::lock_name(&self.name);
        DirectoryLock::acquire(&self.directory, &name, &self.path)
    }

    fn read(&self) -> Result<Content, EnvFileError> {
        let Some(found) = self.directory.open_file(&self.name, &REQUIREMENTS)? else {
            let text = EnvText::new(Zeroizing::default());
            return Ok(Content {
                existing: None,
                text: text.map_err(|source| self.text_error(source))?,
            });
        };
        let failed = |source| EnvFileError::from(FileError::io("read", &self.path)(source));
        let existing = Existing {
            file: found.file().try_clone().map_err(failed)?,
            owner: found.owner(),
            mode: found.mode(),
        };
        self.check_replaceable(&existing)?;
        let text = EnvText::new(found.read()?).map_err(|source| self.text_error(source))?;
        Ok(Content {
            existing: Some(existing),
            text,
        })
    }

    /// Fails if the file cannot be replaced by a new one.
    fn check_replaceable(&self, existing: &Existing) -> Result<(), EnvFileError> {
        let path = || self.path.clone();
        let me = geteuid();
        let owner = existing.owner.user;
        if owner != me.as_raw() && !me.is_root() {
            return Err(FileError::ForeignOwner {
                path: path(),
                owner,
            }
            .into());
        }
        let metadata = existing.file.metadata();
        let links = metadata.map_or(1, |metadata| metadata.nlink());
        if links > 1 {
            return Err(EnvFileError::HardLinks {
                path: path(),
                links,
            });
        }
        check_attributes(&existing.file, &self.path)
    }

    /// Checks that a file can be replaced, without changing anything. Succeeds if it does not exist.
    ///
    /// # Errors
    /// [`EnvFileError::MountPoint`], [`EnvFileError::Immutable`].
    pub fn check_replaceable_at(path: &Path) -> Result<(), EnvFileError> {
        match crate::files::open(path, &REQUIREMENTS)? {
            Some(file) => check_attributes(file.file(), path),
            None => Ok(()),
        }
    }

    fn text_error(&self, source: EnvTextError) -> EnvFileError {
        EnvFileError::Text {
            path: self.path.clone(),
            source,
        }
    }
}

fn check_attributes(file: &File, path: &Path) -> Result<(), EnvFileError> {
    let path = path.to_owned();
    match find_obstacle(file) {
        Some(Obstacle::MountPoint) => Err(EnvFileError::MountPoint { path }),
        Some(Obstacle::Immutable) => Err(EnvFileError::Immutable { path }),
        None => Ok(()),
    }
}
