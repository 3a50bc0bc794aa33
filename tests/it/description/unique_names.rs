//! Services at which two tokens cannot have the same name.

use std::sync::Mutex;

use serde_json::{Value, json};

use super::fixture::{Described, KEY, no_content, ok};
use crate::support::scripted_server::ScriptedResponse;

const SERVICE: &str = r#"
[whoami]
call = "GET /me"
account = "/name"
[tokens.list]
call = "GET /tokens"
items = "/tokens"
[tokens.create]
call = "POST /tokens"
json = { name = "{name}" }
secret = "/token"
UNIQUE
[tokens]
revoke = "DELETE /tokens/{id}"
[tokens.fields]
id = "/id"
name = "/name"
"#;

/// The key of token 1 is the stored one.
fn key_of(token: &Value) -> String {
    match token["id"].as_str() {
        Some("1") => KEY.to_owned(),
        id => format!("maps_c4n4ry_{}", id.unwrap()),
    }
}

/// A service that rejects a second token of the same name.
fn start(unique: &str) -> Described {
    let tokens = Mutex::new(vec![json!({ "id": "1", "name": "ci" })]);
    let ids = Mutex::new(2..);
    Described::start(&SERVICE.replace("UNIQUE", unique), move |received| {
        let mut tokens = tokens.lock().unwrap();
        let key = received.header("x-api-key").unwrap_or_default();
        if !tokens.iter().any(|token| key == key_of(token)) {
            return ScriptedResponse::json(401, &json!({}));
        }
        match received.method.as_str() {
            "POST" => {
                let new: Value = serde_json::from_str(&received.body).unwrap();
                if tokens.iter().any(|token| token["name"] == new["name"]) {
                    return ScriptedResponse::json(409, &json!({ "detail": "the name is taken" }));
                }
                let id = ids.lock().unwrap().next().unwrap_or(0).to_string();
                let token = json!({ "id": id, "name": new["name"] });
                let key = key_of(&token);
                tokens.push(token);
                ok(&json!({ "id": id, "name": new["name"], "token": key }))
            }
            "DELETE" => {
                tokens.retain(|token| !received.path.ends_with(token["id"].as_str().unwrap()));
                no_content()
            }
            _ if received.path == "/me" => ok(&json!({ "name": "ada" })),
            _ => ok(&json!({ "tokens": *tokens })),
        }
    })
}

fn names(maps: &Described) -> Vec<String> {
    let listed = maps.run(&["token", "list", "--json"]).expect(0).json();
    let tokens = listed["tokens"].as_array().unwrap().iter();
    tokens
        .map(|it| it["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn rotation_counts_up_the_name_of_the_new_token() {
    let maps = start("unique_names = true");
    for (old, new) in [("ci", "ci (2)"), ("ci (2)", "ci (3)")] {
        maps.run(&["token", "rotate", old]).expect(0);
        assert_eq!(names(&maps), [new]);
    }
}

#[test]
fn rotation_keeps_the_name_if_names_need_not_be_unique() {
    let maps = start("");
    let failed = maps.run(&["token", "rotate", "ci"]).expect(8);
    assert!(failed.stderr.contains("HTTP 409"), "{failed}");
    assert_eq!(names(&maps), ["ci"]);
}
