//! `brainmaps demo`. The leak harness checks its output.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use rustix::process::Signal;

use crate::support::{
    process::holds_within,
    test_home::{CommandResult, TestHome},
};

const TITLES: [&str; 8] = [
    "Sign in",
    "Create a token for a program",
    "Call the API with the token",
    "Refresh the expired session",
    "Revoke the token",
    "Call the API with the revoked token",
    "Sign out",
    "Use a stolen copy",
];

fn run(home: &TestHome, command: &mut Command) -> CommandResult {
    home.start_command(command, &["demo"], "").wait()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().unwrap();
    let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

/// Returns the temporary home of the demo, if it exists.
fn demo_homes(home: &TestHome) -> Vec<PathBuf> {
    entries(&home.path().join("tmp"))
}

fn assert_untouched(home: &TestHome) {
    let folders = ["bin", "tmp", "work"].map(|name| home.path().join(name));
    assert_eq!(entries(home.path()), folders);
    for folder in folders {
        assert_eq!(entries(&folder), [] as [PathBuf; 0]);
    }
}

/// Splits a command line as a shell does, without leading variables and the comment at the end.
fn words(command: &str) -> Vec<&str> {
    let command = command.split(" # ").next().unwrap();
    let parts = command.split('"').enumerate();
    let words = parts.flat_map(|(number, part)| match number % 2 {
        1 => vec![part],
        _ => part.split_whitespace().collect(),
    });
    words.skip_while(|word| word.contains('=')).collect()
}

fn assert_is_a_command(command: &str) {
    let understood = brainmaps::cli::command().try_get_matches_from(words(command));
    assert!(understood.is_ok(), "{command}: {understood:?}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn every_step_is_printed_in_order_and_no_file_is_left() {
    let home = TestHome::new();
    let printed = home.run(&["demo"]).expect(0);
    let mut rest = printed.stdout.as_str();
    for (place, title) in TITLES.iter().enumerate() {
        let heading = format!("\n{}/{}  {title}\n", place + 1, TITLES.len());
        let at = rest.find(&heading);
        rest = &rest[at.unwrap_or_else(|| panic!("{heading} is missing: {printed}"))..];
    }
    assert_eq!(
        printed.stdout.matches("   ✓ ").count(),
        TITLES.len(),
        "{printed}"
    );
    assert!(rest.contains("\n✓ All 8 steps"), "{printed}");
    assert_eq!(printed.stderr, "");
    let commands = printed.stdout.lines().map(str::trim);
    let commands: Vec<_> = commands
        .filter_map(|line| line.strip_prefix("$ "))
        .collect();
    assert_eq!(commands.len(), TITLES.len() + 3, "{printed}");
    commands.into_iter().for_each(assert_is_a_command);
    assert_untouched(&home);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn json_output_is_one_document_with_every_step() {
    let home = TestHome::new();
    let printed = home.run(&["demo", "--json"]).expect(0);
    assert_eq!(printed.stdout.lines().count(), 1);
    assert_eq!(printed.stderr, "");
    let document = printed.json();
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
    assert_untouched(&home);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_demo_sends_real_requests() {
    let home = TestHome::new();
    let printed = home.run(&["demo", "-vv"]).expect(0);
    let received = |what: &str| {
        let lines = printed.stderr.lines();
        lines.filter(|line| line.contains(what)).count()
    };
    let posts = |path: &str| received(&format!("> POST http://localhost:8000{path} "));
    assert_eq!(posts("/oauth2/device_authorization"), 1, "{printed}");
    assert_eq!(posts("/api/tokens/"), 1, "{printed}");
    assert_eq!(posts("/oauth2/revoke"), 2, "{printed}");
    // A poll, a refresh and the reuse of the old token; a slow machine may need more requests.
    assert!(posts("/oauth2/token") >= 3, "{printed}");
    // The expired access token and the revoked key.
    assert!(received("< 401 ") >= 2, "{printed}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_users_configuration_is_neither_used_nor_changed() {
    const ELSEWHERE: &str = "https://elsewhere.example";
    let home = TestHome::new();
    let env_file = format!("BRAINMAPS_API_KEY=of-the-user\nBRAINMAPS_API_URL={ELSEWHERE}\n");
    for folder in ["work", "tmp"] {
        fs::write(home.path().join(folder).join(".env"), &env_file).unwrap();
    }
    let mut command = home.command(&["demo", "--profile", "missing", "--api-url", ELSEWHERE]);
    command.env_remove("HOME").envs([
        ("BRAINMAPS_DATA_DIR", "/dev/null/nothing"),
        ("BRAINMAPS_API_KEY", "of-the-user"),
        ("BRAINMAPS_API_URL", ELSEWHERE),
        ("BRAINMAPS_PROFILE", "not a name"),
        ("HTTP_PROXY", "http://127.0.0.1:1"),
        ("HTTPS_PROXY", "http://127.0.0.1:1"),
        ("CI", "true"),
    ]);
    let printed = run(&home, &mut command).expect(0);
    let mentioned = ["of-the-user", "elsewhere"];
    assert!(
        !mentioned.iter().any(|word| printed.stdout.contains(word)),
        "{printed}"
    );
    assert_eq!(printed.stderr, "");
    assert_eq!(demo_homes(&home), [home.path().join("tmp/.env")]);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn output_is_ascii_without_a_utf8_locale() {
    let mut home = TestHome::new();
    let printed = home.set("LANG", "C").run(&["demo"]).expect(0);
    assert!(printed.stdout.is_ascii(), "{printed}");
    assert_eq!(
        printed.stdout.matches("\n  ok ").count(),
        TITLES.len(),
        "{printed}"
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn quiet_prints_the_result_only() {
    let home = TestHome::new();
    let printed = home.run(&["demo", "--quiet"]).expect(0);
    assert_eq!(printed.stdout.lines().count(), 1, "{printed}");
    assert!(printed.stdout.starts_with("✓ All 8 steps"), "{printed}");
    assert_eq!(printed.stderr, "");
}

#[test]
fn termination_signals_remove_the_private_home() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let home = TestHome::new();
        let demo = home.start(&["demo"]);
        demo.running
            .wait_for_line(|line| line.contains("enter code").then_some(()));
        let [demo_home] = demo_homes(&home).try_into().unwrap();
        assert_eq!(
            demo_home.metadata().unwrap().permissions().mode() & 0o777,
            0o700
        );
        demo.running.signal(signal);
        demo.wait().expect(130);
        assert_untouched(&home);
    }
}

#[test]
fn ctrl_c_prints_a_json_document_with_json() {
    let home = TestHome::new();
    // A signal can arrive before the handler is installed; the test then tries again.
    let printed = loop {
        let demo = home.start(&["demo", "--json"]);
        holds_within(Duration::from_secs(5), || !demo_homes(&home).is_empty());
        demo.running.signal(Signal::INT);
        let printed = demo.wait();
        if printed.code != Some(0) {
            break printed.expect(130);
        }
    };
    assert_eq!(printed.json()["ok"], false);
    assert_eq!(printed.error_code(), "INTERRUPTED");
    assert_untouched(&home);
}

#[test]
fn a_broken_pipe_is_not_a_failure_of_the_demo() {
    let home = TestHome::new();
    let mut command = home.command(&["demo"]);
    let mut demo = command.stdout(Stdio::piped()).spawn().unwrap();
    drop(demo.stdout.take());
    assert_eq!(demo.wait().unwrap().code(), Some(0));
    assert_untouched(&home);
}

#[test]
fn a_missing_temporary_directory_is_reported_with_the_variable_to_set() {
    let home = TestHome::new();
    let mut command = home.command(&["demo"]);
    let printed = run(&home, command.env("TMPDIR", "/dev/null")).expect(1);
    assert!(printed.stderr.contains("hint: set TMPDIR"), "{printed}");
}
