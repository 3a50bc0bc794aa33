//! Basira: `X-API-Key` for keys and Bearer for sessions, a JSON refresh, `{error}` without `Retry-After`.

use serde_json::json;

use super::{Contract, call, ids, text, token};
use crate::support::sandbox::EMAIL;

const KEYS: &str = "/api/v1/api-keys";
const WHO: &str = "GET /api/v1/databases";

fn signed_in() -> (Contract, String) {
    let contract = Contract::with_password("basira");
    let header = format!("authorization: Bearer {}", contract.credential());
    (contract, header)
}

#[test]
fn a_password_session_allows_every_call_and_cannot_be_revoked() {
    let contract = Contract::new("basira", &["--memory"]);
    let outcome = contract.log_in("demo");
    let body = format!(r#"{{"email":"{EMAIL}","password":"demo"}}"#);
    let login = call("POST /api/v1/auth/login", "").json(&body);
    let shown = contract.check(outcome, 0, &[login]).json();
    assert_eq!(
        (&shown["kind"], &shown["refreshable"]),
        (&json!("access_token"), &json!(true)),
        "{shown}"
    );
    let header = format!("authorization: Bearer {}", contract.credential());
    let who = contract.run(&["whoami"], 0, &[call(WHO, &header)]);
    assert!(who.stdout.contains("signed in to Basira"), "{who}");
    contract.run(&["status", "--check"], 0, &[call(WHO, &header)]);
    let out = contract.run(&["logout"], 0, &[]);
    assert!(
        out.stdout
            .contains("the session stays valid at the server until it expires"),
        "{out}"
    );
}

#[test]
fn a_wrong_password_is_reported_with_the_services_message_and_sent_once() {
    let contract = Contract::new("basira", &["--memory"]);
    let outcome = contract.log_in("wrong");
    let body = format!(r#"{{"email":"{EMAIL}","password":"wrong"}}"#);
    let login = call("POST /api/v1/auth/login", "").json(&body);
    let error = contract.check(outcome, 4, &[login]).json();
    assert_eq!(error["error"]["code"], "CREDENTIAL_REJECTED", "{error}");
    assert_eq!(error["error"]["status"], 401);
    assert!(
        text(&error["error"], "hint").contains("invalid email or password"),
        "{error}"
    );
    contract.expect_signed_out();
}

#[test]
fn a_refresh_is_json_without_a_credential() {
    let (contract, before) = signed_in();
    let stored = contract.home.data().join("credentials/basira.json");
    let refresh_token = || {
        let stored = std::fs::read_to_string(&stored).unwrap();
        let stored: serde_json::Value = serde_json::from_str(&stored).unwrap();
        text(&stored, "refresh_token").to_owned()
    };
    let refresh = |token: &str| {
        let body = format!(r#"{{"refresh_token":"{token}"}}"#);
        call("POST /api/v1/auth/refresh", "").json(&body)
    };
    let first = refresh_token();
    let shown = contract.json(&["credential", "refresh", "--force"], 0, &[refresh(&first)]);
    assert_eq!(shown["refreshed"], true, "{shown}");
    let second = refresh_token();
    assert_ne!(first, second, "the sandbox rotates them");
    contract.json(
        &["credential", "refresh", "--force"],
        0,
        &[refresh(&second)],
    );
    let header = format!("authorization: Bearer {}", contract.credential());
    assert_ne!(header, before);
    contract.run(&["whoami"], 0, &[call(WHO, &header)]);
}

#[test]
fn a_reused_refresh_token_ends_the_session() {
    let (contract, _) = signed_in();
    contract.expect_reuse_ends_the_session("basira", |token| {
        let body = format!(r#"{{"refresh_token":"{token}"}}"#);
        call("POST /api/v1/auth/refresh", "").json(&body)
    });
}

#[test]
fn keys_are_created_listed_used_and_revoked() {
    let (mut contract, header) = signed_in();
    let create = call(&format!("POST {KEYS}"), &header).json(r#"{"name":"script"}"#);
    let made = contract.json(&["token", "create", "script"], 0, &[create]);
    let facts = json!({
        "id": made["id"], "name": "script", "active": true, "created_at": made["created_at"], "prefix": made["prefix"],
        "secret": made["secret"],
    });
    assert_eq!(made, token(&facts));
    assert!(text(&made, "secret").starts_with("dbm_ak_"));
    let list = call(&format!("GET {KEYS}"), &header);
    let listed = contract.json(&["token", "list"], 0, std::slice::from_ref(&list));
    let mut facts = facts;
    facts.as_object_mut().unwrap().remove("secret");
    assert_eq!(listed["tokens"], json!([token(&facts)]));
    let table = contract.run(&["token", "list", "--all"], 0, &[list]);
    let row = format!(
        "{}\tscript\tactive\t{}\tnever\t\n",
        text(&made, "id"),
        text(&made, "created_at")
    );
    assert_eq!(table.stdout, row);

    let id = text(&made, "id").to_owned();
    contract.home.set("BASIRA_API_KEY", text(&made, "secret"));
    let key = format!("x-api-key: {}", text(&made, "secret"));
    contract.run(&["whoami"], 0, &[call(WHO, &key)]);
    let delete = call(&format!("DELETE {KEYS}/{id}"), &key);
    let gone = contract.json(&["token", "revoke", &id, "--yes"], 0, &[delete]);
    assert_eq!(
        gone["results"],
        json!([{"id": id, "revoked": true, "error": null}])
    );
    contract.expect_rejected(&call(WHO, &key), "BASIRA_API_KEY", "invalid API key");
}

#[test]
fn several_keys_are_revoked_by_one_call_each() {
    let (contract, header) = signed_in();
    let made = contract.revoke_two_and_an_unknown_one();
    let mut sent = contract.take_requests();
    sent.sort();
    let revoke = |id: &str| call(&format!("DELETE {KEYS}/{id}"), &header);
    // It could be a name.
    let list = call(&format!("GET {KEYS}"), &header);
    let mut wire = [
        revoke(&made[0]),
        revoke(&made[1]),
        revoke("none-such"),
        list,
    ];
    wire.sort();
    assert_eq!(sent, wire);
}

#[test]
fn a_stored_key_rotates_with_its_own_rights() {
    let (contract, _) = signed_in();
    let made = contract
        .home
        .run(&["token", "create", "script", "--json"])
        .expect(0)
        .json();
    let (id, old) = (text(&made, "id"), text(&made, "secret"));
    contract.take_requests();
    let stored = contract
        .home
        .run_with_input(&["login", "--with-token"], &format!("{old}\n"));
    let header = format!("x-api-key: {old}");
    contract.check(stored, 0, &[call("GET /api/v1/databases", &header)]);
    let rotated = contract
        .home
        .run(&["token", "rotate", id, "--json"])
        .expect(0)
        .json();
    let (old, new) = (
        format!("x-api-key: {old}"),
        format!("x-api-key: {}", contract.credential()),
    );
    let create = call(&format!("POST {KEYS}"), &old).json(r#"{"name":"script"}"#);
    assert_eq!(
        contract.take_requests(),
        [
            call(&format!("GET {KEYS}"), &old),
            create,
            // The rights of the new key.
            call(&format!("GET {KEYS}"), &old),
            call(WHO, &new),
            call(&format!("DELETE {KEYS}/{id}"), &new),
            call(WHO, &old),
        ]
    );
    assert_eq!(rotated["replaces"], id, "{rotated}");
    assert_eq!(rotated["secret"], contract.credential());
    contract.run(&["whoami"], 0, &[call(WHO, &new)]);
}

#[test]
fn the_key_of_another_token_in_the_env_file_is_not_overwritten() {
    let (contract, _) = signed_in();
    let file = contract.home.work().join("a.env");
    let mut ids = Vec::new();
    for name in ["a", "b"] {
        let env_file = format!("{name}.env");
        let create = ["token", "create", name, "--env-file", &env_file, "--json"];
        let made = contract.home.run(&create).expect(0).json();
        ids.push(text(&made, "id").to_owned());
    }
    let before = std::fs::read_to_string(&file).unwrap();
    let rotate = ["token", "rotate", &ids[1], "--env-file", "a.env", "--json"];
    let refused = contract.home.run(&rotate).expect(2).json();
    assert!(
        text(&refused["error"], "message").contains("belongs to another token"),
        "{refused}"
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
    let right = ["token", "rotate", &ids[0], "--env-file", "a.env"];
    contract.home.run(&right).expect(0);
    assert_ne!(std::fs::read_to_string(&file).unwrap(), before);
}

#[test]
fn the_verification_mail_is_sent_at_most_once_a_minute() {
    let (contract, header) = signed_in();
    let resend = call("POST /api/v1/auth/resend-verification", &header);
    let command = ["account", "resend-verification"];
    let sent = contract.run(&command, 0, std::slice::from_ref(&resend));
    assert!(
        sent.stderr.contains("5 an hour, 60 seconds apart"),
        "the limits are shown: {sent}"
    );
    let again = contract.json(&command, 6, &[resend]);
    assert_eq!(again["error"]["code"], "RATE_LIMITED", "{again}");
    assert!(
        text(&again["error"], "message").contains("please wait 60 seconds"),
        "{again}"
    );
}

#[test]
fn the_eleventh_login_of_an_hour_is_rejected_and_not_retried() {
    let contract = Contract::with_password("basira");
    for _ in 1..10 {
        contract.log_in("demo").expect(0);
    }
    contract.take_requests();
    let outcome = contract.log_in("demo");
    let body = format!(r#"{{"email":"{EMAIL}","password":"demo"}}"#);
    let login = call("POST /api/v1/auth/login", "").json(&body);
    let error = contract.check(outcome, 6, &[login]).json();
    assert_eq!(error["error"]["code"], "RATE_LIMITED", "{error}");
    assert!(
        text(&error["error"], "hint").contains("10 an hour"),
        "{error}"
    );
}

#[test]
fn undocumented_calls_are_rejected_without_a_request() {
    let (contract, _) = signed_in();
    contract.expect_unsupported(
        "Basira",
        &[
            "token get 1",
            "token update 1 --active",
            "token revoke --all --yes",
            "token revoke --permanent --yes",
            "token revoke --temporary --yes",
            "token list --permanent",
            "token create x --permanent",
            "token create x --temporary",
            "token create x --permission read",
            "token create x --scope all",
            "token create x --expires-in 90d",
            "token create x --space 1",
            "login --device",
            "login --with-cookie",
            "login --import",
        ],
    );
    assert_eq!(
        ids(&contract.home.run(&["token", "list", "--json"]).json()),
        [""; 0]
    );
}
