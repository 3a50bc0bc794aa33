//! BrainMaps: `Authorization: Token` for keys and sessions and `Bearer` for OAuth 2.0 access tokens, final slashes, `{results}`,
//! `{error, detail}`.

use serde_json::json;

use super::{Contract, call, challenge, fields, ids, text, token};
use crate::support::{
    sandbox::{CLIENT_ID, EMAIL},
    scripted_server::{ScriptedResponse, ScriptedServer},
    test_home::TestHome,
};

const WHO: &str = "GET /api/auth/me/";
const TOKENS: &str = "/api/tokens/";

fn signed_in() -> (Contract, String) {
    let contract = Contract::with_password("brainmaps");
    let header = format!("authorization: Token {}", contract.credential());
    (contract, header)
}

#[test]
fn a_password_session_is_revoked_by_logout() {
    let contract = Contract::new("brainmaps", &["--memory"]);
    let outcome = contract.log_in("demo");
    let body = format!(r#"{{"email":"{EMAIL}","password":"demo"}}"#);
    let login = call("POST /api/auth/login/", "").json(&body);
    let shown = contract.check(outcome, 0, &[login]).json();
    assert_eq!(
        (&shown["account"], &shown["kind"], &shown["expires_at"]),
        (&json!(EMAIL), &json!("session_token"), &json!(null)),
        "{shown}"
    );
    let header = format!("authorization: Token {}", contract.credential());
    let who = contract.run(&["whoami"], 0, &[call(WHO, &header)]);
    assert_eq!(who.stdout, format!("{EMAIL}\n"));
    let check = contract.run(&["status", "--check"], 0, &[call(WHO, &header)]);
    assert!(check.stdout.contains("valid"), "{check}");
    let refresh = contract.json(&["credential", "refresh", "--force"], 2, &[]);
    assert_eq!(refresh["error"]["code"], "UNSUPPORTED", "{refresh}");
    let out = contract.json(&["logout"], 0, &[call("POST /api/auth/logout/", &header)]);
    assert_eq!(
        (&out["server"]["state"], &out["deleted"]),
        (&json!("revoked"), &json!(true))
    );
}

#[test]
fn a_wrong_password_is_reported_with_the_services_message_and_sent_once() {
    let contract = Contract::new("brainmaps", &["--memory"]);
    let outcome = contract.log_in("wrong");
    let body = format!(r#"{{"email":"{EMAIL}","password":"wrong"}}"#);
    let login = call("POST /api/auth/login/", "").json(&body);
    let error = contract.check(outcome, 4, &[login]).json();
    assert_eq!(error["error"]["code"], "CREDENTIAL_REJECTED", "{error}");
    assert!(
        text(&error["error"], "hint").contains("Invalid email or password"),
        "{error}"
    );
    contract.expect_signed_out();
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_device_login_uses_the_metadata_and_logout_revokes_both_tokens() {
    let contract = Contract::new("brainmaps", &["--auto-approve", "--interval", "0"]);
    // Without an option, the device flow is chosen because the metadata advertises it.
    let outcome = contract
        .home
        .run(&["login", "--no-browser", "--json"])
        .expect(0);
    assert!(
        outcome.stderr.contains(r#""event":"device_code""#),
        "{outcome}"
    );
    let shown = outcome.json();
    assert_eq!(
        (&shown["kind"], &shown["refreshable"]),
        (&json!("access_token"), &json!(true))
    );
    let sent = contract.take_requests();
    let (ask, poll) = (fields(&sent[sent.len() - 2]), fields(&sent[sent.len() - 1]));
    for metadata in &sent[..sent.len() - 2] {
        assert_eq!(
            *metadata,
            call("GET /.well-known/oauth-authorization-server", "")
        );
    }
    let body = format!(
        "client_id={CLIENT_ID}&scope=openid+profile+email+offline_access&code_challenge={}&code_challenge_method=S256",
        challenge(&poll["code_verifier"])
    );
    assert_eq!(
        sent[sent.len() - 2],
        call("POST /oauth2/device_authorization", "").form(&body)
    );
    let body = format!(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code={}&client_id={CLIENT_ID}\
         &code_verifier={}",
        poll["device_code"], poll["code_verifier"]
    );
    assert_eq!(
        sent[sent.len() - 1],
        call("POST /oauth2/token", "").form(&body)
    );
    assert!(!ask.contains_key("code_verifier"));

    let access = contract.credential();
    let header = format!("authorization: Bearer {access}");
    let who = contract.run(&["whoami"], 0, &[call(WHO, &header)]);
    assert_eq!(who.stdout, format!("{EMAIL}\n"));
    let create = call(&format!("POST {TOKENS}"), &header).json(r#"{"name":"ci"}"#);
    contract.run(&["token", "create", "ci"], 0, &[create]);

    contract.home.run(&["logout", "--json"]).expect(0);
    let revoked: Vec<_> = contract
        .take_requests()
        .iter()
        .map(|one| (one.line.clone(), fields(one)))
        .collect();
    assert_eq!(
        revoked.len(),
        2,
        "the refresh token, then the access token: {revoked:?}"
    );
    for ((line, form), hint) in revoked.iter().zip(["refresh_token", "access_token"]) {
        assert_eq!(line, "POST /oauth2/revoke");
        assert_eq!(form["token_type_hint"], hint);
        assert_eq!(form["client_id"], CLIENT_ID);
        assert_eq!(form["token"] == access, hint == "access_token");
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_refresh_is_a_form_at_the_token_endpoint() {
    let contract = Contract::with_device("brainmaps");
    let before = contract.credential();
    contract
        .home
        .run(&["credential", "refresh", "--force"])
        .expect(0);
    let sent = contract.take_requests();
    let form = fields(sent.last().unwrap());
    let body = format!(
        "grant_type=refresh_token&client_id={CLIENT_ID}&refresh_token={}",
        form["refresh_token"]
    );
    assert_eq!(sent, [call("POST /oauth2/token", "").form(&body)]);
    assert_ne!(contract.credential(), before);
}

#[test]
fn tokens_are_created_listed_used_and_revoked() {
    let (mut contract, header) = signed_in();
    let create = call(&format!("POST {TOKENS}"), &header).json(r#"{"name":"nightly build"}"#);
    let made = contract.json(&["token", "create", "nightly build"], 0, &[create]);
    let mut facts = json!({
        "id": made["id"], "name": "nightly build", "active": true, "created_at": made["created_at"],
        "secret": made["secret"],
    });
    assert_eq!(made, token(&facts));
    facts.as_object_mut().unwrap().remove("secret");
    let list = call(&format!("GET {TOKENS}"), &header);
    let listed = contract.json(&["token", "list"], 0, std::slice::from_ref(&list));
    assert_eq!(listed["tokens"], json!([token(&facts)]));
    let table = contract.run(&["token", "list", "--all"], 0, std::slice::from_ref(&list));
    let (id, secret) = (text(&made, "id"), text(&made, "secret"));
    assert_eq!(
        table.stdout,
        format!(
            "{id}\tnightly build\tactive\t{}\tnever\t\n",
            text(&made, "created_at")
        )
    );
    let none = contract.json(&["token", "list", "--expires-within", "14d"], 0, &[list]);
    assert_eq!(ids(&none), [""; 0]);

    contract.home.set("BRAINMAPS_API_KEY", secret);
    let key = format!("authorization: Token {secret}");
    contract.run(&["whoami"], 0, &[call(WHO, &key)]);
    let revoke = call(&format!("POST {TOKENS}{id}/revoke/"), &key);
    let list = call(&format!("GET {TOKENS}"), &key);
    let dry_run = ["token", "revoke", id, "none-such", "--dry-run"];
    let planned = contract.json(&dry_run, 7, &[list]);
    assert_eq!(planned["would_revoke"], json!([id]));
    assert_eq!(planned["unknown"], json!(["none-such"]));
    let gone = contract.json(&["token", "revoke", id, "--yes"], 0, &[revoke]);
    assert_eq!(
        gone["results"],
        json!([{"id": id, "revoked": true, "error": null}])
    );
    contract.expect_rejected(&call(WHO, &key), "BRAINMAPS_API_KEY", "Invalid token");
}

#[test]
fn several_tokens_are_revoked_by_one_call_each_and_listed_as_revoked() {
    let (contract, header) = signed_in();
    let made = contract.revoke_two_and_an_unknown_one();
    let mut sent = contract.take_requests();
    sent.sort();
    let revoke = |id: &str| call(&format!("POST {TOKENS}{id}/revoke/"), &header);
    // It could be a name.
    let list = call(&format!("GET {TOKENS}"), &header);
    let unknown = [revoke("none-such"), list.clone()];
    let mut wire = [vec![revoke(&made[0]), revoke(&made[1])], unknown.to_vec()].concat();
    wire.sort();
    assert_eq!(sent, wire);
    let table = contract.run(&["token", "list"], 0, &[list]);
    assert_eq!(table.stdout.matches("\trevoked\t").count(), 2, "{table}");
}

#[test]
fn a_rotation_creates_verifies_and_writes_before_it_revokes() {
    let (contract, header) = signed_in();
    let create = ["token", "create", "ci", "--env-file", "app.env", "--json"];
    let made = contract.home.run(&create).expect(0).json();
    let id = text(&made, "id");
    let in_file = || {
        format!(
            "authorization: Token {}",
            contract.in_file("BRAINMAPS_API_KEY")
        )
    };
    let old = in_file();
    contract.take_requests();
    let rotated = contract
        .home
        .run(&["token", "rotate", id, "--env-file", "app.env", "--json"]);
    let rotated = rotated.expect(0).json();
    let new = in_file();
    assert_eq!(
        contract.take_requests(),
        [
            // The record of created keys contains the key of the file, so no request is sent.
            call(&format!("GET {TOKENS}"), &header),
            call(&format!("POST {TOKENS}"), &header).json(r#"{"name":"ci"}"#),
            // The rights of the new token.
            call(&format!("GET {TOKENS}"), &header),
            call(WHO, &new),
            call(&format!("POST {TOKENS}{id}/revoke/"), &header),
            call(WHO, &old),
        ]
    );
    assert_eq!(
        (text(&rotated, "replaces"), &rotated["name"]),
        (id, &json!("ci"))
    );
}

#[test]
fn a_revoked_token_is_not_rotated() {
    let (contract, header) = signed_in();
    let made = contract
        .home
        .run(&["token", "create", "ci", "--json"])
        .expect(0)
        .json();
    let id = text(&made, "id");
    contract
        .home
        .run(&["token", "revoke", id, "--yes"])
        .expect(0);
    contract.take_requests();
    let line = format!("BRAINMAPS_API_KEY={}\n", text(&made, "secret"));
    crate::support::sandbox::write_private(&contract.home.work().join("app.env"), &line);
    let list = call(&format!("GET {TOKENS}"), &header);
    let refused = contract.json(
        &["token", "rotate", id, "--env-file", "app.env"],
        7,
        &[list],
    );
    assert_eq!(refused["error"]["code"], "NOT_FOUND", "{refused}");
    assert!(
        text(&refused["error"], "message").contains("revoked or disabled"),
        "{refused}"
    );
}

#[test]
fn pages_are_requested_by_their_links() {
    let server = ScriptedServer::start(|received, url| {
        let (id, next) = match received.path.as_str() {
            "/api/tokens/" => ("one", Some(format!("{url}/api/tokens/?page=2"))),
            "/api/tokens/?page=2" => ("two", None),
            other => panic!("{other}"),
        };
        let token = json!({"id": id, "created_at": "2026-02-01T00:00:00Z", "expires_at": null, "is_revoked": false});
        ScriptedResponse::json(
            200,
            &json!({"count": 2, "next": next, "previous": null, "results": [token]}),
        )
    });
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", "key-c4n4ry-of-a-test")
        .set("BRAINMAPS_API_URL", &server.url);
    for (more, expected) in [
        (&[][..], &["one"][..]),
        (&["--all"], &["one", "two"]),
        (&["--limit", "2"], &["one", "two"]),
    ] {
        let list = home.run(&[&["token", "list", "--json"], more].concat());
        assert_eq!(ids(&list.expect(0).json()), expected, "{more:?}");
    }
    for received in server.received() {
        assert_eq!(
            received.header("authorization"),
            Some("Token key-c4n4ry-of-a-test")
        );
    }
}

#[test]
fn undocumented_calls_are_rejected_without_a_request() {
    let (contract, _) = signed_in();
    contract.expect_unsupported(
        "BrainMaps",
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
            "account resend-verification",
            "login --with-cookie",
            "login --import",
        ],
    );
}
