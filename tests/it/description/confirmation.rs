//! Calls that require the password or a one-time password of the account again.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use super::fixture::{Described, expect_rejected, no_content, ok};
use crate::support::scripted_server::{ReceivedRequest, ScriptedResponse};
use crate::support::test_home::CommandResult;
use crate::terminal::{interrupt_at_prompt, on_a_terminal};

/// The description of a service like Verdaccio and npm: the password in the body, the one-time password in a header.
const VERDACCIO: &str = r#"
[whoami]
call = "GET /-/whoami"
account = "/username"
[tokens.create]
call = "POST /-/npm/v1/tokens"
headers = { npm-otp = "{otp}", X-User = "{username}" }
json = { password = "{password}", readonly = false, cidr_whitelist = [], note = "{name}" }
secret = "/token"
[tokens.list]
call = "GET /-/npm/v1/tokens"
items = "/objects"
[tokens.revoke]
call = "DELETE /-/npm/v1/tokens/token/{id}"
headers = { npm-otp = "{otp}" }
[tokens.fields]
id = "/key"
"#;

const PASSWORD: &str = " pass-c4n4ry ";
const OTP: &str = "c4n4ry-778899";

fn responses(received: &ReceivedRequest) -> ScriptedResponse {
    match (received.method.as_str(), received.path.as_str()) {
        ("GET", "/-/whoami") => ok(&json!({ "username": "ada" })),
        ("GET", _) => ok(&json!({ "objects": [{ "key": "k1" }] })),
        ("DELETE", _) => no_content(),
        _ => ok(&json!({ "token": "secret-of-the-token", "key": "k2" })),
    }
}

fn with_input(maps: &Described, arguments: &[&str], input: &str) -> CommandResult {
    let arguments = [&["--profile", "maps", "-v"], arguments].concat();
    maps.home.run_with_input(&arguments, input)
}

fn assert_hidden(result: &CommandResult) {
    for output in [&result.stdout, &result.stderr] {
        assert!(
            !output.contains("pass-c4n4ry") && !output.contains(OTP),
            "{result}"
        );
    }
}

#[test]
fn password_and_one_time_password_are_sent_where_the_description_has_them() {
    let maps = Described::start(VERDACCIO, responses);
    let create = ["token", "create", "ci", "--password-stdin", "--otp-stdin"];
    let created = with_input(&maps, &create, &format!("{PASSWORD}\n{OTP}\n")).expect(0);
    assert_hidden(&created);
    let sent = maps.server.received().pop().unwrap();
    assert_eq!(sent.header("npm-otp"), Some(OTP));
    assert_eq!(sent.header("x-user"), Some("ada"));
    assert_eq!(
        maps.last_body(),
        json!({ "password": PASSWORD, "readonly": false, "cidr_whitelist": [], "note": "ci" })
    );
    assert!(maps.lines().iter().all(|line| !line.contains("c4n4ry")));

    let revoke = ["token", "revoke", "k1", "--yes", "--otp-stdin"];
    let revoked = with_input(&maps, &revoke, OTP).expect(0);
    assert_hidden(&revoked);
    let sent = maps.server.received().pop().unwrap();
    assert_eq!(sent.header("npm-otp"), Some(OTP));
}

#[test]
fn account_without_a_second_factor_needs_no_one_time_password() {
    let maps = Described::start(VERDACCIO, responses);
    let create = ["token", "create", "ci", "--password-stdin"];
    with_input(&maps, &create, PASSWORD).expect(0);
    let sent = maps.server.received().pop().unwrap();
    assert_eq!(sent.header("npm-otp"), None);
    maps.run(&["token", "revoke", "k1", "--yes"]).expect(0);
}

#[test]
fn missing_password_is_an_error_before_anything_is_sent() {
    let maps = Described::start(VERDACCIO, responses);
    let failed = maps.run(&["--no-input", "token", "create", "ci"]).expect(2);
    let hint = "token create ci --password-stdin < password.txt";
    assert!(failed.stderr.contains(hint), "{failed}");
    let create = ["token", "create", "ci", "--password-stdin"];
    with_input(&maps, &create, "\n").expect(2);
    assert_eq!(maps.lines(), [""; 0]);
}

