//! Services that address a token by its secret.

use serde_json::json;

use super::fixture::{Described, no_content, ok};
use crate::support::scripted_server::{ReceivedRequest, ScriptedResponse};

const UNLEASH: &str = r#"
[tokens.list]
call = "GET /api-tokens"
items = "/tokens"
[tokens.create]
call = "POST /api-tokens"
json = { tokenName = "{name}", type = "client" }
secret = "/secret"
[tokens]
revoke = "DELETE /api-tokens/{id}"
[tokens.fields]
id = "/secret"
id_is_secret = true
name = "/tokenName"
"#;

const SECRET: &str = "default:development.c4n4ry0123456789c4n4ry0123456789c4n4ry";

fn responses(received: &ReceivedRequest) -> ScriptedResponse {
    match received.method.as_str() {
        "DELETE" => no_content(),
        "GET" => ok(&json!({ "tokens": [{ "secret": SECRET, "tokenName": "ci" }] })),
        _ => ok(&json!({ "secret": SECRET, "tokenName": "ci" })),
    }
}

#[test]
fn secret_id_is_masked_and_revoked_by_name_or_beginning() {
    let maps = Described::start(UNLEASH, responses);
    for arguments in [
        &["token", "list"][..],
        &["token", "list", "--json"],
        &["-v", "token", "revoke", "ci", "--yes"],
        &["token", "revoke", "default:develop", "--yes", "--json"],
        &["token", "revoke", "ci", "--dry-run"],
    ] {
        let done = maps.run(arguments).expect(0);
        assert!(
            !done.stdout.contains("c4n4ry") && !done.stderr.contains("c4n4ry"),
            "{done}"
        );
    }
    let listed = maps.run(&["token", "list", "--json"]).expect(0).json();
    assert_eq!(listed["tokens"][0]["id"], json!("default:development…"));
    let revoked = maps.lines();
    let revoked = revoked.iter().filter(|line| line.starts_with("DELETE"));
    let path = format!("DELETE /api-tokens/{}", SECRET.replace(':', "%3A"));
    assert_eq!(revoked.collect::<Vec<_>>(), [&path, &path]);
}

#[test]
fn secret_id_is_refused_as_an_argument() {
    let maps = Described::start(UNLEASH, responses);
    let failed = maps.run(&["token", "revoke", SECRET, "--yes"]).expect(2);
    assert!(
        failed
            .stderr
            .contains("Maps addresses tokens by their secret"),
        "{failed}"
    );
    assert!(!failed.stderr.contains("c4n4ry"), "{failed}");
    assert!(maps.lines().iter().all(|line| !line.starts_with("DELETE")));
}

#[test]
fn created_secret_is_printed_and_not_stored() {
    let maps = Described::start(UNLEASH, responses);
    let created = maps
        .run(&["token", "create", "ci", "--json"])
        .expect(0)
        .json();
    assert_eq!(created["secret"], json!(SECRET));
    assert_eq!(created["id"], json!("default:development…"));
    let data = maps.home.data();
    let found = walk(&data);
    assert!(!found.contains(SECRET), "{found}");
}

/// Returns the text of all files below `folder` but the stored credential.
fn walk(folder: &std::path::Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&walk(&path));
        } else if let Ok(content) = std::fs::read_to_string(&path) {
            text.push_str(&content);
        }
    }
    text
}
