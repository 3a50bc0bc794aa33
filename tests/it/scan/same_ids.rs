//! Two accounts of one server, whose tokens have the same ids.

use serde_json::{Value, json};

use super::{HEX, Scene, random};
use crate::support::scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer};
use crate::support::test_home::CommandResult;

const PROFILES: [&str; 2] = ["home", "work"];

/// The key that the profile is signed in with.
fn own_key(profile: &str) -> String {
    format!("own-key-of-{profile}-{}", random(HEX, 20, 0))
}

/// The key of token 7 in the account of the profile.
fn created_key(profile: &str) -> String {
    random(HEX, 40, profile.len() as u64 + u64::from(profile == "work"))
}

fn is_sent_by(received: &ReceivedRequest, profile: &str) -> bool {
    let sent = received.header("authorization").unwrap_or_default();
    sent.ends_with(&own_key(profile))
}

fn server() -> ScriptedServer {
    ScriptedServer::start(|received, _| {
        let token = json!({"id": 7, "name": "ci", "is_revoked": false, "created_at": "2020-01-01T00:00:00Z"});
        if received.method == "GET" {
            return ScriptedResponse::json(200, &json!({"results": [token], "next": null}));
        }
        let mut profiles = PROFILES.into_iter();
        let profile = profiles.find(|profile| is_sent_by(received, profile));
        let key = created_key(profile.unwrap_or_default());
        ScriptedResponse::json(201, &json!({"id": 7, "name": "ci", "token": key}))
    })
}

fn run(scene: &Scene, profile: &str, arguments: &[&str]) -> CommandResult {
    let arguments = [&["--profile", profile][..], arguments].concat();
    scene.home.run_with_input(&arguments, &own_key(profile))
}

/// Signs in to both accounts, and creates a token in each.
fn scene(server: &ScriptedServer) -> Scene {
    let scene = Scene::new();
    for profile in PROFILES {
        let add = ["--api-url", &server.url, "profile", "add", profile];
        let add = [&add[..], &["--provider", "brainmaps"]].concat();
        scene.home.run(&add).expect(0);
        run(&scene, profile, &["login", "--with-token", "--no-verify"]).expect(0);
        let file = format!("{profile}.env");
        let create = ["token", "create", "ci", "--env-file", &file];
        run(&scene, profile, &create).expect(0);
    }
    scene
}

fn due_tokens(scene: &Scene, profile: &str) -> Value {
    let due = ["token", "rotate", "--due", "--dry-run", "--json"];
    run(scene, profile, &due).expect(0).json()["would_rotate"].clone()
}

#[test]
fn revoked_token_leaves_the_records_of_the_other_account() {
    let server = server();
    let scene = scene(&server);
    run(&scene, "home", &["token", "revoke", "7", "--yes"]).expect(0);
    assert_eq!(due_tokens(&scene, "home"), json!([]));
    assert_eq!(due_tokens(&scene, "work")[0]["id"], "7");

    scene.write("a.txt", created_key("work"));
    let planned = scene.findings(&["--revoke", "--dry-run"]);
    assert_eq!(planned[0]["revocation"], "id", "the key works");
}

#[test]
fn rotation_replaces_no_key_of_the_other_account() {
    let server = server();
    let scene = scene(&server);
    let file = scene.home.work().join("work.env");
    let before = std::fs::read_to_string(&file).unwrap();
    let rotate = ["token", "rotate", "7", "--env-file"];
    let rotate = [&rotate[..], &[file.to_str().unwrap()]].concat();
    let refused = run(&scene, "home", &rotate);
    assert_ne!(before, "");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before, "{refused}");
    refused.expect(2);
}

#[test]
fn found_key_is_revoked_in_the_account_that_created_it() {
    let server = server();
    let scene = scene(&server);
    scene.write("a.txt", created_key("work"));
    let revoked = scene.findings(&["--revoke", "--yes"]);
    assert_eq!(revoked[0]["state"], "revoked");
    let received = server.received();
    let mut sent = received.iter();
    let sent = sent.find(|it| it.path == "/api/tokens/7/revoke/").unwrap();
    assert!(is_sent_by(sent, "work"), "{sent:?}");
    assert_eq!(due_tokens(&scene, "home")[0]["id"], "7");
    assert_eq!(due_tokens(&scene, "work"), json!([]));
}

#[test]
fn revoked_key_of_another_profile_is_not_revoked_again() {
    let server = server();
    let scene = scene(&server);
    let key = created_key("work");
    let add = ["--api-url", &server.url, "profile", "add", "job"];
    let add = [&add[..], &["--provider", "brainmaps"]].concat();
    scene.home.run(&add).expect(0);
    let login = ["--profile", "job", "login", "--with-token", "--no-verify"];
    scene.home.run_with_input(&login, &key).expect(0);
    scene.write("a.txt", &key);
    for _ in 0..2 {
        let revoked = scene.findings(&["--revoke", "--yes"]);
        assert_eq!(revoked[0]["state"], "revoked");
    }
    let received = server.received();
    let sent = received.iter().filter(|it| it.path.ends_with("/revoke/"));
    assert_eq!(sent.count(), 1);
}
