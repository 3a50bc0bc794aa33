//! Basic Memory Cloud: Bearer for sessions and keys, OAuth 2.0 device authorization with PKCE, `{detail}`.

use serde_json::{Value, json};

use super::{Contract, Wire, call, challenge, fields, ids, text, token};
use crate::support::process::wait_until;

/// The documented public client.
const CLIENT: &str = "client_01K6KWQPW6J1M8VV7R3TZP5A6M";
const WHO: &str = "GET /proxy/health";
const KEYS: &str = "/api/keys";

fn signed_in() -> (Contract, String) {
    let contract = Contract::with_device("basic-memory");
    let header = format!("authorization: Bearer {}", contract.credential());
    (contract, header)
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_device_login_sends_the_verifier_with_every_poll() {
    let contract = Contract::new("basic-memory", &["--interval", "1"]);
    let issuer = format!("{}/basic-memory", contract.recorder.url);
    let login = contract
        .home
        .start(&["login", "--issuer", &issuer, "--no-browser", "--json"]);
    let code = login.running.wait_for_stderr_line(|line| {
        let event: Value = serde_json::from_str(line).ok()?;
        event["user_code"].as_str().map(str::to_owned)
    });
    let mut sent = Vec::new();
    wait_until("a poll", || {
        sent.extend(contract.take_requests());
        let last = sent.last();
        last.is_some_and(|last: &Wire| last.line == "POST /oauth2/token")
    });
    contract.home.run(&["sandbox", "approve", &code]).expect(0);
    let shown = login.wait().expect(0).json();
    assert_eq!(
        (&shown["issuer"], &shown["refreshable"], &shown["scopes"]),
        (
            &json!(issuer),
            &json!(true),
            &json!(["openid", "profile", "email", "offline_access"])
        ),
        "{shown}"
    );
    sent.extend(contract.take_requests());

    let ask = sent
        .iter()
        .position(|one| one.line == "POST /oauth2/device_authorization")
        .unwrap();
    for metadata in &sent[..ask] {
        assert!(
            metadata
                .line
                .contains("/.well-known/oauth-authorization-server"),
            "{metadata:?}"
        );
        assert_eq!(
            (metadata.credential.as_str(), metadata.body.as_str()),
            ("", "")
        );
    }
    let polls = &sent[ask + 1..];
    assert!(
        polls.len() >= 2,
        "one before the approval, one after: {sent:?}"
    );
    let poll = fields(&polls[0]);
    let body = format!(
        "client_id={CLIENT}&scope=openid+profile+email+offline_access&code_challenge={}&code_challenge_method=S256",
        challenge(&poll["code_verifier"])
    );
    assert_eq!(
        sent[ask],
        call("POST /oauth2/device_authorization", "").form(&body)
    );
    let body = format!(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code={}&client_id={CLIENT}\
         &code_verifier={}",
        poll["device_code"], poll["code_verifier"]
    );
    let expected = call("POST /oauth2/token", "").form(&body);
    assert!(polls.iter().all(|poll| *poll == expected), "{polls:?}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_refresh_is_a_form_without_scope_and_verifier() {
    let (contract, before) = signed_in();
    let stored = contract.home.data().join("credentials/basic-memory.json");
    let stored: Value = serde_json::from_str(&std::fs::read_to_string(stored).unwrap()).unwrap();
    let body = format!(
        "grant_type=refresh_token&client_id={CLIENT}&refresh_token={}",
        text(&stored, "refresh_token")
    );
    let refresh = call("POST /oauth2/token", "").form(&body);
    let shown = contract.json(&["credential", "refresh", "--force"], 0, &[refresh]);
    assert_eq!(shown["refreshed"], true, "{shown}");
    let header = format!("authorization: Bearer {}", contract.credential());
    assert_ne!(header, before);
    let who = contract.run(&["whoami"], 0, &[call(WHO, &header)]);
    assert!(
        who.stdout.contains("signed in to Basic Memory Cloud"),
        "{who}"
    );
    contract.run(&["status", "--check"], 0, &[call(WHO, &header)]);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_reused_refresh_token_ends_the_session() {
    let (contract, _) = signed_in();
    contract.expect_reuse_ends_the_session("basic-memory", |token| {
        let body = format!("grant_type=refresh_token&client_id={CLIENT}&refresh_token={token}");
        call("POST /oauth2/token", "").form(&body)
    });
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn keys_are_created_listed_used_and_revoked() {
    let (mut contract, header) = signed_in();
    let create = call(&format!("POST {KEYS}"), &header).json(r#"{"name":"ci"}"#);
    let made = contract.json(&["token", "create", "ci"], 0, &[create]);
    let mut facts = json!({
        "id": made["id"], "name": "ci", "created_at": made["created_at"], "secret": made["secret"],
    });
    assert_eq!(made, token(&facts));
    facts.as_object_mut().unwrap().remove("secret");
    let list = call(&format!("GET {KEYS}"), &header);
    let listed = contract.json(&["token", "list"], 0, std::slice::from_ref(&list));
    assert_eq!(listed["tokens"], json!([token(&facts)]));
    let (id, secret) = (text(&made, "id"), text(&made, "secret"));
    assert!(secret.starts_with("bmc_"));
    let table = contract.run(&["token", "list", "--all"], 0, &[list]);
    assert_eq!(
        table.stdout,
        format!(
            "{id}\tci\tunknown\t{}\tnever\t\n",
            text(&made, "created_at")
        )
    );

    // A stored key replaces the session.
    contract.home.set("BASIC_MEMORY_CLOUD_API_KEY", secret);
    let key = format!("authorization: Bearer {secret}");
    contract.run(&["whoami"], 0, &[call(WHO, &key)]);
    let revoke = |id: &str| call(&format!("DELETE {KEYS}/{id}"), &key);
    let missing = contract.json(
        &["token", "revoke", "none-such", "--yes"],
        7,
        &[call(&format!("GET {KEYS}"), &key), revoke("none-such")],
    );
    assert!(
        text(&missing["error"], "message").contains("API key not found"),
        "{missing}"
    );
    contract.run(&["token", "revoke", id, "--yes"], 0, &[revoke(id)]);
    contract.expect_rejected(
        &call(WHO, &key),
        "BASIC_MEMORY_CLOUD_API_KEY",
        "Invalid or expired credential",
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_workspace_is_sent_to_the_service_but_not_to_the_authorization_server() {
    let (contract, header) = signed_in();
    let set = ["config", "set", "workspace.basic-memory", "ws_7"];
    contract.run(&set, 0, &[]);
    for command in ["whoami", "token list", "credential refresh --force"] {
        let arguments: Vec<&str> = command.split(' ').collect();
        contract.home.run(&arguments).expect(0);
        let received = contract.recorder.take_requests();
        let named: Vec<_> = received
            .iter()
            .map(|received| received.header("x-workspace-id"))
            .collect();
        let to_the_service = command != "credential refresh --force";
        assert_eq!(
            named,
            [to_the_service.then_some("ws_7")],
            "{command}: {received:?}"
        );
        let credential = received[0]
            .header("authorization")
            .map(|value| format!("authorization: {value}"));
        assert_eq!(
            credential,
            to_the_service.then(|| header.clone()),
            "{command}"
        );
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_stored_key_rotates_with_its_own_rights() {
    let (contract, _) = signed_in();
    let made = contract
        .home
        .run(&["token", "create", "ci", "--json"])
        .expect(0)
        .json();
    let (id, old) = (text(&made, "id"), text(&made, "secret"));
    contract.take_requests();
    let stored = contract
        .home
        .run_with_input(&["login", "--with-token"], &format!("{old}\n"));
    let header = format!("authorization: Bearer {old}");
    contract.check(stored, 0, &[call("GET /proxy/health", &header)]);
    let rotated = contract.home.run(&["token", "rotate", id]).expect(0);
    assert_eq!(rotated.stdout.trim_end(), contract.credential());
    let (old, new) = (
        format!("authorization: Bearer {old}"),
        format!("authorization: Bearer {}", contract.credential()),
    );
    assert_eq!(
        contract.take_requests(),
        [
            call(&format!("GET {KEYS}"), &old),
            call(&format!("POST {KEYS}"), &old).json(r#"{"name":"ci"}"#),
            // The rights of the new key.
            call(&format!("GET {KEYS}"), &old),
            call(WHO, &new),
            call(&format!("DELETE {KEYS}/{id}"), &new),
            call(WHO, &old),
        ]
    );
    let left = contract
        .home
        .run(&["token", "list", "--json"])
        .expect(0)
        .json();
    assert_eq!(ids(&left).len(), 1, "{left}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn logout_revokes_the_refresh_token_before_the_access_token() {
    let (contract, header) = signed_in();
    contract.home.run(&["logout"]).expect(0);
    let sent = contract.take_requests();
    let hints: Vec<_> = sent
        .iter()
        .map(|one| (one.line.as_str(), fields(one)["token_type_hint"].clone()))
        .collect();
    let revoke = "POST /oauth2/revoke";
    assert_eq!(
        hints,
        [
            (revoke, "refresh_token".to_owned()),
            (revoke, "access_token".to_owned())
        ]
    );
    let access = header.trim_start_matches("authorization: Bearer ");
    let body = format!("token={access}&token_type_hint=access_token&client_id={CLIENT}");
    assert_eq!(sent[1], call(revoke, "").form(&body));
}

#[test]
fn the_session_of_the_services_own_client_is_imported_without_a_request() {
    let contract = Contract::new("basic-memory", &["--memory"]);
    let folder = contract.home.path().join(".basic-memory");
    std::fs::create_dir(&folder).unwrap();
    let file = json!({
        "access_token": "access-c4n4ry", "refresh_token": "refresh-c4n4ry", "expires_at": 4_102_444_800_u64,
        "token_type": "Bearer",
    });
    let path = folder.join("basic-memory-cloud.json");
    crate::support::sandbox::write_private(&path, &file.to_string());
    let shown = contract.json(&["login", "--import"], 0, &[]);
    assert_eq!(
        (
            &shown["refreshable"],
            &shown["expires_at"],
            &shown["issuer"]
        ),
        (
            &json!(true),
            &json!("2100-01-01T00:00:00Z"),
            &json!("https://eloquent-lotus-05.authkit.app")
        ),
        "{shown}"
    );
    assert_eq!(contract.credential(), "access-c4n4ry");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn undocumented_calls_are_rejected_without_a_request() {
    let (contract, _) = signed_in();
    contract.expect_unsupported(
        "Basic Memory",
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
            "login --password",
            "login --with-cookie",
        ],
    );
}
