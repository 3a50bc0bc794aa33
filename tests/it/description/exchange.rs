//! A key that is exchanged for a short-lived token, with which the calls are sent.

use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::fixture::{Described, KEY, expect_rejected, ok};
use crate::support::scripted_server::ScriptedResponse;

/// The description of a service like Docker Hub.
const DOCKER_HUB: &str = r#"access_token = { name = "Authorization", scheme = "Bearer" }
[parameters]
user = { label = "user name", environment = "MAPS_USER" }
[exchange]
call = "POST /v2/auth/token"
json = { identifier = "{parameter:user}", secret = "{key}" }
answer = { secret = "/access_token", expires_in = "/expires_in" }
[whoami]
call = "GET /v2/user"
account = "/username"
[tokens.list]
call = "GET /v2/access-tokens"
items = "/results"
paging = { style = "next_link", next = "/next" }
[tokens.fields]
id = "/uuid"
"#;

/// Issues `short-c4n4ry-1`, `-2` …, each of which is valid for `uses` requests.
fn start(description: &str, uses: usize) -> Described {
    let issued = AtomicUsize::new(0);
    let left = Mutex::new(0);
    let mut maps = Described::start(description, move |received| {
        if received.path == "/v2/auth/token" {
            assert_eq!(received.header("authorization"), None);
            if !received.body.contains(KEY) {
                return ScriptedResponse::json(401, &json!({}));
            }
            *left.lock().unwrap() = uses;
            let number = issued.fetch_add(1, Ordering::SeqCst) + 1;
            return ok(
                &json!({ "access_token": format!("short-c4n4ry-{number}"), "expires_in": 600 }),
            );
        }
        let current = format!("Bearer short-c4n4ry-{}", issued.load(Ordering::SeqCst));
        let mut left = left.lock().unwrap();
        if received.header("authorization") != Some(current.as_str()) || *left == 0 {
            return ScriptedResponse::json(401, &json!({ "detail": "expired" }));
        }
        *left -= 1;
        match received.path.as_str() {
            "/v2/user" => ok(&json!({ "username": "ada" })),
            "/v2/access-tokens" => ok(&json!({
                "results": [{ "uuid": "a" }], "next": "/v2/access-tokens?page=2",
            })),
            _ => ok(&json!({ "results": [{ "uuid": "b" }], "next": null })),
        }
    });
    maps.home.set("MAPS_USER", "ada");
    maps
}

