//! `--verify` and `--revoke` of a session that a profile stores: its own server receives it, and its logout revokes it.

use std::fs;

use serde_json::{Value, json};

use super::revoke::{SESSIONS, add_description, jwt};
use super::{HEX, Scene, random};
use crate::support::sandbox::{EMAIL, PASSWORD, Sandbox};
use crate::support::scripted_server::{ScriptedResponse, ScriptedServer};
use crate::terminal::on_a_terminal;

/// A sandbox whose logins are approved.
pub(super) fn sandbox(scene: &Scene) -> Sandbox {
    let sandbox = Sandbox::start(&scene.home, &["--auto-approve", "--interval", "0"]);
    sandbox.wait_until_it_responds();
    sandbox
}

/// Adds a profile of `provider` at `url`.
pub(super) fn add_profile(scene: &Scene, profile: &str, provider: &str, url: &str) {
    let add = ["profile", "add", profile, "--provider", provider];
    let add = [&["--api-url", url], &add[..]].concat();
    scene.home.run(&add).expect(0);
}

/// Signs in with a password, and returns the session token.
pub(super) fn sign_in(scene: &Scene, profile: &str, sandbox: &Sandbox) -> String {
    add_profile(scene, profile, "brainmaps", &sandbox.url);
    let login = ["--profile", profile, "login", "--password-stdin"];
    let login = [&login[..], &["--username", EMAIL]].concat();
    scene.home.run_with_input(&login, PASSWORD).expect(0);
    text(&stored(scene, profile)["secret"])
}

