use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::*;

fn key(id: &str) -> CreatedKey {
    CreatedKey {
        profile: Some("work".parse().unwrap()),
        provider: "brainmaps".parse().unwrap(),
        origin: "https://api.example.com".parse().unwrap(),
        id: TokenId::new(id),
        created_at: Timestamp::UNIX_EPOCH,
        replaces: None,
    }
}

fn issuer(key: &CreatedKey) -> IssuingProfile<'_> {
    IssuingProfile {
        profile: key.profile.as_ref().unwrap(),
        provider: &key.provider,
        origin: &key.origin,
    }
}

fn vault() -> (tempfile::TempDir, Vault) {
    let home = tempfile::tempdir().unwrap();
    let vault = Vault::new(home.path().join("data"));
    (home, vault)
}

#[tokio::test]
async fn replacement_of_a_token_is_the_last_one_that_is_in_use() {
    let (_home, vault) = vault();
    // The first rotation of 1 was undone; then 3, the result of the second, was rotated.
    for (id, old) in [("2", "1"), ("3", "1"), ("4", "3")] {
        let replaces = Some(TokenId::new(old));
        let new = CreatedKey {
            replaces,
            ..key(id)
        };
        vault
            .record_created_key(new, &Secret::new(id))
            .await
            .unwrap();
    }
    let one = key("1");
    let issuer = issuer(&one);
    let found = async |revoked: &[&str], id: &str| {
        let revoked: Vec<_> = revoked.iter().copied().map(TokenId::new).collect();
        let marked = vault.mark_created_keys_revoked(issuer, &revoked).await;
        marked.unwrap();
        let keys = vault.created_keys().unwrap();
        keys.replacement_of(issuer, &TokenId::new(id)).cloned()
    };
    let four = Some(TokenId::new("4"));
    assert_eq!(found(&["2", "3"], "1").await, four);
    assert_eq!(found(&[], "3").await, four);
    assert_eq!(found(&[], "2").await, None);
    assert_eq!(found(&["4"], "1").await, None);
}

#[tokio::test]
async fn recorded_key_is_found_by_its_secret_until_its_token_is_revoked() {
    let (_home, vault) = vault();
    let (one, two) = (key("1"), key("2"));
    let issuer = issuer(&one);
    let secret = Secret::new("c4n4ry-one");
    vault
        .mark_created_keys_revoked(issuer, &[TokenId::new("1")])
        .await
        .unwrap();
    assert!(!vault.directory().exists(), "nothing is written");
    vault
        .record_created_key(one.clone(), &secret)
        .await
        .unwrap();
    vault
        .record_created_key(two, &Secret::new("c4n4ry-two"))
        .await
        .unwrap();
    let keys = vault.created_keys().unwrap();
    assert_eq!(keys.id_of(issuer, &secret), Some(&TokenId::new("1")));
    assert_eq!(keys.id_of(issuer, &Secret::new("other")), None);
    let elsewhere = "https://other.example.com".parse().unwrap();
    let elsewhere = IssuingProfile {
        origin: &elsewhere,
        ..issuer
    };
    assert_eq!(keys.id_of(elsewhere, &secret), None);

    let path = vault.created_keys_path();
    assert!(!fs::read_to_string(&path).unwrap().contains("c4n4ry"));
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    vault
        .mark_created_keys_revoked(issuer, &[TokenId::new("1")])
        .await
        .unwrap();
    let keys = vault.created_keys().unwrap();
    assert_eq!(keys.id_of(issuer, &secret), None);
    assert_eq!(keys.find(&secret), Some(&one), "a scan still finds it");
    assert!(keys.is_revoked(&secret));
    assert!(!keys.has(issuer, &one.id) && keys.has(issuer, &TokenId::new("2")));
}