#[test]
fn option_that_no_call_needs_is_refused() {
    let maps = Described::start(VERDACCIO, responses);
    let revoke = ["token", "revoke", "k1", "--yes", "--password-stdin"];
    let failed = with_input(&maps, &revoke, PASSWORD).expect(2);
    assert!(failed.stderr.contains("--password-stdin"), "{failed}");
    assert!(maps.lines().iter().all(|line| !line.starts_with("DELETE")));
}

#[test]
fn rejected_password_is_not_sent_again_and_not_shown() {
    let maps = Described::start(VERDACCIO, |received| {
        let body = json!({ "error": format!("wrong: {PASSWORD}") });
        match received.method.as_str() {
            "POST" => ScriptedResponse::json(401, &body),
            _ => responses(received),
        }
    });
    let create = ["token", "create", "ci", "--password-stdin"];
    let failed = with_input(&maps, &create, PASSWORD).expect(4);
    assert_hidden(&failed);
    assert!(
        failed
            .stderr
            .contains("the password or the one-time password"),
        "{failed}"
    );
    let posts = maps.lines();
    let posts = posts.iter().filter(|line| line.starts_with("POST"));
    assert_eq!(posts.count(), 1);
}

#[test]
fn error_names_only_what_the_call_takes() {
    let description = VERDACCIO.replace("npm-otp = \"{otp}\", ", "");
    let maps = Described::start(&description, |received| match received.method.as_str() {
        "POST" | "DELETE" => ScriptedResponse::json(401, &json!({})),
        _ => responses(received),
    });
    let create = ["token", "create", "ci", "--password-stdin"];
    let failed = with_input(&maps, &create, PASSWORD).expect(4);
    assert!(
        failed.stderr.contains("the credential or the password\n"),
        "{failed}"
    );
    assert!(!failed.stderr.contains("--otp-stdin"), "{failed}");
    let revoke = ["token", "revoke", "k1", "--yes", "--otp-stdin"];
    let failed = with_input(&maps, &revoke, OTP).expect(4);
    assert!(
        failed
            .stderr
            .contains("the credential or the one-time password\n"),
        "{failed}"
    );
    let revoke = ["token", "revoke", "-", "--yes", "--otp-stdin"];
    let failed = with_input(&maps, &revoke, OTP).expect(2);
    let text = "stdin cannot hold both the ids and the one-time password";
    assert!(failed.stderr.contains(text), "{failed}");
}

#[test]
fn trial_of_a_description_prints_confirmed_calls_and_asks_only_at_a_terminal() {
    // A prompt for a secret discards what was typed before, so that the test types one.
    let description = VERDACCIO.replace("npm-otp = \"{otp}\"", "");
    let description = description.replace("{ , ", "{ ");
    let maps = Described::start(&description, responses);
    let printed = maps.home.run(&["provider", "test", "maps"]).expect(0);
    assert!(
        printed.stdout.contains("\"password\":\"PASSWORD\""),
        "{printed}"
    );
    let live = ["provider", "test", "maps", "--live", "--create"];
    let failed = maps.home.run(&live).expect(2);
    assert!(failed.stderr.contains("on a terminal"), "{failed}");
    assert_eq!(maps.lines(), [""; 0]);
    let tried = on_a_terminal(&maps.home, &live, "a password\n");
    let tried = tried.wait().expect(0);
    assert!(tried.stdout.contains("tokens.revoke"), "{tried}");
    assert_eq!(maps.last_body()["password"], json!("a password"));
    let last = maps.server.received().pop().unwrap();
    assert_eq!(last.method, "DELETE");
}

