//! Rotation: the new token never has more rights or a longer lifetime than the old one.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::support::{
    key_service::{CreatedKey, KeyService, home_with_description},
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::{CommandResult, TestHome},
};

const CREATED: &str = "2026-01-01T00:00:00Z";
const IN_30_DAYS: &str = "2026-01-31T00:00:00Z";

/// Continues the description: the create request sets scopes, permissions and days.
const RIGHTS: &str = r#"
created_at = "/created_at"
expires_at = "/expires_at"
permissions = "/permissions"
[tokens.create]
call = "POST /keys"
body = { name = "name", scopes = "scopes", permissions = "permissions", days = "expires_in_days" }
secret = "/key"
[tokens.create.limits.expires_in_days]
least = 1
most = 365
"#;

/// Lists `old`, and gives a new token the members of `new`.
fn start(old: Value, new: Value, key: &'static str) -> KeyService {
    let created = CreatedKey {
        key,
        facts: Box::new(move |_| new.clone()),
        forbidden: None,
    };
    KeyService::start(old, created)
}

/// Returns the requests that change something.
fn changes(service: &KeyService) -> Vec<String> {
    let received = service.server.received();
    let changing = received.iter().filter(|it| it.method != "GET");
    changing
        .map(|it| format!("{} {}", it.method, it.path))
        .collect()
}

/// Returns the body of the request that created a token.
fn created_with(service: &KeyService) -> Value {
    let received = service.server.received();
    let is_create = |it: &&ReceivedRequest| it.method == "POST" && !it.path.contains("revoke");
    let body = &received.iter().find(is_create).unwrap().body;
    serde_json::from_str(body).unwrap()
}

/// A home with `key` as the stored key of `profile` at the service.
fn signed_in(profile: &str, service: &KeyService, key: &str) -> TestHome {
    let home = home_with_description(RIGHTS);
    let url = service.server.url.as_str();
    let login = [
        "--profile",
        profile,
        "--api-url",
        url,
        "login",
        "--with-token",
    ];
    home.run_with_input(&login, key).expect(0);
    home
}

fn rotate(home: &TestHome, profile: &str, more: &[&str]) -> CommandResult {
    let command = [&["--profile", profile, "token", "rotate", "old"], more].concat();
    home.run(&command)
}

fn stored_key(home: &TestHome, profile: &str) -> String {
    let command = ["--profile", profile, "credential", "print"];
    let printed = home.run(&command).expect(0).stdout;
    printed.trim().to_owned()
}

fn token(members: &Value) -> Value {
    let mut token = json!({ "id": "old", "name": "ci", "created_at": CREATED });
    for (name, value) in members.as_object().unwrap() {
        token[name] = value.clone();
    }
    token
}

const BUILT_IN: [(&str, &str, &str); 3] = [
    (
        "brainmaps",
        "bm-c4n4ry-old-0123456789",
        "bm-c4n4ry-new-0123456789",
    ),
    (
        "basic-memory",
        "bmc_c4n4ryOLD0123456789abcdefABCDEF0",
        "bmc_c4n4ryNEW0123456789abcdefABCDEF0",
    ),
    (
        "basira",
        "dbm_ak_old_c4n4ry0123456789",
        "dbm_ak_new_c4n4ry0123456789",
    ),
];

#[test]
fn an_expiring_token_is_not_replaced_by_a_permanent_one() {
    for (profile, old_key, new_key) in BUILT_IN {
        let old = token(&json!({ "expires_at": IN_30_DAYS }));
        let service = start(old, json!({ "expires_at": null }), new_key);
        let home = signed_in(profile, &service, old_key);
        let refused = rotate(&home, profile, &["--json"]).expect(2);
        assert_eq!(refused.error_code(), "USAGE");
        let error = refused.json()["error"].clone();
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("expiry (30 days -> "), "{message}");
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.contains("--accept-changes expiry"), "{hint}");
        assert!(changes(&service).is_empty(), "{:?}", changes(&service));
        assert_eq!(stored_key(&home, profile), old_key);

        let accepted = rotate(&home, profile, &["--accept-changes", "expiry"]).expect(0);
        assert!(
            accepted
                .stderr
                .contains("expiry (30 days -> never expires)"),
            "{accepted}"
        );
        assert!(!accepted.stderr.contains("no later expiry"), "{accepted}");
        assert_eq!(service.ids(), ["new"]);
        assert_eq!(stored_key(&home, profile), new_key);
    }
}

