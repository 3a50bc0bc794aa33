//! Runs a program that may hang.

use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

const TIME_LIMIT: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(5);

/// Returns the exit status; `None` if the program does not start, runs for two seconds or is killed.
pub(super) fn run_limited(command: &mut Command) -> Option<i32> {
    let mut child = command.spawn().ok()?;
    let end = Instant::now() + TIME_LIMIT;
    while Instant::now() < end {
        match child.try_wait() {
            Ok(Some(status)) => return status.code(),
            Ok(None) => sleep(PAUSE),
            Err(_) => break,
        }
    }
    let _killed = child.kill().and_then(|()| child.wait());
    None
}