#[test]
fn audit_asks_for_what_each_revocation_requires() {
    let description = format!("{VERDACCIO}created_at = \"/created\"\nlast_used_at = \"/used\"\n");
    let maps = Described::start(&description, |received| {
        let token = |id: &str| json!({ "key": id, "created": "2020-01-01T00:00:00Z", "used": "2020-01-01T00:00:00Z" });
        match (received.method.as_str(), received.path.as_str()) {
            ("GET", "/-/npm/v1/tokens") => ok(&json!({ "objects": [token("k1")] })),
            _ => responses(received),
        }
    });
    let audit = [
        "--profile",
        "maps",
        "token",
        "audit",
        "--max-age",
        "9000d",
        "--fix",
    ];
    let fixed = on_a_terminal(&maps.home, &audit, "y\r111111\r")
        .wait()
        .expect(0);
    let received = maps.server.received();
    let deleted = received.iter().filter(|it| it.method == "DELETE");
    let codes: Vec<_> = deleted.map(|it| it.header("npm-otp")).collect();
    assert_eq!(codes, [Some("111111")], "{fixed}");
}

#[test]
fn header_of_a_call_that_carries_a_credential_is_refused() {
    for header in ["Authorization", "Cookie", "Host"] {
        let description = VERDACCIO.replace("X-User", header);
        for failed in expect_rejected(&description) {
            let text = format!("{}{}", failed.stdout, failed.stderr);
            assert!(text.contains("header"), "{failed}");
        }
    }
}

#[test]
fn terminal_asks_for_the_password_or_the_one_time_password_without_showing_it() {
    let description = VERDACCIO.replace("npm-otp = \"{otp}\", ", "");
    let maps = Described::start(&description, responses);
    // The terminal echoes input before the program asks, so the leak harness cannot search for this one.
    let typed = "typed pass word";
    let create = ["--profile", "maps", "token", "create", "ci"];
    let created = on_a_terminal(&maps.home, &create, &format!("{typed}\n"));
    let created = created.wait().expect(0);
    let after = created.stdout.split_once("Password: ").unwrap().1;
    assert!(!after.contains(typed), "{created}");
    assert_eq!(maps.last_body()["password"], json!(typed));

    for (typed, sent) in [("654321\n", Some("654321")), ("\n", None)] {
        let revoke = ["--profile", "maps", "token", "revoke", "k1", "--yes"];
        let revoked = on_a_terminal(&maps.home, &revoke, typed).wait().expect(0);
        let question = "One-time password (Enter for none): ";
        let after = revoked.stdout.split_once(question).unwrap().1;
        assert!(!after.contains("654321"), "{revoked}");
        let last = maps.server.received().pop().unwrap();
        assert_eq!(last.header("npm-otp"), sent);
    }
}

#[test]
fn ctrl_c_at_a_prompt_for_a_password_changes_nothing() {
    let description = format!("{VERDACCIO}[environment]\napi_key = \"MAPS_API_KEY\"\n");
    let maps = Described::start(&description, responses);
    let files = [
        ("app.env", "MAPS_API_KEY=old-c4n4ry\n"),
        ("app.json", "{\"k\": \"old-c4n4ry\"}\n"),
    ];
    let path = |name: &str| maps.home.work().join(name);
    for (name, text) in files {
        std::fs::write(path(name), text).unwrap();
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(path(name), private).unwrap();
    }
    let password = format!("{PASSWORD}\n");
    let one_time = [(password.as_str(), "One-time password")];
    for (command, typed) in [("create ci", &[][..]), ("rotate k1", &one_time)] {
        for target in [
            "--env-file app.env --force",
            "--config app.json --key k --force",
            "--to true",
        ] {
            let line = format!("--profile maps token {command} {target}");
            interrupt_at_prompt(&maps.home, &line, "Password", typed);
        }
    }
    let lines = maps.lines();
    assert!(lines.iter().all(|it| it.starts_with("GET")), "{lines:?}");
    for (name, text) in files {
        assert_eq!(std::fs::read_to_string(path(name)).unwrap(), text);
    }
}
