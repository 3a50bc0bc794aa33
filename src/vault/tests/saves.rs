//! Makes every system call of saving a refreshed session fail, once or always, with every error that a disk reports.
//! The session must be saved, or kept where the next refresh finds it, or reported as lost.

use rustix::io::Errno;

use super::*;
use crate::files::fault_injection::{Fault, Syscall, inject_fault};

const ERRORS: [Errno; 5] = [
    Errno::IO,
    Errno::NOSPC,
    Errno::DQUOT,
    Errno::ACCESS,
    Errno::ROFS,
];
const CALLS: [Syscall; 8] = [
    Syscall::Open,
    Syscall::SetMode,
    Syscall::Write,
    Syscall::Truncate,
    Syscall::Sync,
    Syscall::Rename,
    Syscall::SyncDirectory,
    Syscall::WriteJournal,
];

/// The refresh token of [`stored`].
fn sent_token() -> Secret {
    stored("old").refresh_token.unwrap()
}

fn refreshed() -> StoredCredential {
    StoredCredential {
        refresh_token: Some(Secret::new("refreshed")),
        ..stored("new")
    }
}

/// Makes one call of saving a refresh fail, and checks the result. Returns `false` if there was no such call.
async fn save_with(fault: Fault, counts: &mut [u32; 3]) -> bool {
    let when = format!(
        "{:?} number {} fails with {:?}, for good: {}",
        fault.call, fault.after, fault.errno, fault.is_permanent
    );
    let (_home, vault) = vault();
    write(&vault, "old").await;
    let lock = vault.lock(&work()).await.unwrap();
    let reserved = vault.reserve(&lock, Storage::File).unwrap();
    lock.begin_refresh(&sent_token(), jiff::Timestamp::UNIX_EPOCH)
        .unwrap();
    inject_fault(Some(fault));
    let saved = vault.save_refreshed(&lock, reserved, &refreshed());
    let was_injected = crate::files::fault_injection::was_injected();
    inject_fault(None);
    drop(lock);

    check(&vault, saved, counts, &when).await;
    was_injected
}

/// Checks that the returned result matches the stored files.
async fn check(
    vault: &Vault,
    saved: Result<Option<VaultError>, SaveError>,
    counts: &mut [u32; 3],
    when: &str,
) {
    let lock = vault.lock(&work()).await.unwrap();
    let found = vault.read(&work(), Storage::File).unwrap().unwrap();
    match saved {
        Ok(_) => {
            counts[0] += 1;
            assert_eq!(found, refreshed(), "{when}");
            assert_eq!(lock.interrupted_refresh(&sent_token()), None, "{when}");
        }
        Err(SaveError::KeptInTemp(error)) => {
            counts[1] += 1;
            assert!(error.to_string().contains("work.json"), "{when}: {error}");
            assert_eq!(found, stored("old"), "{when}");
            vault.recover_refresh(&lock).unwrap();
            let found = vault.read(&work(), Storage::File).unwrap();
            assert_eq!(found, Some(refreshed()), "{when}");
        }
        Err(SaveError::Lost(error)) => {
            counts[2] += 1;
            assert!(error.to_string().contains("work.json"), "{when}: {error}");
            assert_eq!(found, stored("old"), "{when}");
            assert!(
                lock.interrupted_refresh(&sent_token()).is_some(),
                "{when}: the next refresh explains why it is rejected"
            );
        }
    }
    vault.reserve(&lock, Storage::File).unwrap();
    let files = file_count(&vault.credentials);
    assert_eq!(files, 2, "{when}: credential and lock");
}

#[tokio::test]
async fn saving_a_refresh_survives_every_failing_call_or_reports_the_loss() {
    let mut counts = [0; 3];
    for call in CALLS {
        for errno in ERRORS {
            for is_permanent in [false, true] {
                let mut after = 0;
                let fault = |after| Fault {
                    call,
                    errno,
                    after,
                    is_permanent,
                };
                while save_with(fault(after), &mut counts).await {
                    after += 1;
                }
            }
        }
    }
    let [saved, kept, lost] = counts;
    println!(
        "FAILED CALLS save of a refresh: saved {saved}, kept {kept}, lost and reported {lost}"
    );
    assert!(saved > 0 && kept > 0);
}

