//! Locks between processes: an advisory lock on a file beside the one it protects.
//!
//! This program never deletes a lock file, but cleanup programs do. So a lock is valid only while the path still
//! names the locked file, and the holder of a profile's lock file also locks the credential file and, for a credential
//! in the keyring or on its way there, an empty guard file. A process that locks a recreated lock file then still waits
//! for the first holder, and reads what that one saved.

use std::fs::{self, File, TryLockError};
use std::ops::Deref;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::permissions::{open_guard, open_lock_file};
use super::{VaultError, WaitLog};
use crate::domain::ProfileName;
use crate::files::fault_injection::{Syscall, inject};

/// Longer than a request with its retries, during which another process may hold the lock.
const LOCK_TIMEOUT: Duration = Duration::from_secs(15);
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// The lock of one profile's credential. Dropping it releases the lock; so does the end of the process.
#[derive(Debug)]
pub struct ProfileLock {
    profile: ProfileName,
    path: PathBuf,
    file: LockedFile,
    /// The locked credential file or guard file, and each file that replaced it since.
    guards: Mutex<Vec<LockedFile>>,
}

impl ProfileLock {
    pub fn profile(&self) -> &ProfileName {
        &self.profile
    }

    pub(super) fn new(profile: &ProfileName, path: PathBuf, held: HeldFiles) -> Self {
        Self {
            profile: profile.clone(),
            path,
            file: held.file,
            guards: Mutex::new(held.guards),
        }
    }

    /// Keeps the new credential file `guard` locked until this lock is released.
    pub(super) fn add_guard(&self, guard: File) {
        self.guards().push(LockedFile(guard));
    }

    /// Locks the guard file at `path` until this lock is released, unless it is locked already. Call this before a credential
    /// moves from its file to the keyring.
    ///
    /// # Errors
    /// As [`acquire`].
    pub(super) async fn add_guard_file(
        &self,
        path: &Path,
        log: &WaitLog,
    ) -> Result<(), VaultError> {
        let is_held = self.guards().iter().any(|guard| is_file_at(path, guard));
        if !is_held {
            let guard = acquire(path, log).await?;
            self.guards().push(guard);
        }
        Ok(())
    }

    /// Returns `true` if no other process can hold this lock.
    pub(super) fn is_exclusive(&self) -> bool {
        !self.guards().is_empty() || is_file_at(&self.path, &self.file)
    }

    fn guards(&self) -> MutexGuard<'_, Vec<LockedFile>> {
        self.guards.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }
}

/// A locked lock file and the locked files that it protects.
#[derive(Debug)]
pub(super) struct HeldFiles {
    file: LockedFile,
    guards: Vec<LockedFile>,
}

/// A file that is unlocked when dropped. Closing the descriptor is not enough: a child process that has not called
/// `exec` yet holds a copy of it.
#[derive(Debug)]
pub(super) struct LockedFile(File);

impl Deref for LockedFile {
    type Target = File;

    fn deref(&self) -> &File {
        &self.0
    }
}

impl Drop for LockedFile {
    fn drop(&mut self) {
        // Closing the file unlocks it anyway.
        let _ = self.0.unlock();
    }
}

/// The files that a profile's lock consists of.
#[derive(Debug)]
pub(super) struct LockPaths {
    pub(super) path: PathBuf,
    /// The credential file, locked if it exists.
    pub(super) credential: PathBuf,
    /// The guard file, locked if it exists.
    pub(super) guard: PathBuf,
    /// Whether the credential is in the keyring, so that a missing guard file is created.
    pub(super) is_in_keyring: bool,
}

/// Waits for the lock at `path`, sleeping between attempts, until the timeout.
pub(super) async fn acquire(path: &Path, log: &WaitLog) -> Result<LockedFile, VaultError> {
    poll_until_locked(path, log, || try_acquire(path)).await
}

pub(super) async fn acquire_all(paths: &LockPaths, log: &WaitLog) -> Result<HeldFiles, VaultError> {
    poll_until_locked(&paths.path, log, || try_acquire_all(paths)).await
}

