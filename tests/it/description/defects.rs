//! Mistakes of a description, and services that respond in an unusual way: an error instead of a wrong result.

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::fixture::{Described, KEY, no_content, ok};
use crate::support::scripted_server::{ReceivedRequest, ScriptedResponse};

const CREATE: &str = r#"
[tokens.create]
call = "POST /keys"
body = { note = "name", scopes = "scopes", expires_in = "expires_in_days" }
secret = "/key"
"#;

const FIELDS: &str = r#"
[tokens.fields]
id = "/id"
name = "/note"
created_at = "/created"
expires_at = "/expires"
scopes = "/scopes"
"#;

const REVOKE: &str = "[tokens]\nrevoke = \"DELETE /keys/{id}\"\n";

/// When the new key was created: not long ago, since a key from before the request is not a new one.
static CREATED: LazyLock<Timestamp> = LazyLock::new(Timestamp::now);

/// Returns the time of an expiry this many seconds after the creation.
fn expiry(seconds: i64) -> Value {
    json!((*CREATED + SignedDuration::from_secs(seconds)).to_string())
}

fn new_key(scopes: &Value, expires: &Value) -> Value {
    json!({
        "id": "7", "key": "maps_c4n4ry_new", "note": "ci", "created": CREATED.to_string(),
        "scopes": scopes, "expires": expires,
    })
}

fn keys(created: Value) -> impl Fn(&ReceivedRequest) -> ScriptedResponse {
    move |received| match received.method.as_str() {
        "POST" => ok(&created),
        "DELETE" => no_content(),
        _ => ScriptedResponse::text(404, "text/plain", ""),
    }
}

#[test]
fn token_with_another_expiry_or_more_scopes_is_revoked() {
    let asked = [
        "token",
        "create",
        "ci",
        "--expires-in",
        "90d",
        "--scope",
        "read",
    ];
    let in_90_days = expiry(90 * 24 * 60 * 60);
    for (scopes, expires, expected) in [
        (
            json!(["read"]),
            expiry(90),
            "expiry (90 days -> 90 seconds)",
        ),
        (
            json!(["read"]),
            json!(null),
            "expiry (90 days -> never expires)",
        ),
        (
            json!(["read", "admin"]),
            in_90_days.clone(),
            "scopes (read -> admin read)",
        ),
    ] {
        let description = format!("{CREATE}{REVOKE}{FIELDS}");
        let maps = Described::start(&description, keys(new_key(&scopes, &expires)));
        let failed = maps.run(&asked).expect(1);
        let text = format!(
            "Maps created another token than requested: {expected}; the new token (id 7) was revoked"
        );
        assert!(failed.stderr.contains(&text), "{failed}");
        assert!(!failed.stdout.contains("maps_c4n4ry_new"), "{failed}");
        assert_eq!(maps.lines(), ["POST /keys", "DELETE /keys/7"]);
    }
    let maps = Described::start(
        &format!("{CREATE}{REVOKE}{FIELDS}"),
        keys(new_key(&json!(["read"]), &in_90_days)),
    );
    let created = maps.run(&asked).expect(0);
    assert_eq!(created.stdout, "maps_c4n4ry_new\n");
}

#[test]
fn deviating_token_that_cannot_be_revoked_is_named() {
    let description = format!("{CREATE}{FIELDS}");
    let short = expiry(90);
    let maps = Described::start(&description, keys(new_key(&json!([]), &short)));
    let failed = maps
        .run(&["token", "create", "ci", "--expires-in", "90d"])
        .expect(1);
    assert!(
        failed.stderr.contains(
            "the new token (id 7) is still valid: it cannot be revoked with this program"
        ),
        "{failed}"
    );
    assert!(failed.stderr.contains("website of the service"), "{failed}");
}

#[test]
fn full_page_that_does_not_report_whether_there_are_more_is_an_error() {
    let description = format!(
        "[tokens.list]\ncall = \"GET /keys\"\nitems = \"/keys\"\n\
         paging = {{ style = \"page\", page = \"page\", limit = \"size\", size = 2, more = \"/more\" }}\n{FIELDS}"
    );
    let page = |tokens: usize| {
        let keys: Vec<Value> = (0..tokens)
            .map(|id| json!({ "id": id.to_string() }))
            .collect();
        move |_: &ReceivedRequest| ok(&json!({ "keys": keys }))
    };
    let maps = Described::start(&description, page(2));
    let failed = maps.run(&["token", "list", "--all"]).expect(1);
    let text = "a full page that does not report whether there are more";
    assert!(failed.stderr.contains(text), "{failed}");
    let maps = Described::start(&description, page(1));
    maps.run(&["token", "list", "--all"]).expect(0);
}