#[test]
fn unknown_restrictions_prevent_a_rotation() {
    let (profile, old_key, new_key) = BUILT_IN[0];
    for (members, fact) in [
        (json!({ "read_only": true }), "permissions"),
        (json!({ "scopes": ["read"] }), "scopes"),
        (
            json!({ "permissions": { "maps": ["read"] } }),
            "permissions",
        ),
        (json!({ "expires_at": "in a month" }), "expiry"),
        (json!({ "expires_at": 1_769_904_000_000_i64 }), "expiry"),
    ] {
        let service = start(token(&members), json!({}), new_key);
        let home = signed_in(profile, &service, old_key);
        let refused = rotate(&home, profile, &[]).expect(2);
        let expected = format!("--accept-changes {fact}`");
        assert!(refused.stderr.contains(&expected), "{members}: {refused}");
        assert!(changes(&service).is_empty(), "{members}");
    }
}

const OLD: &str = "maps-c4n4ry-old-0123456789";
const NEW: &str = "maps-c4n4ry-new-0123456789";

fn read_only() -> Value {
    token(&json!({ "expires_at": IN_30_DAYS, "scopes": ["maps"], "permissions": ["read"] }))
}

#[test]
fn a_new_token_gets_the_rights_of_the_old_one_and_only_verified_facts_are_reported() {
    let same = json!({ "created_at": CREATED, "expires_at": IN_30_DAYS, "scopes": ["maps"], "permissions": ["read"] });
    let service = start(read_only(), same, NEW);
    let home = signed_in("maps", &service, OLD);
    let rotated = rotate(&home, "maps", &[]).expect(0);
    assert_eq!(
        created_with(&service),
        json!({ "name": "ci", "scopes": ["maps"], "permissions": ["read"], "days": 30 })
    );
    let expected = "unchanged: expiry, scopes, permissions";
    assert!(rotated.stderr.contains(expected), "{rotated}");
    assert!(!rotated.stderr.contains("differs"), "{rotated}");

    let (profile, old_key, new_key) = BUILT_IN[0];
    let service = start(token(&json!({ "expires_at": null })), json!({}), new_key);
    let home = signed_in(profile, &service, old_key);
    let rotated = rotate(&home, profile, &[]).expect(0);
    let expected = "unchanged: expiry; not reported by the service: scopes, permissions";
    assert!(rotated.stderr.contains(expected), "{rotated}");
}

#[test]
fn a_new_token_with_more_rights_is_revoked_and_the_old_one_stays() {
    for (new, fact) in [
        (json!({ "scopes": ["maps", "admin"] }), "scopes"),
        (json!({ "scopes": [] }), "scopes"),
        (json!({ "scopes": null }), "scopes"),
        (json!({ "permissions": ["read", "write"] }), "permissions"),
        (json!({ "permissions": { "all": true } }), "permissions"),
        (json!({ "expires_at": null }), "expiry"),
        (json!({ "expires_at": "2026-02-02T00:00:00Z" }), "expiry"),
        (json!({ "expires_at": "never" }), "expiry"),
    ] {
        let mut other = read_only();
        for (name, value) in new.as_object().unwrap() {
            other[name] = value.clone();
        }
        let service = start(read_only(), other, NEW);
        let home = signed_in("maps", &service, OLD);
        let refused = rotate(&home, "maps", &[]).expect(2);
        let expected = format!("--accept-changes {fact}`");
        assert!(refused.stderr.contains(&expected), "{new}: {refused}");
        assert_eq!(
            changes(&service),
            ["POST /keys", "DELETE /keys/new"],
            "{new}"
        );
        assert_eq!(service.ids(), ["old"], "{new}");
        assert_eq!(stored_key(&home, "maps"), OLD, "{new}");
        let accepted = rotate(&home, "maps", &["--accept-changes", fact]).expect(0);
        assert!(
            accepted.stderr.contains("differs from the old one"),
            "{accepted}"
        );
        assert_eq!(service.ids(), ["new"], "{new}");
    }
}

