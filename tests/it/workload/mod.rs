//! Sign-in with the identity of a CI job or a pod, as jobs of simulated CI systems run it. The sandbox verifies real signatures
//! with the keys of the simulated issuer.

mod environment;
mod failures;
mod login;
mod simulation;

use std::fs;
use std::path::{Path, PathBuf};

use brainmaps::sandbox::CANARY_ID_TOKEN;
use serde_json::Value;

use crate::support::process::{ExitedProcess, RunningProcess};
use crate::support::test_home::TestHome;

const PROGRAM: &str = env!("CARGO_BIN_EXE_brainmaps");

const SYSTEMS: [&str; 3] = ["github", "gitlab", "kubernetes"];

/// The start of the token with which a job of GitHub Actions requests its identity.
const REQUEST_TOKEN: &str = "cirt_";

/// A home whose commands use the sandbox, and whose leak harness looks for identities.
fn home() -> TestHome {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_SANDBOX", "1");
    home.record().secret(CANARY_ID_TOKEN);
    home
}

/// Runs a program as a job, with these options of `sandbox ci`.
fn run_job(home: &TestHome, system: &[&str], command: &[&str]) -> ExitedProcess {
    let arguments = [&["sandbox", "ci"], system, &["--"], command].concat();
    let mut done = RunningProcess::start(&mut home.command(&arguments), "").wait();
    done.stderr = without_masks(&done.stderr);
    let shown = command.join(" ");
    if !shown.contains("credential print") {
        home.record()
            .output(format!("stdout of {shown}"), done.stdout.as_str());
    }
    home.record()
        .output(format!("stderr of {shown}"), done.stderr.as_str());
    done
}

/// Runs this program as a job.
fn run(home: &TestHome, system: &[&str], arguments: &[&str]) -> ExitedProcess {
    run_job(home, system, &[&[PROGRAM], arguments].concat())
}

/// The runner removes these lines from the log.
fn without_masks(text: &str) -> String {
    let lines = text
        .lines()
        .filter(|line| !line.starts_with("::add-mask::"));
    lines.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn json(done: &ExitedProcess) -> Value {
    serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}: {done:?}"))
}

/// Fails if an identity or a request token is in any file below `directory`, readable by others or not.
fn assert_no_identity_in_files(directory: &Path) {
    for path in files(directory) {
        let content = fs::read(&path).unwrap_or_default();
        let text = String::from_utf8_lossy(&content);
        for secret in [CANARY_ID_TOKEN, REQUEST_TOKEN] {
            assert!(!text.contains(secret), "{} has {secret}", path.display());
        }
    }
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}
