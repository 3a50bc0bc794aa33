//! Two data directories with one keyring, and an entry of an earlier release, which had no id.

use std::{fs, process::Command};

use super::{BUS, CopyLocation, KeyringFixture, LOGIN, PRINT, TO_KEYRING};
use crate::support::test_home::CommandResult;

/// Runs the program with another data directory.
fn run_in_other_directory(fixture: &KeyringFixture, arguments: &[&str]) -> CommandResult {
    let home = &fixture.session.home;
    let mut command = home.command(arguments);
    command.env("BRAINMAPS_DATA_DIR", home.path().join("second"));
    home.start_command(&mut command, arguments, "").wait()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn two_data_directories_share_no_entry() {
    let Some(fixture) = KeyringFixture::new("two data directories") else {
        return;
    };
    fixture.run(&TO_KEYRING).expect(0);
    run_in_other_directory(&fixture, &TO_KEYRING).expect(0);
    assert_eq!(fixture.keyring.all_entries(), 2);
    let (first, second) = (
        fixture.run(&PRINT).expect(0).stdout,
        run_in_other_directory(&fixture, &PRINT).expect(0).stdout,
    );
    assert_ne!(first, second);
    for _ in 0..3 {
        let refresh = ["credential", "refresh", "--force"];
        fixture.run(&refresh).expect(0);
        run_in_other_directory(&fixture, &refresh).expect(0);
    }
    run_in_other_directory(&fixture, &["logout"]).expect(0);
    fixture.run(&["whoami"]).expect(0);
    assert_eq!(fixture.copy_location(), CopyLocation::InKeyring);
}

/// Runs in its own process, because the environment names the bus.
#[test]
#[ignore = "run as a child by the_entry_of_an_earlier_release_is_migrated_once"]
fn child_renames_the_entry_to_its_old_name() {
    let Some(user) = std::env::var_os(USER) else {
        return;
    };
    let entry = |user: &str| keyring::Entry::new("brainmaps", user).unwrap();
    assert!(keyring::Entry::store_status().is_ok());
    let new = entry(user.to_str().unwrap());
    entry("brainmaps")
        .set_secret(&new.get_secret().unwrap())
        .unwrap();
    new.delete_credential().unwrap();
}

const USER: &str = "BRAINMAPS_TEST_USER";

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_entry_of_an_earlier_release_is_migrated_once() {
    let Some(fixture) = KeyringFixture::new("an entry of an earlier release") else {
        return;
    };
    fixture.run(&TO_KEYRING).expect(0);
    let token = fixture.run(&PRINT).expect(0).stdout;
    let bus = fixture.session.home.path().join("keyring/bus");
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "--quiet"])
        .arg("crash_recovery::keyring::directories::child_renames_the_entry_to_its_old_name")
        .env(BUS, format!("unix:path={}", bus.display()))
        .env(USER, fixture.entry_name("brainmaps"))
        .output()
        .unwrap();
    assert!(child.status.success(), "{child:?}");
    let index = fixture.session.home.data().join("profiles.json");
    let mut old: serde_json::Value = serde_json::from_slice(&fs::read(&index).unwrap()).unwrap();
    old.as_object_mut().unwrap().remove("keyring_id");
    fs::write(&index, old.to_string()).unwrap();

    assert_eq!(fixture.run(&PRINT).expect(0).stdout, token);
    // Another directory without this session in its index does not use it.
    let none = run_in_other_directory(&fixture, &PRINT).expect(4);
    assert_eq!(none.error_code(), "LOGIN_REQUIRED");
    fixture.run(&["credential", "refresh", "--force"]).expect(0);
    assert_eq!(fixture.copy_location(), CopyLocation::InKeyring);
    assert_eq!(fixture.keyring.all_entries(), 1);
    fixture.run(&LOGIN).expect(0);
    fixture.run(&["logout"]).expect(0);
    assert_eq!(fixture.keyring.all_entries(), 0);
}
