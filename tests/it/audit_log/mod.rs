//! The audit log with the real program: one line for each event, without a secret.

mod failures;
mod settings;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::TestHome,
};

const KEY: &str = "bm_pat_c4n4ry0123456789abcdef0123456789";

fn respond(received: &ReceivedRequest, _: &str) -> ScriptedResponse {
    let created = json!({
        "id": "7", "name": "ci", "created_at": jiff::Timestamp::now().to_string(), "expires_at": null,
        "is_revoked": false, "token": "bm_pat_c4n4ry9999999999abcdef9999999999",
    });
    match (received.method.as_str(), received.path.as_str()) {
        ("POST", "/api/tokens/") => ScriptedResponse::json(201, &created),
        ("GET", "/api/tokens/") => ScriptedResponse::json(200, &json!({ "results": [] })),
        ("GET", "/api/auth/me/") => ScriptedResponse::json(200, &json!({ "email": "me@a.b" })),
        ("POST", "/api/tokens/8/revoke/") => {
            ScriptedResponse::json(404, &json!({ "detail": "Not found." }))
        }
        ("POST", path) if path.ends_with("/revoke/") => ScriptedResponse::json(200, &json!({})),
        _ => ScriptedResponse::json(403, &json!({ "detail": "Forbidden." })),
    }
}

fn log_file(home: &TestHome) -> PathBuf {
    home.path().join("state/audit.jsonl")
}

/// A home with a key and the log turned on.
fn service() -> (ScriptedServer, TestHome) {
    let server = ScriptedServer::start(respond);
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", KEY)
        .set("BRAINMAPS_API_URL", &server.url);
    turn_on(&home);
    (server, home)
}

fn turn_on(home: &TestHome) {
    let path = log_file(home);
    let path = path.to_str().unwrap();
    home.run(&["config", "set", "audit_log", path]).expect(0);
}

fn log(home: &TestHome, more: &[&str]) -> Value {
    let listed = home.run(&[&["credential", "log", "--json"], more].concat());
    listed.expect(0).json()
}

