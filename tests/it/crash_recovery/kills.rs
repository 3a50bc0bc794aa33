//! SIGKILL at random moments of every operation that changes what is stored. The next command finds the old or the new
//! state. `tests/kills` kills often, a plain run a few times.

use std::{
    hash::{BuildHasher as _, RandomState},
    thread,
    time::{Duration, Instant},
};

use rustix::process::Signal;

use super::{
    FORCE, Fixture,
    operations::{Creation, DeviceLogin, KeyLogin, Logout, Refresh, Rename, Rotation},
};
use crate::support::test_home::{RunningCommand, TestHome};

/// The number of kills per operation, unless the variable is set.
const DEFAULT_KILLS: u32 = 20;
const VARIABLE: &str = "BRAINMAPS_TEST_KILLS";

/// The state that the next command finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Old,
    New,
    /// Written but not renamed yet; the next command completed the rename.
    Rescued,
    /// The server processed the request, the response was lost, and the next command reported it.
    Explained,
}

/// An operation that can be killed repeatedly.
pub(crate) trait Operation {
    /// The home in which it runs.
    fn home(&self) -> &TestHome;

    /// Starts it from a valid state.
    fn start(&mut self) -> RunningCommand;

    /// Runs commands to find the state, fails if it is neither the old nor the new one, and leaves a valid one.
    fn classify_state(&mut self) -> Found;
}

fn kills_per_operation() -> u32 {
    let text = std::env::var(VARIABLE);
    text.map_or(DEFAULT_KILLS, |text| text.parse().unwrap())
}

/// Returns a random duration up to `max`.
fn random_duration(max: Duration) -> Duration {
    let random = u32::try_from(RandomState::new().hash_one(()) >> 32).unwrap();
    max.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

/// Kills it repeatedly, at random moments of its usual duration and slightly after it.
pub(super) fn kill_repeatedly(name: &str, operation: &mut dyn Operation) {
    let mut usual = Duration::ZERO;
    for _ in 0..3 {
        let began = Instant::now();
        operation.start().wait().expect(0);
        usual = usual.max(began.elapsed());
        assert_eq!(operation.classify_state(), Found::New, "{name}, not killed");
    }
    let (mut killed, mut finished) = (0, 0);
    let mut found = [0; 4];
    while killed < kills_per_operation() {
        let process = operation.start();
        thread::sleep(random_duration(usual.mul_f64(1.1)));
        process.running.signal(Signal::KILL);
        let is_killed = process.wait().code.is_none();
        if is_killed {
            killed += 1;
        } else {
            finished += 1;
        }
        // Load changes the duration; about one in ten ends before it is killed.
        usual = usual.mul_f64(if is_killed { 1.003 } else { 0.97 });
        found[operation.classify_state() as usize] += 1;
    }
    let [old, new, rescued, explained] = found;
    println!(
        "KILLS {name}: {killed} killed, {finished} ended before it (it takes about {usual:.0?}); found old {old}, new {new}, \
         rescued {rescued}, lost and explained {explained}"
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_killed_key_login_leaves_the_old_or_the_new_key() {
    kill_repeatedly("login --with-token", &mut KeyLogin::new());
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_killed_device_login_leaves_the_old_or_the_new_session() {
    kill_repeatedly("login --device", &mut DeviceLogin::new());
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_killed_refresh_leaves_a_valid_session_or_reports_its_loss() {
    kill_repeatedly("credential refresh", &mut Refresh::new());
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_killed_rotation_leaves_a_valid_key() {
    kill_repeatedly("token rotate", &mut Rotation::new());
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_killed_creation_leaves_no_unreported_token() {
    kill_repeatedly("token create", &mut Creation::new());
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_killed_logout_leaves_the_whole_session_or_none() {
    kill_repeatedly("logout", &mut Logout::new());
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_killed_rename_leaves_the_credential_under_one_name() {
    kill_repeatedly("profile rename", &mut Rename::new());
}

/// Measures how long a rotated token exists in memory only: from the arrival of its last byte in the recorder until the
/// file is renamed. Printed, not asserted.
#[test]
#[ignore = "slow: run by ./tests/run"]
fn every_refresh_is_saved_and_the_time_until_then_is_printed() {
    use std::os::unix::fs::MetadataExt as _;
    let fixture = Fixture::signed_in();
    let file = fixture.credential("brainmaps");
    let inode = || std::fs::metadata(&file).unwrap().ino();
    let recorder = fixture.sign_in_through_recorder();
    let mut windows: Vec<Duration> = (0..kills_per_operation().min(200))
        .map(|_| {
            let before = inode();
            recorder.take_requests();
            let refresh = fixture.home.start(&FORCE);
            let deadline = Instant::now() + crate::support::process::LIMIT;
            while inode() == before {
                assert!(Instant::now() < deadline, "nothing was saved");
                std::hint::spin_loop();
            }
            let saved = Instant::now();
            refresh.wait().expect(0);
            saved.saturating_duration_since(recorder.responded_at())
        })
        .collect();
    windows.sort_unstable();
    let percentile = |share: usize| windows[(windows.len() - 1) * share / 100];
    println!(
        "WINDOW of {} refreshes, from the answer to the rename: median {:.2?}, 95 of 100 within {:.2?}, longest {:.2?}",
        windows.len(),
        percentile(50),
        percentile(95),
        percentile(100)
    );
}
