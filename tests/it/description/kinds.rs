//! Services with several kinds of token, whose ids may be the same.

use std::fs;

use serde_json::{Value, json};

use super::fixture::{Described, no_content, ok};
use crate::support::scripted_server::{ReceivedRequest, ScriptedResponse};
use crate::terminal::on_a_terminal;

const KINDS: &str = r#"
[whoami]
call = "GET /me"
account = "/name"
[tokens]
revoke = "DELETE /personal/{id}"
[tokens.list]
call = "GET /personal"
items = ""
[tokens.fields]
id = "/id"
name = "/label"
[tokens.kinds.project.create]
call = "POST /project"
json = { title = "{name}" }
secret = "/key"
[tokens.kinds.project.list]
call = "GET /project"
items = "/all"
[tokens.kinds.project.get]
call = "GET /project/{id}"
[tokens.kinds.project.update]
call = "PATCH /project/{id}"
json = { on = "{active}" }
[tokens.kinds.project]
revoke = "DELETE /project/{id}"
[tokens.kinds.project.fields]
id = "/number"
name = "/title"
"#;

fn responses(received: &ReceivedRequest) -> ScriptedResponse {
    match (received.method.as_str(), received.path.as_str()) {
        ("GET", "/me") => ok(&json!({ "name": "ada" })),
        ("GET", "/personal") => ok(&json!([{ "id": 12, "label": "laptop" }])),
        ("GET", "/project") => ok(&json!({ "all": [
            { "number": 12, "title": "ci" }, { "number": 120, "title": "deploy" },
        ] })),
        ("POST", _) => ok(&json!({ "number": 12, "key": "secret-of-the-token" })),
        ("DELETE", _) => no_content(),
        _ => ok(&json!({ "number": 12, "title": "ci" })),
    }
}

#[test]
fn each_kind_has_its_own_calls_and_its_ids_name_it() {
    let maps = Described::start(KINDS, responses);
    let ids = |arguments: &[&str]| maps.run(arguments).expect(0).stdout;
    assert_eq!(ids(&["-q", "token", "list"]), "12\n");
    let project = ["-q", "token", "list", "--kind", "project"];
    assert_eq!(ids(&project), "project:12\nproject:120\n");
    let listed = maps.run(&["--json", "token", "list", "--kind", "project"]);
    let token = &listed.expect(0).json()["tokens"][0];
    assert_eq!(
        (&token["id"], &token["kind"]),
        (&json!("project:12"), &json!(null))
    );
    let got = maps
        .run(&["--json", "token", "get", "project:12"])
        .expect(0)
        .json();
    assert_eq!(got["id"], "project:12");
}

#[test]
fn tokens_are_revoked_and_updated_where_their_id_or_the_option_says() {
    let maps = Described::start(KINDS, responses);
    for (arguments, expected) in [
        (&["revoke", "12", "--yes"][..], "DELETE /personal/12"),
        (&["revoke", "laptop", "--yes"], "DELETE /personal/12"),
        (&["revoke", "project:12", "--yes"], "DELETE /project/12"),
        (
            &["revoke", "12", "--kind", "project", "--yes"],
            "DELETE /project/12",
        ),
        (
            &["revoke", "deploy", "--kind", "project", "--yes"],
            "DELETE /project/120",
        ),
        (
            &["revoke", "project:deploy", "--yes"],
            "DELETE /project/120",
        ),
        (&["update", "project:12", "--inactive"], "PATCH /project/12"),
    ] {
        maps.run(&[&["token"], arguments].concat()).expect(0);
        assert_eq!(maps.lines().pop().unwrap(), expected, "{arguments:?}");
    }
    assert_eq!(
        maps.lines()
            .iter()
            .filter(|line| line.starts_with("DELETE"))
            .count(),
        6
    );
}

#[test]
fn token_of_a_kind_is_created_with_its_calls() {
    let maps = Described::start(KINDS, responses);
    let created = maps.run(&["--json", "token", "create", "ci", "--kind", "project"]);
    assert_eq!(created.expect(0).json()["id"], "project:12");
    assert_eq!(maps.last_body(), json!({ "title": "ci" }));
    // The unnamed kind has no such call, and no token of another kind is created instead.
    let failed = maps.run(&["token", "create", "ci"]).expect(2);
    assert!(failed.stderr.contains("--kind"), "{failed}");
    let failed = maps.run(&["token", "list", "--kind", "nosuch"]).expect(2);
    assert!(
        failed.stderr.contains("the kinds are project\n"),
        "{failed}"
    );
    let permanent = ["token", "create", "ci", "--kind", "permanent"];
    let failed = maps.run(&permanent).expect(2);
    assert!(failed.stderr.contains("use --permanent"), "{failed}");
}

#[test]
fn ids_of_several_kinds_are_refused_before_anything_is_sent() {
    let maps = Described::start(KINDS, responses);
    for arguments in [
        &["revoke", "12", "project:12", "--yes"][..],
        &["revoke", "project:12", "12", "--yes"],
        &["revoke", "project:12", "--kind", "nosuch", "--yes"],
    ] {
        maps.run(&[&["token"], arguments].concat()).expect(2);
    }
    assert_eq!(maps.lines(), [""; 0]);
}

#[test]
fn id_that_is_also_a_name_of_the_default_kind_needs_the_option() {
    let maps = Described::start(KINDS, |received| {
        match (received.method.as_str(), received.path.as_str()) {
            ("GET", "/personal") => ok(&json!([{ "id": 7, "label": "project:12" }])),
            _ => responses(received),
        }
    });
    for verb in [
        &["revoke", "--yes"][..],
        &["get"],
        &["update", "--inactive"],
    ] {
        let refused = maps.run(&[&["token"], verb, &["project:12"]].concat());
        assert!(refused.stderr.contains("--kind default"), "{refused}");
        refused.expect(2);
    }
    let sent = maps.lines();
    assert!(
        sent.iter().all(|line| line.starts_with("GET /p")),
        "{sent:?}"
    );
    for (kind, expected) in [
        ("project", "DELETE /project/12"),
        ("default", "DELETE /personal/7"),
    ] {
        let revoke = ["token", "revoke", "project:12", "--kind", kind, "--yes"];
        maps.run(&revoke).expect(0);
        assert_eq!(maps.lines().pop().unwrap(), expected);
    }
}

#[test]
fn question_warns_that_the_credential_in_use_is_revoked() {
    let mut maps = Described::start(KINDS, responses);
    maps.home.set("NO_COLOR", "1");
    let file = maps.home.data().join("credentials/maps.json");
    let text = fs::read_to_string(&file).unwrap();
    let mut stored: Value = serde_json::from_str(&text).unwrap();
    stored["token_id"] = json!("12");
    fs::write(&file, stored.to_string()).unwrap();
    for (id, is_own) in [("12", true), ("13", false)] {
        let arguments = ["--profile", "maps", "token", "revoke", id];
        let asked = on_a_terminal(&maps.home, &arguments, "n\r").wait();
        assert!(asked.stdout.contains("Revoke token "), "{asked}");
        assert_eq!(
            asked
                .stdout
                .contains("the credential that this profile uses"),
            is_own,
            "{asked}"
        );
    }
}
