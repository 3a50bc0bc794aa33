//! A file that is complete before it gets its name. If the system supports it, the file has no name until then, so
//! that a killed process leaves nothing.
//!
//! A temporary name starts and ends like the name of the file that it replaces, so that `.gitignore` patterns such as
//! `.env*`, `*.env` or `.env.*.local` cover it too.

use std::fs::File;
use std::io;

use crate::files::Directory;

const MARKER: &str = ".brainmaps-";
const RANDOM_DIGITS: usize = 16;

/// A file for new content. Dropping it removes it, unless it was renamed.
pub(super) struct TempFile<'a> {
    directory: &'a Directory,
    file: File,
    /// The temporary name that the file has or will get.
    name: String,
    has_name: bool,
}

impl<'a> TempFile<'a> {
    /// Creates a file without a name if the system supports it, else one with a temporary name.
    pub(super) fn create(directory: &'a Directory, target: &str) -> io::Result<Self> {
        let Ok(file) = create_unnamed(directory) else {
            return Self::create_named(directory, target);
        };
        Ok(Self {
            directory,
            file,
            name: temp_name(target)?,
            has_name: false,
        })
    }

    pub(super) fn create_named(directory: &'a Directory, target: &str) -> io::Result<Self> {
        let name = temp_name(target)?;
        let file = directory.create_new(&name)?;
        Ok(Self {
            directory,
            file,
            name,
            has_name: true,
        })
    }

    pub(super) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Gives a file without a name its temporary name.
    pub(super) fn link(&mut self) -> io::Result<()> {
        if !self.has_name {
            link(&self.file, self.directory, &self.name)?;
            self.has_name = true;
        }
        Ok(())
    }

    /// Gives a file without a name its final name, which must be free.
    pub(super) fn link_as(&self, target: &str) -> io::Result<()> {
        if self.has_name {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        link(&self.file, self.directory, target)
    }

    /// Renames a file with a temporary name to another one, to find out whether that is possible, and removes it.
    pub(super) fn rehearse_rename(mut self, target: &str) -> io::Result<()> {
        let renamed = temp_name(target)?;
        self.directory.rename(&self.name, &renamed)?;
        self.name = renamed;
        Ok(())
    }

    /// Renames a file with a temporary name to its final name.
    pub(super) fn rename(&mut self, target: &str) -> io::Result<()> {
        if !self.directory.still_names(&self.name, &self.file) {
            return Err(io::ErrorKind::NotFound.into());
        }
        self.directory.rename(&self.name, target)?;
        self.has_name = false;
        Ok(())
    }
}

impl Drop for TempFile<'_> {
    fn drop(&mut self) {
        if self.has_name && self.directory.still_names(&self.name, &self.file) {
            drop(self.directory.remove(&self.name));
        }
    }
}

/// Returns `true` if `found` is a temporary name of a file that replaces `target`.
pub(super) fn is_temp_name(target: &str, found: &str) -> bool {
    let rest = found.strip_prefix(target);
    let random = rest
        .and_then(|rest| rest.strip_prefix(MARKER))
        .and_then(|rest| rest.strip_suffix(suffix(target)));
    random.is_some_and(|random| {
        let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        random.len() == RANDOM_DIGITS && random.chars().all(is_digit)
    })
}

/// Returns the name of the lock file for `target`, used if the directory cannot be locked.
pub(super) fn lock_name(target: &str) -> String {
    format!("{target}{MARKER}lock{}", suffix(target))
}

fn temp_name(target: &str) -> io::Result<String> {
    let mut random = [0_u8; RANDOM_DIGITS / 2];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    let random = u64::from_be_bytes(random);
    Ok(format!("{target}{MARKER}{random:016x}{}", suffix(target)))
}

/// Returns the extension of `target` with its dot.
fn suffix(target: &str) -> &str {
    let at = target.rfind('.').filter(|at| at + 1 < target.len());
    at.and_then(|at| target.get(at..)).unwrap_or(".tmp")
}

#[cfg(target_os = "linux")]
fn create_unnamed(directory: &Directory) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags, openat};
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    Ok(openat(directory.file(), ".", flags, Mode::RUSR | Mode::WUSR)?.into())
}

/// Links the path of the descriptor, because `AT_EMPTY_PATH` requires a privilege.
#[cfg(target_os = "linux")]
fn link(file: &File, directory: &Directory, name: &str) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    use std::os::fd::AsRawFd as _;
    let source = format!("/proc/self/fd/{}", file.as_raw_fd());
    Ok(linkat(
        CWD,
        source,
        directory.file(),
        name,
        AtFlags::SYMLINK_FOLLOW,
    )?)
}

#[cfg(not(target_os = "linux"))]
fn unnamed(_directory: &Directory) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(target_os = "linux"))]
fn link(_file: &File, _directory: &Directory, _name: &str) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_names_are_covered_by_the_patterns_that_cover_the_file() {
        for target in [".env", "app.env", ".env.production.local", "env"] {
            let name = temp_name(target).unwrap();
            assert!(name.starts_with(target), "{name}");
            let suffix = target
                .rsplit_once('.')
                .map_or(".tmp".to_owned(), |it| format!(".{}", it.1));
            assert!(name.ends_with(&suffix), "{name}");
            assert!(is_temp_name(target, &name), "{name}");
            assert!(!is_temp_name(target, &lock_name(target)));
        }
    }

    #[test]
    fn user_files_are_not_treated_as_temporary() {
        for found in [
            ".env.backup.tmp",
            ".env.brainmaps-backup.env",
            ".env.brainmaps-0123456789abcdef",
            ".env.brainmaps-0123456789ABCDEF.env",
            ".env.local.brainmaps-0123456789abcdef.local",
            ".env",
        ] {
            assert!(!is_temp_name(".env", found), "{found}");
        }
        assert!(is_temp_name(".env", ".env.brainmaps-0123456789abcdef.env"));
    }
}
