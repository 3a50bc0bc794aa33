//! A cleaner that deletes lock files while a session in the keyring is refreshed.

use std::fs;

use super::{KeyringFixture, TO_KEYRING};
use crate::{
    crash_recovery::{FORCE, PRINT},
    support::process::wait_until,
};

#[test]
#[ignore = "slow: run by ./tests/run"]
fn deleted_lock_file_during_a_refresh_in_the_keyring_lets_no_second_refresh_in() {
    let Some(place) = KeyringFixture::new("deleted lock file") else {
        return;
    };
    place.run(&TO_KEYRING).expect(0);
    place.expire();
    let fixture = &place.fixture;
    fixture.faults("refresh*1=delay:2s");
    fixture.forget_requests();
    let first = fixture.home.start(&PRINT);
    fixture.wait_for_refreshes(1);
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
    let token = first.wait().expect(0).stdout;
    for other in others {
        assert_eq!(other.wait().expect(0).stdout, token);
    }
    assert_eq!(fixture.refreshes(), 1);
    place.run(&FORCE).expect(0);
}
