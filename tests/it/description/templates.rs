//! Templates: request bodies, paths and queries as the services expect them.

use serde_json::json;

use super::fixture::{Described, no_content, ok};
use crate::support::scripted_server::{ReceivedRequest, ScriptedResponse};

const FIELDS: &str = "[tokens.fields]\nid = \"/id\"\nname = \"/name\"\n";

fn created(received: &ReceivedRequest) -> ScriptedResponse {
    match received.method.as_str() {
        "DELETE" => no_content(),
        "GET" => ok(&json!([{ "id": "7", "name": "ci" }])),
        _ => ok(&json!({ "token": "maps_c4n4ry_new", "id": "7", "name": "ci" })),
    }
}

#[test]
fn request_body_is_nested_with_fixed_members_and_a_lifetime_in_seconds() {
    let description = format!(
        "[tokens.create]\ncall = \"POST /tokens\"\nsecret = \"/token\"\n\
         json = {{ data = {{ type = \"tokens\", version = 2, attributes = {{ note = \"{{name}}\", scopes = \"{{scopes}}\", \
         expires_in = \"{{expires:seconds}}\" }} }} }}\n{FIELDS}"
    );
    let maps = Described::start(&description, created);
    let full = [
        "token",
        "create",
        "ci",
        "--expires-in",
        "12h",
        "--scope",
        "read",
    ];
    maps.run(&full).expect(0);
    assert_eq!(
        maps.last_body(),
        json!({ "data": { "type": "tokens", "version": 2, "attributes": {
            "note": "ci", "scopes": ["read"], "expires_in": 43200 } } })
    );
    maps.run(&["token", "create", "ci"]).expect(0);
    assert_eq!(
        maps.last_body(),
        json!({ "data": { "type": "tokens", "version": 2, "attributes": { "note": "ci" } } })
    );
    let failed = maps
        .run(&["token", "create", "ci", "--permanent"])
        .expect(2);
    assert!(
        failed.stderr.contains("do not support --permanent"),
        "{failed}"
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn services_with_whole_days_refuse_other_lifetimes() {
    for form in ["days", "date"] {
        let description = format!(
            "[tokens.create]\ncall = \"POST /tokens\"\nsecret = \"/token\"\nform = {{ end = \"{{expires:{form}}}\" }}\n{FIELDS}"
        );
        let maps = Described::start(&description, created);
        let failed = maps
            .run(&["token", "create", "--expires-in", "12h"])
            .expect(2);
        assert!(
            failed.stderr.contains("a lifetime of whole days"),
            "{failed}"
        );
        assert_eq!(maps.lines(), [""; 0]);
        maps.run(&["token", "create", "--expires-in", "30d"])
            .expect(0);
        let body = maps.server.received().pop().unwrap().body;
        let expected = if form == "days" { "end=30" } else { "end=20" };
        assert!(body.starts_with(expected), "{body}");
    }
}

#[test]
fn arguments_are_escaped_in_paths_and_queries() {
    let description = format!(
        "[tokens.create]\ncall = \"POST /users/{{name}}/tokens?kind=user&scope={{scopes}}&ttl={{expires:seconds}}\"\n\
         secret = \"/token\"\n{FIELDS}"
    );
    let maps = Described::start(&description, created);
    maps.run(&["token", "create", "a/b c", "--scope", "x&y", "--scope", "z"])
        .expect(0);
    assert_eq!(
        maps.lines(),
        ["POST /users/a%2Fb%20c/tokens?kind=user&scope=x%26y%20z"]
    );
    let failed = maps.run(&["token", "create", ".."]).expect(2);
    assert!(failed.stderr.contains("a part of the path"), "{failed}");
}

#[test]
fn a_token_can_be_revoked_by_a_body() {
    let description = format!(
        "[tokens.list]\ncall = \"GET /tokens\"\nitems = \"\"\n\
         [tokens.revoke]\ncall = \"POST /tokens/delete\"\njson = {{ token_id = \"{{id}}\" }}\n{FIELDS}"
    );
    let maps = Described::start(&description, created);
    maps.run(&["token", "revoke", "ci", "--yes"]).expect(0);
    assert_eq!(maps.last_body(), json!({ "token_id": "7" }));
    assert!(maps.lines().contains(&"POST /tokens/delete".to_owned()));
}

#[test]
fn password_login_sends_a_nested_body() {
    let description = "session_token = { name = \"X-Session\" }\n\
        [login.password]\ncall = \"POST /login\"\nkind = \"session_token\"\nanswer = { secret = \"/token\" }\n\
        json = { auth = { identity = { methods = [\"password\"], user = \"{username}\", password = \"{password}\" } } }\n\
        [whoami]\ncall = \"GET /me\"\n";
    let maps = Described::start(description, created);
    maps.log_in().expect(0);
    assert_eq!(
        maps.last_body(),
        json!({ "auth": { "identity": { "methods": ["password"], "user": "ada", "password": "s3cr3t-c4n4ry" } } })
    );
    assert!(maps.lines().iter().all(|line| !line.contains("c4n4ry")));
}
