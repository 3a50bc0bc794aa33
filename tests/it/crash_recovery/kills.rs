//! SIGKILL at random moments of every operation that changes what is stored. The next command finds the old state or
//! the new one, whole. `tests/kills` does it often; a plain run a few times.

use std::{
    hash::{BuildHasher as _, RandomState},
    thread,
    time::{Duration, Instant},
};

use rustix::process::Signal;

use super::{
    FORCE, Fixture,
    operations::{Creation, DeviceLogin, KeyLogin, Logout, Refresh, Rotation},
};
use crate::support::test_home::{TestHome, Underway};

/// How often each operation is killed unless the variable says otherwise.
const FEW: u32 = 20;
const VARIABLE: &str = "BRAINMAPS_TEST_KILLS";

/// What the next command found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Old,
    New,
    /// It was written and not in its place yet; the next command put it there.
    Rescued,
    /// The server had done its part, what it answered was lost, and the next command said so.
    Explained,
}

/// An operation that can be killed again and again.
pub(crate) trait Subject {
    /// Whose commands are run.
    fn home(&self) -> &TestHome;

    /// Begins it, from a good state.
    fn start(&mut self) -> Underway;

    /// Looks by commands at what is there, fails the test if that is neither the old nor the new state, and leaves a good
    /// one.
    fn look(&mut self) -> Found;
}

fn wanted() -> u32 {
    let text = std::env::var(VARIABLE);
    text.map_or(FEW, |text| text.parse().unwrap())
}

/// Somewhere between nothing and `most`.
fn some_of(most: Duration) -> Duration {
    let random = u32::try_from(RandomState::new().hash_one(()) >> 32).unwrap();
    most.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

/// Kills it as often as wanted, each time at another moment of the time that it usually takes, and a little beyond.
pub(super) fn kill_again_and_again(name: &str, subject: &mut dyn Subject) {
    let mut usual = Duration::ZERO;
    for _ in 0..3 {
        let began = Instant::now();
        subject.start().wait().expect(0);
        usual = usual.max(began.elapsed());
        assert_eq!(subject.look(), Found::New, "{name}, not killed");
    }
    let (mut killed, mut in_time) = (0, 0);
    let mut found = [0; 4];
    while killed < wanted() {
        let process = subject.start();
        thread::sleep(some_of(usual.mul_f64(1.1)));
        process.running.signal(Signal::KILL);
        let is_killed = process.wait().code.is_none();
        if is_killed {
            killed += 1;
        } else {
            in_time += 1;
        }
        // Other work on this machine makes it longer and shorter; about one in ten ends before it is killed.
        usual = usual.mul_f64(if is_killed { 1.003 } else { 0.97 });
        found[subject.look() as usize] += 1;
    }
    let [old, new, rescued, explained] = found;
    println!(
        "KILLS {name}: {killed} killed, {in_time} ended before it (it takes about {usual:.0?}); found old {old}, new {new}, \
         rescued {rescued}, lost and explained {explained}"
    );
}

#[test]
fn a_login_with_a_key_that_is_killed_leaves_the_old_key_or_the_new_one() {
    kill_again_and_again("login --with-token", &mut KeyLogin::new());
}

#[test]
fn a_device_login_that_is_killed_leaves_the_old_session_or_the_new_one() {
    kill_again_and_again("login --device", &mut DeviceLogin::new());
}

#[test]
fn a_refresh_that_is_killed_leaves_a_session_that_works_or_says_why_not() {
    kill_again_and_again("credential refresh", &mut Refresh::new());
}

#[test]
fn a_rotation_that_is_killed_at_any_moment_leaves_a_key_that_works() {
    kill_again_and_again("token rotate", &mut Rotation::new());
}

#[test]
fn a_creation_that_is_killed_leaves_no_token_that_nobody_holds() {
    kill_again_and_again("token create", &mut Creation::new());
}

#[test]
fn a_logout_that_is_killed_leaves_the_whole_session_or_none() {
    kill_again_and_again("logout", &mut Logout::new());
}

/// How long the only copy of a rotated token is in memory: from when its last byte can be read here, before the program
/// can, until the file has its name. Told, not judged.
#[test]
fn every_refresh_is_saved_and_the_time_from_the_answer_to_the_disk_is_told() {
    use std::os::unix::fs::MetadataExt as _;
    let fixture = Fixture::of_quick_logins();
    let file = fixture.credential("brainmaps");
    let inode = || std::fs::metadata(&file).unwrap().ino();
    let recorder = crate::support::recorder::Recorder::start(&fixture.sandbox.url);
    #[rustfmt::skip]
    let login = ["login", "--device", "--issuer", &recorder.url, "--api-url", &recorder.url, "--no-browser", "--replace"];
    fixture.home.run(&login).expect(0);
    let mut windows: Vec<Duration> = (0..wanted().min(200))
        .map(|_| {
            let before = inode();
            recorder.take();
            let refresh = fixture.home.start(&FORCE);
            let deadline = Instant::now() + crate::support::process::LIMIT;
            while inode() == before {
                assert!(Instant::now() < deadline, "nothing was saved");
                std::hint::spin_loop();
            }
            let saved = Instant::now();
            refresh.wait().expect(0);
            saved.saturating_duration_since(recorder.answered_at())
        })
        .collect();
    windows.sort_unstable();
    let at = |share: usize| windows[(windows.len() - 1) * share / 100];
    println!(
        "WINDOW of {} refreshes, from the answer to the rename: median {:.2?}, 95 of 100 within {:.2?}, longest {:.2?}",
        windows.len(),
        at(50),
        at(95),
        at(100)
    );
}
