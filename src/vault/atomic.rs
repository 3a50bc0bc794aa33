//! Replaces files atomically: a reader sees the old content or the new one, also after a crash.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags, openat};
use tempfile::NamedTempFile;

use super::VaultError;
use super::permissions::make_private;
use crate::files::fault_injection::{Syscall, inject};
use crate::files::{self, Obstacle, PRIVATE_FILE, find_obstacle};

const SUFFIX: &str = ".tmp";

#[cfg(target_os = "linux")]
const FOR_ATTRIBUTES: OFlags = OFlags::PATH;
#[cfg(not(target_os = "linux"))]
const FOR_ATTRIBUTES: OFlags = OFlags::empty();

/// Replaces `directory/name` with a file of mode 0600. On an error the old file is unchanged. Requires the file's
/// lock, because temporary files of killed writers are removed first.
///
/// A symbolic link at `name` is replaced, not followed.
pub(super) fn write(directory: &Path, name: &str, bytes: &[u8]) -> Result<(), VaultError> {
    write_locked(directory, name, bytes).map(drop)
}

/// As [`write`]. Returns the new file with an advisory lock on it, taken before the rename.
pub(super) fn write_locked(directory: &Path, name: &str, bytes: &[u8]) -> Result<File, VaultError> {
    remove_stale_temps(directory, name);
    Ok(write_without_cleanup(directory, name, bytes)?)
}

/// As [`write_locked`], but keeps the temporary files of earlier writers.
pub(super) fn write_without_cleanup(
    directory: &Path,
    name: &str,
    bytes: &[u8],
) -> Result<File, WriteError> {
    let path = directory.join(name);
    let to_error = |error| WriteError::NothingWritten(VaultError::io("write", &path)(error));
    let mut file = create_temp(directory, name).map_err(to_error)?;
    make_private(file.as_file(), file.path()).map_err(WriteError::NothingWritten)?;
    write_all(&mut file, bytes).map_err(to_error)?;
    sync_and_rename(file, directory, name)
}

/// A failed write, by what it leaves in the directory.
#[derive(Debug)]
pub(super) enum WriteError {
    /// Nothing usable.
    NothingWritten(VaultError),
    /// A temporary file with the complete new content. Dropping it removes it.
    TempComplete(VaultError, NamedTempFile),
    /// The new content under its final name. A power failure might undo that.
    NotSynced(VaultError),
}

impl From<WriteError> for VaultError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::NothingWritten(error)
            | WriteError::TempComplete(error, _)
            | WriteError::NotSynced(error) => error,
        }
    }
}

/// A temporary file whose disk space is already allocated. Dropping it removes it.
#[derive(Debug)]
pub(super) struct Reservation {
    file: NamedTempFile,
    directory: PathBuf,
    name: String,
}

/// Writes and syncs `size` bytes to a temporary file beside `directory/name`, so that a later write of as many bytes
/// needs no disk space. Requires the file's lock.
pub(super) fn reserve(
    directory: &Path,
    name: &str,
    size: usize,
) -> Result<Reservation, VaultError> {
    check_replaceable(directory, name)?;
    remove_stale_temps(directory, name);
    rehearse_rename(directory, name).map_err(VaultError::io("replace", &directory.join(name)))?;
    let path = directory.join(name);
    let to_error = || VaultError::io("write", &path);
    let mut file = create_temp(directory, name).map_err(to_error())?;
    make_private(file.as_file(), file.path())?;
    // JSON may end with white space, so the later write is valid even if the file cannot be truncated.
    write_all(&mut file, &vec![b' '; size]).map_err(to_error())?;
    sync(file.as_file()).map_err(to_error())?;
    Ok(Reservation {
        file,
        directory: directory.to_owned(),
        name: name.to_owned(),
    })
}

