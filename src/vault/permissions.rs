//! Opens trusted files and directories of the store, and creates private ones.
//!
//! The checks are those of [`crate::files`]. Ownership never changes: files belong to the effective user, root
//! included.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;

use super::VaultError;
use crate::files::fault_injection::{Syscall, inject};
use crate::files::{Directory, FileError, PRIVATE_FILE, Requirements, TrustedFile};

const PRIVATE_DIRECTORY: u32 = 0o700;
/// The bits that give anyone but the owner access.
pub(super) const OTHERS: u32 = 0o077;
/// A sticky directory, such as `/tmp`, is shared by many users, so its mode is not changed.
pub(super) const STICKY: u32 = 0o1000;

/// Lock files contain at most one line.
const MAX_LOCK_SIZE: u64 = 64 * 1024;

/// Opens the private file at `path` in a trusted directory; `None` if it does not exist.
pub(super) fn open_private(path: &Path, max_size: u64) -> Result<Option<TrustedFile>, VaultError> {
    let Some((directory, name)) = trusted_parent(path)? else {
        return Ok(None);
    };
    Ok(directory.open_file(name, &Requirements::private(max_size))?)
}

/// Opens the lock file at `path`, or creates it with mode 0600. Returns `None` if it was deleted meanwhile.
pub(super) fn open_lock_file(path: &Path) -> Result<Option<File>, VaultError> {
    let missing = || VaultError::io("lock", path)(rustix::io::Errno::NOENT.into());
    let (directory, name) = trusted_parent(path)?.ok_or_else(missing)?;
    let requirements = Requirements::private(MAX_LOCK_SIZE).for_writing();
    // Several processes may create it at the same time.
    match directory.create_new(name) {
        Ok(created) => {
            make_private(&created, path)?;
            Ok(Some(created))
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let found = directory
                .open_file(name, &requirements)
                .map_err(|error| invalid_lock(error, path))?;
            Ok(found.map(TrustedFile::into_file))
        }
        Err(error) => Err(VaultError::io("lock", path)(error)),
    }
}

/// A lock file has no content worth keeping: the hint for anything else with its name is to delete it.
fn invalid_lock(error: FileError, path: &Path) -> VaultError {
    let is_other = match &error {
        FileError::NotAFile { .. }
        | FileError::IsADirectory { .. }
        | FileError::TooLarge { .. }
        | FileError::Symlink { .. } => true,
        FileError::Io { source, .. } => source.kind() == io::ErrorKind::IsADirectory,
        _ => false,
    };
    if is_other {
        let path = path.to_owned();
        return VaultError::InvalidLockFile { path };
    }
    error.into()
}

/// Opens the regular file at `path` to lock it; `None` if it does not exist or cannot be opened.
pub(super) fn open_guard(path: &Path) -> Option<File> {
    // For writing, because NFS allows exclusive locks only on files that are open for writing.
    let requirements = Requirements::private(u64::MAX).for_writing();
    let (directory, name) = trusted_parent(path).ok()??;
    let file = directory.open_file(name, &requirements).ok()??;
    Some(file.into_file())
}

fn trusted_parent(path: &Path) -> Result<Option<(Directory, &str)>, VaultError> {
    let name = path.file_name().and_then(|name| name.to_str());
    let (Some(parent), Some(name)) = (path.parent(), name) else {
        return Err(VaultError::NotAFile {
            path: path.to_owned(),
        });
    };
    Ok(open_trusted(parent)?.map(|directory| (directory, name)))
}

/// Opens a directory of the store; `None` if it does not exist.
pub(super) fn open_trusted(path: &Path) -> Result<Option<Directory>, VaultError> {
    let Some(directory) = Directory::open_for_search(path)? else {
        return Ok(None);
    };
    directory.check_unchangeable()?;
    Ok(Some(directory))
}

/// Sets mode 0600 on a new file, whatever the umask, and checks that the file system applied it.
pub(super) fn make_private(created: &File, path: &Path) -> Result<(), VaultError> {
    let failed = || VaultError::io("set the mode of", path);
    inject(Syscall::SetMode)
        .and_then(|()| created.set_permissions(Permissions::from_mode(PRIVATE_FILE)))
        .map_err(failed())?;
    let mode = created.metadata().map_err(failed())?.permissions().mode();
    if mode & OTHERS != 0 {
        let path = path.to_owned();
        return Err(VaultError::NoPermissions { path });
    }
    Ok(())
}

/// Creates `directory` and its missing parents with mode 0700. Removes other users' access from an existing
/// directory; fails if it belongs to another user.
pub(super) fn ensure_private_directory(directory: &Path) -> Result<(), VaultError> {
    if !directory.is_dir() {
        create_private(directory)?;
    }
    let opened = open_restoring_owner_access(directory)?;
    opened.check_owner()?;
    let is_ours = opened.owner().user == rustix::process::geteuid().as_raw();
    if opened.mode() & OTHERS != 0 && opened.mode() & STICKY == 0 && is_ours {
        let closed = Permissions::from_mode(PRIVATE_DIRECTORY);
        let failed = VaultError::io("use", directory);
        return opened.file().set_permissions(closed).map_err(failed);
    }
    Ok(opened.check_unchangeable()?)
}

