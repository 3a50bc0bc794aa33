//! One writer at a time, across processes: an advisory lock on a file beside the one it guards.
//!
//! The lock file is never deleted: a process could hold the deleted one while the next locks its successor.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::VaultError;
use super::permissions::open_lock;
use super::seam::{Call, ask};
use crate::domain::ProfileName;

/// How long a holder may take: longer than any exchange with a server that it may be in the middle of repeats.
const BUDGET: Duration = Duration::from_secs(15);
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// The right to change one profile's credential. It ends when this is dropped, or with the process.
#[derive(Debug)]
pub struct ProfileLock {
    profile: ProfileName,
    path: PathBuf,
    file: File,
}

impl ProfileLock {
    /// The profile it is for.
    pub fn profile(&self) -> &ProfileName {
        &self.profile
    }

    pub(super) fn new(profile: &ProfileName, path: PathBuf, file: File) -> Self {
        Self {
            profile: profile.clone(),
            path,
            file,
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }
}

/// Waits for the lock at `path`, asleep between tries, for as long as the budget lasts.
pub(super) async fn acquire(path: &Path) -> Result<File, VaultError> {
    let file = open_lock(path)?;
    let end = Instant::now() + BUDGET;
    let mut pause = FIRST_PAUSE;
    while !is_taken(&file, path)? {
        if Instant::now() >= end {
            let path = path.to_owned();
            return Err(VaultError::Busy { path });
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    Ok(file)
}

/// The lock at `path` if nobody holds it.
pub(super) fn try_acquire(path: &Path) -> Result<Option<File>, VaultError> {
    let file = open_lock(path)?;
    Ok(is_taken(&file, path)?.then_some(file))
}

/// Whether the lock is now this file's.
fn is_taken(file: &File, path: &Path) -> Result<bool, VaultError> {
    let taken = ask(Call::Lock).map_err(TryLockError::Error);
    match taken.and_then(|()| file.try_lock()) {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        // Interrupted by a signal: as good as not yet.
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
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_lock_that_stays_taken_is_busy_after_the_budget() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("x.lock");
        let _held = acquire(&path).await.unwrap();
        let began = Instant::now();
        let error = acquire(&path).await.unwrap_err();
        assert!(
            matches!(&error, VaultError::Busy { path: named } if *named == path),
            "{error:?}"
        );
        assert!(began.elapsed() >= BUDGET);
        assert!(began.elapsed() < BUDGET + 2 * LONGEST_PAUSE);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_gets_the_lock_soon_after_it_is_dropped() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("x.lock");
        let held = acquire(&path).await.unwrap();
        let release = async {
            sleep(Duration::from_secs(5)).await;
            drop(held);
        };
        let began = Instant::now();
        let (taken, ()) = tokio::join!(acquire(&path), release);
        taken.unwrap();
        assert!(began.elapsed() <= Duration::from_secs(5) + LONGEST_PAUSE);
    }

    #[test]
    fn the_lock_file_stays_when_the_lock_is_dropped() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("x.lock");
        let held = try_acquire(&path).unwrap();
        assert!(held.is_some());
        assert!(try_acquire(&path).unwrap().is_none());
        drop(held);
        assert!(try_acquire(&path).unwrap().is_some());
        assert!(path.exists());
    }

    #[test]
    fn a_link_is_no_lock_file() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("x.lock");
        std::os::unix::fs::symlink(home.path().join("elsewhere"), &path).unwrap();
        let error = try_acquire(&path).unwrap_err();
        assert!(matches!(error, VaultError::Symlink { .. }), "{error:?}");
        assert!(!home.path().join("elsewhere").exists());
    }
}
