//! The keyring through the vault.

use super::*;

/// Needs a session bus with an unlocked keyring: `dbus-run-session`, `gnome-keyring-daemon --unlock`.
#[cfg(feature = "keyring")]
#[tokio::test]
#[ignore = "needs an unlocked keyring"]
async fn a_credential_in_the_keyring_comes_back_and_goes() {
    let (_home, vault) = vault();
    let vault = vault.keyring_service("brainmaps-test");
    let lock = vault.lock(&work()).await.unwrap();
    vault.rehearse(&lock, Storage::Keyring).unwrap();
    vault
        .write(&lock, Storage::Keyring, &stored("first"))
        .unwrap();
    vault
        .write(&lock, Storage::Keyring, &stored("second"))
        .unwrap();
    let found = vault.read(&work(), Storage::Keyring).unwrap();
    assert_eq!(found, Some(stored("second")));
    assert!(vault.delete(&lock, Storage::Keyring).unwrap());
    assert!(!vault.delete(&lock, Storage::Keyring).unwrap());
    assert_eq!(vault.read(&work(), Storage::Keyring).unwrap(), None);
}

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
