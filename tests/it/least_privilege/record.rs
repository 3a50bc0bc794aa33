//! `credential usage`, and who adds to the record.

use serde_json::json;

use super::{ARTICLES, Account};
use crate::support::scripted_server::{ScriptedResponse, ScriptedServer};
use crate::support::test_home::TestHome;

const KEY: &str = "bm_pat_c4n4ry0123456789abcdef0123456789";

/// A service that responds to each path below `/ok`, and a home with a key.
fn service() -> (ScriptedServer, TestHome) {
    let server = ScriptedServer::start(|received, _| {
        let status = if received.path.starts_with("/ok") {
            200
        } else {
            404
        };
        ScriptedResponse::json(status, &json!({ "detail": "x" }))
    });
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_URL", &server.url);
    home.run_with_input(&["login", "--with-token", "--no-verify"], KEY)
        .expect(0);
    (server, home)
}

fn shown(home: &TestHome) -> String {
    let usage = ["credential", "usage", "--format", "{method} {path}"];
    home.run(&usage).expect(0).stdout
}

#[test]
fn successful_requests_are_recorded_without_ids_keys_and_queries() {
    let (_server, home) = service();
    for path in ["/ok/7?key=c4n4ry", "/ok/8", "/none", "/ok/c4n4ry-0123/x"] {
        home.run(&["api", path]);
    }
    home.run(&["api", "POST", "/ok/items", "-f", "a=b"])
        .expect(0);
    assert_eq!(shown(&home), "GET /ok/*\nGET /ok/*/x\nPOST /ok/items\n");
    let table = home.run(&["credential", "usage"]).expect(0).stdout;
    assert_eq!(table.lines().count(), 3, "{table}");
    let file = std::fs::read_to_string(home.data().join("usage.json")).unwrap();
    assert!(!file.contains("c4n4ry"), "{file}");
    let document = home
        .run(&["credential", "usage", "--json"])
        .expect(0)
        .json();
    assert_eq!(document["recording"], true);
    assert_eq!(document["requests"][0]["path"], "/ok/*");
    let cleared = home
        .run(&["credential", "usage", "--clear", "--json"])
        .expect(0)
        .json();
    assert_eq!(cleared["cleared"], 1);
    assert!(!home.data().join("usage.json").exists());
    let again = home.run(&["credential", "usage", "--clear"]).expect(0);
    assert_eq!(again.stdout, "nothing is recorded\n");
}

/// The clock was wrong once: then the recorded day is in the future.
#[test]
fn day_in_the_future_is_shown_as_today() {
    let (_server, home) = service();
    home.run(&["api", "/ok/7"]).expect(0);
    let file = home.data().join("usage.json");
    let text = std::fs::read_to_string(&file).unwrap();
    let last = || {
        let usage = home.run(&["credential", "usage", "--json"]).expect(0);
        usage.json()["requests"][0]["last"].clone()
    };
    let today = last();
    let future = text.replace(today.as_str().unwrap(), "2999-01-01");
    assert_ne!(future, text);
    std::fs::write(&file, future).unwrap();
    assert_eq!(last(), today);
}

#[test]
fn programs_that_get_the_credential_are_recorded_by_name() {
    let (server, home) = service();
    home.run(&["credential", "print"]).expect(0);
    home.run(&["exec", "--", "/bin/true"]).expect(0);
    let (protocol, host) = server.url.split_once("://").unwrap();
    let request = format!("protocol={protocol}\nhost={host}\n\n");
    home.run_with_input(&["helper", "git", "get"], &request)
        .expect(0);
    let document = home
        .run(&["credential", "usage", "--json"])
        .expect(0)
        .json();
    let handed_out = document["handed_out"].as_array().unwrap().iter();
    let names: Vec<_> = handed_out.map(|it| it["to"].as_str().unwrap()).collect();
    assert_eq!(names, ["credential print", "exec", "git"]);
    let table = home.run(&["credential", "usage"]).expect(0).stdout;
    assert!(table.contains("unknown: given to git"), "{table}");
}

#[test]
fn nothing_is_recorded_when_the_setting_is_off_and_the_record_is_deleted() {
    let (_server, home) = service();
    home.run(&["api", "/ok/a"]).expect(0);
    assert_eq!(shown(&home), "GET /ok/a\n");
    let invalid = home
        .run(&["config", "set", "usage_record", "maybe"])
        .expect(2);
    assert!(
        invalid.stderr.contains("expected \"on\" or \"off\""),
        "{invalid}"
    );
    let file = home.data().join("usage.json");
    let record = std::fs::read_to_string(&file).unwrap();
    let off = home.run(&["config", "set", "usage_record", "off"]);
    let cleared = "deleted the record of use of 1 credential";
    assert!(off.expect(0).stderr.contains(cleared));
    assert!(!file.exists());
    // As if the user had edited the settings file.
    crate::support::sandbox::write_private(&file, &record);
    home.run(&["api", "/ok/b"]).expect(0);
    assert!(!file.exists());
    home.run(&["exec", "--", "/bin/true"]).expect(0);
    let usage = home.run(&["credential", "usage"]).expect(0);
    assert_eq!(usage.stdout, "");
    assert!(usage.stderr.contains("not recorded"), "{usage}");
    home.run(&["config", "unset", "usage_record"]).expect(0);
    home.run(&["api", "/ok/b"]).expect(0);
    assert_eq!(shown(&home), "GET /ok/b\n");
}

#[test]
fn processes_that_record_at_the_same_time_lose_nothing() {
    let (_server, home) = service();
    let paths = ["/ok/a", "/ok/b", "/ok/c", "/ok/d", "/ok/e", "/ok/f"];
    let running = paths.map(|path| home.start(&["api", path]));
    for command in running {
        command.wait().expect(0);
    }
    assert_eq!(
        shown(&home),
        paths.map(|path| format!("GET {path}\n")).concat()
    );
}

#[test]
fn record_that_cannot_be_written_is_a_warning() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_server, home) = service();
    home.run(&["api", "/ok/a"]).expect(0);
    let file = home.data().join("usage.json");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let warned = home.run(&["api", "/ok/a"]).expect(0);
    assert!(
        warned
            .stderr
            .contains("cannot record the use of the credential"),
        "{warned}"
    );
    home.run(&["credential", "usage"]).expect(1);
}

#[test]
fn usage_record_is_renamed_and_deleted_with_its_profile() {
    let account = Account::new();
    let home = &account.home;
    home.run(&["profile", "add", "one", "--provider", "brainpercent"])
        .expect(0);
    let api = ["--profile", "one", "api", ARTICLES, "--silent"];
    let url = ["config", "get", "api_url.brainpercent"];
    home.run(&url).expect(0);
    account.run_with_key(&api).expect(0);
    home.run(&["profile", "rename", "one", "two"]).expect(0);
    let usage = |profile| {
        let usage = [
            "--profile",
            profile,
            "credential",
            "usage",
            "--format",
            "{path}",
        ];
        home.run(&usage).expect(0).stdout
    };
    assert_eq!(usage("two"), format!("{ARTICLES}\n"));
    home.run(&["profile", "remove", "two"]).expect(0);
    let file = std::fs::read_to_string(home.data().join("usage.json")).unwrap_or_default();
    assert!(!file.contains("\"two\""), "{file}");
}
