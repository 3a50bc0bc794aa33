//! A cleaner that deletes lock files while a session in the keyring is refreshed.

use std::fs;

use super::{KeyringFixture, TO_KEYRING};
use crate::{
    crash_recovery::{FORCE, PRINT},
    support::{process::wait_until, recorder::Hold},
};

#[test]
#[ignore = "slow: run by ./tests/run"]
fn deleting_the_lock_file_does_not_allow_a_second_keyring_refresh() {
    let Some(fixture) = KeyringFixture::new("deleted lock file") else {
        return;
    };
    let session = &fixture.session;
    let recorder = session.sign_in_through_recorder();
    fixture.run(&TO_KEYRING).expect(0);
    fixture.expire();
    recorder.hold_path("/oauth2/token", Hold::Response);
    session.forget_requests();
    let first = session.home.start(&PRINT);
    recorder.wait_until_held();
    let lock = session.home.data().join("credentials/brainmaps.lock");
    let others: Vec<_> = (0..3)
        .map(|_| {
            fs::remove_file(&lock).unwrap();
            let other = session.home.start(&PRINT);
            // The other process creates a new lock file, and waits for the guard file.
            wait_until("a new lock file", || lock.exists());
            other
        })
        .collect();
    recorder.release();
    let token = first.wait().expect(0).stdout;
    for other in others {
        assert_eq!(other.wait().expect(0).stdout, token);
    }
    assert_eq!(session.refreshes(), 1);
    fixture.run(&FORCE).expect(0);
}
