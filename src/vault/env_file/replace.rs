//! Replaces a file of the user atomically, keeping its owner, group and mode.

use std::fs::{File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
use std::path::Path;

use rustix::fs::{AtFlags, FileType, statat};
use rustix::process::geteuid;

use super::EnvFileError;
use super::temp_file::{TempFile, is_temp_name};
use crate::files::fault_injection::{Syscall, inject};
use crate::files::{Directory, Owner, PRIVATE_FILE};

/// The file as it was when it was opened.
#[derive(Debug)]
pub(super) struct Existing {
    pub(super) file: File,
    pub(super) owner: Owner,
    pub(super) mode: u32,
}

/// A replacement of a file, which may not exist yet. Requires the lock of the directory.
pub(super) struct Replacement<'a> {
    pub(super) directory: &'a Directory,
    pub(super) name: &'a str,
    pub(super) path: &'a Path,
    pub(super) existing: Option<&'a Existing>,
}

impl Replacement<'_> {
    /// Checks that `size` bytes can be written, by writing them to a temporary file, and that a file can be renamed.
    pub(super) fn preflight_write(&self, size: usize) -> Result<(), EnvFileError> {
        self.create_filled(&vec![b' '; size], TempFile::create)?;
        let rehearsed = TempFile::create_named(self.directory, self.name)
            .and_then(|temporary| temporary.rehearse_rename(self.name));
        rehearsed.map_err(EnvFileError::write(self.path))
    }

    /// Writes `bytes`. A reader sees the old content or the new one, also after a crash.
    pub(super) fn write(&self, bytes: &[u8]) -> Result<(), EnvFileError> {
        let mut temporary = self.create_synced(bytes, TempFile::create)?;
        if self.existing.is_none() && temporary.link_as(self.name).is_ok() {
            return self.sync_directory();
        }
        if temporary.link().is_err() {
            temporary = self.create_synced(bytes, TempFile::create_named)?;
        }
        self.check_unchanged()?;
        inject(Syscall::Rename)
            .and_then(|()| temporary.rename(self.name))
            .map_err(EnvFileError::write(self.path))?;
        self.sync_directory()
    }

    pub(super) fn delete(&self) -> Result<(), EnvFileError> {
        self.check_unchanged()?;
        let removed = self.directory.remove(self.name);
        removed.map_err(EnvFileError::write(self.path))?;
        self.sync_directory()
    }

    /// Removes temporary files of killed writers: they contain secrets. The lock holder is the only writer, so their
    /// writers are dead.
    pub(super) fn remove_stale_temps(&self) {
        let me = geteuid().as_raw();
        let owner = self.existing.map_or(me, |existing| existing.owner.user);
        for found in self.directory.names().unwrap_or_default() {
            let Some(found) = found
                .to_str()
                .filter(|found| is_temp_name(self.name, found))
            else {
                continue;
            };
            let stat = statat(self.directory.file(), found, AtFlags::SYMLINK_NOFOLLOW);
            let is_own = stat.is_ok_and(|stat| {
                let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
                is_file && (stat.st_uid == me || stat.st_uid == owner)
            });
            if is_own {
                drop(self.directory.remove(found));
            }
        }
    }

    fn create_synced<'d>(
        &'d self,
        bytes: &[u8],
        create: impl FnOnce(&'d Directory, &str) -> io::Result<TempFile<'d>>,
    ) -> Result<TempFile<'d>, EnvFileError> {
        let mut temporary = self.create_filled(bytes, create)?;
        inject(Syscall::Sync)
            .and_then(|()| temporary.file().sync_all())
            .map_err(EnvFileError::write(self.path))?;
        Ok(temporary)
    }

    fn create_filled<'d>(
        &'d self,
        bytes: &[u8],
        create: impl FnOnce(&'d Directory, &str) -> io::Result<TempFile<'d>>,
    ) -> Result<TempFile<'d>, EnvFileError> {
        let failed = EnvFileError::write(self.path);
        inject(Syscall::Open).map_err(&failed)?;
        let mut temporary = create(self.directory, self.name).map_err(&failed)?;
        let file = temporary.file();
        inject(Syscall::Write)
            .and_then(|()| file.write_all(bytes))
            .map_err(&failed)?;
        self.keep_owner_and_mode(file)?;
        Ok(temporary)
    }

    /// Gives the new file the owner, group, mode and access list of the old one. A file that did not exist is
    /// private.
    fn keep_owner_and_mode(&self, new: &File) -> Result<(), EnvFileError> {
        let failed = EnvFileError::write(self.path);
        let mode = self
            .existing
            .map_or(PRIVATE_FILE, |existing| existing.mode & 0o777);
        if let Some(existing) = self.existing {
            let (user, group) = (existing.owner.user, existing.owner.group);
            let found = new.metadata().map_err(&failed)?;
            if (found.uid(), found.gid()) != (user, group) {
                fchown(new, Some(user), Some(group)).map_err(|source| EnvFileError::OwnerLost {
                    path: self.path.to_owned(),
                    user,
                    group,
                    source,
                })?;
            }
        }
        inject(Syscall::SetMode)
            .and_then(|()| new.set_permissions(Permissions::from_mode(mode)))
            .map_err(&failed)?;
        if let Some(existing) = self.existing {
            copy_access_list(&existing.file, new).map_err(&failed)?;
        }
        let got = new.metadata().map_err(&failed)?.mode() & 0o777;
        if got & !mode != 0 {
            let path = self.path.to_owned();
            return Err(EnvFileError::NoPermissions { path });
        }
        Ok(())
    }

    /// Fails if a process that does not use the lock has replaced the file since it was read.
    fn check_unchanged(&self) -> Result<(), EnvFileError> {
        let has_name =
            |name| statat(self.directory.file(), name, AtFlags::SYMLINK_NOFOLLOW).is_ok();
        let is_unchanged = self.existing.map_or_else(
            || !has_name(self.name),
            |existing| self.directory.still_names(self.name, &existing.file),
        );
        if is_unchanged {
            return Ok(());
        }
        let path = self.path.to_owned();
        Err(EnvFileError::Changed { path })
    }

    fn sync_directory(&self) -> Result<(), EnvFileError> {
        inject(Syscall::SyncDirectory)
            .and_then(|()| self.directory.sync())
            .map_err(EnvFileError::write(self.path))
    }
}

/// Copies the POSIX access control list, if there is one: the users in it must still be able to read the file.
#[cfg(target_os = "linux")]
fn copy_access_list(old: &File, new: &File) -> io::Result<()> {
    const NAME: &str = "system.posix_acl_access";
    let mut list = [0_u8; 4096];
    // Most files have no list, and some file systems do not support them.
    let Ok(length) = rustix::fs::fgetxattr(old, NAME, &mut list[..]) else {
        return Ok(());
    };
    let list = list.get(..length).unwrap_or_default();
    Ok(rustix::fs::fsetxattr(
        new,
        NAME,
        list,
        rustix::fs::XattrFlags::empty(),
    )?)
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "on Linux it can fail")]
fn copy_access_list(_old: &File, _new: &File) -> io::Result<()> {
    Ok(())
}
