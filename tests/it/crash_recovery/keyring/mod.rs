//! Credentials in a real keyring on a private D-Bus: use, migration in both directions, and errors.

mod directories;
mod kills;
mod locks;
mod migration;
mod rename;
mod unavailable;

use std::{fs, process::Command};

use brainmaps::{
    domain::Expiry,
    vault::{Storage, Vault},
};
use serde_json::Value;

use super::{Fixture, LOGIN, PRINT, start_at_the_lock};
use crate::support::{
    keyring::{BUS, PrivateKeyring},
    test_home::CommandResult,
};

const TO_KEYRING: [&str; 6] = [
    "login",
    "--device",
    "--no-browser",
    "--json",
    "--storage",
    "keyring",
];
const TO_FILE: [&str; 6] = [
    "login",
    "--device",
    "--no-browser",
    "--json",
    "--storage",
    "file",
];

/// Where copies of the credential are stored.
#[derive(Debug, PartialEq, Eq)]
enum CopyLocation {
    Nowhere,
    InFile,
    InKeyring,
    InBoth,
}

/// A home with a session in a file, and a keyring.
struct KeyringFixture {
    // Dropped before the session, whose leak check reads the files of the keyring.
    keyring: PrivateKeyring,
    session: Fixture,
}

impl KeyringFixture {
    fn new(test: &str) -> Option<Self> {
        let mut session = Fixture::signed_in();
        let keyring = PrivateKeyring::start(&mut session.home, test)?;
        Some(Self { keyring, session })
    }

    fn run(&self, arguments: &[&str]) -> CommandResult {
        self.session.home.run(arguments)
    }

    /// Returns where the credential of the default profile is stored.
    fn copy_location(&self) -> CopyLocation {
        let in_file = self.session.credential("brainmaps").exists();
        match (in_file, self.keyring.entries(&self.entry_name("brainmaps"))) {
            (false, 0) => CopyLocation::Nowhere,
            (true, 0) => CopyLocation::InFile,
            (false, 1) => CopyLocation::InKeyring,
            (true, 1) => CopyLocation::InBoth,
            (_, more) => panic!("{more} entries"),
        }
    }

    /// Returns the entry name of the profile, which contains the id of the data directory.
    fn entry_name(&self, profile: &str) -> String {
        let index = fs::read(self.session.home.data().join("profiles.json")).unwrap();
        let index: Value = serde_json::from_slice(&index).unwrap();
        let id = index["keyring_id"].as_str().unwrap_or_default();
        format!("{profile}@{id}")
    }

    /// Changes the profile in the index, as a killed command may have left it.
    fn change_index(&self, change: impl FnOnce(&mut Value)) {
        let path = self.session.home.data().join("profiles.json");
        let mut index: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        change(&mut index["profiles"]["brainmaps"]);
        fs::write(path, index.to_string()).unwrap();
    }

    /// Marks the session in the keyring as expired.
    fn expire(&self) {
        let address = format!(
            "unix:path={}",
            self.session.home.path().join("keyring/bus").display()
        );
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--ignored", "--quiet"])
            .arg("crash_recovery::keyring::child_expires_the_session_in_the_keyring")
            .env(BUS, address)
            .env(DATA, self.session.home.data())
            .output()
            .unwrap();
        assert!(status.status.success(), "{status:?}");
    }
}

const DATA: &str = "BRAINMAPS_TEST_DATA";

/// Runs in its own process, because the environment names the bus.
#[test]
#[ignore = "run as a child by eight_processes_on_an_expired_session_in_the_keyring_refresh_once"]
fn child_expires_the_session_in_the_keyring() {
    let Some(data) = std::env::var_os(DATA) else {
        return;
    };
    let vault = Vault::new(data.into());
    let profile = "brainmaps".parse().unwrap();
    let lock = vault.try_lock(&profile).unwrap().unwrap();
    let mut stored = vault.read(&profile, Storage::Keyring).unwrap().unwrap();
    let long_ago = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(2);
    stored.expiry = Expiry::from_lifetime(long_ago, Some(3600));
    vault.write(&lock, Storage::Keyring, &stored).unwrap();
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_session_in_the_keyring_is_used_like_one_in_a_file() {
    let Some(fixture) = KeyringFixture::new("a session in the keyring") else {
        return;
    };
    fixture.run(&TO_KEYRING).expect(0);
    assert_eq!(fixture.copy_location(), CopyLocation::InKeyring);
    fixture.run(&["whoami"]).expect(0);
    let status = fixture.run(&["status", "--json"]).expect(0).json();
    assert_eq!(status["profiles"][0]["state"], "valid", "{status}");
    let shown = fixture.run(&["profile", "show", "--json"]).expect(0).json();
    assert_eq!(shown["storage"], "keyring", "{shown}");
    let token = fixture.run(&PRINT).expect(0).stdout;
    fixture.run(&["credential", "refresh", "--force"]).expect(0);
    assert_ne!(fixture.run(&PRINT).expect(0).stdout, token);
    let doctor = fixture.run(&["doctor"]);
    assert!(doctor.stdout.contains("keyring: contains"), "{doctor}");
    fixture.run(&LOGIN).expect(0);
    assert_eq!(
        fixture.copy_location(),
        CopyLocation::InKeyring,
        "a login keeps the storage backend"
    );
    fixture.run(&["logout"]).expect(0);
    assert_eq!(fixture.copy_location(), CopyLocation::Nowhere);
    let none = fixture.run(&PRINT).expect(4);
    assert_eq!(none.error_code(), "LOGIN_REQUIRED");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn eight_processes_on_an_expired_session_in_the_keyring_refresh_once() {
    let Some(fixture) = KeyringFixture::new("eight processes") else {
        return;
    };
    fixture.run(&TO_KEYRING).expect(0);
    fixture.expire();
    fixture.session.forget_requests();
    let processes = start_at_the_lock(&fixture.session.home, &PRINT, 8);
    let tokens = processes.into_iter().map(|it| it.wait().expect(0).stdout);
    let mut tokens: Vec<String> = tokens.collect();
    tokens.dedup();
    assert_eq!(tokens.len(), 1, "all processes print the same token");
    assert_eq!(fixture.session.refreshes(), 1);
}
