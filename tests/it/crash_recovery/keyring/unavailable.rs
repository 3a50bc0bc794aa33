//! An unavailable keyring is reported within seconds with a hint, and nothing is written to a file instead.

use std::time::{Duration, Instant};

use super::{CopyLocation, KeyringFixture, TO_FILE, TO_KEYRING};
use crate::crash_recovery::{FORCE, PRINT};

/// Checks the error; nothing was stored or lost.
#[track_caller]
fn expect_keyring_error(fixture: &KeyringFixture, arguments: &[&str], word: &str) {
    let began = Instant::now();
    let outcome = fixture.run(arguments).expect(1);
    // A few requests of three seconds each, on a busy machine.
    assert!(began.elapsed() < Duration::from_secs(30), "{outcome}");
    assert_eq!(outcome.error_code(), "STORAGE", "{outcome}");
    let printed = outcome.json()["error"].clone();
    assert!(
        printed["message"].as_str().unwrap().contains(word),
        "{printed}"
    );
    assert!(printed["hint"].as_str().is_some(), "{printed}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_locked_keyring_is_reported_without_waiting() {
    let Some(mut fixture) = KeyringFixture::new("a locked keyring") else {
        return;
    };
    // The keyring has no entry of this profile: the login fails before it asks for a secret.
    fixture.keyring.lock();
    fixture.session.forget_requests();
    expect_keyring_error(&fixture, &TO_KEYRING, "locked");
    assert_eq!(fixture.session.received("/oauth2/device_authorization"), 0);
    fixture.run(&FORCE).expect(0);
    fixture.keyring.start_daemon();
    assert_eq!(fixture.copy_location(), CopyLocation::InFile);

    fixture.run(&TO_KEYRING).expect(0);
    let token = fixture.run(&PRINT).expect(0).stdout;
    fixture.keyring.lock();
    fixture.session.forget_requests();
    for command in [
        &PRINT[..],
        &FORCE,
        &["logout", "--json"],
        &["whoami", "--json"],
    ] {
        expect_keyring_error(&fixture, command, "locked");
    }
    assert_eq!(fixture.session.refreshes(), 0, "no refresh token is used");
    assert_eq!(fixture.session.received("/oauth2/revoke"), 0);
    fixture.keyring.start_daemon();
    assert_eq!(fixture.run(&PRINT).expect(0).stdout, token);
    assert_eq!(fixture.copy_location(), CopyLocation::InKeyring);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_failed_migration_is_a_warning_and_keeps_the_session() {
    let Some(fixture) = KeyringFixture::new("a setting that cannot be followed") else {
        return;
    };
    fixture
        .run(&["config", "set", "storage", "keyring"])
        .expect(0);
    fixture.keyring.lock();
    let refreshed = fixture.run(&FORCE).expect(0);
    assert!(
        refreshed.stderr.contains("cannot move the credential")
            && refreshed.stderr.contains("locked"),
        "{refreshed}"
    );
    fixture.run(&["whoami"]).expect(0);
    assert!(fixture.session.credential("brainmaps").exists());
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_logout_reports_an_unreachable_copy_and_the_next_one_deletes_it() {
    let Some(mut fixture) = KeyringFixture::new("a copy out of reach") else {
        return;
    };
    fixture.run(&TO_KEYRING).expect(0);
    fixture.keyring.stop_daemon();
    // A migration away from an unavailable keyring works, and reports the remaining copy.
    let moved = fixture.run(&TO_FILE).expect(0);
    assert!(moved.stderr.contains("an old copy"), "{moved}");
    expect_keyring_error(&fixture, &["logout", "--json"], "a copy");
    assert!(!fixture.session.credential("brainmaps").exists());
    expect_keyring_error(&fixture, &["logout", "--json"], "a copy");
    fixture.keyring.start_daemon();
    assert_eq!(fixture.keyring.all_entries(), 1);
    fixture.run(&["logout", "--json"]).expect(0);
    assert_eq!(fixture.copy_location(), CopyLocation::Nowhere);
    fixture.run(&["logout", "--json"]).expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn nothing_is_stored_elsewhere_if_the_keyring_is_unavailable() {
    let Some(mut fixture) = KeyringFixture::new("no keyring") else {
        return;
    };
    fixture.run(&TO_KEYRING).expect(0);
    fixture.keyring.suspend();
    let began = Instant::now();
    expect_keyring_error(
        &fixture,
        &PRINT,
        "timed out after 3 seconds waiting for the keyring",
    );
    assert!(began.elapsed() >= Duration::from_secs(3));
    fixture.keyring.stop_daemon();
    expect_keyring_error(&fixture, &PRINT, "no keyring service is running");
    expect_keyring_error(&fixture, &TO_KEYRING, "no keyring service is running");
    fixture.keyring.start_daemon();
    fixture
        .session
        .home
        .set(super::BUS, "unix:path=/nonexistent");
    expect_keyring_error(&fixture, &PRINT, "no keyring service is running");
    expect_keyring_error(&fixture, &TO_KEYRING, "no keyring service is running");
    assert_eq!(
        fixture.copy_location(),
        CopyLocation::InKeyring,
        "nothing is stored in a file"
    );
}
