//! A cleaner that deletes lock files while a session in the keyring is refreshed.

use std::fs;

use super::{KeyringFixture, TO_KEYRING};
use crate::{
    crash_recovery::{FORCE, PRINT},
    support::{process::wait_until, recorder::Hold},
};

#[test]
#[ignore = "slow: run by ./tests/run"]
fn deleted_lock_file_during_a_refresh_in_the_keyring_lets_no_second_refresh_in() {
    let Some(place) = KeyringFixture::new("deleted lock file") else {
        return;
    };
    let fixture = &place.fixture;
    let recorder = fixture.sign_in_through_recorder();
    place.run(&TO_KEYRING).expect(0);
    place.expire();
    recorder.hold_path("/oauth2/token", Hold::Answer);
    fixture.forget_requests();
    let first = fixture.home.start(&PRINT);
    recorder.wait_until_held();
    let lock = fixture.home.data().join("credentials/brainmaps.lock");
    let others: Vec<_> = (0..3)
        .map(|_| {
            fs::remove_file(&lock).unwrap();
            let other = fixture.home.start(&PRINT);
            // The other makes a new lock file, and waits for the guard file.
            wait_until("a new lock file", || lock.exists());
            other
        })
        .collect();
    recorder.release();
    let token = first.wait().expect(0).stdout;
    for other in others {
        assert_eq!(other.wait().expect(0).stdout, token);
    }
    assert_eq!(fixture.refreshes(), 1);
    place.run(&FORCE).expect(0);
}
