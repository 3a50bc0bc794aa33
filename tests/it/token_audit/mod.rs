//! `token audit` and `status --within` with the real program.

mod policy;
mod profiles;
mod screen;
mod status;

use std::os::unix::fs::PermissionsExt as _;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::{
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::TestHome,
};

const KEY: &str = "bm_pat_c4n4ry0123456789abcdef0123456789";
const DEAD_KEY: &str = "bm_pat_c4n4ry9999999999abcdef9999999999";

/// A time in this many days, and an hour more, so that the number of whole days does not depend on the speed of the test.
fn in_days(days: i64) -> String {
    let hours = days * 24 + if days < 0 { -1 } else { 1 };
    (Timestamp::now() + SignedDuration::from_hours(hours)).to_string()
}

fn token(id: &str, name: &str, created: i64, expires: Option<i64>, used: Option<i64>) -> Value {
    json!({
        "id": id, "name": name, "created_at": in_days(-created), "expires_at": expires.map(in_days),
        "last_used_at": used.map(|days| in_days(-days)), "is_revoked": false,
    })
}

/// Tokens of each kind, on two pages.
fn pages() -> [Vec<Value>; 2] {
    let mut revoked = token("7", "revoked", 400, None, None);
    revoked["is_revoked"] = json!(true);
    [
        vec![
            token("1", "good", 10, Some(60), Some(1)),
            token("2", "old", 100, Some(60), Some(1)),
            token("3", "idle", 50, Some(60), Some(40)),
            token("4", "ending", 50, Some(3), Some(1)),
        ],
        vec![
            token("5", "expired", 50, Some(-2), Some(10)),
            token("6", "forever", 10, None, Some(1)),
            revoked,
            token("8", "good", 20, Some(60), Some(1)),
            token("9", "never", 10, Some(60), None),
        ],
    ]
}

fn respond(received: &ReceivedRequest, url: &str) -> ScriptedResponse {
    let has_dead_key = received.header("authorization") == Some(&format!("Token {DEAD_KEY}"));
    if has_dead_key {
        return ScriptedResponse::json(401, &json!({ "detail": "Invalid token." }));
    }
    let [first, second] = pages();
    match (received.method.as_str(), received.path.as_str()) {
        ("GET", "/api/tokens/") => ScriptedResponse::json(
            200,
            &json!({ "results": first, "next": format!("{url}/api/tokens/?page=2") }),
        ),
        ("GET", "/api/tokens/?page=2") => {
            ScriptedResponse::json(200, &json!({ "results": second, "next": null }))
        }
        ("GET", "/api/auth/me/") => ScriptedResponse::json(200, &json!({ "email": "me@a.b" })),
        ("POST", path) if path.ends_with("/revoke/") => ScriptedResponse::json(200, &json!({})),
        _ => ScriptedResponse::json(404, &json!({ "detail": "Not found." })),
    }
}

fn service() -> (ScriptedServer, TestHome) {
    let server = ScriptedServer::start(respond);
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", KEY)
        .set("BRAINMAPS_API_URL", &server.url);
    (server, home)
}

