//! The keyring through the vault. A real keyring is tested in `tests/it/crash_recovery/keyring/`.

use super::*;

#[cfg(not(feature = "keyring"))]
#[test]
fn build_without_keyring_reports_that_and_suggests_the_file() {
    let (_home, vault) = vault();
    let error = vault.read(&work(), Storage::Keyring).unwrap_err();
    assert!(error.to_string().contains("no keyring support"), "{error}");
    assert!(
        error.hint().unwrap().plain().contains("--storage file"),
        "{error:?}"
    );
}

#[tokio::test]
async fn credential_too_large_for_the_keyring_is_refused_before_a_keyring_call() {
    let (_home, vault) = vault();
    let lock = vault.lock(&work()).await.unwrap();
    let huge = stored(&"x".repeat(2 * 1024 * 1024));
    let error = vault.write(&lock, Storage::Keyring, &huge).unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
    assert!(
        error.hint().unwrap().plain().contains("--storage file"),
        "{error:?}"
    );
    assert!(!error.is_damage());
}

#[tokio::test]
async fn guard_file_is_locked_before_a_credential_moves_to_the_keyring() {
    let (_home, vault) = vault();
    write(&vault, "first").await;
    let lock = vault.lock(&work()).await.unwrap();
    let record = Profile {
        storage: Storage::Keyring,
        ..profile("neuroio")
    };
    // Too large for the keyring, so that the move ends in the middle.
    let huge = stored(&"x".repeat(2 * 1024 * 1024));
    vault.store(&lock, record, &huge).await.unwrap_err();
    for name in ["work.lock", "work.json"] {
        fs::remove_file(vault.credentials.join(name)).unwrap();
    }
    assert!(vault.try_lock(&work()).unwrap().is_none());
    drop(lock);
    assert!(vault.try_lock(&work()).unwrap().is_some());
}
