//! `--verify` and `--revoke` of keys that several servers, or another server than the one of their service, may accept.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::Scene;
use super::sign_out::{
    add_profile, events, is_signed_in, sandbox, sign_in, stored, text, turn_on_log,
};
#[cfg(feature = "keyring")]
use super::{HEX, random};
#[cfg(feature = "keyring")]
use crate::support::keyring::PrivateKeyring;
use crate::support::sandbox::{EMAIL, Sandbox, write_private};
use crate::support::scripted_server::{ScriptedResponse, ScriptedServer};
use crate::terminal::on_a_terminal;

/// A server with one status for all requests of the API, and one for all calls that change something.
fn server(read: u16, change: u16) -> ScriptedServer {
    ScriptedServer::start(move |received, _| {
        let status = if received.method == "GET" {
            read
        } else {
            change
        };
        ScriptedResponse::json(status, &json!({"email": "me@a.b"}))
    })
}

fn credential_file(scene: &Scene, profile: &str) -> PathBuf {
    let name = format!("credentials/{profile}.json");
    scene.home.data().join(name)
}

fn write_stored(scene: &Scene, profile: &str, stored: &Value) {
    write_private(&credential_file(scene, profile), &stored.to_string());
}

/// Adds `profile` at `url`, with the session of `work`.
fn copy_session(scene: &Scene, profile: &str, url: &str) {
    add_profile(scene, profile, "brainmaps", url);
    let mut session = stored(scene, "work");
    session["origin"] = url.into();
    write_stored(scene, profile, &session);
}

fn is_accepted(sandbox: &Sandbox, token: &str) -> bool {
    let header = format!("authorization: Token {token}");
    sandbox.get("/api/auth/me/", &header).contains(EMAIL)
}

fn state(scene: &Scene, arguments: &[&str]) -> Value {
    scene.findings(arguments)[0]["state"].clone()
}

#[test]
fn session_of_two_servers_is_revoked_at_both() {
    let scene = Scene::new();
    let sandbox = sandbox(&scene);
    let token = sign_in(&scene, "work", &sandbox);
    let other = server(401, 200);
    copy_session(&scene, "a", &other.url);
    scene.write("a.txt", &token);
    assert_eq!(state(&scene, &["--verify", "--yes"]), "live");

    let tree = scene.tree.path().to_str().unwrap();
    let arguments = ["token", "scan", "--revoke", tree];
    let declined = on_a_terminal(&scene.home, &arguments, "n\n")
        .wait()
        .expect(3);
    let shown = declined.stdout.split_whitespace().collect::<String>();
    for url in [&sandbox.url, &other.url] {
        assert!(shown.contains(&format!("1keyat{url}")), "{declined}");
    }
    assert!(is_accepted(&sandbox, &token));

    assert_eq!(state(&scene, &["--revoke", "--yes"]), "revoked");
    assert!(!is_accepted(&sandbox, &token));
    for profile in ["a", "work"] {
        assert!(!is_signed_in(&scene, profile), "{profile}");
    }
    let received = other.received();
    assert!(received.iter().any(|it| it.method == "POST"));
}

#[test]
fn session_that_one_of_two_servers_does_not_revoke_is_not_reported_as_revoked() {
    let scene = Scene::new();
    let sandbox = sandbox(&scene);
    let token = sign_in(&scene, "work", &sandbox);
    let other = server(200, 403);
    copy_session(&scene, "a", &other.url);
    scene.write("a.txt", &token);
    turn_on_log(&scene);
    let scanned = scene.scan(&["--revoke", "--yes"]).expect(9);
    assert!(!scanned.stdout.contains("revoked"), "{scanned}");
    for part in [
        "the session of profile \"a\" may still be valid",
        &format!("revoke it on the website of BrainMaps ({})", other.url),
        "brainmaps --profile a login",
        "Signed out of profile `work`\n",
    ] {
        assert!(scanned.stderr.contains(part), "{part}: {scanned}");
    }
    assert!(!scanned.stderr.contains("profile \"work\""), "{scanned}");
    assert!(is_signed_in(&scene, "a"), "a later scan finds it");
    assert!(!is_signed_in(&scene, "work"));
    assert!(!is_accepted(&sandbox, &token));
    let events = events(&scene);
    for event in [
        "logout work ok",
        "token-revoke work ok",
        "token-revoke a FAILED",
    ] {
        assert!(events.iter().any(|it| it == event), "{event}: {events:?}");
    }
}

#[test]
fn session_that_its_server_rejects_already_is_deleted() {
    let scene = Scene::new();
    let sandbox = sandbox(&scene);
    let token = sign_in(&scene, "work", &sandbox);
    scene.write("a.txt", &token);
    let header = format!("authorization: Token {token}");
    sandbox.post("/api/auth/logout/", &header, "");
    assert!(!is_accepted(&sandbox, &token));
    let scanned = scene.scan(&["--revoke", "--yes", "--json"]).expect(9);
    assert_eq!(scanned.json()["findings"][0]["state"], "revoked");
    assert!(!scanned.stderr.contains("warning"), "{scanned}");
    assert!(!is_signed_in(&scene, "work"));
}

