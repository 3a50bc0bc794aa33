//! No secret is printed: every command under every fault, at every log level, and servers that quote requests. The leak
//! harness checks the output and the files of each home.

mod browser_login;
#[cfg(target_os = "linux")]
mod memory;
mod quoting;
mod scrollback;

use std::{sync::Mutex, thread};

use rustix::process::Signal;

use crate::{
    faults::FaultServer,
    support::{
        process::wait_until,
        test_home::{CommandResult, RunningCommand, TestHome},
    },
};

/// The number of parallel homes; they mostly wait.
const AT_ONCE: usize = 6;

/// The log levels: none, and the highest one with and without JSON.
const LOG_OPTIONS: &[&[&str]] = &[&[], &["-vv"], &["-vv", "--json"]];

/// The audit log, below the home.
const AUDIT_LOG: &str = "audit.jsonl";

/// Every command that sends requests, with its input. `logout` is last.
const COMMANDS: &[(&[&str], &str)] = &[
    (&["login", "--device", "--no-browser"], ""),
    (
        &[
            "login",
            "--username",
            "demo@brainmaps.test",
            "--password-stdin",
        ],
        "wrong-c4n4ry-password",
    ),
    (&["status", "--check"], ""),
    (&["whoami"], ""),
    (&["credential", "refresh", "--force"], ""),
    (&["credential", "print", "--header"], ""),
    (&["credential", "print", "--format", "netrc"], ""),
    (&["credential", "print", "--github-env", "A_KEY"], ""),
    (&["credential", "print", "--dotenv", "report.env"], ""),
    (&["helper", "git", "get"], GIT_REQUEST),
    (&["helper", "git", "erase"], GIT_REQUEST),
    (&["helper", "docker", "get"], SERVER),
    (&["helper", "cargo"], CARGO_REQUEST),
    (&["exec", "--min-ttl", "1h", "--", "/bin/true"], ""),
    (&["api", "/api/auth/me/"], ""),
    (&["api", "/api/tokens/", "--paginate", "--jq", ".[].id"], ""),
    (&["api", "PUT", "/api/auth/me/", "--input", "-", "-i"], "{}"),
    (&["token", "list"], ""),
    (&["token", "create", "ci"], ""),
    (&["token", "get", "1"], ""),
    (&["token", "get", "--with-token"], "key-c4n4ry-of-a-test"),
    (&["token", "update", "1", "--inactive"], ""),
    (&["token", "rotate", "1", "--env-file", ".env"], ""),
    (&["token", "revoke", "1", "--yes"], ""),
    (&["account", "resend-verification"], ""),
    (&["doctor"], ""),
    (&["logout"], ""),
];

/// A program that gets its responses through the proxy, before the session ends. It handles Ctrl-C itself.
const BEHIND_PROXY: &[(&[&str], &str)] =
    &[(&["exec", "--broker", "--", BASH, "-c", BROKER_REQUEST], "")];

/// A request for the server of the profile, [`SERVER`].
const GIT_REQUEST: &str = "protocol=http\nhost=SERVER\ncapability[]=authtype\n\n";

const CARGO_REQUEST: &str =
    "{\"v\":1,\"kind\":\"get\",\"registry\":{\"index-url\":\"http://SERVER/\"}}\n";

const BASH: &str = "/bin/bash";

/// Requests to the proxy; the output has what a client receives.
const BROKER_REQUEST: &str = "rest=${BRAINMAPS_API_URL#http://}; host=${rest%%/*}; for path in api/auth/me/ api/tokens/ x; do \
    exec 3<>/dev/tcp/127.0.0.1/${host#*:} && \
    printf 'GET /%s/%s HTTP/1.1\r\nhost: %s\r\nconnection: close\r\n\r\n' \"${rest#*/}\" $path $host >&3 && \
    /bin/cat <&3; done; exit 0";

/// Replaced by host and port in the input of a command.
const SERVER: &str = "SERVER";

