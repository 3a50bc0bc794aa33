//! Every call that saves a refreshed session fails in turn, once or for good, with every error that a disk reports. The
//! session is saved, or kept where the next refresh finds it, or the error says that it is lost.

use rustix::io::Errno;

use super::super::seam::{Call, Refused, refuse_some};
use super::*;

const ERRORS: [Errno; 5] = [
    Errno::IO,
    Errno::NOSPC,
    Errno::DQUOT,
    Errno::ACCESS,
    Errno::ROFS,
];
const CALLS: [Call; 8] = [
    Call::Open,
    Call::SetMode,
    Call::Write,
    Call::Truncate,
    Call::Sync,
    Call::Rename,
    Call::SyncDirectory,
    Call::Note,
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
async fn save_with(refused: Refused, counts: &mut [u32; 3]) -> bool {
    let when = format!(
        "{:?} number {} fails with {:?}, for good: {}",
        refused.call, refused.after, refused.errno, refused.for_good
    );
    let (_home, vault) = vault();
    write(&vault, "old").await;
    let lock = vault.lock(&work()).await.unwrap();
    let reserved = vault.reserve(&lock, Storage::File).unwrap();
    lock.spend(&spent(), jiff::Timestamp::UNIX_EPOCH).unwrap();
    refuse_some(Some(refused));
    let saved = vault.save(&lock, reserved, &successor());
    let is_met = super::super::seam::is_met();
    refuse_some(None);
    drop(lock);

    check(&vault, saved, counts, &when).await;
    is_met
}

/// Checks that the outcome of a save is true.
async fn check(
    vault: &Vault,
    saved: Result<Option<VaultError>, Unsaved>,
    counts: &mut [u32; 3],
    when: &str,
) {
    let lock = vault.lock(&work()).await.unwrap();
    let found = vault.read(&work(), Storage::File).unwrap().unwrap();
    match saved {
        Ok(_) => {
            counts[0] += 1;
            assert_eq!(found, successor(), "{when}");
            assert_eq!(lock.spent_at(&spent()), None, "{when}");
        }
        Err(Unsaved::Kept(error)) => {
            counts[1] += 1;
            assert!(error.to_string().contains("work.json"), "{when}: {error}");
            assert_eq!(found, stored("old"), "{when}");
            vault.recover(&lock).unwrap();
            let found = vault.read(&work(), Storage::File).unwrap();
            assert_eq!(found, Some(successor()), "{when}");
        }
        Err(Unsaved::Lost(error)) => {
            counts[2] += 1;
            assert!(error.to_string().contains("work.json"), "{when}: {error}");
            assert_eq!(found, stored("old"), "{when}");
            assert!(
                lock.spent_at(&spent()).is_some(),
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
            for for_good in [false, true] {
                let mut after = 0;
                let refused = |after| Refused {
                    call,
                    errno,
                    after,
                    for_good,
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
    for call in [Call::Sync, Call::Rename] {
        let (_home, vault) = vault();
        write(&vault, "old").await;
        let lock = vault.lock(&work()).await.unwrap();
        let reserved = vault.reserve(&lock, Storage::File).unwrap();
        lock.spend(&spent(), jiff::Timestamp::UNIX_EPOCH).unwrap();
        super::super::seam::refuse(Some((call, Errno::IO)));
        let saved = vault.save(&lock, reserved, &successor());
        super::super::seam::refuse(None);
        assert!(matches!(saved, Err(Unsaved::Kept(_))), "{saved:?}");
    }
}

#[tokio::test]
async fn room_that_was_reserved_is_enough_on_a_disk_that_is_full_since() {
    let (_home, vault) = vault();
    write(&vault, "old").await;
    let lock = vault.lock(&work()).await.unwrap();
    let reserved = vault.reserve(&lock, Storage::File).unwrap();
    // No other file can be made.
    super::super::seam::refuse(Some((Call::Open, Errno::NOSPC)));
    let saved = vault.save(&lock, reserved, &successor());
    super::super::seam::refuse(None);
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
                let put = vault.put(&lock, profile("basic-memory"), &before);
                put.await.unwrap();
                let mut changed = profile("basic-memory");
                changed.issuer = Some("https://other.example.com".to_owned());
                refuse_some(Some(Refused {
                    call,
                    errno,
                    after,
                    for_good: false,
                }));
                let put = vault.put(&lock, changed.clone(), &stored("new")).await;
                refuse_some(None);
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
    let error = lock.spend(&spent(), jiff::Timestamp::UNIX_EPOCH);
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
