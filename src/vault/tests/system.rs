//! Makes one system call after the other fail: a complete credential must remain, and no other file.

use rustix::io::Errno;

use super::*;
use crate::files::fault_injection::{Syscall, fail_calls};

const ERRORS: [Errno; 4] = [Errno::NOSPC, Errno::IO, Errno::ACCESS, Errno::INTR];

/// If one of these fails, the old file remains.
const UNTIL_RENAME: [Syscall; 5] = [
    Syscall::Open,
    Syscall::SetMode,
    Syscall::Write,
    Syscall::Sync,
    Syscall::Rename,
];

/// Runs `work` while `call` fails with `errno`.
fn with_failing<T>(call: Syscall, errno: Errno, work: impl FnOnce() -> T) -> T {
    fail_calls(Some((call, errno)));
    let outcome = work();
    fail_calls(None);
    outcome
}

#[tokio::test]
async fn failed_system_call_leaves_the_old_or_the_new_credential_complete() {
    let (_home, vault) = vault();
    for call in UNTIL_RENAME.into_iter().chain([Syscall::SyncDirectory]) {
        for errno in ERRORS {
            let when = format!("{call:?} refused with {errno:?}");
            write(&vault, "old").await;
            let lock = vault.lock(&work()).await.unwrap();
            let new = stored("new");
            let error = with_failing(call, errno, || vault.write(&lock, Storage::File, &new));
            let error = all_texts(&error.expect_err(&when));
            assert!(!error.contains("canary"), "{when}: {error}");
            assert!(error.contains("credentials"), "{when}: {error}");
            let expected = match call {
                // The file was renamed already; only its durability is unknown.
                Syscall::SyncDirectory => "new",
                _ => "old",
            };
            let found = vault.read(&work(), Storage::File).unwrap();
            assert_eq!(found, Some(stored(expected)), "{when}");
            let files = file_count(&vault.credentials);
            assert_eq!(files, 2, "{when}: credential and lock");
        }
    }
}

#[tokio::test]
async fn failed_first_write_leaves_no_credential() {
    let (_home, vault) = vault();
    let lock = vault.lock(&work()).await.unwrap();
    for call in UNTIL_RENAME {
        for errno in ERRORS {
            let first = stored("first");
            let outcome = with_failing(call, errno, || vault.write(&lock, Storage::File, &first));
            assert!(outcome.is_err(), "{call:?} {errno:?}");
            assert_eq!(vault.read(&work(), Storage::File).unwrap(), None);
            let files = file_count(&vault.credentials);
            assert_eq!(files, 1, "{call:?} {errno:?}: lock");
        }
    }
}

#[tokio::test]
async fn preflight_write_detects_what_the_write_would_fail_with() {
    let (_home, vault) = vault();
    let lock = vault.lock(&work()).await.unwrap();
    for call in [Syscall::Open, Syscall::SetMode, Syscall::Write] {
        for errno in ERRORS {
            let outcome = with_failing(call, errno, || vault.preflight_write(&lock, Storage::File));
            assert!(outcome.is_err(), "{call:?} {errno:?}");
            let files = file_count(&vault.credentials);
            assert_eq!(files, 1, "{call:?} {errno:?}: lock");
        }
    }
    let token = Secret::new("canary");
    let noted = with_failing(Syscall::WriteJournal, Errno::NOSPC, || {
        lock.begin_refresh(&token, jiff::Timestamp::UNIX_EPOCH)
    });
    assert!(noted.is_err());
    assert_eq!(lock.interrupted_refresh(&token), None);
}

#[tokio::test]
async fn failed_index_write_leaves_the_index_unchanged() {
    let (_home, vault) = vault();
    let insert = |index: &mut ProfileIndex| drop(index.profiles.insert(work(), profile("neuroio")));
    vault.update_index(insert).await.unwrap();
    let before = vault.index().unwrap();
    for call in UNTIL_RENAME {
        for errno in ERRORS {
            fail_calls(Some((call, errno)));
            let outcome = vault.update_index(|index| index.profiles.clear()).await;
            fail_calls(None);
            assert!(outcome.is_err(), "{call:?} {errno:?}");
            assert_eq!(vault.index().unwrap(), before, "{call:?} {errno:?}");
            let files = file_count(vault.directory());
            assert_eq!(files, 2, "{call:?} {errno:?}: index and lock");
        }
    }
}

#[tokio::test]
async fn failed_delete_and_quarantine_keep_the_file() {
    let (_home, vault) = vault();
    write(&vault, "old").await;
    let lock = vault.lock(&work()).await.unwrap();
    for errno in ERRORS {
        let kept = with_failing(Syscall::Remove, errno, || {
            vault.delete(&lock, Storage::File)
        });
        assert!(kept.is_err(), "{errno:?}");
        let found = vault.read(&work(), Storage::File).unwrap();
        assert_eq!(found, Some(stored("old")), "{errno:?}");
        let files = file_count(&vault.credentials);
        assert_eq!(files, 2, "{errno:?}: credential and lock");
    }
    let path = vault.credentials.join("work.json");
    fs::remove_file(&path).unwrap();
    put(&path, "{", 0o600);
    for errno in ERRORS {
        assert!(with_failing(Syscall::Rename, errno, || vault.quarantine(&lock)).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "{");
        let files = file_count(&vault.credentials);
        assert_eq!(files, 2, "{errno:?}: credential and lock");
    }
}

/// NFS without its lock daemon, and some network and FUSE file systems, return these errors.
#[tokio::test(start_paused = true)]
async fn file_system_without_locks_is_reported_and_nothing_is_changed() {
    let (_home, vault) = vault();
    for errno in [
        Errno::NOLCK,
        Errno::NOTSUP,
        Errno::NOSYS,
        Errno::INVAL,
        Errno::IO,
    ] {
        fail_calls(Some((Syscall::Lock, errno)));
        let error = vault.lock(&work()).await.unwrap_err();
        let index = vault.update_index(|index| index.default_profile = Some(work()));
        let index = index.await.unwrap_err();
        fail_calls(None);
        for error in [error, index] {
            assert!(
                matches!(error, VaultError::LockUnsupported { .. }),
                "{error:?}"
            );
            assert!(
                error.to_string().contains("does not support file locks"),
                "{error}"
            );
            assert!(
                error.hint().unwrap().plain().contains("local disk"),
                "{error:?}"
            );
        }
    }
    fail_calls(Some((Syscall::Lock, Errno::INTR)));
    let interrupted = vault.lock(&work()).await.unwrap_err();
    fail_calls(None);
    assert!(
        matches!(interrupted, VaultError::Busy { .. }),
        "a signal is not an error: it tries again until the timeout"
    );
    assert_eq!(vault.index().unwrap(), ProfileIndex::default());
}