/// Fails if the attributes of `directory/name` or of `directory` show that a rename cannot replace the file.
pub(super) fn check_replaceable(directory: &Path, name: &str) -> Result<(), VaultError> {
    let path = directory.join(name);
    // Does not need read permission.
    let open = |path: &Path| {
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | FOR_ATTRIBUTES;
        openat(CWD, path, flags, Mode::empty()).ok()
    };
    let find_obstacle_at = |path: &Path| open(path).and_then(find_obstacle);
    match (find_obstacle_at(&path), find_obstacle_at(directory)) {
        (Some(Obstacle::MountPoint), _) => Err(VaultError::MountPoint { path }),
        (Some(Obstacle::Immutable), _) => Err(VaultError::Immutable { path }),
        (None, Some(Obstacle::Immutable)) => Err(VaultError::Immutable {
            path: directory.to_owned(),
        }),
        (None, None | Some(Obstacle::MountPoint)) => Ok(()),
    }
}

/// Renames an empty temporary file to another temporary name: some file systems and security modules let a file be
/// created and not renamed.
fn rehearse_rename(directory: &Path, name: &str) -> io::Result<()> {
    let renamed = directory.join(format!("{}rehearsal{SUFFIX}", temp_prefix(name)));
    let file = create_temp(directory, name)?;
    let file = file
        .persist(&renamed)
        .map_err(|unrenamed| unrenamed.error)?;
    drop(file);
    fs::remove_file(renamed)
}

impl Reservation {
    /// Writes JSON to the reserved file and renames it. Returns the locked file.
    pub(super) fn write(self, json: &[u8]) -> Result<File, WriteError> {
        let Self {
            file,
            directory,
            name,
        } = self;
        let written = inject(Syscall::Write).and_then(|()| file.as_file().write_all_at(json, 0));
        if let Err(error) = written {
            let path = directory.join(&name);
            return Err(WriteError::NothingWritten(VaultError::io("write", &path)(
                error,
            )));
        }
        // On a failure the file ends with white space, which JSON allows.
        let _ = inject(Syscall::Truncate).and_then(|()| file.as_file().set_len(json.len() as u64));
        sync_and_rename(file, &directory, &name)
    }
}

fn write_all(file: &mut NamedTempFile, bytes: &[u8]) -> io::Result<()> {
    inject(Syscall::Write).and_then(|()| file.as_file_mut().write_all(bytes))
}

fn sync(file: &File) -> io::Result<()> {
    inject(Syscall::Sync).and_then(|()| file.sync_all())
}

fn sync_and_rename(file: NamedTempFile, directory: &Path, name: &str) -> Result<File, WriteError> {
    let path = directory.join(name);
    let to_error = || VaultError::io("write", &path);
    if let Err(error) = sync(file.as_file()).and_then(|()| inject(Syscall::Rename)) {
        return Err(WriteError::TempComplete(to_error()(error), file));
    }
    let file = file.persist(&path).map_err(|unrenamed| {
        WriteError::TempComplete(to_error()(unrenamed.error), unrenamed.file)
    })?;
    sync_directory(directory).map_err(WriteError::NotSynced)?;
    Ok(file)
}

/// Makes a rename or removal in `directory` durable, if the file system supports that.
pub(super) fn sync_directory(directory: &Path) -> Result<(), VaultError> {
    let unsupported = |kind| {
        matches!(
            kind,
            io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
        )
    };
    let opened = inject(Syscall::SyncDirectory).and_then(|()| File::open(directory));
    match opened.and_then(|opened| opened.sync_all()) {
        Err(error) if !unsupported(error.kind()) => Err(VaultError::io("sync", directory)(error)),
        _ => Ok(()),
    }
}

