//! An unavailable keyring is reported within seconds with a hint, and nothing is written to a file instead.

use std::time::{Duration, Instant};

use super::{Kept, KeyringFixture, TO_FILE, TO_KEYRING};
use crate::crash_recovery::{FORCE, PRINT};

/// Checks the error; nothing was stored or lost.
#[track_caller]
fn expect_keyring_error(place: &KeyringFixture, arguments: &[&str], word: &str) {
    let began = Instant::now();
    let outcome = place.run(arguments).expect(1);
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
    let Some(mut place) = KeyringFixture::new("a locked keyring") else {
        return;
    };
    // The keyring has no entry of this profile: the login fails before it asks for a secret.
    place.keyring.lock();
    place.fixture.forget_requests();
    expect_keyring_error(&place, &TO_KEYRING, "locked");
    assert_eq!(place.fixture.received("/oauth2/device_authorization"), 0);
    place.run(&FORCE).expect(0);
    place.keyring.start_daemon();
    assert_eq!(place.kept(), Kept::InFile);

    place.run(&TO_KEYRING).expect(0);
    let token = place.run(&PRINT).expect(0).stdout;
    place.keyring.lock();
    place.fixture.forget_requests();
    for command in [
        &PRINT[..],
        &FORCE,
        &["logout", "--json"],
        &["whoami", "--json"],
    ] {
        expect_keyring_error(&place, command, "locked");
    }
    assert_eq!(place.fixture.refreshes(), 0, "no token is spent in vain");
    assert_eq!(place.fixture.received("/oauth2/revoke"), 0);
    place.keyring.start_daemon();
    assert_eq!(place.run(&PRINT).expect(0).stdout, token);
    assert_eq!(place.kept(), Kept::InKeyring);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_failed_migration_is_a_warning_and_keeps_the_session() {
    let Some(place) = KeyringFixture::new("a setting that cannot be followed") else {
        return;
    };
    place
        .run(&["config", "set", "storage", "keyring"])
        .expect(0);
    place.keyring.lock();
    let refreshed = place.run(&FORCE).expect(0);
    assert!(
        refreshed.stderr.contains("cannot move the credential")
            && refreshed.stderr.contains("locked"),
        "{refreshed}"
    );
    place.run(&["whoami"]).expect(0);
    assert!(place.fixture.credential("brainmaps").exists());
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_logout_reports_an_unreachable_copy_and_the_next_one_deletes_it() {
    let Some(mut place) = KeyringFixture::new("a copy out of reach") else {
        return;
    };
    place.run(&TO_KEYRING).expect(0);
    place.keyring.stop_daemon();
    // A migration away from an unavailable keyring works, and reports the remaining copy.
    let moved = place.run(&TO_FILE).expect(0);
    assert!(moved.stderr.contains("an old copy"), "{moved}");
    expect_keyring_error(&place, &["logout", "--json"], "a copy");
    assert!(!place.fixture.credential("brainmaps").exists());
    expect_keyring_error(&place, &["logout", "--json"], "a copy");
    place.keyring.start_daemon();
    assert_eq!(place.keyring.all_entries(), 1);
    place.run(&["logout", "--json"]).expect(0);
    assert_eq!(place.kept(), Kept::Nowhere);
    place.run(&["logout", "--json"]).expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn nothing_is_stored_elsewhere_if_the_keyring_is_unavailable() {
    let Some(mut place) = KeyringFixture::new("no keyring") else {
        return;
    };
    place.run(&TO_KEYRING).expect(0);
    place.keyring.hang();
    let began = Instant::now();
    expect_keyring_error(
        &place,
        &PRINT,
        "timed out after 3 seconds waiting for the keyring",
    );
    assert!(began.elapsed() >= Duration::from_secs(3));
    place.keyring.stop_daemon();
    expect_keyring_error(&place, &PRINT, "no keyring service is running");
    expect_keyring_error(&place, &TO_KEYRING, "no keyring service is running");
    place.keyring.start_daemon();
    place.fixture.home.set(super::BUS, "unix:path=/nonexistent");
    expect_keyring_error(&place, &PRINT, "no keyring service is running");
    expect_keyring_error(&place, &TO_KEYRING, "no keyring service is running");
    assert_eq!(place.kept(), Kept::InKeyring, "and nothing in a file");
}
