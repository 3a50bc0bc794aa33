//! `brainmaps demo`, the first thing that a new user runs: the real program, as it is found in a pipe.

#![expect(
    clippy::disallowed_methods,
    reason = "tests play the outside world: they set up files"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use brainmaps::sandbox::CANARY;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

const TITLES: [&str; 8] = [
    "Sign in",
    "Make a token for a program",
    "Call the API with it",
    "Outlive the access token",
    "Revoke the token",
    "Try it again",
    "Log out",
    "Use a stolen copy",
];

/// An empty home and an empty folder for temporary files; both have to stay so.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::create_dir(place.home()).unwrap();
        fs::create_dir(place.temporary()).unwrap();
        place
    }

    fn home(&self) -> PathBuf {
        self.0.path().join("home")
    }

    fn temporary(&self) -> PathBuf {
        self.0.path().join("temporary")
    }

    /// The program with `arguments`, in an environment of nothing else.
    fn demo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_brainmaps"));
        command
            .env_clear()
            .env("HOME", self.home())
            .env("TMPDIR", self.temporary())
            .env("LC_ALL", "C.UTF-8")
            .current_dir(self.0.path())
            .arg("demo")
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    fn assert_untouched(&self) {
        for folder in [self.home(), self.temporary()] {
            assert_eq!(entries(&folder), [] as [PathBuf; 0]);
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// stdout and stderr of a run that went well and showed no secret.
fn went_well(output: &Output) -> (String, String) {
    let stdout = String::from_utf8(output.stdout.clone()).unwrap();
    let stderr = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stdout}\n{stderr}");
    assert!(!stdout.contains(CANARY), "{stdout}");
    assert!(!stderr.contains(CANARY), "{stderr}");
    (stdout, stderr)
}

/// The words of a command line as a shell would take them, variables in front left out.
fn words(command: &str) -> Vec<&str> {
    let parts = command.split('"').enumerate();
    let words = parts.flat_map(|(number, part)| {
        if number % 2 == 1 {
            vec![part]
        } else {
            part.split_whitespace().collect()
        }
    });
    words.skip_while(|word| word.contains('=')).collect()
}

fn assert_is_a_command(command: &str) {
    let understood = brainmaps::cli::command().try_get_matches_from(words(command));
    assert!(understood.is_ok(), "{command}: {understood:?}");
}

#[test]
fn every_step_is_told_in_order_and_nothing_is_left_behind() {
    let place = Place::new();
    let (stdout, stderr) = went_well(&place.demo(&[]).output().unwrap());
    let mut rest = stdout.as_str();
    for (place, title) in TITLES.iter().enumerate() {
        let heading = format!("\n{}/{}  {title}\n", place + 1, TITLES.len());
        let at = rest.find(&heading);
        rest = &rest[at.unwrap_or_else(|| panic!("{heading} is missing in {rest}"))..];
    }
    assert_eq!(stdout.matches("   ✓ ").count(), TITLES.len(), "{stdout}");
    assert!(rest.contains("\n✓ all 8 steps"), "{stdout}");
    assert_eq!(stderr, "");
    let commands = stdout
        .lines()
        .filter_map(|line| line.trim().strip_prefix("$ "));
    for command in commands {
        let command = command.split("  # ").next().unwrap();
        assert_is_a_command(command);
    }
    place.assert_untouched();
}

#[test]
fn programs_get_one_document_with_every_step() {
    let place = Place::new();
    let (stdout, stderr) = went_well(&place.demo(&["--json"]).output().unwrap());
    assert_eq!(stdout.lines().count(), 1);
    assert_eq!(stderr, "");
    let document: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(document["ok"], true);
    let steps = document["steps"].as_array().unwrap();
    let titles: Vec<_> = steps.iter().map(|step| step["title"].as_str()).collect();
    assert_eq!(titles, TITLES.map(Some));
    for step in steps {
        assert_eq!(step["ok"], true, "{step}");
        assert!(step["milliseconds"].is_u64(), "{step}");
        assert!(!step["outcome"].as_str().unwrap().is_empty(), "{step}");
        assert_is_a_command(step["command"].as_str().unwrap());
    }
    place.assert_untouched();
}

#[test]
fn the_work_is_real_and_no_request_shows_a_secret() {
    let place = Place::new();
    let (_, stderr) = went_well(&place.demo(&["-vv"]).output().unwrap());
    let asked = |what: &str| stderr.lines().filter(|line| line.contains(what)).count();
    let url = "http://localhost:8000";
    assert_eq!(
        asked(&format!("> POST {url}/oauth2/device_authorization")),
        1
    );
    assert_eq!(asked(&format!("> POST {url}/api/tokens/ ")), 1);
    assert_eq!(asked(&format!("> POST {url}/oauth2/revoke")), 2);
    // A poll, a renewal and the copy at least; a slow machine may need more of them.
    assert!(
        asked(&format!("> POST {url}/oauth2/token")) >= 3,
        "{stderr}"
    );
    // The expired access token and the revoked key.
    assert!(asked("< 401 ") >= 2, "{stderr}");
}

#[test]
fn what_the_user_has_set_up_neither_disturbs_it_nor_is_touched() {
    let place = Place::new();
    let env_file = "BRAINMAPS_API_KEY=of-the-user\nBRAINMAPS_API_URL=https://elsewhere.example\n";
    for folder in [place.0.path().to_owned(), place.temporary()] {
        fs::write(folder.join(".env"), env_file).unwrap();
    }
    let mut command = place.demo(&[
        "--profile",
        "nobody",
        "--api-url",
        "https://elsewhere.example",
    ]);
    command
        .env_remove("HOME")
        .env("BRAINMAPS_DATA_DIR", "/dev/null/nothing")
        .env("BRAINMAPS_API_KEY", "of-the-user")
        .env("BRAINMAPS_API_URL", "https://elsewhere.example")
        .env("BRAINMAPS_PROFILE", "not a name")
        .env("HTTP_PROXY", "http://127.0.0.1:1")
        .env("HTTPS_PROXY", "http://127.0.0.1:1")
        .env("CI", "true")
        .env("LC_ALL", "C");
    let (stdout, stderr) = went_well(&command.output().unwrap());
    assert!(stdout.is_ascii(), "{stdout}");
    assert_eq!(stdout.matches("  ok ").count(), TITLES.len(), "{stdout}");
    assert!(!stdout.contains("of-the-user") && !stdout.contains("elsewhere"));
    assert_eq!(stderr, "");
    assert_eq!(
        entries(&place.temporary()),
        [place.temporary().join(".env")]
    );
}

#[test]
fn quiet_says_how_it_ended() {
    let place = Place::new();
    let (stdout, stderr) = went_well(&place.demo(&["-q"]).output().unwrap());
    assert_eq!(stdout.lines().count(), 1, "{stdout}");
    assert!(stdout.starts_with("✓ all 8 steps"), "{stdout}");
    assert_eq!(stderr, "");
}

#[test]
fn ctrl_c_ends_it_and_removes_the_temporary_home() {
    let place = Place::new();
    let command = &mut place.demo(&[]);
    let command = command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("enter code") {
        line.clear();
        assert_ne!(stdout.read_line(&mut line).unwrap(), 0, "it ended too soon");
    }
    let [home] = entries(&place.temporary()).try_into().unwrap();
    assert_eq!(home.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{rest}");
    place.assert_untouched();
}

#[test]
fn ctrl_c_gives_programs_a_document_too() {
    let place = Place::new();
    let command = &mut place.demo(&["--json"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    // Its home is made after Ctrl-C was taken over, so from here on no signal is lost.
    while entries(&place.temporary()).is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "it ended too soon");
        std::thread::sleep(Duration::from_millis(2));
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["ok"], false);
    assert_eq!(document["error"]["code"], "INTERRUPTED");
    place.assert_untouched();
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let place = Place::new();
    let mut child = place.demo(&[]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    place.assert_untouched();
}

#[test]
fn without_a_place_for_temporary_files_it_says_what_to_set() {
    let place = Place::new();
    let output = place.demo(&[]).env("TMPDIR", "/dev/null").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("hint: set TMPDIR"), "{stderr}");
}
