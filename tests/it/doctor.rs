//! `doctor` with the real program: problems are reported with a fix, and nothing is changed.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::authority::Authority;
use crate::support::scripted_server::{ScriptedResponse, ScriptedServer};
use crate::support::test_home::{CommandResult, TestHome};

const KEY: &str = "doctor-c4n4ry-key";

fn service() -> ScriptedServer {
    ScriptedServer::start(|_, _| ScriptedResponse::json(404, &json!({ "error": "nothing here" })))
}

/// Returns a home with a key for `server` and a trusted certificate authority.
fn signed_in(server: &ScriptedServer) -> TestHome {
    let mut home = TestHome::new();
    let roots = Authority::new("roots").write_certificate(home.path(), "roots.pem");
    home.set("SSL_CERT_FILE", roots.to_str().unwrap());
    let login = [
        "--api-url",
        &server.url,
        "login",
        "--with-token",
        "--no-verify",
    ];
    home.run_with_input(&login, KEY).expect(0);
    home
}

fn chmod(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Returns state, message and hint of the checks with this name that are not `ok`.
fn problems(outcome: &CommandResult, name: &str) -> Vec<(String, String, String)> {
    let document = outcome.json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let checks = document["checks"].as_array().unwrap().iter();
    checks
        .filter(|check| check["name"] == name && check["state"] != "ok")
        .map(|check| {
            (
                text(&check["state"]),
                text(&check["message"]),
                text(&check["hint"]),
            )
        })
        .collect()
}

#[track_caller]
fn expect_problem(outcome: &CommandResult, name: &str, expected: [&str; 3]) {
    let found = problems(outcome, name);
    let is_it = |(state, message, hint): &(String, String, String)| {
        state == expected[0] && message.contains(expected[1]) && hint.contains(expected[2])
    };
    assert!(found.iter().any(is_it), "{name}: {expected:?}: {outcome}");
}

#[test]
fn a_sound_setup_has_no_problem_and_no_credential_is_sent() {
    let server = service();
    let home = signed_in(&server);
    let outcome = home.run(&["doctor", "--json"]).expect(0);
    let checks = outcome.json()["checks"].as_array().unwrap().clone();
    assert!(
        checks.iter().all(|check| check["state"] == "ok"),
        "{outcome}"
    );
    for name in [
        "program",
        "directory",
        "profiles",
        "credentials",
        "lock",
        "keyring",
        "credential",
        "certificates",
        "proxy",
        "service",
    ] {
        assert!(
            checks.iter().any(|check| check["name"] == name),
            "{name}: {outcome}"
        );
    }
    let received = server.received();
    assert!(
        received.len() == 1 && received[0].header("authorization").is_none(),
        "{received:?}"
    );
    let lines = home.run(&["doctor"]).expect(0).stdout;
    assert!(lines.lines().all(|line| line.starts_with("ok ")), "{lines}");
}

#[test]
fn an_empty_home_is_not_changed() {
    let home = TestHome::new();
    let outcome = home.run(&["--profile", "neuroio", "doctor", "--offline", "--json"]);
    expect_problem(
        &outcome,
        "credential",
        [
            "warning",
            "no credential for profile",
            "`brainmaps --profile neuroio login`",
        ],
    );
    assert!(!home.data().exists(), "nothing is made");
}

#[test]
fn files_that_others_can_read_are_reported_with_the_command_that_fixes_them() {
    let server = service();
    let home = signed_in(&server);
    let credential = home.data().join("credentials/brainmaps.json");
    chmod(&home.data(), 0o755);
    let outcome = home.run(&["doctor", "--json"]).expect(0);
    expect_problem(
        &outcome,
        "directory",
        ["warning", "(mode 0755)", "chmod 700"],
    );
    let mode = std::fs::metadata(home.data()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o755, "looking changes nothing");

    chmod(&credential, 0o644);
    let outcome = home.run(&["doctor", "--json"]).expect(1);
    expect_problem(
        &outcome,
        "credentials",
        ["failure", "(mode 0644)", "chmod 600"],
    );
    chmod(&credential, 0o600);
}

#[test]
fn a_damaged_file_is_reported_and_other_checks_still_run() {
    let server = service();
    let home = signed_in(&server);
    let aside = home.data().join("credentials/old.json.corrupt-1");
    for path in [
        home.data().join("credentials/brainmaps.json"),
        home.data().join("profiles.json"),
        aside,
    ] {
        std::fs::write(&path, "{\"version\": 1, \"secret\": \"c4n4ry").unwrap();
        chmod(&path, 0o600);
    }
    let outcome = home
        .run(&["--api-url", &server.url, "doctor", "--json"])
        .expect(1);
    let login = &format!("brainmaps --api-url {} login", server.url);
    expect_problem(
        &outcome,
        "profiles",
        ["failure", "profiles.json` is damaged", login],
    );
    expect_problem(
        &outcome,
        "credentials",
        ["failure", "brainmaps.json` is damaged", login],
    );
    expect_problem(&outcome, "credentials", ["warning", "corrupt-1", "rm "]);
    assert!(
        problems(&outcome, "service").is_empty() && server.received().len() == 1,
        "{outcome}"
    );
}

#[test]
fn an_unusable_lock_file_of_the_index_is_reported() {
    let server = service();
    let home = signed_in(&server);
    let path = home.data().join("profiles.lock");
    chmod(&path, 0o666);
    let outcome = home.run(&["doctor", "--offline", "--json"]);
    expect_problem(&outcome, "lock", ["failure", "profiles.lock", "chmod"]);
}

#[test]
fn a_held_lock_is_reported_with_its_file() {
    let server = service();
    let home = signed_in(&server);
    let path = home.data().join("credentials/brainmaps.lock");
    let held = std::fs::File::open(&path).unwrap();
    held.try_lock().unwrap();
    let outcome = home.run(&["doctor", "--json"]).expect(6);
    expect_problem(&outcome, "lock", ["failure", "brainmaps.lock", "`fuser '"]);
    // A process that is just started has a copy of the descriptor.
    held.unlock().unwrap();
    home.run(&["doctor", "--json"]).expect(0);
}

#[test]
fn the_shadowing_credential_source_is_named() {
    let server = service();
    let mut home = signed_in(&server);
    let env_file = home.work().join(".env");
    std::fs::write(&env_file, "BRAINMAPS_API_KEY=dotenv-c4n4ry-key\n").unwrap();
    // Removed again: the leak harness searches for keys that others can read.
    chmod(&env_file, 0o644);
    let outcome = home.run(&["doctor", "--json"]).expect(0);
    expect_problem(
        &outcome,
        "env-file",
        ["warning", "(mode 0644)", "chmod 600"],
    );
    chmod(&env_file, 0o600);
    let outcome = home.run(&["doctor", "--json"]).expect(0);
    assert!(problems(&outcome, "env-file").is_empty(), "{outcome}");
    expect_problem(
        &outcome,
        "credential",
        ["warning", "BRAINMAPS_API_KEY in ", "remove it"],
    );
    home.set("BRAINMAPS_API_KEY", "environment-c4n4ry-key");
    let outcome = home.run(&["doctor", "--json"]).expect(0);
    let expected = "environment variable BRAINMAPS_API_KEY takes precedence";
    expect_problem(&outcome, "credential", ["warning", expected, "remove it"]);
    home.set("BRAINMAPS_API_KEY", "");
    std::fs::remove_file(env_file).unwrap();
    home.set("BRAINMAPS_API_URL", "https://elsewhere.example.invalid");
    let outcome = home.run(&["doctor", "--offline", "--json"]).expect(0);
    expect_problem(
        &outcome,
        "credential",
        ["warning", "is not sent to", "credential explain"],
    );
}

#[test]
fn an_unreachable_server_is_reported_and_offline_sends_no_request() {
    let server = service();
    let mut home = signed_in(&server);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed_url = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    home.set("BRAINMAPS_API_KEY", KEY);
    let outcome = home
        .run(&["--api-url", &closed_url, "doctor", "--json"])
        .expect(6);
    expect_problem(
        &outcome,
        "service",
        [
            "failure",
            "connection refused",
            "check that the server is running",
        ],
    );
    assert!(problems(&outcome, "certificates").is_empty());
    let before = server.received().len();
    let outcome = home
        .run(&["--api-url", &closed_url, "doctor", "--offline", "--json"])
        .expect(0);
    assert!(problems(&outcome, "service").is_empty(), "{outcome}");
    assert_eq!(server.received().len(), before);
}

#[test]
fn a_wrong_clock_is_reported_once() {
    let server = ScriptedServer::start(|_, _| {
        let theirs = Timestamp::now() - SignedDuration::from_secs(3 * 3600 + 30);
        let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&theirs);
        ScriptedResponse::json(200, &json!({})).header("date", &date.unwrap())
    });
    let home = signed_in(&server);
    let outcome = home.run(&["doctor", "--json"]).expect(0);
    expect_problem(&outcome, "clock", ["warning", "3 hours ahead of", "set it"]);
    assert!(!outcome.stderr.contains("clock"), "{outcome}");
}

