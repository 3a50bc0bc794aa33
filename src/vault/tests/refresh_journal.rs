//! The refresh journal, and the credential that a killed refresh wrote but did not rename.

use std::os::unix::fs::FileExt as _;

use super::*;

#[tokio::test]
async fn refresh_journal_matches_only_its_token_and_ends_with_the_next_write() {
    let (_home, vault) = vault();
    write(&vault, "old").await;
    let [first, later]: [jiff::Timestamp; 2] =
        ["2026-11-25T10:00:00.5Z", "2026-11-25T11:00:00Z"].map(|text| text.parse().unwrap());
    let token = Secret::new("canary-refresh");
    let lock = vault.lock(&work()).await.unwrap();
    assert_eq!(lock.interrupted_refresh(&token), None);
    lock.begin_refresh(&token, first).unwrap();
    lock.begin_refresh(&token, later).unwrap();
    drop(lock);

    let path = vault.credentials.join("work.lock");
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("canary"), "{text}");
    let lock = vault.lock(&work()).await.unwrap();
    let noted = lock.interrupted_refresh(&token).unwrap();
    assert_eq!(
        noted.to_string(),
        "2026-11-25T10:00:00Z",
        "the earlier time is kept"
    );
    assert_eq!(lock.interrupted_refresh(&Secret::new("canary-other")), None);
    for torn in ["", "\n", "x", &text[..text.len() - 1], "\u{fffd}"] {
        lock.file().set_len(0).unwrap();
        lock.file().write_all_at(torn.as_bytes(), 0).unwrap();
        assert_eq!(lock.interrupted_refresh(&token), None, "{torn:?}");
    }

    lock.begin_refresh(&token, later).unwrap();
    vault.write(&lock, Storage::File, &stored("new")).unwrap();
    assert_eq!(lock.interrupted_refresh(&token), None);
    lock.begin_refresh(&token, later).unwrap();
    vault.delete(&lock, Storage::File).unwrap();
    assert_eq!(lock.interrupted_refresh(&token), None);
}

#[tokio::test]
async fn only_a_complete_result_of_a_killed_refresh_is_recovered() {
    let (_home, vault) = vault();
    write(&vault, "old").await;
    let lock = vault.lock(&work()).await.unwrap();
    let left = vault.credentials.join(".work.json.Xy12zZ.tmp");
    let whole = credential_file::encode(&stored("new")).unwrap();
    let whole = std::str::from_utf8(&whole).unwrap();
    let elsewhere = whole.replace("api.example.com", "api.example.org");
    for (text, mode) in [
        ("    ", 0o600),
        ("", 0o600),
        (&whole[..whole.len() / 2], 0o600),
        (elsewhere.as_str(), 0o600),
        (whole, 0o644),
    ] {
        put(&left, text, mode);
        assert_eq!(
            vault
                .recover_written_credential(&lock, &stored("old"))
                .unwrap(),
            None
        );
        fs::remove_file(&left).unwrap();
    }
    let token = Secret::new("canary-refresh");
    lock.begin_refresh(&token, jiff::Timestamp::UNIX_EPOCH)
        .unwrap();
    put(&left, whole, 0o600);
    let found = vault
        .recover_written_credential(&lock, &stored("old"))
        .unwrap();
    assert_eq!(found, Some(stored("new")));
    assert_eq!(vault.read(&work(), Storage::File).unwrap(), found);
    assert!(!left.exists());
    assert_eq!(lock.interrupted_refresh(&token), None);
    assert_eq!(
        vault
            .recover_written_credential(&lock, &stored("new"))
            .unwrap(),
        None
    );
}
