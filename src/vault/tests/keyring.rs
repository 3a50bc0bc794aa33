//! The keyring through the vault. What a real one does is tried with the real program: `tests/it/crash_recovery/keyring/`.

use super::*;

#[cfg(not(feature = "keyring"))]
#[test]
fn a_build_without_keyring_says_so_and_offers_the_file() {
    let (_home, vault) = vault();
    let error = vault.read(&work(), Storage::Keyring).unwrap_err();
    assert!(error.to_string().contains("no keyring support"), "{error}");
    assert!(
        error.hint().unwrap().contains("--storage file"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_credential_that_is_too_large_for_the_keyring_is_refused_before_the_keyring_is_asked() {
    let (_home, vault) = vault();
    let lock = vault.lock(&work()).await.unwrap();
    let huge = stored(&"x".repeat(2 * 1024 * 1024));
    let error = vault.write(&lock, Storage::Keyring, &huge).unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
    assert!(
        error.hint().unwrap().contains("--storage file"),
        "{error:?}"
    );
    assert!(!error.is_damage());
}