async fn poll_until_locked<T>(
    path: &Path,
    log: &WaitLog,
    try_lock: impl Fn() -> Result<Option<T>, VaultError>,
) -> Result<T, VaultError> {
    let deadline = Instant::now() + LOCK_TIMEOUT;
    let mut pause = FIRST_PAUSE;
    loop {
        if let Some(lock) = try_lock()? {
            return Ok(lock);
        }
        if pause == FIRST_PAUSE {
            log.waiting(path);
        }
        if Instant::now() >= deadline {
            let path = path.to_owned();
            return Err(VaultError::Busy { path });
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

pub(super) fn try_acquire(path: &Path) -> Result<Option<LockedFile>, VaultError> {
    let Some(file) = open_lock_file(path)?.map(LockedFile) else {
        return Ok(None);
    };
    // If the file was deleted or replaced since it was opened, the next process would lock another file.
    Ok((try_lock_file(&file, path)? && is_file_at(path, &file)).then_some(file))
}

pub(super) fn try_acquire_all(paths: &LockPaths) -> Result<Option<HeldFiles>, VaultError> {
    let Some(file) = try_acquire(&paths.path)? else {
        return Ok(None);
    };
    let mut guards = Vec::new();
    // In this order: a holder that moves the credential to the keyring locks the guard file before it deletes the
    // credential file, so that at least one of them is found.
    if !try_lock_existing(&paths.credential, &mut guards)? {
        return Ok(None);
    }
    if paths.is_in_keyring {
        open_lock_file(&paths.guard)?;
    }
    if !try_lock_existing(&paths.guard, &mut guards)? {
        return Ok(None);
    }
    Ok(Some(HeldFiles { file, guards }))
}

/// Adds the file at `path` to `guards`, if it exists. Returns `false` if another process holds it.
fn try_lock_existing(path: &Path, guards: &mut Vec<LockedFile>) -> Result<bool, VaultError> {
    // A file that cannot be opened cannot be replaced either; the command that reads it reports why.
    let Some(file) = open_guard(path).map(LockedFile) else {
        return Ok(true);
    };
    if !try_lock_file(&file, path)? || !is_file_at(path, &file) {
        return Ok(false);
    }
    guards.push(file);
    Ok(true)
}

fn is_file_at(path: &Path, file: &File) -> bool {
    let (Ok(found), Ok(open)) = (fs::symlink_metadata(path), file.metadata()) else {
        return false;
    };
    (found.dev(), found.ino()) == (open.dev(), open.ino())
}

/// Returns `true` if this process now holds the lock.
fn try_lock_file(file: &File, path: &Path) -> Result<bool, VaultError> {
    let injected = inject(Syscall::Lock).map_err(TryLockError::Error);
    match injected.and_then(|()| file.try_lock()) {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        // A signal interrupted the call; the next attempt repeats it.
        Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Interrupted => {
            Ok(false)
        }
        Err(TryLockError::Error(source)) => Err(VaultError::LockUnsupported {
            path: path.to_owned(),
            source,
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn dropping_a_lock_unlocks_it_even_if_a_child_has_a_copy_of_the_descriptor() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("x.lock");
        let held = try_acquire(&path).unwrap().unwrap();
        let _copy = held.try_clone().unwrap();
        drop(held);
        assert!(try_acquire(&path).unwrap().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn acquire_logs_the_wait_and_returns_busy_after_the_timeout() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("x.lock");
        let lines = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&lines);
        let log = WaitLog::to(move |line| sink.lock().unwrap().push(line.to_owned()));
        let _held = acquire(&path, &log).await.unwrap();
        assert!(lines.lock().unwrap().is_empty(), "nothing to wait for");
        let began = Instant::now();
        let error = acquire(&path, &log).await.unwrap_err();
        let line = format!(
            "* waiting for the lock `{}`, which another process holds",
            path.display()
        );
        assert_eq!(*lines.lock().unwrap(), [line], "once per wait");
        assert!(
            matches!(&error, VaultError::Busy { path: named } if *named == path),
            "{error:?}"
        );
        assert!(began.elapsed() >= LOCK_TIMEOUT);
        assert!(began.elapsed() < LOCK_TIMEOUT + 2 * LONGEST_PAUSE);
    }

    #[tokio::test(start_paused = true)]
    async fn acquire_succeeds_soon_after_the_holder_releases() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("x.lock");
        let log = WaitLog::default();
        let held = acquire(&path, &log).await.unwrap();
        let release = async {
            sleep(Duration::from_secs(5)).await;
            drop(held);
        };
        let began = Instant::now();
        let (taken, ()) = tokio::join!(acquire(&path, &log), release);
        taken.unwrap();
        assert!(began.elapsed() <= Duration::from_secs(5) + LONGEST_PAUSE);
    }

    #[test]
    fn lock_file_remains_after_the_lock_is_dropped() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("x.lock");
        let held = try_acquire(&path).unwrap();
        assert!(held.is_some());
        assert!(try_acquire(&path).unwrap().is_none());
        drop(held);
        assert!(try_acquire(&path).unwrap().is_some());
        assert!(path.exists());
    }

    fn lock_paths(directory: &Path) -> LockPaths {
        LockPaths {
            path: directory.join("x.lock"),
            credential: directory.join("x.json"),
            guard: directory.join("x.keyring"),
            is_in_keyring: false,
        }
    }

    fn create_credential(paths: &LockPaths) {
        let file = File::create_new(&paths.credential).unwrap();
        super::super::permissions::make_private(&file, &paths.credential).unwrap();
    }

    #[test]
    fn deleted_lock_file_does_not_admit_a_second_holder_while_the_credential_file_is_locked() {
        let home = tempfile::tempdir().unwrap();
        let locked = lock_paths(home.path());
        let try_lock = || try_acquire_all(&locked).unwrap();
        drop(try_lock().unwrap());
        create_credential(&locked);
        let held = try_lock().unwrap();
        std::fs::remove_file(&locked.path).unwrap();
        assert!(try_lock().is_none());
        assert!(locked.path.exists(), "a new lock file");
        drop(held);
        assert!(try_lock().is_some());
        assert!(!locked.guard.exists(), "only for the keyring");
    }

    #[test]
    fn deleted_lock_file_does_not_admit_a_second_holder_while_the_guard_file_is_locked() {
        let home = tempfile::tempdir().unwrap();
        let locked = LockPaths {
            is_in_keyring: true,
            ..lock_paths(home.path())
        };
        let try_lock = || try_acquire_all(&locked).unwrap();
        let held = try_lock().unwrap();
        std::fs::remove_file(&locked.path).unwrap();
        assert!(try_lock().is_none());
        drop(held);
        assert!(try_lock().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn deleted_lock_file_does_not_admit_a_second_holder_while_the_credential_moves() {
        let home = tempfile::tempdir().unwrap();
        let log = WaitLog::default();
        // The second process has read the index before the credential moved.
        let locked = lock_paths(home.path());
        for round in ["first", "second"] {
            create_credential(&locked);
            let held = acquire_all(&locked, &log).await.unwrap();
            let held = ProfileLock::new(&"x".parse().unwrap(), locked.path.clone(), held);
            std::fs::remove_file(&locked.path).unwrap();
            held.add_guard_file(&locked.guard, &log).await.unwrap();
            assert!(try_acquire_all(&locked).unwrap().is_none(), "{round} move");
            std::fs::remove_file(&locked.credential).unwrap();
            assert!(try_acquire_all(&locked).unwrap().is_none(), "{round} move");
            drop(held);
            assert!(try_acquire_all(&locked).unwrap().is_some(), "{round} move");
        }
    }

    #[test]
    fn link_at_the_path_of_a_lock_file_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("x.lock");
        std::os::unix::fs::symlink(home.path().join("elsewhere"), &path).unwrap();
        let error = try_acquire(&path).unwrap_err();
        assert!(
            matches!(error, VaultError::InvalidLockFile { .. }),
            "{error:?}"
        );
        assert!(!home.path().join("elsewhere").exists());
    }
}