/// Each event as `EVENT RESULT`.
fn events(home: &TestHome) -> Vec<String> {
    let document = log(home, &[]);
    let events = document["events"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    events
        .map(|event| format!("{} {}", text(&event["event"]), text(&event["result"])))
        .collect()
}

#[test]
fn each_event_is_one_line_without_a_secret() {
    let (_server, home) = service();
    home.run(&["credential", "print"]).expect(0);
    home.run(&["exec", "--", "/bin/true"]).expect(0);
    home.run(&["api", "/api/auth/me/"]).expect(0);
    home.run(&["api", "/api/other/"]).expect(3);
    home.run(&["token", "create", "ci"]).expect(0);
    home.run(&["token", "revoke", "7", "8", "--yes"]).expect(7);
    home.run_with_input(&["login", "--with-token"], KEY)
        .expect(0);
    home.run(&["logout", "--local"]).expect(0);
    home.run(&["whoami"]).expect(0);
    assert_eq!(
        events(&home),
        [
            "print ok",
            "exec ok",
            "api ok",
            "api FORBIDDEN",
            "token-create ok",
            "token-revoke ok",
            "token-revoke NOT_FOUND",
            "login ok",
            "logout ok",
        ]
    );
    let document = log(&home, &[]);
    let (print, create) = (&document["events"][0], &document["events"][4]);
    assert_eq!(print["source"], "environment:BRAINMAPS_API_KEY");
    assert_eq!(print["fingerprint"].as_str().unwrap().len(), 16);
    assert_eq!(print["profile"], "brainmaps");
    assert!(print["pid"].is_u64() && print["parent_pid"].is_u64());
    assert_eq!(create["token_id"], "7");
    let text = fs::read_to_string(log_file(&home)).unwrap();
    assert_eq!(text.lines().count(), 9, "{text}");
    let mode = fs::metadata(log_file(&home)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // The leak harness looks for keys in it.
    home.record().output("audit log", text);
}

#[test]
fn key_in_place_of_an_id_or_a_name_is_neither_sent_nor_recorded() {
    let (server, home) = service();
    let create = ["token", "create", "ci", "--env-file", "ci.env"];
    home.run(&create).expect(0);
    let sent = server.received().len();
    let key = "bm_pat_c4n4ry9999999999abcdef9999999999";
    let refused = home.run(&["token", "revoke", key]).expect(2);
    assert!(refused.stderr.contains("created here"), "{refused}");
    let other = [
        "--profile",
        "neuroio",
        "login",
        "--with-token",
        "--no-verify",
    ];
    let other_key = "other-c4n4ry-key-of-neuroio";
    home.run_with_input(&other, other_key).expect(0);
    let bp = format!("bp_{}", "c4".repeat(32));
    for name in [
        key.to_owned(),
        format!("my {key}"),
        format!("<{bp}>"),
        format!("ci-{bp}"),
        other_key.to_owned(),
    ] {
        let refused = home.run(&["token", "create", &name]).expect(2);
        assert!(refused.stderr.contains("not a name"), "{refused}");
    }
    assert_eq!(server.received().len(), sent);
    for name in ["bp_staging", "eyJ.a.b", "release:bp_1"] {
        home.run(&["token", "create", name]).expect(0);
    }
    // What the service does not know may be a key.
    home.run(&["token", "revoke", "8"]).expect(7);
    let events = log(&home, &["--event", "token-revoke"]);
    let failed = events["events"].as_array().unwrap().last().unwrap();
    assert_eq!(failed["result"], "NOT_FOUND");
    assert_eq!(failed["token_id"], json!(null));
    home.record()
        .output("audit log", fs::read_to_string(log_file(&home)).unwrap());
}

#[test]
fn events_are_selected_by_time_kind_profile_and_number() {
    let (_server, home) = service();
    for command in [&["credential", "print"][..], &["exec", "--", "/bin/true"]] {
        home.run(command).expect(0);
        home.run(command).expect(0);
    }
    let count = |more: &[&str]| log(&home, more)["events"].as_array().unwrap().len();
    assert_eq!(count(&[]), 4);
    assert_eq!(count(&["--event", "print"]), 2);
    assert_eq!(count(&["--event", "print", "--event", "exec"]), 4);
    assert_eq!(count(&["--limit", "1"]), 1);
    assert_eq!(log(&home, &["--limit", "1"])["events"][0]["event"], "exec");
    assert_eq!(count(&["--since", "1h"]), 4);
    assert_eq!(count(&["--profile", "neuroio"]), 0);
    assert_eq!(count(&["--profile", "brainmaps"]), 4);
    home.run(&["credential", "log", "--event", "x"]).expect(2);
    let text = home.run(&["credential", "log", "--limit", "1"]).expect(0);
    assert!(text.stdout.contains("\texec\tbrainmaps\tok\t"), "{text}");
}

#[test]
fn changed_line_is_found_and_a_damaged_one_is_counted() {
    let (_server, home) = service();
    let verify = ["credential", "log", "--verify"];
    for count in ["1 line", "2 lines", "3 lines"] {
        home.run(&["credential", "print"]).expect(0);
        let intact = home.run(&verify).expect(0);
        let verdict = format!("{count}, none changed or deleted");
        assert!(intact.stderr.contains(&verdict), "{intact}");
    }
    let text = fs::read_to_string(log_file(&home)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let changed = lines[1].replace("\"ok\"", "\"DENIED\"");
    let changed = format!("{}\n{changed}\n{}\nnoise\n", lines[0], lines[2]);
    fs::write(log_file(&home), changed).unwrap();
    let broken = home.run(&verify).expect(9);
    assert!(broken.stderr.contains("line 3 of"), "{broken}");
    let verdict = "4 lines; 1 was changed, or follows a deleted line; 1 is not an event";
    assert!(broken.stderr.contains(verdict), "{broken}");
    assert!(broken.stderr.contains("1 line of the log is not an event"));
    let document = home
        .run(&[&verify[..], &["--json"]].concat())
        .expect(9)
        .json();
    assert_eq!(document["broken"][0]["line"], 3);
    assert_eq!(
        (&document["damaged"], &document["lines"]),
        (&json!(1), &json!(4))
    );
    assert_eq!(log(&home, &[])["broken"], Value::Null);
}

#[test]
fn texts_of_a_changed_log_are_printed_short_and_without_control_characters() {
    let (_server, home) = service();
    home.run(&["credential", "print"]).expect(0);
    let text = fs::read_to_string(log_file(&home)).unwrap();
    let mut line: Value = serde_json::from_str(&text).unwrap();
    for member in [
        "event",
        "result",
        "fingerprint",
        "profile",
        "provider",
        "origin",
        "source",
        "token_id",
        "parent",
        "github_run_id",
    ] {
        line[member] = json!(format!("\u{1b}[2J\n{}", "x".repeat(10_000)));
    }
    fs::write(log_file(&home), format!("{line}\n")).unwrap();
    for format in [&[][..], &["--json"]] {
        let listed = home.run(&[&["credential", "log"], format].concat());
        let printed = listed.expect(0).stdout;
        assert_eq!(printed.lines().count(), 1, "{printed}");
        assert!(printed.len() < 4096, "{printed}");
        assert!(
            !printed.contains('\u{1b}') && !printed.contains("\\u001b"),
            "{printed}"
        );
    }
}

#[test]
fn verification_of_a_damaged_line_is_not_a_success() {
    let (_server, home) = service();
    home.run(&["credential", "print"]).expect(0);
    let verify = ["credential", "log", "--verify"];
    let intact = home.run(&verify).expect(0);
    let verdict = "1 line, none changed or deleted";
    assert!(intact.stderr.contains(verdict), "{intact}");
    // As a crash leaves it.
    let text = fs::read_to_string(log_file(&home)).unwrap();
    fs::write(log_file(&home), format!("{text}{{\"time\":")).unwrap();
    let damaged = home.run(&verify).expect(9);
    let verdict = "2 lines; 1 is not an event";
    assert!(damaged.stderr.contains(verdict), "{damaged}");
    home.run(&["credential", "log"]).expect(0);
}

#[test]
fn key_that_this_computer_created_is_recorded_with_its_token() {
    let (_server, mut home) = service();
    home.run(&["token", "create", "ci"]).expect(0);
    home.set(
        "BRAINMAPS_API_KEY",
        "bm_pat_c4n4ry9999999999abcdef9999999999",
    );
    home.run(&["credential", "print"]).expect(0);
    assert_eq!(
        log(&home, &["--event", "print"])["events"][0]["token_id"],
        "7"
    );
}

#[test]
fn system_log_receives_the_events() {
    let (_server, home) = service();
    let socket = home.path().join("log");
    let daemon = UnixDatagram::bind(&socket).unwrap();
    let setting = format!("syslog:{}", socket.display());
    home.run(&["config", "set", "audit_log", &setting])
        .expect(0);
    home.run(&["credential", "print"]).expect(0);
    let mut buffer = [0; 8192];
    let length = daemon.recv(&mut buffer).unwrap();
    let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
    assert!(text.starts_with("<86>brainmaps["), "{text}");
    assert!(text.contains("\"event\":\"print\""), "{text}");
    home.record().output("syslog", text);
    let listed = home.run(&["credential", "log"]).expect(2);
    for text in ["events go to the system log", "journalctl -t brainmaps"] {
        assert!(listed.stderr.contains(text), "{listed}");
    }
    fs::remove_file(&socket).unwrap();
    let doctor = home.run(&["doctor", "--offline"]);
    assert!(
        doctor.stdout.contains("config set audit_log FILE"),
        "{doctor}"
    );
    assert_eq!(events_of_file(&home), ["log-setting"]);
}

fn events_of_file(home: &TestHome) -> Vec<String> {
    let text = fs::read_to_string(log_file(home)).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines
        .map(|line: Value| line["event"].as_str().unwrap().to_owned())
        .collect()
}