#[test]
fn a_new_token_with_fewer_rights_is_accepted_with_a_warning() {
    let mut narrower = read_only();
    narrower["expires_at"] = json!("2026-01-08T00:00:00Z");
    let service = start(read_only(), narrower, NEW);
    let home = signed_in("maps", &service, OLD);
    let rotated = rotate(&home, "maps", &[]).expect(0);
    let expected = "warning: the new token differs from the old one: expiry (30 days -> 7 days)";
    assert!(rotated.stderr.contains(expected), "{rotated}");
}

#[test]
fn a_lifetime_is_rounded_down_to_whole_days() {
    for (end, days) in [
        ("2026-01-31T00:00:00Z", Some(30)),
        ("2026-01-30T23:59:59Z", Some(30)),
        ("2026-01-30T23:00:00Z", Some(29)),
        ("2026-01-02T13:00:00Z", Some(1)),
        ("2026-01-01T12:00:00Z", None),
    ] {
        let mut old = read_only();
        old["expires_at"] = json!(end);
        let service = start(old.clone(), old, NEW);
        let home = signed_in("maps", &service, OLD);
        let Some(days) = days else {
            let refused = rotate(&home, "maps", &[]).expect(2);
            assert!(
                refused.stderr.contains("expiry (12 hours -> 1 day)"),
                "{refused}"
            );
            assert!(changes(&service).is_empty());
            continue;
        };
        rotate(&home, "maps", &[]).expect(0);
        assert_eq!(created_with(&service)["days"], days, "{end}");
    }
}

#[test]
fn unreported_rights_are_not_replaced_by_defaults() {
    let old = token(&json!({ "expires_at": IN_30_DAYS, "permissions": ["read"] }));
    let service = start(old.clone(), old, NEW);
    let home = signed_in("maps", &service, OLD);
    let refused = rotate(&home, "maps", &[]).expect(2);
    let expected = "scopes (not reported -> the default for new tokens)";
    assert!(refused.stderr.contains(expected), "{refused}");
    assert!(changes(&service).is_empty());
}

#[test]
fn a_new_token_whose_rights_cannot_be_read_is_revoked() {
    let listed = Arc::new(Mutex::new(0));
    let server = ScriptedServer::start(move |received, _| match received.method.as_str() {
        "GET" if received.path == "/keys" => {
            let mut listed = listed.lock().unwrap();
            *listed += 1;
            match *listed {
                1 => ScriptedResponse::json(200, &json!({ "keys": [read_only()] })),
                _ => ScriptedResponse::json(403, &json!({ "error": "no list" })),
            }
        }
        "GET" => ScriptedResponse::json(200, &json!({ "name": "ada" })),
        "POST" => ScriptedResponse::json(201, &json!({ "id": "new", "key": NEW })),
        _ => ScriptedResponse::json(200, &json!({})),
    });
    let service = KeyService::with_server(server);
    let home = signed_in("maps", &service, OLD);
    rotate(&home, "maps", &[]).expect(3);
    assert_eq!(changes(&service), ["POST /keys", "DELETE /keys/new"]);
    assert_eq!(stored_key(&home, "maps"), OLD);
}

#[test]
fn accepted_changes_are_named_one_by_one() {
    let mut wider = read_only();
    wider["expires_at"] = Value::Null;
    wider["scopes"] = json!(["maps", "admin"]);
    let service = start(read_only(), wider, NEW);
    let home = signed_in("maps", &service, OLD);
    let one = rotate(&home, "maps", &["--accept-changes", "scopes"]).expect(2);
    assert!(
        one.stderr.contains("expiry (30 days -> never expires)"),
        "{one}"
    );
    assert!(!one.stderr.contains("scopes (maps"), "{one}");
    let unknown = rotate(&home, "maps", &["--accept-changes", "everything"]).expect(2);
    assert!(
        unknown.stderr.contains("expiry, scopes, permissions, kind"),
        "{unknown}"
    );
    rotate(&home, "maps", &["--accept-changes", "expiry,scopes"]).expect(0);
    assert_eq!(service.ids(), ["new"]);

    let both = [
        "--accept-changes",
        "expiry",
        "--accept-changes",
        "scopes",
        "--json",
    ];
    let service = start(
        read_only(),
        token(&json!({ "scopes": ["a"], "permissions": ["read"] })),
        NEW,
    );
    let home = signed_in("maps", &service, OLD);
    let rotated = rotate(&home, "maps", &both).expect(0).json();
    assert_eq!(rotated["same"], json!(["permissions"]));
    assert_eq!(rotated["changes"][0]["fact"], "expiry");
}