#[test]
fn unusable_proxies_and_certificates_are_reported_without_the_password() {
    let server = service();
    let mut home = signed_in(&server);
    home.record().secret("pr0xy-p4ssword");
    home.set(
        "HTTPS_PROXY",
        "http://me:pr0xy-p4ssword@proxy.example.invalid:3128",
    );
    let outcome = home.run(&["doctor", "--json", "-vv"]).expect(0);
    assert!(
        outcome
            .stdout
            .contains("http://proxy.example.invalid:3128, from HTTPS_PROXY"),
        "{outcome}"
    );
    home.set(
        "HTTPS_PROXY",
        "socks4://me:pr0xy-p4ssword@proxy.example.invalid",
    );
    home.set("BRAINMAPS_CA_CERT", "/nowhere/ca.pem");
    let outcome = home.run(&["doctor", "--json"]).expect(2);
    expect_problem(
        &outcome,
        "proxy",
        ["failure", "HTTPS_PROXY", "http://HOST:PORT"],
    );
    expect_problem(
        &outcome,
        "certificates",
        ["failure", "/nowhere/ca.pem", "--ca-cert"],
    );
}

#[test]
fn invalid_settings_and_descriptions_are_reported_and_hide_nothing_else() {
    let server = service();
    let home = signed_in(&server);
    let folder = home.path().join(".config/brainmaps");
    std::fs::create_dir_all(folder.join("providers")).unwrap();
    std::fs::write(folder.join("config.toml"), "storage = 7\n").unwrap();
    std::fs::write(folder.join("providers/mine.toml"), "id = 7\n").unwrap();
    let outcome = home.run(&["doctor", "--json"]).expect(2);
    expect_problem(&outcome, "settings", ["failure", "config.toml", ""]);
    let check = ["failure", "mine.toml", "brainmaps provider check"];
    expect_problem(&outcome, "providers", check);
    for name in ["credential", "lock", "service"] {
        assert!(problems(&outcome, name).is_empty(), "{outcome}");
        let line = format!("\"name\":\"{name}\"");
        assert!(outcome.json().to_string().contains(&line), "{outcome}");
    }
}

