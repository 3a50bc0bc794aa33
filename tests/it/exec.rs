//! `exec` replaces the program by another one, which gets the credential.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};

use rustix::process::Signal;
use serde_json::json;

use crate::support::scripted_server::{ScriptedResponse, ScriptedServer};
use crate::support::test_home::{CommandResult, TestHome};

/// Writes a file that only its owner can read.
fn write_private(path: &std::path::Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

const KEY: &str = "key-c4n4ry-of-a-test";
const SH: &str = "/bin/sh";

/// A home with a stored API key of the default profile.
fn with_key() -> TestHome {
    let home = TestHome::new();
    home.run_with_input(&["login", "--with-token", "--no-verify"], KEY)
        .expect(0);
    home
}

/// Runs a shell script with these options of `exec`. The script must not print the credential.
fn exec(home: &TestHome, options: &[&str], script: &str) -> CommandResult {
    let arguments = [&["exec"], options, &["--", SH, "-c", script]].concat();
    home.run(&arguments)
}

/// A test of the shell: the variable has this value.
fn is(variable: &str, value: &str) -> String {
    format!("test \"${{{variable}-unset}}\" = '{value}'")
}

#[test]
fn the_credential_is_in_the_variable_of_the_service_or_in_those_that_are_named() {
    let home = with_key();
    let header = format!("Authorization: Token {KEY}");
    let cases: &[(&[&str], String)] = &[
        (&[], is("BRAINMAPS_API_KEY", KEY)),
        (&[], is("BRAINMAPS_EXEC", "brainmaps:BRAINMAPS_API_KEY")),
        (&["--env", "A", "--env", "B"], is("A", KEY)),
        (&["--env", "A", "--env", "B"], is("B", KEY)),
        (&["--env", "A"], is("BRAINMAPS_API_KEY", "unset")),
        (&["--header-env", "H"], is("H", &header)),
    ];
    for (options, script) in cases {
        let outcome = exec(&home, options, script).expect(0);
        assert_eq!(outcome.stdout + &outcome.stderr, "", "{options:?}");
    }
}

#[test]
fn url_of_another_server_is_passed_with_the_variable_of_the_service() {
    const URL: &str = "http://localhost:9";
    let home = TestHome::new();
    let add = ["profile", "add", "work", "--provider", "brainmaps"];
    let add = [&["--api-url", URL], &add[..]].concat();
    home.run(&add).expect(0);
    let login = ["-p", "work", "login", "--with-token", "--no-verify"];
    home.run_with_input(&login, KEY).expect(0);
    let exec = |options: &[&str], script: &str| {
        let arguments = [&["-p", "work", "exec"], options, &["--", SH, "-c", script]].concat();
        home.run(&arguments).expect(0);
    };
    exec(&[], &is("BRAINMAPS_API_URL", URL));
    exec(
        &[],
        &is("BRAINMAPS_EXEC", "work:BRAINMAPS_API_KEY:BRAINMAPS_API_URL"),
    );
    exec(&["--env", "A"], &is("BRAINMAPS_API_URL", "unset"));
    let both = ["--env", "BRAINMAPS_API_KEY", "--env", "BRAINMAPS_API_URL"];
    exec(&both, &is("BRAINMAPS_API_URL", KEY));
    let default = with_key();
    let script = ["exec", "--", SH, "-c", &is("BRAINMAPS_API_URL", "unset")];
    default.run(&script).expect(0);
}

#[test]
fn nothing_else_is_added_to_the_environment() {
    let home = with_key();
    let mut command = home.command(&["exec", "--", "/usr/bin/env"]);
    let child = command.output().unwrap();
    let plain = Command::new("/usr/bin/env")
        .env_clear()
        .envs(
            home.command(&[])
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .output()
        .unwrap();
    let names = |output: &[u8]| {
        let text = String::from_utf8_lossy(output).into_owned();
        let mut names: Vec<String> = text
            .lines()
            .filter_map(|line| Some(line.split_once('=')?.0.to_owned()))
            .collect();
        names.sort();
        names
    };
    let mut expected = names(&plain.stdout);
    expected.extend(["BRAINMAPS_API_KEY", "BRAINMAPS_EXEC"].map(str::to_owned));
    expected.sort();
    assert_eq!(names(&child.stdout), expected);
}

#[cfg(target_os = "linux")]
#[test]
fn memory_file_is_read_again_and_again_and_cannot_be_changed() {
    let home = with_key();
    // Root's rights do not allow a change either.
    let script = format!(
        "test \"$(/bin/cat \"$F\")\" = '{KEY}' && test \"$(/bin/cat \"$F\")\" = '{KEY}' && \
         test \"$(/bin/cat \"$H\")\" = 'Authorization: Token {KEY}' && \
         test \"$(/usr/bin/stat -L -c %a \"$F\")\" = 600 && ! (echo x >>\"$F\") 2>/dev/null"
    );
    exec(&home, &["--fd", "F", "--header-fd", "H"], &script).expect(0);
    let script = "/bin/ls -l /proc/self/fd";
    let with_file = exec(&home, &["--fd", "F"], script).expect(0);
    assert_eq!(with_file.stdout.matches("memfd:").count(), 1, "{with_file}");
    let without = exec(&home, &["--env", "A"], script).expect(0);
    assert!(!without.stdout.contains("memfd:"), "{without}");
    let data = home.data();
    assert!(
        !without.stdout.contains(data.to_str().unwrap()),
        "{without}"
    );
}

#[test]
fn exit_status_is_that_of_the_command() {
    let home = with_key();
    exec(&home, &[], "exit 42").expect(42);
    let not_found = home.run(&["exec", "--", "no-such-command"]).expect(127);
    assert!(
        not_found.stderr.contains("cannot run \"no-such-command\""),
        "{not_found}"
    );
    let script = home.work().join("script");
    fs::write(&script, "exit 7\n").unwrap();
    let path = script.to_str().unwrap();
    home.run(&["exec", "--", path]).expect(126);
    home.run(&["exec", "--", "/"]).expect(126);
    // As `execvp` does it, a script without an interpreter line runs in the shell.
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
    home.run(&["exec", "--", path]).expect(7);
}

#[test]
fn command_has_the_process_id_and_the_signal_actions_of_a_child() {
    let home = with_key();
    let mut command = home.command(&["exec", "--", SH, "-c", "echo $$; kill -PIPE $$; echo lived"]);
    let child = command.stdout(Stdio::piped()).spawn().unwrap();
    let id = child.id();
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        id.to_string()
    );
    assert_eq!(output.status.signal(), Some(Signal::PIPE.as_raw()));
}

#[test]
fn a_nested_run_of_the_same_profile_is_refused() {
    let home = with_key();
    let program = env!("CARGO_BIN_EXE_brainmaps");
    let nested = ["exec", "--", program, "exec", "--", SH, "-c", "exit 0"];
    let refused = home.run(&nested).expect(2);
    assert!(
        refused.stderr.contains("already runs with the credential"),
        "{refused}"
    );
    assert!(refused.stderr.contains("BRAINMAPS_EXEC"), "{refused}");
    let other = [
        "--profile",
        "neuroio",
        "login",
        "--with-token",
        "--no-verify",
    ];
    home.run_with_input(&other, "another-key-c4n4ry").expect(0);
    let script = is(
        "BRAINMAPS_EXEC",
        "brainmaps:BRAINMAPS_API_KEY,neuroio:NEUROIO_API_KEY",
    );
    let nested = [
        "exec",
        "--",
        program,
        "--profile",
        "neuroio",
        "exec",
        "--",
        SH,
        "-c",
        &script,
    ];
    home.run(&nested).expect(0);
}

/// The variable that `exec` sets belongs to the server of its profile.
#[test]
fn credential_of_a_program_is_not_used_for_another_profile() {
    let home = with_key();
    let server = ScriptedServer::start(|_, _| ScriptedResponse::json(200, &json!({})));
    let add = ["profile", "add", "work", "--provider", "brainmaps"];
    let add = [&add[..], &["--api-url", &server.url]].concat();
    home.run(&add).expect(0);
    let program = env!("CARGO_BIN_EXE_brainmaps");
    let other = ["exec", "--", program, "--profile", "work", "whoami"];
    let refused = home.run(&other).expect(4);
    assert!(refused.stderr.contains("not signed in"), "{refused}");
    assert!(server.received().is_empty());
    let own = home.run(&["exec", "--", program, "credential", "print"]);
    assert_eq!(own.expect(0).stdout.trim_end(), KEY);
}

#[test]
fn exec_runs_nothing_without_a_credential_or_with_invalid_options() {
    let home = TestHome::new();
    let command = ["--", SH, "-c", "echo ran"];
    let without = home.run(&[&["exec"], &command[..]].concat()).expect(4);
    assert!(without.stderr.contains("brainmaps login"), "{without}");
    let home = with_key();
    for (options, reason) in [
        (
            &["exec", "--env", "LD_PRELOAD"][..],
            "the system uses this variable",
        ),
        (&["exec", "--env", "1A"], "name of a variable"),
        (&["exec", "--env", "A", "--fd", "A"], "named twice"),
        (&["--json", "exec"], "--json cannot be used"),
    ] {
        let refused = home.run(&[options, &command[..]].concat()).expect(2);
        assert!(!refused.stdout.contains("ran"), "{refused}");
        assert!(
            (refused.stdout.clone() + &refused.stderr).contains(reason),
            "{refused}"
        );
    }
    home.run(&["exec", SH]).expect(2);
    // Options of the command are not options of this program.
    let json = exec(&home, &["--env", "1A"], "x --json").expect(2);
    assert_eq!(json.stdout, "");
    let oauth = [
        "--profile",
        "oauth2",
        "--api-url",
        "https://api.example.com",
    ];
    let key = [&oauth[..], &["login", "--with-token", "--no-verify"]].concat();
    home.run_with_input(&key, KEY).expect(0);
    let refused = home
        .run(&[&oauth[..], &["exec"], &command].concat())
        .expect(2);
    assert!(refused.stderr.contains("--env NAME"), "{refused}");
}

#[test]
fn exec_names_the_env_file_of_its_credential() {
    let home = TestHome::new();
    let text = format!("BRAINMAPS_API_KEY={KEY}\n");
    write_private(&home.work().join(".env"), &text);
    let outcome = exec(&home, &[], &is("BRAINMAPS_API_KEY", KEY)).expect(0);
    assert!(
        outcome
            .stderr
            .contains("using BRAINMAPS_API_KEY (./.env) at "),
        "{outcome}"
    );
}

/// A session that expires soon is refreshed first, and signals that the caller ignores stay ignored.
#[cfg(feature = "sandbox")]
#[cfg(target_os = "linux")]
#[test]
#[ignore = "slow: run by ./tests/run"]
fn refresh_keeps_ignored_signals_ignored() {
    use crate::support::sandbox::Sandbox;

    let mut home = TestHome::new();
    let serve = ["--auto-approve", "--interval", "0", "--access-ttl", "3600"];
    let sandbox = Sandbox::start(&home, &serve);
    home.set("BRAINMAPS_API_URL", &sandbox.url);
    home.run(&["login", "--device", "--no-browser"]).expect(0);
    let program = env!("CARGO_BIN_EXE_brainmaps");
    let print = |options: &str| {
        format!("trap '' HUP; exec {program} exec {options} -- /bin/grep SigIgn /proc/self/status")
    };
    let mask = |options: &str| {
        let mut command = Command::new(SH);
        command.env_clear().envs(
            home.command(&[])
                .get_envs()
                .filter_map(|(n, v)| Some((n, v?))),
        );
        let output = command
            .args(["-c", &print(options)])
            .current_dir(home.work())
            .output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let before = mask("--env A");
    assert!(before.trim_end().ends_with('1'), "HUP is ignored: {before}");
    assert_eq!(mask("--env A --min-ttl 3600s"), before);
}
