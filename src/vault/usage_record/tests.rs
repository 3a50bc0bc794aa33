//! Tests of the record.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use super::*;
use jiff::civil::Date;

use crate::domain::{HandedOut, UsedRequest};
use crate::vault::permissions;

fn day(day: i8) -> Date {
    Date::constant(2026, 11, day)
}

fn requests(path: &str, on: Date) -> CredentialUsage {
    let mut usage = CredentialUsage::default();
    usage.add_request(UsedRequest::new("GET", path, on));
    usage
}

fn handover(to: &str, on: Date) -> CredentialUsage {
    let mut usage = CredentialUsage::default();
    usage.add_handover(HandedOut {
        to: to.to_owned(),
        first: on,
        last: on,
    });
    usage
}

struct Fixture {
    _home: tempfile::TempDir,
    vault: Vault,
    profile: ProfileName,
    server: TokenServer,
}

impl Fixture {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let vault = Vault::new(home.path().join("data"));
        permissions::ensure_private_directory(vault.directory()).unwrap();
        Self {
            _home: home,
            vault,
            profile: "work".parse().unwrap(),
            server: TokenServer {
                provider: "brainmaps".parse().unwrap(),
                origin: "https://a.example".parse().unwrap(),
            },
        }
    }

    fn used<'a>(&'a self, key: Option<&'a Secret>) -> CredentialInUse<'a> {
        CredentialInUse {
            profile: &self.profile,
            server: &self.server,
            key,
        }
    }
}

#[test]
fn use_of_a_key_is_merged_over_profiles_and_contains_no_key() {
    let fixture = Fixture::new();
    let (vault, key) = (&fixture.vault, Secret::new("c4n4ry-key"));
    let of = fixture.used(Some(&key));
    vault.add_usage(of, &requests("/a", day(1))).unwrap();
    let other = "other".parse().unwrap();
    let elsewhere = CredentialInUse {
        profile: &other,
        ..of
    };
    vault.add_usage(elsewhere, &requests("/a", day(3))).unwrap();
    vault
        .add_usage(fixture.used(None), &requests("/b", day(2)))
        .unwrap();
    vault.add_usage(of, &handover("git", day(2))).unwrap();
    let record = vault.usage_record(day(30)).unwrap();
    let usage = record.of_key(&fixture.server, &key).unwrap();
    assert_eq!(usage.requests.len(), 1);
    assert_eq!(usage.days(), Some((day(1), day(3))));
    assert_eq!(usage.handed_out.len(), 1);
    assert_eq!(record.of_profile(&fixture.profile).count(), 2);
    assert_eq!(record.of_key(&fixture.server, &Secret::new("other")), None);
    let path = vault.usage_path();
    assert!(!fs::read_to_string(&path).unwrap().contains("c4n4ry"));
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(vault.clear_usage(Some(&other)).unwrap(), 1);
    assert_eq!(vault.clear_usage(None).unwrap(), 2);
    assert!(!path.exists());
    assert_eq!(vault.clear_usage(None).unwrap(), 0);
}

#[test]
fn use_of_the_same_day_is_not_written_again() {
    let fixture = Fixture::new();
    let key = Secret::new("key");
    let of = fixture.used(Some(&key));
    let add = |usage| fixture.vault.add_usage(of, &usage).unwrap();
    let inode = || fs::metadata(fixture.vault.usage_path()).unwrap().ino();
    add(requests("/a", day(1)));
    add(handover("exec", day(1)));
    // As long as another process writes.
    let lock = fixture.vault.lock_usage().unwrap();
    let before = inode();
    add(requests("/a", day(1)));
    add(handover("exec", day(1)));
    assert_eq!(inode(), before);
    drop(lock);
    add(requests("/a", day(2)));
    assert_ne!(inode(), before);
    let usage = fixture.vault.usage_record(day(30)).unwrap();
    let usage = usage.of_key(&fixture.server, &key).unwrap();
    assert_eq!(usage.days(), Some((day(1), day(2))));
}

#[test]
fn nothing_is_created_without_a_data_directory() {
    let home = tempfile::tempdir().unwrap();
    let fixture = Fixture::new();
    let vault = Vault::new(home.path().join("data"));
    vault
        .add_usage(fixture.used(None), &requests("/a", day(1)))
        .unwrap();
    assert!(!vault.directory().exists());
}

#[test]
fn record_of_the_key_that_was_not_used_for_the_longest_time_is_dropped() {
    let fixture = Fixture::new();
    let keys: Vec<Secret> = (0..=MAX_CREDENTIALS)
        .map(|number| Secret::new(format!("key {number}")))
        .collect();
    for (number, key) in keys.iter().enumerate() {
        let on = day(if number == 3 { 1 } else { 2 });
        fixture
            .vault
            .add_usage(fixture.used(Some(key)), &requests("/a", on))
            .unwrap();
    }
    let record = fixture.vault.usage_record(day(30)).unwrap();
    assert_eq!(record.credentials.len(), MAX_CREDENTIALS);
    assert_eq!(record.of_key(&fixture.server, &keys[3]), None);
    assert!(record.of_key(&fixture.server, &keys[0]).is_some());
}

#[test]
fn damaged_record_is_set_aside_and_readable_one_is_required() {
    let fixture = Fixture::new();
    let vault = &fixture.vault;
    atomic::write(vault.directory(), FILE, b"{").unwrap();
    assert!(vault.usage_record(day(30)).unwrap_err().is_damage());
    vault
        .add_usage(fixture.used(None), &requests("/a", day(1)))
        .unwrap();
    assert!(vault.directory().join("usage.json.corrupt-1").exists());
    let open = fs::Permissions::from_mode(0o644);
    fs::set_permissions(vault.usage_path(), open).unwrap();
    assert!(
        vault
            .add_usage(fixture.used(None), &requests("/a", day(1)))
            .is_err()
    );
}

#[test]
fn threads_that_record_at_the_same_time_lose_nothing() {
    let fixture = Fixture::new();
    let record = |path: char| {
        for on in 1..=20 {
            let path = format!("/{path}{}", char::from(b'a' + on));
            fixture
                .vault
                .add_usage(fixture.used(None), &requests(&path, day(1)))
                .unwrap();
        }
    };
    std::thread::scope(|scope| {
        for path in ['a', 'b', 'c'] {
            scope.spawn(move || record(path));
        }
    });
    let record = fixture.vault.usage_record(day(30)).unwrap();
    let used = record.of_profile(&fixture.profile).next().unwrap();
    assert_eq!(used.usage.requests.len(), 60);
}