#[tokio::test]
async fn complete_temp_file_is_kept_if_sync_or_rename_always_fails() {
    for call in [Syscall::Sync, Syscall::Rename] {
        let (_home, vault) = vault();
        write(&vault, "old").await;
        let lock = vault.lock(&work()).await.unwrap();
        let reserved = vault.reserve(&lock, Storage::File).unwrap();
        lock.begin_refresh(&sent_token(), jiff::Timestamp::UNIX_EPOCH)
            .unwrap();
        crate::files::fault_injection::fail_calls(Some((call, Errno::IO)));
        let saved = vault.save_refreshed(&lock, reserved, &refreshed());
        crate::files::fault_injection::fail_calls(None);
        assert!(matches!(saved, Err(SaveError::KeptInTemp(_))), "{saved:?}");
    }
}

#[tokio::test]
async fn reserved_space_is_enough_if_the_disk_has_filled_up() {
    let (_home, vault) = vault();
    write(&vault, "old").await;
    let lock = vault.lock(&work()).await.unwrap();
    let reserved = vault.reserve(&lock, Storage::File).unwrap();
    // No other file can be created.
    crate::files::fault_injection::fail_calls(Some((Syscall::Open, Errno::NOSPC)));
    let saved = vault.save_refreshed(&lock, reserved, &refreshed());
    crate::files::fault_injection::fail_calls(None);
    assert!(matches!(saved, Ok(None)), "{saved:?}");
}

#[tokio::test]
async fn login_that_cannot_write_the_index_keeps_the_old_credential() {
    for call in CALLS {
        for errno in [Errno::IO, Errno::NOSPC] {
            for after in 0..8 {
                let (_home, vault) = vault();
                let lock = vault.lock(&work()).await.unwrap();
                let before = stored("old");
                let put = vault.store(&lock, profile("basic-memory"), &before);
                put.await.unwrap();
                let mut changed = profile("basic-memory");
                changed.issuer = Some("https://other.example.com".to_owned());
                inject_fault(Some(Fault {
                    call,
                    errno,
                    after,
                    is_permanent: false,
                }));
                let put = vault.store(&lock, changed.clone(), &stored("new")).await;
                inject_fault(None);
                let found = vault.read(&work(), Storage::File).unwrap().unwrap();
                let index = vault.index().unwrap().profiles.remove(&work()).unwrap();
                let expected = match put {
                    Ok(_) => (stored("new"), changed),
                    Err(_) => (stored("old"), profile("basic-memory")),
                };
                assert_eq!((found, index), expected, "{call:?} {errno:?} {after}");
            }
        }
    }
}

#[tokio::test]
async fn refresh_does_not_begin_after_the_lock_file_was_replaced() {
    let (_home, vault) = vault();
    let lock = vault.lock(&work()).await.unwrap();
    fs::remove_file(vault.credentials.join("work.lock")).unwrap();
    let error = lock.begin_refresh(&sent_token(), jiff::Timestamp::UNIX_EPOCH);
    assert!(
        matches!(error, Err(VaultError::LockReplaced { .. })),
        "{error:?}"
    );
    // If there is a credential file, it is locked too.
    write(&vault, "old").await;
    let lock = vault.lock(&work()).await.unwrap();
    fs::remove_file(vault.credentials.join("work.lock")).unwrap();
    assert!(vault.try_lock(&work()).unwrap().is_none());
    vault.write(&lock, Storage::File, &stored("new")).unwrap();
    fs::remove_file(vault.credentials.join("work.lock")).unwrap();
    assert!(vault.try_lock(&work()).unwrap().is_none());
    drop(lock);
    assert!(vault.try_lock(&work()).unwrap().is_some());
}