#[test]
fn stored_key_is_not_reported_as_revoked_while_another_server_accepts_it() {
    let scene = Scene::new();
    let sandbox = sandbox(&scene);
    let token = sign_in(&scene, "work", &sandbox);
    let other = server(200, 200);
    copy_session(&scene, "keys", &other.url);
    let mut key = stored(&scene, "keys");
    key["kind"] = "api_key".into();
    write_stored(&scene, "keys", &key);
    scene.write("a.txt", &token);
    let scanned = scene.scan(&["--revoke", "--yes", "--json"]).expect(9);
    assert_eq!(scanned.json()["findings"][0]["state"], Value::Null);
    let reason = "profile \"keys\" may still be valid";
    assert!(scanned.stderr.contains(reason), "{scanned}");
    assert!(!is_accepted(&sandbox, &token));
}

#[test]
fn key_that_was_created_here_is_sent_to_its_own_server_only() {
    let mut scene = Scene::new();
    let sandbox = sandbox(&scene);
    sign_in(&scene, "work", &sandbox);
    let create = ["--profile", "work", "token", "create", "ci", "--json"];
    let key = text(&scene.home.run(&create).expect(0).json()["secret"]);
    let other = server(200, 200);
    add_profile(&scene, "brainmaps", "brainmaps", &other.url);
    scene.home.set("BRAINMAPS_API_URL", &other.url);
    scene.write("a.txt", &key);

    assert_eq!(state(&scene, &["--verify", "--yes"]), "live");
    let planned = scene.findings(&["--revoke", "--dry-run"]);
    assert_eq!(planned[0]["revocation"], "id");
    assert_eq!(state(&scene, &["--revoke", "--yes"]), "revoked");
    assert!(!is_accepted(&sandbox, &key));
    assert!(credential_file(&scene, "work").exists());
    assert_eq!(other.received().len(), 0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn refresh_token_whose_server_revokes_no_tokens_is_revoked_by_hand() {
    let scene = Scene::new();
    let sandbox = sandbox(&scene);
    let url = format!("{}/basic-memory", sandbox.url);
    add_profile(&scene, "notes", "basic-memory", &url);
    let login = ["--profile", "notes", "login", "--device", "--no-open"];
    let login = [&login[..], &["--issuer", &url]].concat();
    scene.home.run(&login).expect(0);
    let mut session = stored(&scene, "notes");
    session["authority"]["revocation_endpoint"] = Value::Null;
    write_stored(&scene, "notes", &session);
    scene.write("a.txt", text(&session["refresh_token"]));
    let planned = scene.findings(&["--revoke", "--dry-run"]);
    assert_eq!(planned[0]["revocation"], "manual");
    let scanned = scene.scan(&["--revoke", "--yes"]).expect(9);
    let reason = "the server has no call for it; revoke it on the website of Basic Memory";
    assert!(scanned.stderr.contains(reason), "{scanned}");
    assert!(is_signed_in(&scene, "notes"));
}

#[test]
#[cfg(feature = "keyring")]
fn old_copy_of_a_keyring_session_has_to_be_revoked_too() {
    let mut scene = Scene::new();
    let test = "old copy of a keyring session";
    let Some(_keyring) = PrivateKeyring::start(&mut scene.home, test) else {
        return;
    };
    let copy = random(HEX, 40, 1);
    let (token, leaked) = (random(HEX, 40, 2), format!("Token {copy}"));
    let granted = token.clone();
    // Revokes the session in the keyring, and does not revoke the copy.
    let server = ScriptedServer::start(move |received, _| {
        let is_copy = received.header("authorization") == Some(&leaked);
        let status = match (received.path.contains("logout"), is_copy) {
            (true, true) => 403,
            (false, false) if received.method == "GET" => 401,
            _ => 200,
        };
        ScriptedResponse::json(status, &json!({"token": granted, "email": EMAIL}))
    });
    for secret in [&copy, &token] {
        scene.home.record().secret(secret);
    }
    add_profile(&scene, "work", "brainmaps", &server.url);
    let login = ["--profile", "work", "login", "--password-stdin"];
    let login = [&login[..], &["--username", EMAIL]].concat();
    scene.home.run_with_input(&login, "demo").expect(0);
    let mut session = stored(&scene, "work");
    let migrate = [&login[..], &["--storage", "keyring"]].concat();
    scene.home.run_with_input(&migrate, "demo").expect(0);
    session["secret"] = copy.clone().into();
    write_stored(&scene, "work", &session);
    scene.write("a.txt", &copy);
    let scanned = scene.scan(&["--revoke", "--yes", "--json"]).expect(9);
    assert_eq!(scanned.json()["findings"][0]["state"], Value::Null);
    let reason = "the session of profile \"work\" may still be valid";
    assert!(scanned.stderr.contains(reason), "{scanned}");
    assert!(credential_file(&scene, "work").exists());
}
