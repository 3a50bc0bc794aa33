//! Audits of several profiles, and of services that report little or offer limits.

use serde_json::{Value, json};

use super::{found, in_days, service};
use crate::support::{
    scripted_server::{ScriptedResponse, ScriptedServer},
    test_home::TestHome,
};

const LIMITED_KEY: &str = "bp_c4n4ry0000000000000000000000000000000000000000000000000000000000"; // brainmaps:allow

/// Tokens without names and last uses.
fn unnamed_tokens() -> Value {
    let token = |id: u32, created: i64, expires: Option<i64>, active: bool| json!({ "id": id, "created": in_days(-created), "expires": expires.map(in_days), "is_active": active });
    json!([
        token(1, 10, None, true),
        token(2, 20, None, true),
        token(3, 30, None, true),
        token(4, 120, None, true),
        token(5, 40, None, false),
    ])
}

fn second_service(home: &mut TestHome, list: ScriptedResponse) -> ScriptedServer {
    let server = ScriptedServer::start(move |received, _| {
        if received.path.starts_with("/v1/tokens/") {
            return list.clone();
        }
        ScriptedResponse::json(200, &json!({ "username": "me" }))
    });
    home.set("NEUROIO_API_KEY", "neuro-c4n4ry-key-of-a-test")
        .set("NEUROIO_API_URL", &server.url);
    server
}

#[test]
fn fact_that_a_service_does_not_report_is_unknown_and_no_finding() {
    let mut home = TestHome::new();
    let _server = second_service(&mut home, ScriptedResponse::json(200, &unnamed_tokens()));
    let audit = ["--profile", "neuroio", "token", "audit", "--json"];
    let document = home.run(&audit).expect(9).json();
    assert_eq!(
        found(&document),
        [
            "never-expires 1",
            "never-expires 2",
            "never-expires 3",
            "old 4",
            "never-expires 4",
            "inactive 5",
            "near-limit -",
        ]
    );
    let unknown = &document["unknown"][0];
    let expected =
        json!({ "rule": "unused", "profile": "neuroio", "fact": "last_used_at", "count": 4 });
    assert_eq!(unknown, &expected);
    let text = home
        .run(&["--profile", "neuroio", "token", "audit"])
        .expect(9);
    let note = "note: \"unused\" is not checked for 4 credentials (last use unknown)";
    assert!(text.stderr.contains(note), "{text}");
    let near = document["findings"].as_array().unwrap().last().unwrap();
    assert_eq!((&near["value"], &near["limit"]), (&json!(4), &json!(5)));
}

#[test]
fn all_profiles_are_audited_although_one_fails() {
    let (_server, mut home) = service();
    let body = json!({ "message": "no", "error_codes": [] });
    let _second = second_service(&mut home, ScriptedResponse::json(403, &body));
    let audited = home.run(&["token", "audit", "--all-profiles"]).expect(9);
    assert!(
        audited.stderr.contains("profile `neuroio` is not audited"),
        "{audited}"
    );
    assert!(
        audited.stdout.contains("\tbrainmaps\told (2)\t"),
        "{audited}"
    );
    let all = ["token", "audit", "--all-profiles", "--json"];
    let document = home.run(&all).expect(9).json();
    assert_eq!(document["checked"], 9);
    assert_eq!(document["failed"][0]["profile"], "neuroio");
    assert_eq!(document["failed"][0]["error"]["code"], "FORBIDDEN");
    // Without a finding, the failure decides.
    let lenient = [&all[..], &["--fail-on", "error"]].concat();
    home.run(&lenient).expect(3);
    // One profile that cannot be audited is a failure.
    let one = ["--profile", "neuroio", "token", "audit", "--json"];
    assert_eq!(home.run(&one).expect(3).error_code(), "FORBIDDEN");
}

#[test]
fn profile_without_a_credential_is_not_audited() {
    let (_server, home) = service();
    let all = ["token", "audit", "--all-profiles", "--json"];
    let document = home.run(&all).expect(9).json();
    assert_eq!(document["failed"], json!([]));
    let one = ["--profile", "neuroio", "token", "audit", "--json"];
    assert_eq!(home.run(&one).expect(4).error_code(), "LOGIN_REQUIRED");
}

#[test]
fn service_without_a_list_of_tokens_is_unsupported() {
    let home = TestHome::new();
    home.run(&["profile", "add", "plain", "--provider", "oauth2"])
        .expect(0);
    let one = ["--profile", "plain", "token", "audit", "--json"];
    assert_eq!(home.run(&one).expect(2).error_code(), "UNSUPPORTED");
}

#[test]
fn token_beyond_the_allowed_rights_and_one_without_limits_are_found() {
    let key = |id: &str, permissions: Value, scopes: Value| {
        json!({
            "id": id, "name": id, "created_at": in_days(-3), "expires_at": in_days(60), "is_active": true,
            "permissions": permissions, "scopes": scopes, "last_used_at": in_days(-1),
        })
    };
    let list = json!({ "success": true, "data": [
        key("fine", json!(["read"]), json!(["articles"])),
        key("wide", json!(["read", "delete"]), json!(["articles"])),
        key("unlimited", json!(["read"]), json!([])),
    ]});
    let server = ScriptedServer::start(move |_, _| ScriptedResponse::json(200, &list));
    let mut home = TestHome::new();
    home.set(
        "BRAINPERCENT_API_KEY",
        &LIMITED_KEY.replace("c4n4ry", "cafe00"),
    )
    .set("BRAINPERCENT_API_URL", &server.url);
    let audit = ["--profile", "brainpercent", "token", "audit", "--json"];
    let allow = [
        "--allow-permission",
        "read",
        "--allow-scope",
        "articles,user",
    ];
    let document = home.run(&[&audit[..], &allow].concat()).expect(9).json();
    assert_eq!(found(&document), ["wide wide", "unlimited unlimited"]);
    let finding = &document["findings"][0];
    assert_eq!(finding["severity"], "error");
    let fix =
        "brainmaps --profile brainpercent token create wide --scope articles --permission read";
    assert_eq!(finding["fix"], fix);
    let document = home.run(&audit).expect(9).json();
    assert_eq!(
        found(&document),
        ["unlimited unlimited"],
        "any right is allowed"
    );
}