#[tokio::test]
async fn two_data_directories_have_different_hashes_of_one_key() {
    let mut hashes = Vec::new();
    for _ in 0..2 {
        let (_home, vault) = vault();
        let secret = Secret::new("same");
        vault.record_created_key(key("1"), &secret).await.unwrap();
        hashes.push(vault.created_keys().unwrap().keys.remove(0).fingerprint);
    }
    assert_ne!(hashes[0], hashes[1]);
}

#[tokio::test]
async fn damaged_file_is_set_aside_by_the_next_record() {
    let (_home, vault) = vault();
    let secret = Secret::new("one");
    vault.record_created_key(key("1"), &secret).await.unwrap();
    atomic::write(vault.directory(), FILE, b"{").unwrap();
    assert!(vault.created_keys().unwrap_err().is_damage());
    vault.record_created_key(key("2"), &secret).await.unwrap();
    let expected = key("2");
    let issuer = issuer(&expected);
    let keys = vault.created_keys().unwrap();
    assert_eq!(keys.id_of(issuer, &secret), Some(&expected.id));
}

#[test]
fn oldest_records_are_dropped_beyond_the_limit() {
    let mut keys = CreatedKeys::default();
    for number in 0..=MAX_RECORDS {
        keys.add(key(&number.to_string()), &Secret::new("one"));
        if number == 5 {
            keys.keys[5].revoked = true;
        }
    }
    let first = key("0");
    let issuer = issuer(&first);
    assert_eq!(keys.keys.len(), MAX_RECORDS);
    assert!(keys.has(issuer, &first.id) && !keys.has(issuer, &TokenId::new("5")));
    keys.add(key("one more"), &Secret::new("one"));
    assert!(!keys.has(issuer, &first.id) && keys.has(issuer, &TokenId::new("1")));
}

#[tokio::test]
async fn token_of_another_profile_with_the_same_id_is_another_token() {
    let (_home, vault) = vault();
    let (work, home) = (
        key("1"),
        CreatedKey {
            profile: Some("home".parse().unwrap()),
            ..key("1")
        },
    );
    let (first, second) = (Secret::new("first"), Secret::new("second"));
    for (key, secret) in [(&work, &first), (&home, &second)] {
        vault.record_created_key(key.clone(), secret).await.unwrap();
    }
    let revoke = |key| vault.mark_created_keys_revoked(issuer(key), std::slice::from_ref(&key.id));
    revoke(&home).await.unwrap();
    let keys = vault.created_keys().unwrap();
    assert!(!keys.is_revoked(&first) && keys.is_revoked(&second));
    assert!(keys.has(issuer(&work), &work.id) && !keys.has(issuer(&home), &home.id));

    let old = work.profile.as_ref().unwrap();
    let new = "renamed".parse().unwrap();
    vault.rename_created_keys(old, &new).await.unwrap();
    revoke(&work).await.unwrap();
    assert!(!vault.created_keys().unwrap().is_revoked(&first));
    let renamed = CreatedKey {
        profile: Some(new),
        ..work.clone()
    };
    revoke(&renamed).await.unwrap();
    assert!(vault.created_keys().unwrap().is_revoked(&first));
}

#[tokio::test]
async fn record_of_an_earlier_release_counts_for_every_profile() {
    let (_home, vault) = vault();
    let secret = Secret::new("one");
    let recorded = key("1");
    let old = CreatedKey {
        profile: None,
        ..recorded.clone()
    };
    vault.record_created_key(old, &secret).await.unwrap();
    let text = fs::read_to_string(vault.created_keys_path()).unwrap();
    assert!(!text.contains("profile"), "as that release wrote it");
    let keys = vault.created_keys().unwrap();
    assert!(keys.has(issuer(&recorded), &recorded.id));
    let ids = std::slice::from_ref(&recorded.id);
    let marked = vault
        .mark_created_keys_revoked(issuer(&recorded), ids)
        .await;
    marked.unwrap();
    assert!(vault.created_keys().unwrap().is_revoked(&secret));
}