#[test]
fn response_without_an_account_does_not_prove_a_key() {
    let whoami = "[whoami]\ncall = \"GET /-/whoami\"\naccount = [\"/username\"]\n";
    let anonymous = |_: &ReceivedRequest| ok(&json!({}));
    let maps = Described::start(whoami, anonymous);
    let failed = maps.run(&["status", "--check"]).expect(4);
    assert!(!failed.stdout.contains("state: valid"), "{failed}");
    assert!(
        failed
            .stderr
            .contains("Maps did not confirm the credential: its response names no account"),
        "{failed}"
    );
    maps.run(&["whoami"]).expect(4);
    let login = ["--profile", "maps", "login", "--with-token", "--replace"];
    let refused = maps.home.run_with_input(&login, "maps_c4n4ry_wrong");
    let refused = refused.expect(4);
    assert!(refused.stderr.contains("names no account"), "{refused}");

    let maps = Described::start(&format!("{whoami}proof = \"status\"\n"), anonymous);
    maps.run(&["status", "--check"]).expect(0);
}

#[test]
fn a_403_of_whoami_can_mean_a_wrong_key() {
    let description = "[whoami]\ncall = \"GET /user\"\naccount = [\"/name\"]\n\
        [tokens.list]\ncall = \"GET /tokens\"\nitems = [\"/tokens\"]\n[tokens.fields]\nid = \"/id\"\n\
        [[errors.special]]\nstatus = 403\non = \"whoami\"\nmeans = \"credential_rejected\"\n";
    let forbidden = |_: &ReceivedRequest| ScriptedResponse::json(403, &json!({ "message": null }));
    let maps = Described::start(description, forbidden);
    let failed = maps.run(&["whoami"]).expect(4);
    assert!(failed.stderr.contains("login"), "{failed}");
    assert!(!failed.stderr.contains(KEY), "{failed}");
    let status = maps.run(&["status", "--check"]).expect(4);
    assert!(status.stdout.contains("rejected"), "{status}");
    // Other calls need permissions that a valid key may lack.
    maps.run(&["token", "list"]).expect(3);
}

#[test]
fn rotation_is_offered_only_with_all_of_its_calls() {
    let list = "[tokens.list]\ncall = \"GET /keys\"\nitems = [\"\"]\n";
    let whoami = "[whoami]\ncall = \"GET /me\"\n";
    for (rest, offered) in [
        (format!("{CREATE}{REVOKE}{list}{whoami}{FIELDS}"), true),
        (format!("{CREATE}{REVOKE}{list}{FIELDS}"), false),
        (format!("{CREATE}{REVOKE}{whoami}{FIELDS}"), false),
        (format!("{CREATE}{list}{whoami}{FIELDS}"), false),
    ] {
        let maps = Described::start(&rest, |_| ok(&json!([])));
        let shown = maps.run(&["provider", "list"]).expect(0);
        let row = shown
            .stdout
            .lines()
            .find(|it| it.starts_with("maps"))
            .unwrap();
        assert_eq!(row.contains("token rotate"), offered, "{row}");
        if !offered {
            let failed = maps.run(&["token", "rotate", "7"]).expect(2);
            assert!(!failed.stderr.contains(", rotate"), "{failed}");
            assert_eq!(maps.lines(), [""; 0]);
        }
    }
}

#[test]
fn scopes_that_are_objects_are_unknown() {
    let list = "[tokens.list]\ncall = \"GET /keys\"\nitems = [\"\"]\n";
    let maps = Described::start(&format!("{list}{FIELDS}"), |_| {
        ok(&json!([{ "id": "1", "scopes": [{ "name": "read" }] }, { "id": "2", "scopes": [] }]))
    });
    let listed = maps.run(&["token", "list", "--json"]).expect(0).json();
    assert_eq!(listed["tokens"][0]["scopes"], json!(null));
    assert_eq!(listed["tokens"][1]["scopes"], json!([]));
}

#[test]
fn token_that_existed_before_is_not_revoked_as_the_new_one() {
    let mut created = new_key(&json!(["read", "admin"]), &expiry(90 * 24 * 60 * 60));
    created["created"] = json!("2020-01-01T00:00:00Z");
    let description = format!("{CREATE}{REVOKE}{FIELDS}");
    let maps = Described::start(&description, keys(created));
    let asked = ["token", "create", "ci", "--scope", "read"];
    let failed = maps.run(&asked).expect(1);
    assert!(
        failed
            .stderr
            .contains("(id 7) existed before, and nothing was revoked"),
        "{failed}"
    );
    assert!(!maps.lines().iter().any(|line| line.starts_with("DELETE")));
}

#[test]
fn dry_run_of_a_revocation_says_if_the_tokens_cannot_be_listed_and_names_a_token_once() {
    let description = format!(
        "[tokens]\nrevoke = \"DELETE /keys/{{id}}\"\n[tokens.list]\ncall = \"GET /keys\"\nitems = \"/keys\"\n{FIELDS}"
    );
    let plan = ["token", "revoke", "7", "7", "--dry-run"];
    let forbidden = |_: &ReceivedRequest| ScriptedResponse::json(403, &json!({}));
    let unchecked = Described::start(&description, forbidden).run(&plan);
    let unchecked = unchecked.expect(0);
    let warning = "cannot check that the tokens exist";
    assert!(unchecked.stderr.contains(warning), "{unchecked}");

    let listed = |_: &ReceivedRequest| ok(&json!({ "keys": [{ "id": "7" }] }));
    let checked = Described::start(&description, listed).run(&plan).expect(0);
    assert!(!checked.stderr.contains(warning), "{checked}");
    assert_eq!(checked.stdout.matches('7').count(), 1, "{checked}");
}
