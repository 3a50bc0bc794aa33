//! Another program deletes lock files during a refresh.

use std::{fs, thread};

use crate::{
    crash_recovery::{FORCE, Fixture, PRINT},
    support::{process::wait_until, recorder::Hold},
};

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_deleted_lock_file_does_not_allow_a_second_refresh() {
    let fixture = Fixture::signed_in();
    let recorder = fixture.sign_in_through_recorder();
    fixture.expire("brainmaps");
    recorder.hold_path("/oauth2/token", Hold::Response);
    fixture.forget_requests();
    let first = fixture.home.start(&PRINT);
    recorder.wait_until_held();
    let lock = fixture.home.data().join("credentials/brainmaps.lock");
    let others: Vec<_> = (0..3)
        .map(|_| {
            fs::remove_file(&lock).unwrap();
            let other = fixture.home.start(&PRINT);
            // The second process creates a new lock file and waits for the credential.
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
    fixture.home.run(&FORCE).expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn repeatedly_deleted_lock_files_keep_the_session() {
    let fixture = Fixture::signed_in();
    let lock = fixture.home.data().join("credentials/brainmaps.lock");
    for _ in 0..3 {
        fixture.expire("brainmaps");
        fixture.forget_requests();
        let processes: Vec<_> = (0..8).map(|_| fixture.home.start(&PRINT)).collect();
        thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                for process in processes {
                    process.wait().expect(0);
                }
            });
            wait_until("all processes exit", || {
                let _ = fs::remove_file(&lock);
                waiting.is_finished()
            });
        });
        assert_eq!(fixture.refreshes(), 1);
    }
    fixture.home.run(&FORCE).expect(0);
}