/// Commands without requests: faults do not affect them.
const OFFLINE: &[(&[&str], &str)] = &[
    (&["status"], ""),
    (&["status", "--all"], ""),
    (&["credential", "explain"], ""),
    (&["helper", "git", "capability"], ""),
    (&["helper", "git", "store"], GIT_REQUEST),
    (&["helper", "install", "git", "--print"], ""),
    (&["helper", "install", "docker"], ""),
    (&["helper", "install", "pnpm"], ""),
    (&["helper", "pnpm"], ""),
    (&["helper", "keyring", "get", "evil.example", "me"], ""),
    (&["helper", "terraform", "get", "evil.example"], ""),
    (&["helper", "uninstall", "pnpm"], ""),
    (&["helper", "kubectl"], ""),
    (&["helper", "goauth"], ""),
    (&["exec", "--fd", "F", "--", "/bin/true"], ""),
    (
        &["exec", "--broker", "--", "/bin/sh", "-c", "/usr/bin/env"],
        "",
    ),
    (&["proxy", "--listen", "unix:/no/such/directory/x"], ""),
    (
        &["token", "inspect"],
        "eyJhbGciOiJub25lIn0.e30.c4n4ry-signature-of-it",
    ),
    (&["profile", "list"], ""),
    (&["profile", "show"], ""),
    (&["provider", "list"], ""),
    (&["provider", "show", "basic-memory"], ""),
    (&["provider", "check", "wrong.toml"], ""),
    (&["config", "get", "storage"], ""),
    (&["config", "path"], ""),
    (
        &["config", "set-token", "--no-verify", "--profile", "neuroio"],
        "key-c4n4ry-of-a-test",
    ),
    (
        &["login", "--with-token", "--no-verify"],
        "two words c4n4ry",
    ),
    (&["project", "set-cloud", "--profile", "neuroio"], ""),
    (&["project", "show"], ""),
    (&["credential", "explain"], ""),
    (&["project", "set-local"], ""),
    (&["project", "show"], ""),
    (&["doctor"], ""),
];

/// The faults.
const FAULTS: &[&str] = &[
    "any=json:500",
    "any=json:401",
    "any=html:200",
    "any=error:invalid_grant",
    "any=retry_after:3600",
    "any=redirect:https://evil.example/",
    "any=reset_after",
    "any=cut",
    "refresh=lost",
    "any=clock:2h",
    "any=empty:200",
    "any=type",
    "any=error_in_200:invalid_grant",
    "any=big:9",
    "any=gzip_bomb:64",
    "any=drip:1ms",
];

/// Sets the variables with which other Rust programs log the most, and returns the home.
fn set_log_variables(home: &mut TestHome) -> &TestHome {
    for (name, value) in [
        ("RUST_LOG", "trace"),
        ("RUST_BACKTRACE", "full"),
        ("BRAINMAPS_LOG", "debug"),
    ] {
        home.set(name, value);
    }
    home
}

/// Returns the outcome if it is a usage error, a panic or an undocumented exit status.
fn unexpected_exit(outcome: &CommandResult, fault: &str) -> Option<String> {
    let is_usage_error = outcome.code == Some(2) && outcome.stderr.contains("Usage:");
    let has_panicked =
        outcome.stderr.contains("has a defect") || outcome.stderr.contains("panicked at");
    (is_usage_error || has_panicked || !matches!(outcome.code, Some(0..=20 | 130)))
        .then(|| format!("{fault}: {outcome}"))
}

/// A home with a session, before the fault is set.
fn signed_in(fault: &str) -> (FaultServer, TestHome) {
    let (server, mut home) = (FaultServer::start(&[]), TestHome::new());
    home.set("BRAINMAPS_API_URL", &server.url());
    set_log_variables(&mut home);
    let log = home.path().join(AUDIT_LOG);
    home.run(&["config", "set", "audit_log", log.to_str().unwrap()])
        .expect(0);
    let login = ["login", "--device", "--no-browser"];
    home.run(&login).expect(0);
    let wire = server.send(&server.request("PUT /_sandbox/faults", "", fault));
    assert_eq!(wire.status(), 200, "{wire:?}");
    (server, home)
}

