//! Files that the vault refuses to read, and their quarantine.

use super::*;

#[tokio::test]
async fn file_accessible_to_others_is_refused_with_the_command_that_fixes_it() {
    let (_home, vault) = vault();
    write(&vault, "canary").await;
    let path = vault.credentials.join("work.json");
    for open in [0o644, 0o640, 0o604, 0o620, 0o602] {
        fs::set_permissions(&path, Permissions::from_mode(open)).unwrap();
        let error = vault.read(&work(), Storage::File).unwrap_err();
        assert!(
            matches!(error, VaultError::PermissionsTooOpen { mode, .. } if mode == open),
            "{error:?}"
        );
        let command = format!("chmod 600 '{}'", path.display());
        assert!(
            error.hint().unwrap().plain().contains(&command),
            "{error:?}"
        );
    }
    let lock = vault.lock(&work()).await.unwrap();
    assert!(matches!(
        vault.quarantine(&lock),
        Err(VaultError::PermissionsTooOpen { .. })
    ));
    vault.write(&lock, Storage::File, &stored("new")).unwrap();
    assert_eq!(mode(&path), 0o600);
    assert!(vault.read(&work(), Storage::File).unwrap().is_some());
}

#[tokio::test]
async fn links_are_not_followed() {
    let (home, vault) = vault();
    write(&vault, "canary").await;
    let path = vault.credentials.join("work.json");
    let elsewhere = home.path().join("elsewhere");
    fs::rename(&path, &elsewhere).unwrap();
    symlink(&elsewhere, &path).unwrap();
    let refused = |error: VaultError| matches!(error, VaultError::Symlink { .. });
    assert!(refused(vault.read(&work(), Storage::File).unwrap_err()));

    fs::rename(&vault.credentials, home.path().join("moved")).unwrap();
    symlink(home.path().join("moved"), &vault.credentials).unwrap();
    assert!(refused(vault.read(&work(), Storage::File).unwrap_err()));
    assert!(refused(vault.lock(&work()).await.unwrap_err()));
    assert!(refused(vault.profiles_with_credential_file().unwrap_err()));

    symlink(&elsewhere, vault.directory().join(INDEX)).unwrap();
    assert!(refused(vault.index().unwrap_err()));
}

#[tokio::test]
async fn damaged_credential_is_named_and_quarantined() {
    let (_home, vault) = vault();
    let path = vault.credentials.join("work.json");
    for (number, text) in ["", "{\"secret\": \"canary\"", "{\"version\": 9}"]
        .iter()
        .enumerate()
    {
        put(&path, text, 0o600);
        let error = vault.read(&work(), Storage::File).unwrap_err();
        assert!(error.is_damage(), "{error:?}");
        assert!(error.to_string().contains("work.json"), "{error}");
        assert!(!all_texts(&error).contains("canary"));
        let lock = vault.lock(&work()).await.unwrap();
        let kept = vault.quarantine(&lock).unwrap().unwrap();
        assert_eq!(
            kept.file_name().unwrap().to_str(),
            Some(&*format!("work.json.corrupt-{}", number + 1))
        );
        assert_eq!(fs::read_to_string(&kept).unwrap(), *text);
        assert_eq!(mode(&kept), 0o600);
        assert_eq!(vault.quarantine(&lock).unwrap(), None);
    }
    assert!(vault.profiles_with_credential_file().unwrap().is_empty());
    write(&vault, "new").await;
    let lock = vault.lock(&work()).await.unwrap();
    assert_eq!(vault.quarantine(&lock).unwrap(), None);
    assert!(vault.read(&work(), Storage::File).unwrap().is_some());
}

#[tokio::test]
async fn damaged_index_is_quarantined_only_on_request() {
    let (_home, vault) = vault();
    let path = vault.directory().join(INDEX);
    put(
        &path,
        "{\"version\": 1, \"profiles\": {\"../x\": {}}}",
        0o600,
    );
    let error = vault.update_index(|_| ()).await.unwrap_err();
    assert!(
        matches!(error, VaultError::Corrupt { line: 1, .. }),
        "{error:?}"
    );
    let kept = vault.quarantine_index().await.unwrap().unwrap();
    assert!(fs::read_to_string(kept).unwrap().contains("../x"));
    assert_eq!(vault.quarantine_index().await.unwrap(), None);
    assert_eq!(vault.index().unwrap(), ProfileIndex::default());
}

#[tokio::test]
async fn file_above_the_size_limit_is_neither_read_nor_written() {
    let (_home, vault) = vault();
    write(&vault, "first").await;
    let lock = vault.lock(&work()).await.unwrap();
    let long = stored(&"x".repeat(secret_file::MAX_SIZE));
    let error = vault.write(&lock, Storage::File, &long).unwrap_err();
    assert!(matches!(error, VaultError::TooLarge { .. }), "{error:?}");
    assert_eq!(
        vault.read(&work(), Storage::File).unwrap(),
        Some(stored("first"))
    );
    let path = vault.credentials.join("work.json");
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(1 << 21)
        .unwrap();
    let error = vault.read(&work(), Storage::File).unwrap_err();
    assert!(
        matches!(error, VaultError::TooLarge { .. }) && error.is_damage(),
        "{error:?}"
    );
}
