//! Credentials of two values, each in a header of its own.

use std::fs;

use serde_json::json;

use super::fixture::{Described, KEY, expect_rejected, ok};
use crate::terminal::on_a_terminal;

/// The description of a service like Datadog. It begins with a header for keys of one value, which this one replaces.
const DATADOG: &str = "[headers.api_key]\nname = \"DD-API-KEY\"\n\
    second = { name = \"DD-APPLICATION-KEY\", label = \"application key\" }\n";

const REST: &str = "[whoami]\ncall = \"GET /me\"\naccount = \"/name\"\n";

/// Starts a service and describes it with two headers.
fn start() -> Described {
    let maps = Described::start(REST, |_| ok(&json!({ "name": "ada" })));
    let file = maps
        .home
        .path()
        .join(".config/brainmaps/providers/maps.toml");
    let text = fs::read_to_string(&file).unwrap();
    let head = "[headers]\napi_key = { name = \"X-API-Key\" }\n";
    assert!(text.contains(head));
    fs::write(&file, text.replace(head, DATADOG)).unwrap();
    maps.home
        .run(&["provider", "check", file.to_str().unwrap()])
        .expect(0);
    maps
}

const LOGIN: [&str; 5] = ["--profile", "maps", "login", "--with-token", "--replace"];

#[test]
fn each_value_is_sent_in_its_header() {
    let maps = start();
    let both = format!("{KEY}:second-c4n4ry");
    maps.home.run_with_input(&LOGIN, &both).expect(0);
    let shown = maps.run(&["-v", "whoami"]).expect(0);
    assert!(!shown.stderr.contains("c4n4ry"), "{shown}");
    let sent = maps.server.received().pop().unwrap();
    assert_eq!(sent.header("dd-api-key"), Some(KEY));
    assert_eq!(sent.header("dd-application-key"), Some("second-c4n4ry"));
    let config = maps.home.path().join(".config/brainmaps/config.toml");
    let config = fs::read_to_string(config).unwrap_or_default();
    assert!(!config.contains("c4n4ry"), "{config}");
}

#[test]
fn key_without_its_second_value_is_refused_before_anything_is_sent() {
    let maps = start();
    let failed = maps.home.run_with_input(&LOGIN, "first-c4n4ry").expect(2);
    assert!(failed.stderr.contains("application key"), "{failed}");
    assert_eq!(maps.lines(), [""; 0]);
}

#[test]
fn login_asks_for_the_second_value_without_showing_it() {
    let maps = start();
    // The prompt without echo discards what was typed before it.
    let login = [&LOGIN[..], &["--no-input"]].concat();
    maps.home
        .run_with_input(&login, &format!("{KEY}:x"))
        .expect(0);
    let asked = on_a_terminal(&maps.home, &LOGIN, "typed first\n").wait();
    assert!(asked.stdout.contains("Application key: "), "{asked}");
    let after = asked.stdout.split_once("API key: ").unwrap().1;
    assert!(!after.contains("typed first"), "{asked}");
}

#[test]
fn second_header_is_a_header_of_a_credential() {
    let rest = "[headers.always]\nDD-Second = \"x\"\n";
    let rest = format!(
        "cookie = {{ name = \"Cookie\", second = {{ name = \"DD-Second\", label = \"x\" }} }}\n\
         [login.cookie]\n{rest}"
    );
    for failed in expect_rejected(&rest) {
        let text = format!("{}{}", failed.stdout, failed.stderr);
        assert!(text.contains("header"), "{failed}");
    }
}
