//! The real program with system calls that fail, injected by strace: after each, the next command works, or the message
//! said what is lost. `BRAINMAPS_TEST_CALLS=all` tries every call with every error.

use std::process::{Command, Stdio};

use crate::crash_recovery::kills::{Found, Subject};
use crate::crash_recovery::operations::{
    Creation, DeviceLogin, KeyLogin, Logout, Refresh, Rotation,
};

/// `PATH` holds nothing where commands run.
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

fn wants_all() -> bool {
    std::env::var("BRAINMAPS_TEST_CALLS").is_ok_and(|text| text == "all")
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
    if !works {
        println!(
            "SKIPPED failing system calls: strace cannot trace here. `./tests/run` sets it up."
        );
    }
    works
}

/// Fails the calls of each kind, one after another and from each on, and looks what is left.
fn fail_calls(name: &str, subject: &mut dyn Subject) {
    if !strace_works() {
        return;
    }
    let (calls, errors, most) = if wants_all() {
        (ALL, ERRORS, 40)
    } else {
        (SAMPLE, &ERRORS[..1], 6)
    };
    let mut found = [0; 4];
    let mut count = 0;
    for call in calls {
        for error in errors {
            for when in 1..=most {
                for and_later in ["", "+"] {
                    let inject = format!("inject={call}:error={error}:when={when}{and_later}");
                    subject.home().wrap(&[
                        STRACE,
                        "-f",
                        "-qq",
                        "-o",
                        "/dev/null",
                        "-e",
                        &format!("trace={call}"),
                        "-e",
                        &inject,
                    ]);
                    let process = subject.start();
                    subject.home().wrap(&[]);
                    let outcome = process.wait();
                    assert!(
                        outcome.code.is_some_and(|code| code != 101),
                        "{name}, {inject}: {outcome}"
                    );
                    println!("{name}, {inject}: {:?}", outcome.code);
                    found[subject.look() as usize] += 1;
                    count += 1;
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

#[test]
fn refresh_with_failing_calls_keeps_a_session_or_says_that_it_is_lost() {
    fail_calls("credential refresh", &mut Refresh::new());
}

#[test]
fn login_with_failing_calls_leaves_the_old_session_or_the_new_one() {
    fail_calls("login --device", &mut DeviceLogin::new());
    fail_calls("login --with-token", &mut KeyLogin::new());
}

#[test]
fn logout_with_failing_calls_leaves_the_whole_session_or_none() {
    fail_calls("logout", &mut Logout::new());
}

#[test]
fn rotation_with_failing_calls_leaves_a_key_that_works() {
    fail_calls("token rotate", &mut Rotation::new());
}

#[test]
fn creation_with_failing_calls_leaves_no_token_that_nobody_holds() {
    fail_calls("token create", &mut Creation::new());
}