#[test]
fn key_is_exchanged_once_in_a_command_and_sent_in_no_other_call() {
    let maps = start(DOCKER_HUB, usize::MAX);
    let listed = maps.run(&["-q", "token", "list", "--all"]).expect(0);
    assert_eq!(listed.stdout, "a\nb\n");
    assert_eq!(
        maps.lines(),
        [
            "POST /v2/auth/token",
            "GET /v2/access-tokens",
            "GET /v2/access-tokens?page=2"
        ]
    );
    assert_eq!(
        maps.server.received()[0].body,
        format!(r#"{{"identifier":"ada","secret":"{KEY}"}}"#)
    );
    for received in &maps.server.received()[1..] {
        assert!(
            received
                .headers
                .iter()
                .all(|(_, value)| !value.contains(KEY))
        );
        assert_eq!(received.header("x-api-key"), None);
    }
    let fetched = maps.run(&["api", "/v2/user"]).expect(0);
    assert!(fetched.stdout.contains("ada"), "{fetched}");
}

#[test]
fn token_that_the_service_rejects_is_replaced_once() {
    let maps = start(DOCKER_HUB, 1);
    maps.run(&["token", "list", "--all"]).expect(0);
    assert_eq!(
        maps.lines(),
        [
            "POST /v2/auth/token",
            "GET /v2/access-tokens",
            "GET /v2/access-tokens?page=2",
            "POST /v2/auth/token",
            "GET /v2/access-tokens?page=2",
        ]
    );
    // A token that never works is not replaced without end.
    let maps = start(DOCKER_HUB, 0);
    maps.run(&["whoami"]).expect(4);
    assert_eq!(maps.lines(), ["POST /v2/auth/token", "GET /v2/user"]);
}

#[test]
fn confirmed_call_is_sent_once_although_the_token_was_used_before() {
    let confirmed = r#"
[tokens.revoke]
call = "DELETE /v2/access-tokens/{id}"
headers = { otp = "{otp}" }
"#;
    // One use: the list of the tokens. The revocation is rejected.
    let maps = start(&format!("{DOCKER_HUB}{confirmed}"), 2);
    let revoke = ["--profile", "maps", "token", "revoke", "a", "--yes"];
    let revoke = [&revoke[..], &["--otp-stdin"]].concat();
    let failed = maps.home.run_with_input(&revoke, "123456").expect(4);
    assert!(failed.stderr.contains("the one-time password"), "{failed}");
    let lines = maps.lines();
    let count = |method: &str| lines.iter().filter(|it| it.starts_with(method)).count();
    assert_eq!((count("DELETE"), count("POST")), (1, 1), "{lines:?}");
}

#[test]
fn printed_requests_include_the_exchange() {
    let maps = start(DOCKER_HUB, 1);
    let printed = maps.home.run(&["provider", "test", "maps"]).expect(0);
    let exchange = "exchange: POST /v2/auth/token\n";
    assert!(printed.stdout.starts_with(exchange), "{printed}");
    assert!(printed.stdout.contains("\"secret\":\"KEY\""), "{printed}");
    assert!(
        printed
            .stdout
            .contains("whoami: GET /v2/user\n  headers: Authorization\n"),
        "{printed}"
    );
    assert_eq!(maps.lines(), [""; 0]);
}

#[test]
fn rejected_key_and_short_lived_token_are_neither_stored_nor_shown() {
    let maps = start(DOCKER_HUB, usize::MAX);
    let shown = maps.run(&["-v", "whoami"]).expect(0);
    assert!(!shown.stderr.contains("c4n4ry"), "{shown}");
    let credentials = maps.home.data().join("credentials/maps.json");
    let stored = fs::read_to_string(credentials).unwrap();
    assert!(stored.contains(KEY) && !stored.contains("short-c4n4ry"));

    let wrong = ["--profile", "maps", "login", "--with-token", "--replace"];
    let failed = maps
        .home
        .run_with_input(&wrong, "maps_wr0ng_c4n4ry")
        .expect(4);
    assert!(!failed.stderr.contains("maps_wr0ng"), "{failed}");
    maps.run(&["whoami"]).expect(0);
}

#[test]
fn session_token_is_read_from_a_response_header() {
    let description = "session_token = { name = \"X-Auth-Token\" }\n\
        [exchange]\ncall = \"POST /v3/auth/tokens\"\nkind = \"session_token\"\n\
        json = { auth = { methods = [\"application_credential\"], secret = \"{key}\" } }\n\
        answer = { secret = { header = \"X-Subject-Token\" }, expires_at = \"/token/expires_at\" }\n\
        [whoami]\ncall = \"GET /me\"\naccount = \"/name\"\n";
    let maps = Described::start(description, |received| match received.path.as_str() {
        "/me" => ok(&json!({ "name": received.header("x-auth-token") })),
        _ => ok(&json!({ "token": { "expires_at": "2999-01-01T00:00:00Z" } }))
            .header("X-Subject-Token", "keystone-session"),
    });
    let shown = maps.run(&["whoami"]).expect(0);
    assert!(!shown.stdout.contains(KEY), "{shown}");
    let last = maps.server.received().pop().unwrap();
    assert_eq!(last.header("x-auth-token"), Some("keystone-session"));
}

#[test]
fn key_in_a_url_is_refused() {
    let description = DOCKER_HUB.replace("/v2/auth/token\"", "/v2/auth/token?k={key}\"");
    for failed in expect_rejected(&description) {
        let text = format!("{}{}", failed.stdout, failed.stderr);
        assert!(text.contains("no secret in a URL"), "{failed}");
    }
}

#[test]
fn key_that_the_service_echoes_in_an_error_is_redacted() {
    let mut maps = Described::start(DOCKER_HUB, |received| {
        if received.path == "/v2/auth/token" {
            return ok(&json!({ "access_token": "short-c4n4ry", "expires_in": 600 }));
        }
        let message = format!("key {KEY} and token short-c4n4ry may not do this");
        ScriptedResponse::json(403, &json!({ "message": message }))
    });
    maps.home.set("MAPS_USER", "ada");
    for command in [&["whoami"][..], &["whoami", "--json"], &["api", "/v2/user"]] {
        let refused = maps.run(command).expect(3);
        let printed = format!("{}{}", refused.stdout, refused.stderr);
        for secret in [KEY, "short-c4n4ry"] {
            assert!(!printed.contains(secret), "{refused}");
        }
    }
}