fn create_temp(directory: &Path, name: &str) -> io::Result<NamedTempFile> {
    inject(Syscall::Open)?;
    let file = tempfile::Builder::new()
        .prefix(&temp_prefix(name))
        .suffix(SUFFIX)
        .permissions(Permissions::from_mode(PRIVATE_FILE))
        .tempfile_in(directory)?;
    // A second lock in addition to the lock file, which may be deleted. If the file system has no locks, locking the
    // lock file has failed before.
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// Removes temporary files of killed writers of `directory/name`: they contain secrets. Requires the file's lock.
///
/// Errors are ignored, because the next cleanup tries again.
pub(super) fn remove_stale_temps(directory: &Path, name: &str) {
    for temp in stale_temps(directory, name) {
        let _ = fs::remove_file(temp);
    }
}

/// Returns the temporary files of killed writers of `directory/name`.
pub(super) fn stale_temps(directory: &Path, name: &str) -> impl Iterator<Item = PathBuf> {
    let names = files::names(directory).unwrap_or_default().into_iter();
    let is_temp = |found: &OsStr| found.to_str().is_some_and(|it| is_temp_of(name, it));
    names
        .filter(move |found| is_temp(found))
        .map(|found| directory.join(found))
}

/// Renames the complete temporary file of a killed writer to its final name. Returns the locked file. Requires the
/// file's lock.
pub(super) fn complete_rename(
    temp: &Path,
    directory: &Path,
    name: &str,
) -> Result<File, VaultError> {
    let path = directory.join(name);
    let renamed = inject(Syscall::Open).and_then(|()| File::open(temp));
    let renamed = renamed.and_then(|file| {
        let _ = file.try_lock();
        sync(&file)?;
        inject(Syscall::Rename)?;
        fs::rename(temp, &path)?;
        Ok(file)
    });
    let file = renamed.map_err(VaultError::io("write", &path))?;
    sync_directory(directory)?;
    Ok(file)
}

/// Profile names do not start with a dot, so a temporary name is never a profile's file.
fn temp_prefix(name: &str) -> String {
    format!(".{name}.")
}

/// The random part contains no dot, so `a.json` does not claim a temporary file of `a.json.json`.
fn is_temp_of(name: &str, found: &str) -> bool {
    found
        .strip_prefix(&temp_prefix(name))
        .and_then(|rest| rest.strip_suffix(SUFFIX))
        .is_some_and(|random| {
            !random.is_empty() && random.chars().all(|c| c.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let names = files::names(directory).unwrap().into_iter();
        let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn write_replaces_the_file_and_leaves_no_other() {
        let home = tempfile::tempdir().unwrap();
        write(home.path(), "a.json", b"old").unwrap();
        write(home.path(), "a.json", b"new").unwrap();
        assert_eq!(fs::read(home.path().join("a.json")).unwrap(), b"new");
        assert_eq!(names(home.path()), ["a.json"]);
    }

    #[test]
    fn failed_write_keeps_the_old_content_and_no_copy_of_the_new() {
        let home = tempfile::tempdir().unwrap();
        let taken = home.path().join("a.json");
        fs::create_dir_all(taken.join("full")).unwrap();
        let error = write(home.path(), "a.json", b"new").unwrap_err();
        assert!(error.to_string().contains("cannot write"), "{error}");
        assert_eq!(names(home.path()), ["a.json"]);
        assert_eq!(names(&taken), ["full"]);
    }

    #[test]
    fn only_temporary_files_of_the_same_file_are_removed() {
        let home = tempfile::tempdir().unwrap();
        let others = [
            ".a.json.json.Xy1.tmp",
            ".b.json.Xy1.tmp",
            ".a.json..tmp",
            "a.json.tmp",
        ];
        for name in others.iter().chain(&[".a.json.Xy12zZ.tmp"]) {
            File::create_new(home.path().join(name)).unwrap();
        }
        write(home.path(), "a.json", b"new").unwrap();
        let mut expected: Vec<_> = others.iter().chain(&["a.json"]).copied().collect();
        expected.sort_unstable();
        assert_eq!(names(home.path()), expected);
    }

    #[test]
    fn symbolic_link_is_replaced_and_its_target_unchanged() {
        let home = tempfile::tempdir().unwrap();
        let (target, link) = (home.path().join("target"), home.path().join("a.json"));
        write(home.path(), "target", b"theirs").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        write(home.path(), "a.json", b"ours").unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"theirs");
        assert!(!link.is_symlink());
    }

    #[test]
    fn dropped_reservation_leaves_no_file_and_a_failed_one_names_the_path() {
        let home = tempfile::tempdir().unwrap();
        drop(reserve(home.path(), "a.json", 4096).unwrap());
        assert!(names(home.path()).is_empty());
        let gone = home.path().join("gone");
        let error = reserve(&gone, "a.json", 4096).unwrap_err();
        assert!(error.to_string().contains("gone/a.json"), "{error}");
    }
}