/// Runs each command at each log level, with its arguments and input.
fn each(
    commands: &[(&'static [&'static str], &'static str)],
) -> Vec<(Vec<&'static str>, &'static str)> {
    let with_log_options = |(command, input): &(&'static [&'static str], &'static str)| {
        let (command, input) = (*command, *input);
        LOG_OPTIONS
            .iter()
            .map(move |options| ([command, *options].concat(), input))
    };
    commands.iter().flat_map(with_log_options).collect()
}

fn commands_under(fault: &str) -> Vec<String> {
    let (server, home) = signed_in(fault);
    let host = server.url().replace("http://", "");
    let commands = [each(BEHIND_PROXY), each(COMMANDS)].concat().into_iter();
    let outcomes = commands
        .map(|(arguments, input)| home.run_with_input(&arguments, &input.replace(SERVER, &host)));
    let faults = outcomes
        .filter_map(|outcome| unexpected_exit(&outcome, fault))
        .collect();
    let log = std::fs::read_to_string(home.path().join(AUDIT_LOG)).unwrap();
    home.record().output("audit log", log);
    faults
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn no_command_prints_a_secret_under_any_fault() {
    let (faults, found) = (Mutex::new(FAULTS.iter()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let fault = faults.lock().unwrap().next();
                    let Some(fault) = fault else {
                        return;
                    };
                    let wrong = commands_under(fault);
                    found.lock().unwrap().extend(wrong);
                }
            });
        }
    });
    let found = found.into_inner().unwrap();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn no_offline_command_prints_a_secret() {
    let (_server, home) = signed_in("");
    std::fs::write(home.work().join("wrong.toml"), "id = \"c4n4r\ny\"").unwrap();
    let commands = each(OFFLINE).into_iter();
    let outcomes = commands.map(|(arguments, input)| home.run_with_input(&arguments, input));
    let found: Vec<String> = outcomes
        .filter_map(|outcome| unexpected_exit(&outcome, "no fault"))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Waits until each command waits for a response or a lock, or has exited.
fn wait_until_all_wait(server: &FaultServer, running: &mut [RunningCommand]) {
    let is_request = |line: &str| line.starts_with("> ");
    let is_wait = |line: &str| is_request(line) || line.contains("waiting for the lock");
    for RunningCommand { running, .. } in running.iter_mut() {
        wait_until("a request", || {
            !running.stderr_lines(is_wait).is_empty() || running.has_exited()
        });
    }
    let sent = running.iter().map(|it| it.running.stderr_lines(is_request));
    let sent = sent.flatten().count();
    assert!(sent > 0, "no request");
    wait_until("the server receives the requests", || {
        let received = server.get("/_sandbox/requests").json();
        received["requests"].as_array().unwrap().len() >= sent
    });
}

/// Starts all commands, and interrupts them while they wait.
#[test]
#[ignore = "slow: run by ./tests/run"]
fn no_interrupted_command_prints_a_secret() {
    let (server, home) = signed_in("any=stall");
    let cleared = server.send(&server.request("DELETE /_sandbox/requests", "", ""));
    assert!(matches!(cleared.status(), 200 | 204), "{cleared:?}");
    let commands = each(COMMANDS).into_iter();
    let mut running: Vec<_> = commands
        .map(|(arguments, input)| home.start_with_input(&arguments, input))
        .collect();
    wait_until_all_wait(&server, &mut running);
    for RunningCommand { running, .. } in &mut running {
        if !running.has_exited() {
            running.signal(Signal::INT);
        }
    }
    let outcomes = running.into_iter().map(RunningCommand::wait);
    // A command that had not installed its signal handler was ended by the signal, and has no exit status.
    let found: Vec<String> = outcomes
        .filter(|outcome| outcome.code.is_some())
        .filter_map(|outcome| unexpected_exit(&outcome, "any=stall"))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
