//! Credentials in a real keyring on a private D-Bus: use, migration in both directions, and errors.

mod directories;
mod kills;
mod locks;
mod migration;
mod rename;
mod unavailable;

use std::{fs, process::Command, thread, time::Duration};

use brainmaps::{
    domain::Expiry,
    vault::{Storage, Vault},
};
use serde_json::Value;

use super::{Fixture, LOGIN, PRINT};
use crate::support::{
    keyring::{BUS, PrivateKeyring},
    test_home::{CommandResult, RunningCommand},
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

/// The location of the only copy of a credential.
#[derive(Debug, PartialEq, Eq)]
enum Kept {
    Nowhere,
    InFile,
    InKeyring,
    Twice,
}

/// A home with a session in a file, and a keyring.
struct KeyringFixture {
    // Dropped before the fixture, whose leak check reads what the keyring wrote.
    keyring: PrivateKeyring,
    fixture: Fixture,
}

impl KeyringFixture {
    fn new(test: &str) -> Option<Self> {
        let mut fixture = Fixture::signed_in();
        let keyring = PrivateKeyring::start(&mut fixture.home, test)?;
        Some(Self { keyring, fixture })
    }

    fn run(&self, arguments: &[&str]) -> CommandResult {
        self.fixture.home.run(arguments)
    }

    fn kept(&self) -> Kept {
        let in_file = self.fixture.credential("brainmaps").exists();
        match (in_file, self.keyring.entries(&self.entry("brainmaps"))) {
            (false, 0) => Kept::Nowhere,
            (true, 0) => Kept::InFile,
            (false, 1) => Kept::InKeyring,
            (true, 1) => Kept::Twice,
            (_, more) => panic!("{more} entries"),
        }
    }

    /// Returns the entry name of the profile, which contains the id of the data directory.
    fn entry(&self, profile: &str) -> String {
        let index = fs::read(self.fixture.home.data().join("profiles.json")).unwrap();
        let index: Value = serde_json::from_slice(&index).unwrap();
        let id = index["keyring_id"].as_str().unwrap_or_default();
        format!("{profile}@{id}")
    }

    /// Changes the profile in the index, as a killed command may have left it.
    fn change_index(&self, change: impl FnOnce(&mut Value)) {
        let path = self.fixture.home.data().join("profiles.json");
        let mut index: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        change(&mut index["profiles"]["brainmaps"]);
        fs::write(path, index.to_string()).unwrap();
    }

    /// Marks the session in the keyring as expired.
    fn expire(&self) {
        let address = format!(
            "unix:path={}",
            self.fixture.home.path().join("keyring/bus").display()
        );
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--ignored", "--quiet"])
            .arg("crash_recovery::keyring::child_expires_the_session_in_the_keyring")
            .env(BUS, address)
            .env(DATA, self.fixture.home.data())
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
    let Some(place) = KeyringFixture::new("a session in the keyring") else {
        return;
    };
    place.run(&TO_KEYRING).expect(0);
    assert_eq!(place.kept(), Kept::InKeyring);
    place.run(&["whoami"]).expect(0);
    let status = place.run(&["status", "--json"]).expect(0).json();
    assert_eq!(status["profiles"][0]["state"], "valid", "{status}");
    let shown = place.run(&["profile", "show", "--json"]).expect(0).json();
    assert_eq!(shown["storage"], "keyring", "{shown}");
    let token = place.run(&PRINT).expect(0).stdout;
    place.run(&["credential", "refresh", "--force"]).expect(0);
    assert_ne!(place.run(&PRINT).expect(0).stdout, token);
    let doctor = place.run(&["doctor"]);
    assert!(doctor.stdout.contains("keyring: contains"), "{doctor}");
    place.run(&LOGIN).expect(0);
    assert_eq!(place.kept(), Kept::InKeyring, "a login keeps the place");
    place.run(&["logout"]).expect(0);
    assert_eq!(place.kept(), Kept::Nowhere);
    let none = place.run(&PRINT).expect(4);
    assert_eq!(none.error_code(), "LOGIN_REQUIRED");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn eight_processes_on_an_expired_session_in_the_keyring_refresh_once() {
    let Some(place) = KeyringFixture::new("eight processes") else {
        return;
    };
    place.run(&TO_KEYRING).expect(0);
    place.expire();
    place.fixture.forget_requests();
    let vault = Vault::new(place.fixture.home.data());
    let held = vault.try_lock(&"brainmaps".parse().unwrap());
    let held = held.unwrap().unwrap();
    let home = &place.fixture.home;
    let processes: Vec<RunningCommand> = (0..8).map(|_| home.start(&PRINT)).collect();
    // That a process waits for the lock cannot be observed.
    thread::sleep(Duration::from_millis(300));
    drop(held);
    let tokens = processes.into_iter().map(|it| it.wait().expect(0).stdout);
    let mut tokens: Vec<String> = tokens.collect();
    tokens.dedup();
    assert_eq!(tokens.len(), 1, "all have the same one");
    assert_eq!(place.fixture.refreshes(), 1);
}