pub(super) fn stored(scene: &Scene, profile: &str) -> Value {
    let file = scene
        .home
        .data()
        .join(format!("credentials/{profile}.json"));
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

pub(super) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

pub(super) fn is_signed_in(scene: &Scene, profile: &str) -> bool {
    let status = scene.home.run(&["--profile", profile, "status", "--json"]);
    status.json()["profiles"][0]["state"] != "none"
}

pub(super) fn turn_on_log(scene: &Scene) {
    let log = scene.home.path().join("audit.jsonl");
    let set = ["config", "set", "audit_log", log.to_str().unwrap()];
    scene.home.run(&set).expect(0);
}

/// Each event as `EVENT PROFILE RESULT`.
pub(super) fn events(scene: &Scene) -> Vec<String> {
    let log = scene.home.run(&["credential", "log", "--json"]).json();
    let events = log["events"].as_array().unwrap().iter();
    let parts = |event: &Value| ["event", "profile", "result"].map(|part| text(&event[part]));
    events.map(|event| parts(event).join(" ")).collect()
}

#[test]
fn session_is_revoked_by_the_logout_of_the_profile_that_stores_it() {
    let scene = Scene::new();
    let sandbox = sandbox(&scene);
    let token = sign_in(&scene, "work", &sandbox);
    sign_in(&scene, "home", &sandbox);
    scene.write("notes.txt", format!("see {token}"));
    let account = || sandbox.get("/api/auth/me/", &format!("authorization: Token {token}"));

    let planned = scene.findings(&["--revoke", "--dry-run"]);
    assert_eq!(planned.len(), 1, "{planned:?}");
    assert_eq!(planned[0]["revocation"], "logout");
    assert_eq!(planned[0]["profiles"], json!(["work"]));
    let shown = scene.scan(&["--revoke", "--dry-run"]).expect(9);
    assert!(
        shown.stdout.contains("by logout of profile `work`"),
        "{shown}"
    );
    assert!(account().contains(EMAIL), "--dry-run sends nothing");
    assert!(is_signed_in(&scene, "work"));

    turn_on_log(&scene);
    let revoked = scene.scan(&["--revoke", "--yes"]).expect(9);
    assert!(revoked.stdout.contains("revoked"), "{revoked}");
    let done = "Signed out of profile `work`";
    assert!(revoked.stderr.contains(done), "{revoked}");
    assert!(!account().contains(EMAIL), "{}", account());
    assert!(!is_signed_in(&scene, "work"));
    assert!(is_signed_in(&scene, "home"));
    scene.home.run(&["--profile", "home", "whoami"]).expect(0);
    assert_eq!(
        events(&scene)[..2],
        ["logout work ok", "token-revoke work ok"]
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn both_tokens_of_a_session_are_revoked_by_one_logout() {
    let scene = Scene::new();
    let sandbox = sandbox(&scene);
    let url = format!("{}/basic-memory", sandbox.url);
    add_profile(&scene, "notes", "basic-memory", &url);
    let login = ["--profile", "notes", "login", "--device", "--no-open"];
    let login = [&login[..], &["--issuer", &url]].concat();
    scene.home.run(&login).expect(0);
    let session = stored(&scene, "notes");
    let (access, refresh) = (text(&session["secret"]), text(&session["refresh_token"]));
    let grant = format!(
        "grant_type=refresh_token&client_id={}&refresh_token={refresh}",
        brainmaps::sandbox::BASIC_MEMORY_CLIENT_ID
    );
    scene.write(
        "copy.json",
        format!("{{\"a\": \"{access}\", \"r\": \"{refresh}\"}}"),
    );

    let findings = scene.findings(&["--revoke", "--yes"]);
    assert_eq!(findings.len(), 2, "{findings:?}");
    for finding in &findings {
        assert_eq!(finding["state"], "revoked", "{finding}");
    }
    assert!(!is_signed_in(&scene, "notes"));
    let header = format!("authorization: Bearer {access}");
    let health = sandbox.get("/basic-memory/proxy/health", &header);
    assert!(!health.contains("\"status\""), "{health}");
    let refreshed = sandbox.post("/basic-memory/oauth2/token", "accept: */*", &grant);
    assert!(refreshed.contains("invalid_grant"), "{refreshed}");
}

#[test]
fn every_profile_that_stores_the_session_is_signed_out() {
    let scene = Scene::new();
    let sandbox = sandbox(&scene);
    let token = sign_in(&scene, "work", &sandbox);
    let folder = scene.home.data().join("credentials");
    fs::copy(folder.join("work.json"), folder.join("copy.json")).unwrap();
    scene.write("a.txt", &token);
    let planned = scene.findings(&["--revoke", "--dry-run"]);
    assert_eq!(planned[0]["profiles"], json!(["copy", "work"]));
    let revoked = scene.scan(&["--revoke", "--yes", "--json"]).expect(9);
    assert_eq!(revoked.json()["findings"][0]["state"], "revoked");
    assert!(!revoked.stderr.contains("warning"), "{revoked}");
    for file in ["work.json", "copy.json"] {
        assert!(!folder.join(file).exists(), "{file}");
    }
}

#[test]
fn session_whose_server_cannot_be_reached_is_not_reported_as_revoked() {
    let scene = Scene::new();
    let sandbox = sandbox(&scene);
    let token = sign_in(&scene, "work", &sandbox);
    scene.write("a.txt", &token);
    turn_on_log(&scene);
    drop(sandbox);
    let failed = scene.scan(&["--revoke", "--yes", "--json"]).expect(9);
    assert_eq!(failed.json()["findings"][0]["state"], Value::Null);
    for part in [
        "the session of profile \"work\" may still be valid",
        "revoke it on the website of BrainMaps",
        "brainmaps --profile work login",
    ] {
        assert!(failed.stderr.contains(part), "{failed}");
    }
    assert!(!failed.stderr.contains("Signed out of"), "{failed}");
    assert!(is_signed_in(&scene, "work"), "a later scan finds it");
    let mut failures = events(&scene);
    failures.sort();
    let expected = ["logout work FAILED", "token-revoke work FAILED"];
    assert_eq!(failures, expected);
}

#[test]
fn question_names_the_profile_that_is_signed_out() {
    let scene = Scene::new();
    let sandbox = sandbox(&scene);
    let token = sign_in(&scene, "work", &sandbox);
    scene.write("a.txt", &token);
    let tree = scene.tree.path().to_str().unwrap();
    let declined = on_a_terminal(&scene.home, &["token", "scan", "--revoke", tree], "n\n");
    let declined = declined.wait().expect(3);
    let question = format!(
        "Revoke 1 key at {} and sign out of profile `work`?",
        sandbox.url
    );
    // The terminal wraps the line.
    let shown = declined.stdout.replace(['\r', '\n'], " ");
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains(&question), "{declined}");
    assert!(is_signed_in(&scene, "work"));
}

#[test]
fn stored_credentials_are_verified_at_the_server_of_their_profile() {
    let mut scene = Scene::new();
    let sandbox = sandbox(&scene);
    let session = sign_in(&scene, "work", &sandbox);
    let other = ScriptedServer::start(|_, _| ScriptedResponse::json(401, &json!({})));
    add_profile(&scene, "brainmaps", "brainmaps", &other.url);
    let service = ScriptedServer::start(|received, _| {
        let is_key = received.header("authorization").is_some();
        ScriptedResponse::json(if is_key { 200 } else { 401 }, &json!({"email": "me@a.b"}))
    });
    add_profile(&scene, "keys", "brainmaps", &service.url);
    let key = random(HEX, 40, 1);
    scene.home.record().secret(&key);
    let login = ["--profile", "keys", "login", "--with-token", "--no-verify"];
    scene.home.run_with_input(&login, &key).expect(0);
    scene.home.set("BRAINMAPS_API_URL", &other.url);
    scene.write("a.txt", format!("{session}\n{key}\n"));

    let findings = scene.findings(&["--verify", "--yes"]);
    let states: Vec<&Value> = findings.iter().map(|it| &it["state"]).collect();
    assert_eq!(states, ["live", "live"]);
    let received = service.received();
    let header = format!("Token {key}");
    assert_eq!(received.len(), 1, "{received:?}");
    assert_eq!(received[0].header("authorization"), Some(header.as_str()));
    let planned = scene.findings(&["--revoke", "--dry-run"]);
    let steps: Vec<&Value> = planned.iter().map(|it| &it["revocation"]).collect();
    assert_eq!(steps, ["logout", "list"], "a stored key is not a session");
    assert_eq!(planned[1]["profiles"], json!([]));
    let revoked = scene.findings(&["--revoke", "--yes"]);
    assert_eq!(revoked[0]["state"], "revoked");
    assert_eq!(other.received().len(), 0);
}

#[test]
fn session_that_the_service_accepts_after_the_logout_stays_stored() {
    let scene = Scene::new();
    let token = random(HEX, 40, 1);
    let granted = token.clone();
    let service = ScriptedServer::start(move |_, _| {
        ScriptedResponse::json(200, &json!({"token": granted, "email": "me@a.b"}))
    });
    scene.home.record().secret(&token);
    add_profile(&scene, "work", "brainmaps", &service.url);
    let login = ["--profile", "work", "login", "--password-stdin"];
    let login = [&login[..], &["--username", EMAIL]].concat();
    scene.home.run_with_input(&login, PASSWORD).expect(0);
    scene.write("a.txt", &token);
    let scanned = scene.scan(&["--revoke", "--yes", "--json"]).expect(9);
    assert_eq!(scanned.json()["findings"][0]["state"], Value::Null);
    let reason = "the service still accepts the token";
    assert!(scanned.stderr.contains(reason), "{scanned}");
    assert!(!scanned.stderr.contains("Signed out of"), "{scanned}");
    assert!(is_signed_in(&scene, "work"), "a later scan finds it");
}

/// An authorization server that grants the access token `jwt(its URL)`.
fn issuer_of_jwts() -> ScriptedServer {
    ScriptedServer::start(|received, url| {
        let body = match received.path.as_str() {
            "/device" => json!({
                "device_code": "d", "user_code": "U", "verification_uri": format!("{url}/page"),
                "expires_in": 600, "interval": 0,
            }),
            "/token" => json!({
                "access_token": jwt(url), "refresh_token": "refresh-token-of-the-session",
                "token_type": "Bearer", "expires_in": 3600,
            }),
            path if path.contains("/.well-known/") => json!({
                "issuer": url,
                "token_endpoint": format!("{url}/token"),
                "device_authorization_endpoint": format!("{url}/device"),
                "revocation_endpoint": format!("{url}/revoke"),
            }),
            _ => json!({}),
        };
        ScriptedResponse::json(200, &body)
    })
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn jwt_of_a_stored_session_is_revoked_with_its_refresh_token_first() {
    let scene = Scene::new();
    let issuer = issuer_of_jwts();
    let token = jwt(&issuer.url);
    scene.home.record().secret(&token);
    add_description(&scene, "acme", &issuer.url, SESSIONS);
    let login = ["--profile", "acme", "login", "--device", "--no-open"];
    scene.home.run(&login).expect(0);
    scene.write("a.txt", &token);
    let findings = scene.findings(&["--revoke", "--yes"]);
    assert_eq!(findings[0]["kind"], "jwt");
    assert_eq!(findings[0]["state"], "revoked");
    assert!(!is_signed_in(&scene, "acme"));
    let received = issuer.received();
    let revocations = received.iter().filter(|it| it.path == "/revoke");
    let hints: Vec<bool> = revocations
        .map(|it| it.body.contains("token=refresh-token-of-the-session"))
        .collect();
    assert_eq!(hints, [true, false]);
}