#[test]
fn doctor_contacts_the_server_of_the_env_file() {
    let (stored, named) = (service(), service());
    let home = signed_in(&stored);
    let text = format!("BRAINMAPS_API_KEY={KEY}\nBRAINMAPS_API_URL={}\n", named.url);
    let path = home.work().join(".env");
    std::fs::write(&path, text).unwrap();
    chmod(&path, 0o600);
    home.run(&["doctor", "--json"]).expect(0);
    assert_eq!((stored.received().len(), named.received().len()), (0, 1));
}

/// Writes a program that prints `text` for `--version` into a directory of `PATH`.
fn install_program(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, format!("#!/bin/sh\necho '{text}'\n")).unwrap();
    chmod(path, 0o755);
}

#[test]
fn another_version_in_path_is_named_and_the_same_version_is_not() {
    let mut home = TestHome::new();
    let [old, same, broken] = ["old", "same", "broken"].map(|it| home.path().join(it));
    let own = concat!("brainmaps ", env!("CARGO_PKG_VERSION"));
    install_program(&old.join("brainmaps"), "brainmaps 0.0.9");
    install_program(&same.join("brainmaps"), own);
    install_program(&broken.join("brainmaps"), "something else");
    let program = |home: &TestHome| {
        let outcome = home.run(&["doctor", "--offline", "--json"]).expect(0);
        let found = problems(&outcome, "program");
        (found, outcome)
    };

    home.set("PATH", same.to_str().unwrap());
    let (found, outcome) = program(&home);
    assert!(found.is_empty(), "{outcome}");

    let search = [&old, &same, &broken].map(|it| it.to_str().unwrap());
    home.set("PATH", &search.join(":"));
    let (found, outcome) = program(&home);
    assert_eq!(found.len(), 2, "{outcome}");
    let (state, message, hint) = &found[0];
    let path = old.join("brainmaps");
    let path = path.to_str().unwrap();
    assert!(
        state == "warning"
            && message.contains(path)
            && message.contains("version 0.0.9; this is version")
            && hint.contains(path),
        "{outcome}"
    );
    assert!(found[1].1.contains("unknown version"), "{outcome}");
}

#[test]
fn missing_completions_are_named_with_the_line_that_adds_them() {
    let mut home = TestHome::new();
    home.set("XDG_DATA_DIRS", home.path().join("none").to_str().unwrap());
    home.set("SHELL", "/usr/bin/fish");
    let outcome = home.run(&["doctor", "--offline", "--json"]).expect(0);
    let expected = [
        "warning",
        "fish does not complete",
        "~/.config/fish/config.fish: brainmaps completions fish | source",
    ];
    expect_problem(&outcome, "completions", expected);

    let folder = home.path().join(".config/fish");
    std::fs::create_dir_all(&folder).unwrap();
    let line = "brainmaps completions fish | source\n";
    std::fs::write(folder.join("config.fish"), line).unwrap();
    let outcome = home.run(&["doctor", "--offline", "--json"]).expect(0);
    assert!(problems(&outcome, "completions").is_empty(), "{outcome}");
    assert!(outcome.stdout.contains("config.fish"), "{outcome}");
}