/// Fails if the directory `name` in `data`, or `data` itself, is a symbolic link, belongs to another user or is
/// writable by others. Succeeds if it does not exist.
pub(super) fn check_directory(data: &Path, name: &str) -> Result<(), VaultError> {
    let Some(data) = open_trusted(data)? else {
        return Ok(());
    };
    if let Some(directory) = data.search_directory(name)? {
        directory.check_unchangeable()?;
    }
    Ok(())
}

/// A umask may have removed the owner's own permissions; they are restored first.
fn open_restoring_owner_access(directory: &Path) -> Result<Directory, VaultError> {
    let opened = match Directory::open(directory) {
        Err(FileError::Io { source, .. }) if source.kind() == io::ErrorKind::PermissionDenied => {
            fs::set_permissions(directory, Permissions::from_mode(PRIVATE_DIRECTORY))
                .map_err(VaultError::io("use", directory))?;
            Directory::open(directory)
        }
        opened => opened,
    };
    let missing = || VaultError::io("use", directory)(rustix::io::Errno::NOENT.into());
    opened?.ok_or_else(missing)
}

pub(super) fn create_private(directory: &Path) -> Result<(), VaultError> {
    let attempt = || DirBuilder::new().mode(PRIVATE_DIRECTORY).create(directory);
    let made = match (attempt(), directory.parent()) {
        (Err(error), Some(parent)) if error.kind() == io::ErrorKind::NotFound => {
            create_private(parent)?;
            attempt()
        }
        (first, _) => first,
    };
    match made {
        // The mode is set before anything is created in the directory, because a umask may have made it unusable.
        Ok(()) => open_restoring_owner_access(directory)?
            .file()
            .set_permissions(Permissions::from_mode(PRIVATE_DIRECTORY))
            .map_err(VaultError::io("create", directory)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(VaultError::io("create", directory)(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::os::unix::fs::{MetadataExt as _, chown};

    use rustix::process::geteuid;

    use super::*;

    #[test]
    fn missing_directories_are_created_private_and_accessible_ones_made_private() {
        let home = tempfile::tempdir().unwrap();
        let open = home.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, Permissions::from_mode(0o755)).unwrap();
        let deep = open.join("a/b");
        ensure_private_directory(&deep).unwrap();
        ensure_private_directory(&open).unwrap();
        for directory in [&open, &open.join("a"), &deep] {
            let mode = fs::metadata(directory).unwrap().mode() & 0o7777;
            assert_eq!(mode, 0o700, "{}", directory.display());
        }
    }

    #[test]
    fn sticky_directory_keeps_its_mode() {
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), Permissions::from_mode(0o1777)).unwrap();
        ensure_private_directory(home.path()).unwrap();
        let mode = fs::metadata(home.path()).unwrap().mode() & 0o7777;
        assert_eq!(mode, 0o1777);
    }

    #[test]
    fn file_at_the_path_of_the_directory_is_named_in_the_error() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("data");
        File::create_new(&file).unwrap();
        for directory in [file.clone(), file.join("credentials")] {
            let error = ensure_private_directory(&directory).unwrap_err();
            assert!(
                error.to_string().contains(&*file.to_string_lossy()),
                "{error}"
            );
            assert!(
                error.hint().unwrap().plain().contains("BRAINMAPS_DATA_DIR"),
                "{error:?}"
            );
        }
    }

    #[test]
    fn pipe_and_directory_are_refused_without_blocking() {
        let home = tempfile::tempdir().unwrap();
        let pipe = home.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        for path in [pipe.as_path(), home.path()] {
            let error = open_private(path, 10).unwrap_err();
            assert!(matches!(error, VaultError::NotAFile { .. }), "{error:?}");
        }
    }

    #[test]
    fn files_created_by_root_belong_to_root() {
        if !geteuid().is_root() {
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED files_created_by_root_belong_to_root: needs root"
            );
            return;
        }
        let home = tempfile::tempdir().unwrap();
        chown(home.path(), Some(12345), Some(12346)).unwrap();
        let directory = home.path().join("data");
        ensure_private_directory(&directory).unwrap();
        open_lock_file(&directory.join("x.lock")).unwrap();
        for path in [directory.clone(), directory.join("x.lock")] {
            assert_eq!(fs::metadata(path).unwrap().uid(), 0);
        }
        chown(&directory, Some(12345), Some(12346)).unwrap();
        for refused in [
            ensure_private_directory(&directory).unwrap_err(),
            open_lock_file(&directory.join("x.lock")).unwrap_err(),
            open_private(&directory.join("x"), 10).unwrap_err(),
            check_directory(&directory, "credentials").unwrap_err(),
        ] {
            assert!(
                matches!(refused, VaultError::WrongOwner { owner: 12345, .. }),
                "{refused:?}"
            );
        }
    }

    #[test]
    fn lock_file_accessible_to_others_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("x.lock");
        drop(open_lock_file(&path).unwrap());
        fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
        assert!(matches!(
            open_lock_file(&path),
            Err(VaultError::PermissionsTooOpen { mode: 0o666, .. })
        ));
    }

    #[test]
    fn directory_writable_by_others_is_not_read_and_made_private_before_a_write() {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        ensure_private_directory(&data).unwrap();
        fs::set_permissions(&data, Permissions::from_mode(0o770)).unwrap();
        let error = open_private(&data.join("x"), 10).unwrap_err();
        assert!(
            error.hint().unwrap().plain().contains("chmod 700 "),
            "{error:?}"
        );
        ensure_private_directory(&data).unwrap();
        assert!(open_private(&data.join("x"), 10).unwrap().is_none());
    }
}
