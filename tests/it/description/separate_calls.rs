//! Services with a call for each state of a token, ids from stdin, and the format of keys.

use std::fs;

use serde_json::json;

use super::fixture::{Described, no_content, ok};
use crate::support::scripted_server::{ReceivedRequest, ScriptedResponse};

const MATTERMOST: &str = r#"
[key]
prefix = "maps_"
examples = ["maps_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"]
checksum = "crc32-base62-6"
[tokens]
enable = { call = "POST /tokens/enable", json = { token_id = "{id}" } }
disable = { call = "POST /tokens/disable", json = { token_id = "{id}" } }
revoke = { call = "POST /tokens/revoke", json = { token_id = "{id}" } }
revoke_self = "POST /tokens/revoke-self"
[tokens.list]
call = "GET /tokens"
items = ""
[tokens.fields]
id = "/id"
name = "/description"
active = "/is_active"
"#;

fn responses(received: &ReceivedRequest) -> ScriptedResponse {
    match received.method.as_str() {
        "GET" => ok(&json!([
            { "id": "abcdefgh1", "description": "ci", "is_active": true },
            { "id": "abcdefgh2", "description": "cd", "is_active": true },
        ])),
        _ => no_content(),
    }
}

#[test]
fn token_is_enabled_and_disabled_by_calls_of_their_own() {
    let maps = Described::start(MATTERMOST, responses);
    for (option, call, active) in [
        ("--inactive", "POST /tokens/disable", false),
        ("--active", "POST /tokens/enable", true),
    ] {
        let updated = maps
            .run(&["--json", "token", "update", "ci", option])
            .expect(0)
            .json();
        assert_eq!(
            (&updated["id"], &updated["active"]),
            (&json!("abcdefgh1"), &json!(active))
        );
        assert_eq!(maps.lines().pop().unwrap(), call);
        assert_eq!(maps.last_body(), json!({ "token_id": "abcdefgh1" }));
    }
}

#[test]
fn ids_are_read_from_stdin() {
    let maps = Described::start(MATTERMOST, responses);
    let revoke = ["--profile", "maps", "token", "revoke", "-", "--yes"];
    let revoked = maps
        .home
        .run_with_input(&revoke, "abcdefgh1\r\n\n  cd \n")
        .expect(0);
    assert!(revoked.stdout.contains("2 revoked"), "{revoked}");
    maps.home.run_with_input(&revoke, "\n\n").expect(2);
    let bodies = maps.server.received();
    let bodies: Vec<&str> = bodies.iter().map(|it| it.body.as_str()).collect();
    for id in ["abcdefgh1", "abcdefgh2"] {
        assert!(
            bodies.contains(&format!(r#"{{"token_id":"{id}"}}"#).as_str()),
            "{bodies:?}"
        );
    }
}

#[test]
fn whole_secret_is_read_from_stdin_and_never_shown() {
    let secret = "*:*.c4n4ry-0123456789abcdef";
    let description = "[tokens]\nrevoke = \"DELETE /tokens/{id}\"\n[tokens.list]\ncall = \"GET /tokens\"\n\
        items = \"\"\n[tokens.fields]\nid = \"/secret\"\nid_is_secret = true\nname = \"/name\"\n";
    let maps = Described::start(description, move |received| {
        match received.method.as_str() {
            "GET" => ok(&json!([{ "secret": secret, "name": "ci" }])),
            _ => no_content(),
        }
    });
    let revoke = ["--profile", "maps", "-v", "token", "revoke", "-", "--yes"];
    let revoked = maps.home.run_with_input(&revoke, secret).expect(0);
    assert!(
        !revoked.stdout.contains(secret) && !revoked.stderr.contains(secret),
        "{revoked}"
    );
    let last = maps.lines().pop().unwrap();
    assert!(
        last.starts_with("DELETE /tokens/") && last.contains("c4n4ry"),
        "{last}"
    );
}

#[test]
fn checksum_of_a_key_is_checked_offline() {
    let maps = Described::start(MATTERMOST, responses);
    for (key, well_formed) in [
        ("maps_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17", true),
        ("maps_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18", false),
    ] {
        let inspected = maps
            .home
            .run_with_input(&["--json", "token", "inspect"], key);
        let inspected = inspected.expect(0).json();
        assert_eq!(inspected["well_formed"], well_formed, "{inspected}");
        assert_eq!(inspected["services"][0]["provider"], "maps");
    }
    assert_eq!(maps.lines(), [""; 0]);
}

#[test]
fn example_that_is_no_key_is_an_error() {
    let maps = Described::start(MATTERMOST, responses);
    let file = maps.home.work().join("other.toml");
    let text = MATTERMOST.replace("0mLq17", "0mLq18");
    let head = "id = \"other\"\nname = \"Other\"\n[headers]\napi_key = { name = \"X-API-Key\" }\n";
    fs::write(&file, format!("{head}{text}")).unwrap();
    let checked = maps
        .home
        .run(&["provider", "check", file.to_str().unwrap()]);
    let checked = checked.expect(2);
    let text = format!("{}{}", checked.stdout, checked.stderr);
    assert!(text.contains("key.examples.0"), "{checked}");
}
