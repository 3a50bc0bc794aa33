//! The real program with failing system calls, injected by strace: afterwards the next command works, or the message
//! reported what is lost. `BRAINMAPS_TEST_CALLS=all` tries every call with every error, and
//! `BRAINMAPS_TEST_CALLS=close` one of them.

use std::process::{Command, Stdio};

use crate::crash_recovery::kills::{Found, Operation};
use crate::crash_recovery::operations::{
    Creation, DeviceLogin, KeyLogin, Logout, Refresh, Rotation,
};
use crate::support::skip::has_programs;

/// `PATH` is empty where commands run.
const STRACE: &str = "/usr/bin/strace";
const SAMPLE: &[&str] = &["fsync", "rename,renameat,renameat2", "pwrite64"];
const ALL: &[&str] = &[
    "openat",
    "write",
    "fsync",
    "rename,renameat,renameat2",
    "close",
    "fchmod",
    "unlink,unlinkat",
    "ftruncate",
    "pwrite64",
    "flock",
];
const ERRORS: &[&str] = &["EIO", "ENOSPC", "EDQUOT", "EACCES", "EROFS"];

/// Returns the system calls and the errors to inject, and the number of calls of each kind. `BRAINMAPS_TEST_CALLS` selects more.
fn selected_calls() -> (Vec<&'static str>, &'static [&'static str], u32) {
    let Ok(selection) = std::env::var("BRAINMAPS_TEST_CALLS") else {
        return (SAMPLE.to_vec(), &ERRORS[..1], 6);
    };
    let is_selected = |call: &&&str| selection == "all" || selection == **call;
    (
        ALL.iter().filter(is_selected).copied().collect(),
        ERRORS,
        40,
    )
}

fn strace_works() -> bool {
    let traced = Command::new(STRACE)
        .args([
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            "inject=fsync:error=EIO",
        ])
        .arg("true")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let works = traced.is_ok_and(|status| status.success());
    let missing = (!works).then_some("a strace that can trace here");
    has_programs("failing system calls", &Vec::from_iter(missing))
}

/// Fails the calls of each kind, one after another and from each one on, and checks the stored state.
fn fail_calls(name: &str, operation: &mut dyn Operation) {
    if !strace_works() {
        return;
    }
    let (calls, errors, most) = selected_calls();
    let mut found = [0; 4];
    let mut count = 0;
    for call in calls {
        for error in errors {
            for when in 1..=most {
                let mut was_injected = false;
                for and_later in ["", "+"] {
                    let inject = format!("inject={call}:error={error}:when={when}{and_later}");
                    if !fail_call(name, operation, (call, &inject)) {
                        continue;
                    }
                    was_injected = true;
                    found[operation.classify_state() as usize] += 1;
                    count += 1;
                }
                // The program makes fewer calls of this kind.
                if !was_injected {
                    break;
                }
            }
        }
    }
    println!(
        "FAILED CALLS {name}: {count}; found old {}, new {}, rescued {}, lost and explained {}",
        found[Found::Old as usize],
        found[Found::New as usize],
        found[Found::Rescued as usize],
        found[Found::Explained as usize],
    );
}

/// Runs the command once. Returns `false` if no call failed: the program made fewer calls.
fn fail_call(name: &str, operation: &mut dyn Operation, (call, inject): (&str, &str)) -> bool {
    let log = tempfile::NamedTempFile::new().unwrap();
    operation.home().wrap(&[
        STRACE,
        "-f",
        "-qq",
        "-y",
        "-o",
        log.path().to_str().unwrap(),
        "-e",
        &format!("trace={call}"),
        "-e",
        inject,
    ]);
    let process = operation.start();
    operation.home().wrap(&[]);
    let outcome = process.wait();
    let calls = std::fs::read(log.path()).unwrap();
    let calls = String::from_utf8_lossy(&calls);
    let mut failed = calls.lines().filter(|line| line.contains("(INJECTED)"));
    let was_injected = failed.clone().next().is_some();
    // No kernel fails to wake a runtime by its eventfd; then the run counts as one that was killed there.
    let is_woken = !failed.any(|line| line.contains("write(") && line.contains("[eventfd]"));
    assert!(
        outcome.code.is_some_and(|code| code != 101 || !is_woken),
        "{name}, {inject}: {outcome}"
    );
    if was_injected {
        println!("{name}, {inject}: {:?}", outcome.code);
    } else {
        operation.classify_state();
    }
    was_injected
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn refresh_with_failing_calls_keeps_the_session_or_reports_its_loss() {
    fail_calls("credential refresh", &mut Refresh::new());
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn login_with_failing_calls_leaves_the_old_session_or_the_new_one() {
    fail_calls("login --device", &mut DeviceLogin::new());
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn login_of_a_key_with_failing_calls_leaves_the_old_key_or_the_new_one() {
    fail_calls("login --with-token", &mut KeyLogin::new());
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn logout_with_failing_calls_leaves_the_whole_session_or_none() {
    fail_calls("logout", &mut Logout::new());
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn rotation_with_failing_calls_leaves_a_key_that_works() {
    fail_calls("token rotate", &mut Rotation::new());
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn creation_with_failing_calls_leaves_no_unreported_token() {
    fail_calls("token create", &mut Creation::new());
}
