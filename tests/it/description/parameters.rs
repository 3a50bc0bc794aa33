//! Parameters of a service: set by the user, or reported about the account.

use serde_json::json;

use super::fixture::{Described, KEY, expect_rejected, no_content, ok};
use crate::support::scripted_server::{ReceivedRequest, ScriptedResponse};
use crate::terminal::run_until_prompt;

const JUPYTERHUB: &str = r#"
[parameters]
user = { from = "whoami", at = "/name" }
org = { label = "organisation", environment = "MAPS_ORG" }
[whoami]
call = "GET /user"
account = "/name"
[tokens.list]
call = "GET /users/{parameter:user}/tokens"
items = "/tokens"
[tokens.create]
call = "POST /orgs/{parameter:org}/tokens"
json = { owner = "{parameter:user}", note = "{name}" }
secret = "/token"
[tokens]
revoke = "DELETE /users/{parameter:user}/tokens/{id}"
[tokens.fields]
id = "/id"
name = "/note"
"#;

fn responses(received: &ReceivedRequest) -> ScriptedResponse {
    match (received.method.as_str(), received.path.as_str()) {
        ("GET", "/user") => ok(&json!({ "name": "ada/l" })),
        ("GET", _) => ok(&json!({ "tokens": [{ "id": "7", "note": "ci" }] })),
        ("DELETE", _) => no_content(),
        _ => ok(&json!({ "token": "maps_c4n4ry_new", "id": "8" })),
    }
}

#[test]
fn parameter_of_the_account_is_read_once_and_escaped() {
    let maps = Described::start(JUPYTERHUB, responses);
    maps.run(&["token", "list"]).expect(0);
    let lines = maps.lines();
    assert_eq!(lines, ["GET /user", "GET /users/ada%2Fl/tokens"]);
    maps.run(&["token", "revoke", "7", "--yes"]).expect(0);
    let last = maps.lines().pop().unwrap();
    assert_eq!(last, "DELETE /users/ada%2Fl/tokens/7");
}

#[test]
fn missing_parameter_is_an_error_before_anything_is_sent() {
    let mut maps = Described::start(JUPYTERHUB, responses);
    let failed = maps.run(&["token", "create", "ci"]).expect(2);
    assert!(
        failed.stderr.contains("requires the parameter \"org\""),
        "{failed}"
    );
    assert!(
        failed.stderr.contains("config set parameter.org VALUE"),
        "{failed}"
    );
    assert!(maps.lines().iter().all(|line| !line.starts_with("POST")));

    maps.run(&["config", "set", "parameter.org", "acme"])
        .expect(0);
    let set = maps.run(&["config", "get", "parameter.org.maps"]).expect(0);
    assert_eq!(set.stdout, "acme\n");
    let listed = maps.run(&["config", "list"]).expect(0);
    assert!(listed.stdout.contains("parameter.org.maps"), "{listed}");
    maps.run(&["token", "create", "ci"]).expect(0);
    assert_eq!(maps.last_body(), json!({ "owner": "ada/l", "note": "ci" }));
    assert!(maps.lines().contains(&"POST /orgs/acme/tokens".to_owned()));

    maps.home.set("MAPS_ORG", "..");
    let failed = maps.run(&["token", "create", "ci"]).expect(2);
    assert!(failed.stderr.contains("a part of the path"), "{failed}");
    maps.home.set("MAPS_ORG", "other");
    maps.run(&["token", "create", "ci"]).expect(0);
    assert!(maps.lines().contains(&"POST /orgs/other/tokens".to_owned()));
    maps.run(&["config", "unset", "parameter.org"]).expect(0);
}

#[test]
fn parameter_of_another_service_or_profile_is_refused() {
    let maps = Described::start(JUPYTERHUB, responses);
    for (key, code) in [
        ("parameter.nosuch", 2),
        ("parameter.org.nosuch", 2),
        ("parameter.org.brainmaps", 2),
    ] {
        maps.run(&["config", "set", key, "acme"]).expect(code);
        maps.run(&["config", "get", "parameter.org"]).expect(1);
    }
    let failed = maps.run(&["config", "set", "nosuch", "x"]).expect(2);
    assert!(failed.stderr.contains("client_metadata_url"), "{failed}");
    maps.run(&["config", "unset", "parameter.nosuch"]).expect(0);
}

#[test]
fn key_variable_cannot_be_a_parameter() {
    for variable in ["MAPS_API_KEY", "MAPS_API_KEY_FILE", "BRAINMAPS_API_KEY"] {
        let description = format!(
            "[environment]\napi_key = \"MAPS_API_KEY\"\n{}",
            JUPYTERHUB.replace("MAPS_ORG", variable)
        );
        for failed in expect_rejected(&description) {
            let text = format!("{}{}", failed.stdout, failed.stderr);
            assert!(text.contains("holds a key"), "{failed}");
        }
    }
}

/// A user may paste the key at the first prompt, and only the prompt for the key hides it.
#[test]
fn key_is_asked_for_before_parameters() {
    let maps = Described::start(JUPYTERHUB, responses);
    let login = "--profile maps login --with-token --no-verify --replace";
    let mut running = run_until_prompt(&maps.home, login, "API key: ");
    running.type_text(&format!("{KEY}\n"));
    running.wait_for_text("Maps organisation: ");
    running.type_text("acme\n");
    let ended = running.wait();
    assert!(ended.stdout.contains("status 0"), "{ended:?}");
    let before = ended.stdout.find("API key").unwrap();
    assert!(before < ended.stdout.find("organisation").unwrap());
    maps.home.record().output("the terminal", ended.stdout);
    let set = maps.run(&["config", "get", "parameter.org.maps"]).expect(0);
    assert_eq!(set.stdout, "acme\n");
}

#[test]
fn key_that_is_typed_as_a_parameter_is_not_stored() {
    let description = format!("{JUPYTERHUB}\n[key]\nprefix = \"maps_\"\n");
    let maps = Described::start(&description, responses);
    let login = "--profile maps login --with-token --no-verify --replace";
    let mut running = run_until_prompt(&maps.home, login, "API key: ");
    running.type_text(&format!("{KEY}\n"));
    running.wait_for_text("Maps organisation: ");
    running.type_text(&format!("{KEY}\n"));
    let ended = running.wait();
    assert!(ended.stdout.contains("status 2"), "{ended:?}");
    assert!(ended.stdout.contains("cannot be an API key"), "{ended:?}");
    maps.run(&["config", "get", "parameter.org.maps"]).expect(1);
}
