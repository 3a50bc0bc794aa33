//! Who may read what: opening without following links, checking what was opened, making things private.
//!
//! A file is checked after it was opened, through its descriptor, never through a path that may have changed since.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{
    self as unix, DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _,
};
use std::path::Path;

use rustix::fs::OFlags;
use rustix::io::Errno;
use rustix::process::geteuid;

use super::VaultError;
use super::seam::{Call, ask};

/// Read and write for the owner, nothing for others.
pub(super) const PRIVATE_FILE: u32 = 0o600;
const PRIVATE_DIRECTORY: u32 = 0o700;
/// The bits that let anybody but the owner in.
pub(super) const OTHERS: u32 = 0o077;
/// Many users live in a sticky directory, as `/tmp`: its mode is not ours to change.
pub(super) const STICKY: u32 = 0o1000;

/// The regular file at `path`, opened for reading, if it is ours and closed to others; `None` where there is none.
pub(super) fn open_private(path: &Path) -> Result<Option<File>, VaultError> {
    let file = match open(path, OpenOptions::new().read(true)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refused("read", path, error)),
    };
    let metadata = file.metadata().map_err(VaultError::io("read", path))?;
    if !metadata.is_file() {
        let path = path.to_owned();
        return Err(VaultError::NotAFile { path });
    }
    check_owner(&metadata, path)?;
    let mode = metadata.mode() & 0o7777;
    if mode & OTHERS != 0 {
        let path = path.to_owned();
        return Err(VaultError::TooOpen { path, mode });
    }
    Ok(Some(file))
}

/// The lock file at `path`, made at 0600 where there is none.
pub(super) fn open_lock(path: &Path) -> Result<File, VaultError> {
    let failed = |error| refused("lock", path, error);
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    match open(path, options.clone().create_new(true).mode(PRIVATE_FILE)) {
        Ok(made) => {
            make_private(&made, path)?;
            Ok(made)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            open(path, &mut options).map_err(failed)
        }
        Err(error) => Err(failed(error)),
    }
}

/// The regular file at `path`, opened to be locked; `None` where there is none, or it cannot be opened.
pub(super) fn open_guard(path: &Path) -> Option<File> {
    // For writing: NFS has no exclusive locks on files that are open for reading.
    let file = open(path, OpenOptions::new().read(true).write(true)).ok()?;
    file.metadata().ok()?.is_file().then_some(file)
}

/// Gives a file just made 0600, whatever the umask left of it, and makes sure that the file system kept it.
pub(super) fn make_private(created: &File, path: &Path) -> Result<(), VaultError> {
    let failed = || VaultError::io("set the mode of", path);
    ask(Call::SetMode)
        .and_then(|()| created.set_permissions(Permissions::from_mode(PRIVATE_FILE)))
        .map_err(failed())?;
    let mode = created.metadata().map_err(failed())?.mode();
    if mode & OTHERS != 0 {
        let path = path.to_owned();
        return Err(VaultError::NoPermissions { path });
    }
    give_to_owner_of_parent(created, path);
    Ok(())
}

/// Makes `directory`, and what is missing above it, at 0700. One of ours that others can enter is closed.
pub(super) fn private_directory(directory: &Path) -> Result<(), VaultError> {
    let failed = || VaultError::io("use", directory);
    if !directory.is_dir() {
        create(directory)?;
    }
    let opened = open_directory(directory, OFlags::empty()).map_err(failed())?;
    let metadata = opened.metadata().map_err(failed())?;
    let open_to_others = metadata.mode() & OTHERS != 0 && metadata.mode() & STICKY == 0;
    if open_to_others && metadata.uid() == geteuid().as_raw() {
        let closed = Permissions::from_mode(PRIVATE_DIRECTORY);
        opened.set_permissions(closed).map_err(failed())?;
    }
    Ok(())
}

/// Refuses a directory of secrets that is a link or belongs to somebody else. One that is missing passes.
pub(super) fn check_directory(directory: &Path) -> Result<(), VaultError> {
    match fs::symlink_metadata(directory) {
        Ok(metadata) if metadata.is_symlink() => {
            let path = directory.to_owned();
            Err(VaultError::Symlink { path })
        }
        Ok(metadata) => check_owner(&metadata, directory),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(VaultError::io("open", directory)(error)),
    }
}

/// What root makes in a user's directory becomes the user's: one `sudo brainmaps …` must not lock its user out. Only
/// for what this process made itself: a name that was there before may be a hard link to anything.
/// Where the system refuses, the file stays root's, and reading it says whose it is.
fn give_to_owner_of_parent(created: &File, path: &Path) {
    if !geteuid().is_root() {
        return;
    }
    if let Some(Ok(parent)) = path.parent().map(fs::metadata) {
        let _ = unix::fchown(created, Some(parent.uid()), Some(parent.gid()));
    }
}

