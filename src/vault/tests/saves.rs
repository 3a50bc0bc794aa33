//! Every call that saves a refreshed session fails in turn, once or for good, with every error that a disk reports. The
//! session is saved, or kept where the next refresh finds it, or the error says that it is lost.

use rustix::io::Errno;

use super::super::fault_injection::{Fault, Syscall, inject_fault};
use super::*;

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

/// The token of [`stored`], which a refresh spends.
fn spent() -> Secret {
    stored("old").refresh_token.unwrap()
}

fn successor() -> StoredCredential {
    StoredCredential {
        refresh_token: Some(Secret::new("successor")),
        ..stored("new")
    }
}

/// Fails one call of the save of a refresh, and checks what is left. Returns `false` when no call was left to fail.
async fn save_with(refused: Fault, counts: &mut [u32; 3]) -> bool {
    let when = format!(
        "{:?} number {} fails with {:?}, for good: {}",
        refused.call, refused.after, refused.errno, refused.is_permanent
    );
    let (_home, vault) = vault();
    write(&vault, "old").await;
    let lock = vault.lock(&work()).await.unwrap();
    let reserved = vault.reserve(&lock, Storage::File).unwrap();
    lock.begin_refresh(&spent(), jiff::Timestamp::UNIX_EPOCH)
        .unwrap();
    inject_fault(Some(refused));
    let saved = vault.save_refreshed(&lock, reserved, &successor());
    let is_met = super::super::fault_injection::was_injected();
    inject_fault(None);
    drop(lock);

    check(&vault, saved, counts, &when).await;
    is_met
}

/// Checks that the outcome of a save is true.
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
            assert_eq!(found, successor(), "{when}");
            assert_eq!(lock.interrupted_refresh(&spent()), None, "{when}");
        }
        Err(SaveError::KeptInTemp(error)) => {
            counts[1] += 1;
            assert!(error.to_string().contains("work.json"), "{when}: {error}");
            assert_eq!(found, stored("old"), "{when}");
            vault.recover_refresh(&lock).unwrap();
            let found = vault.read(&work(), Storage::File).unwrap();
            assert_eq!(found, Some(successor()), "{when}");
        }
        Err(SaveError::Lost(error)) => {
            counts[2] += 1;
            assert!(error.to_string().contains("work.json"), "{when}: {error}");
            assert_eq!(found, stored("old"), "{when}");
            assert!(
                lock.interrupted_refresh(&spent()).is_some(),
                "{when}: the next refresh says why it is refused"
            );
        }
    }
    vault.reserve(&lock, Storage::File).unwrap();
    let files = fs::read_dir(&vault.credentials).unwrap().count();
    assert_eq!(files, 2, "{when}: credential and lock");
}

#[tokio::test]
async fn save_of_a_refresh_survives_every_failing_call_or_says_what_is_lost() {
    let mut counts = [0; 3];
    for call in CALLS {
        for errno in ERRORS {
            for is_permanent in [false, true] {
                let mut after = 0;
                let refused = |after| Fault {
                    call,
                    errno,
                    after,
                    is_permanent,
                };
                while save_with(refused(after), &mut counts).await {
                    after += 1;
                }
            }
        }
    }
    let [saved, kept, lost] = counts;
    println!("FAILED CALLS save of a refresh: saved {saved}, kept {kept}, lost and said {lost}");
    assert!(saved > 0 && kept > 0);
}

#[tokio::test]
async fn complete_content_is_kept_when_sync_or_rename_fails_for_good() {
    for call in [Syscall::Sync, Syscall::Rename] {
        let (_home, vault) = vault();
        write(&vault, "old").await;
        let lock = vault.lock(&work()).await.unwrap();
        let reserved = vault.reserve(&lock, Storage::File).unwrap();
        lock.begin_refresh(&spent(), jiff::Timestamp::UNIX_EPOCH)
            .unwrap();
        super::super::fault_injection::fail_calls(Some((call, Errno::IO)));
        let saved = vault.save_refreshed(&lock, reserved, &successor());
        super::super::fault_injection::fail_calls(None);
        assert!(matches!(saved, Err(SaveError::KeptInTemp(_))), "{saved:?}");
    }
}

#[tokio::test]
async fn room_that_was_reserved_is_enough_on_a_disk_that_is_full_since() {
    let (_home, vault) = vault();
    write(&vault, "old").await;
    let lock = vault.lock(&work()).await.unwrap();
    let reserved = vault.reserve(&lock, Storage::File).unwrap();
    // No other file can be made.
    super::super::fault_injection::fail_calls(Some((Syscall::Open, Errno::NOSPC)));
    let saved = vault.save_refreshed(&lock, reserved, &successor());
    super::super::fault_injection::fail_calls(None);
    assert!(matches!(saved, Ok(None)), "{saved:?}");
}

#[tokio::test]
async fn login_whose_index_cannot_be_written_leaves_the_old_credential() {
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
async fn refresh_token_is_not_spent_under_a_lock_file_that_was_replaced() {
    let (_home, vault) = vault();
    let lock = vault.lock(&work()).await.unwrap();
    fs::remove_file(vault.credentials.join("work.lock")).unwrap();
    let error = lock.begin_refresh(&spent(), jiff::Timestamp::UNIX_EPOCH);
    assert!(
        matches!(error, Err(VaultError::LockReplaced { .. })),
        "{error:?}"
    );
    // With a credential, that file is locked as well.
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
