//! A keyring that does not answer as it should: told in seconds, with what to do, and nothing goes to a file instead.

use std::time::{Duration, Instant};

use super::{Kept, Place, TO_FILE, TO_KEYRING};
use crate::crash_recovery::{FORCE, PRINT};

/// What is told, and nothing was stored or lost.
#[track_caller]
fn refused(place: &Place, arguments: &[&str], word: &str) {
    let began = Instant::now();
    let outcome = place.run(arguments).expect(1);
    // Three seconds for each of a few questions, and a busy machine.
    assert!(began.elapsed() < Duration::from_secs(30), "{outcome}");
    assert_eq!(outcome.error_code(), "STORAGE", "{outcome}");
    let told = outcome.json()["error"].clone();
    assert!(told["message"].as_str().unwrap().contains(word), "{told}");
    assert!(told["hint"].as_str().is_some(), "{told}");
}

#[test]
fn a_locked_keyring_is_told_and_waits_for_nobody() {
    let Some(mut place) = Place::new("a locked keyring") else {
        return;
    };
    // Nothing of this profile is in it yet: the login is refused before anybody is asked for anything.
    place.keyring.lock();
    place.fixture.forget_requests();
    refused(&place, &TO_KEYRING, "locked");
    assert_eq!(place.fixture.asked("/oauth2/device_authorization"), 0);
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
        refused(&place, command, "locked");
    }
    assert_eq!(place.fixture.refreshes(), 0, "no token is spent in vain");
    assert_eq!(place.fixture.asked("/oauth2/revoke"), 0);
    place.keyring.start_daemon();
    assert_eq!(place.run(&PRINT).expect(0).stdout, token);
    assert_eq!(place.kept(), Kept::InKeyring);
}

#[test]
fn a_setting_that_cannot_be_followed_is_a_warning_and_the_session_stays_where_it_is() {
    let Some(place) = Place::new("a setting that cannot be followed") else {
        return;
    };
    place
        .run(&["config", "set", "storage", "keyring"])
        .expect(0);
    place.keyring.lock();
    let renewed = place.run(&FORCE).expect(0);
    assert!(
        renewed.stderr.contains("stays where it was") && renewed.stderr.contains("locked"),
        "{renewed}"
    );
    place.run(&["whoami"]).expect(0);
    assert!(place.fixture.credential("brainmaps").exists());
}

#[test]
fn a_logout_that_cannot_reach_a_copy_says_so_and_the_next_one_ends_it() {
    let Some(mut place) = Place::new("a copy out of reach") else {
        return;
    };
    place.run(&TO_KEYRING).expect(0);
    place.keyring.stop_daemon();
    // Moving away from a keyring that is gone works, and says what it cannot do.
    let moved = place.run(&TO_FILE).expect(0);
    assert!(moved.stderr.contains("a copy"), "{moved}");
    refused(&place, &["logout", "--json"], "a copy");
    assert!(!place.fixture.credential("brainmaps").exists());
    refused(&place, &["logout", "--json"], "a copy");
    place.keyring.start_daemon();
    assert_eq!(place.keyring.all_entries(), 1);
    place.run(&["logout", "--json"]).expect(0);
    assert_eq!(place.kept(), Kept::Nowhere);
    place.run(&["logout", "--json"]).expect(0);
}

#[test]
fn without_a_keyring_or_a_bus_or_an_answer_nothing_is_stored_anywhere_else() {
    let Some(mut place) = Place::new("no keyring") else {
        return;
    };
    place.run(&TO_KEYRING).expect(0);
    place.keyring.hang();
    let began = Instant::now();
    refused(&place, &PRINT, "did not answer within 3 seconds");
    assert!(began.elapsed() >= Duration::from_secs(3));
    place.keyring.stop_daemon();
    refused(&place, &PRINT, "no keyring service is running");
    refused(&place, &TO_KEYRING, "no keyring service is running");
    place.keyring.start_daemon();
    place.fixture.home.set(super::BUS, "unix:path=/nonexistent");
    refused(&place, &PRINT, "no keyring service is running");
    refused(&place, &TO_KEYRING, "no keyring service is running");
    assert_eq!(place.kept(), Kept::InKeyring, "and nothing in a file");
}