fn create(directory: &Path) -> Result<(), VaultError> {
    let attempt = || DirBuilder::new().mode(PRIVATE_DIRECTORY).create(directory);
    let made = match (attempt(), directory.parent()) {
        (Err(error), Some(parent)) if error.kind() == io::ErrorKind::NotFound => {
            create(parent)?;
            attempt()
        }
        (first, _) => first,
    };
    match made.and_then(|()| open_directory(directory, OFlags::NOFOLLOW)) {
        Ok(opened) => {
            let closed = Permissions::from_mode(PRIVATE_DIRECTORY);
            opened
                .set_permissions(closed)
                .map_err(VaultError::io("create", directory))?;
            give_to_owner_of_parent(&opened, directory);
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(VaultError::io("create", directory)(error)),
    }
}

/// A umask may take the owner's own bits away, too; then they are given back first.
fn open_directory(directory: &Path, flags: OFlags) -> io::Result<File> {
    let flags = flags | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags.bits().cast_signed());
    match options.open(directory) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            fs::set_permissions(directory, Permissions::from_mode(PRIVATE_DIRECTORY))?;
            options.open(directory)
        }
        answer => answer,
    }
}

/// Opens without following a link, without waiting for the other end of a pipe, and not for child processes.
fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    options.custom_flags(flags.bits().cast_signed()).open(path)
}

fn refused(action: &'static str, path: &Path, error: io::Error) -> VaultError {
    // POSIX says ELOOP for a link under O_NOFOLLOW, FreeBSD says EMLINK.
    match Errno::from_io_error(&error) {
        Some(Errno::LOOP | Errno::MLINK) => VaultError::Symlink {
            path: path.to_owned(),
        },
        _ => VaultError::io(action, path)(error),
    }
}

fn check_owner(metadata: &Metadata, path: &Path) -> Result<(), VaultError> {
    let owner = metadata.uid();
    if may_read(owner, geteuid().as_raw()) {
        return Ok(());
    }
    let path = path.to_owned();
    Err(VaultError::NotOurs { path, owner })
}

/// Everybody their own, and root everybody's.
fn may_read(owner: u32, user: u32) -> bool {
    owner == user || user == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_directories_are_made_private_and_one_of_ours_that_is_open_is_closed() {
        let home = tempfile::tempdir().unwrap();
        let open = home.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, Permissions::from_mode(0o755)).unwrap();
        let deep = open.join("a/b");
        private_directory(&deep).unwrap();
        private_directory(&open).unwrap();
        for directory in [&open, &open.join("a"), &deep] {
            let mode = fs::metadata(directory).unwrap().mode() & 0o7777;
            assert_eq!(mode, 0o700, "{}", directory.display());
        }
    }

    #[test]
    fn a_directory_where_many_users_live_keeps_its_mode() {
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), Permissions::from_mode(0o1777)).unwrap();
        private_directory(home.path()).unwrap();
        let mode = fs::metadata(home.path()).unwrap().mode() & 0o7777;
        assert_eq!(mode, 0o1777);
    }

    #[test]
    fn a_file_in_the_way_of_the_directory_is_named() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("data");
        File::create_new(&file).unwrap();
        for directory in [file.clone(), file.join("credentials")] {
            let error = private_directory(&directory).unwrap_err();
            assert!(
                error.to_string().contains(&*file.to_string_lossy()),
                "{error}"
            );
            assert!(
                error.hint().unwrap().contains("BRAINMAPS_DATA_DIR"),
                "{error:?}"
            );
        }
    }

    #[test]
    fn a_pipe_is_refused_at_once_and_a_directory_too() {
        let home = tempfile::tempdir().unwrap();
        let pipe = home.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        for path in [pipe.as_path(), home.path()] {
            let error = open_private(path).unwrap_err();
            assert!(matches!(error, VaultError::NotAFile { .. }), "{error:?}");
        }
    }

    #[test]
    fn only_root_reads_what_belongs_to_another_user() {
        let home = tempfile::tempdir().unwrap();
        let metadata = fs::metadata(home.path()).unwrap();
        assert!(check_owner(&metadata, home.path()).is_ok());
        let ours = metadata.uid();
        assert!(may_read(ours, ours));
        assert!(may_read(ours + 1, 0));
        assert!(!may_read(0, 1000));
        assert!(!may_read(1001, 1000));
    }

    #[test]
    fn what_root_makes_in_the_directory_of_a_user_becomes_the_users() {
        if !geteuid().is_root() {
            return;
        }
        let home = tempfile::tempdir().unwrap();
        unix::chown(home.path(), Some(12345), Some(12346)).unwrap();
        let directory = home.path().join("data");
        private_directory(&directory).unwrap();
        open_lock(&directory.join("x.lock")).unwrap();
        for path in [directory.clone(), directory.join("x.lock")] {
            let metadata = fs::metadata(path).unwrap();
            assert_eq!((metadata.uid(), metadata.gid()), (12345, 12346));
        }
    }
}