/// Each finding as `RULE ID`.
fn found(document: &Value) -> Vec<String> {
    let findings = document["findings"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    findings
        .map(|finding| format!("{} {}", text(&finding["rule"]), text(&finding["id"])))
        .collect()
}

#[test]
fn tokens_of_all_pages_are_checked_and_each_finding_has_its_number_and_its_fix() {
    let (_server, home) = service();
    let audited = home.run(&["token", "audit", "--json"]).expect(9);
    let document = audited.json();
    assert_eq!(
        found(&document),
        [
            "old 2",
            "unused 3",
            "expires-soon 4",
            "unused 9",
            "duplicate-name 8",
            "expired-but-listed 5",
            "never-expires 6",
        ],
        "{audited}"
    );
    assert_eq!(document["checked"], 9);
    assert_eq!(
        document["findings"][0],
        json!({
            "rule": "old", "severity": "warning", "profile": "brainmaps", "id": "2", "name": "old",
            "message": "created 100 days ago, more than 90 days", "value": 100, "limit": 90,
            "fix": "brainmaps token rotate 2",
        })
    );
    let unknown = document["unknown"].as_array().unwrap();
    let unknown: Vec<_> = unknown
        .iter()
        .map(|it| (&it["rule"], &it["fact"]))
        .collect();
    assert_eq!(
        unknown,
        [
            (&json!("own-credential"), &json!("created_at")),
            (&json!("own-credential"), &json!("expires_at")),
        ],
        "nothing is known about a key in the environment"
    );
}

#[test]
fn limits_are_options_and_fail_on_decides_the_exit_code() {
    let (_server, home) = service();
    let lenient = ["--max-age", "101d", "--unused", "41d", "--within", "2d"];
    let audit = |more: &[&str]| home.run(&[&["token", "audit"], &lenient[..], more].concat());
    let text = audit(&["--format", "{rule} {id}"]).expect(9).stdout;
    assert_eq!(
        text,
        "unused 9\nduplicate-name 8\nexpired-but-listed 5\nnever-expires 6\n"
    );
    audit(&["--fail-on", "info"]).expect(9);
    audit(&["--fail-on", "error"]).expect(0);
    let usage = audit(&["--fail-on", "panic"]).expect(2);
    assert!(usage.stderr.contains("info, warning, error"), "{usage}");
}

#[test]
fn fix_without_a_terminal_names_the_commands_and_sends_nothing() {
    let (server, home) = service();
    for options in [
        &["--fix", "--no-input"][..],
        &["--fix"],
        &["--fix", "--json"],
    ] {
        let refused = home.run(&[&["token", "audit"], options].concat()).expect(2);
        let shown = format!("{}{}", refused.stdout, refused.stderr);
        for command in ["token audit", "token rotate ID", "token revoke ID"] {
            assert!(shown.contains(command), "{refused}");
        }
    }
    assert_eq!(server.received().len(), 0);
}

#[test]
fn revoked_key_in_an_env_file_is_found_while_another_key_is_in_use() {
    let (_server, home) = service();
    let env_file = home.work().join(".env");
    crate::support::sandbox::write_private(&env_file, &format!("BRAINMAPS_API_KEY={DEAD_KEY}\n"));
    let rules = |home: &TestHome| {
        let options = [
            "--jq",
            ".findings[] | select(.rule == \"local-copy\").message",
        ];
        home.run(&[&["token", "audit"], &options[..]].concat())
            .expect(9)
            .stdout
    };
    let message = rules(&home);
    assert!(message.starts_with("BRAINMAPS_API_KEY in `"), "{message}");
    crate::support::sandbox::write_private(&env_file, &format!("BRAINMAPS_API_KEY={KEY}\n"));
    assert_eq!(rules(&home), "");
}

#[test]
fn rotation_that_was_killed_is_an_error_until_it_is_finished() {
    let (server, home) = service();
    let folder = home.data().join("rotations");
    let private = std::fs::Permissions::from_mode(0o700);
    std::fs::create_dir_all(&folder).unwrap();
    for directory in [home.data(), folder.clone()] {
        std::fs::set_permissions(directory, private.clone()).unwrap();
    }
    let journal = json!({
        "provider": "brainmaps", "origin": server.url, "began_at": in_days(-2), "old": "1", "name": "good",
        "before": ["1"], "place": "profile", "made": null,
    });
    let file = folder.join("brainmaps.json");
    crate::support::sandbox::write_private(&file, &journal.to_string());
    let audit = |exit| {
        home.run(&["token", "audit", "--fail-on", "error", "--json"])
            .expect(exit)
    };
    let document = audit(9).json();
    let finding = &document["findings"][0];
    assert_eq!(
        (
            &finding["rule"],
            &finding["id"],
            &finding["name"],
            &finding["value"]
        ),
        (
            &json!("rotation-open"),
            &json!("1"),
            &json!("good"),
            &json!(2)
        )
    );
    assert_eq!(finding["fix"], "brainmaps token rotate 1");
    std::fs::remove_file(file).unwrap();
    audit(0);
}

#[test]
fn annotations_have_the_severity_and_the_fix() {
    let (_server, home) = service();
    let audit = ["token", "audit", "--annotations", "github"];
    let audited = home.run(&audit).expect(9);
    let lines: Vec<&str> = audited.stdout.lines().collect();
    assert_eq!(lines.len(), 7, "{audited}");
    assert_eq!(
        lines[0],
        "::warning title=token audit%3A old::old (2): created 100 days ago, more than 90 days; \
         run brainmaps token rotate 2"
    );
    let audited = home.run(&[&audit[..], &["--json"]].concat()).expect(9);
    assert!(audited.json()["findings"].is_array());
    assert!(audited.stderr.starts_with("::warning title="), "{audited}");
    home.run(&[&audit[..], &["--fix"]].concat()).expect(2);
}
