//! `login --import` binds the session of another client to the issuer and client in effect, not to the built-in ones.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    scripted_server::{AuthorizationServerScript, ScriptedResponse, ScriptedServer, metadata},
    test_home::TestHome,
};

const BUILT_IN: &str = "https://eloquent-lotus-05.authkit.app";
const IMPORT: &[&str] = &["--profile", "basic-memory", "login", "--import", "--json"];

/// A home with the token file of Basic Memory's own client.
fn home_with_token_file() -> (TestHome, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("basic-memory-cloud.json");
    let text = r#"{"access_token":"access-c4n4ry","refresh_token":"refresh-c4n4ry","expires_at":4102444800,"token_type":"Bearer"}"#;
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    let mut home = TestHome::new();
    home.set("BASIC_MEMORY_CONFIG_DIR", folder.path().to_str().unwrap());
    (home, folder)
}

fn authority(home: &TestHome) -> Value {
    let path = home.data().join("credentials/basic-memory.json");
    let stored: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    stored["authority"].clone()
}

/// Refreshes the imported session: its refresh token is sent to `server` only.
#[track_caller]
fn expect_refresh_at(home: &TestHome, server: &ScriptedServer) {
    let refresh = [
        "--profile",
        "basic-memory",
        "credential",
        "refresh",
        "--force",
    ];
    home.run(&refresh).expect(0);
    let received = server.received().into_iter();
    let refreshes: Vec<_> = received
        .filter(|received| received.path == "/token")
        .collect();
    assert_eq!(refreshes.len(), 1);
    assert!(refreshes[0].body.contains("refresh_token=refresh-c4n4ry"));
    assert!(
        refreshes[0].body.contains("client_id=other"),
        "{refreshes:?}"
    );
}

#[test]
fn imported_session_is_bound_to_the_issuer_and_client_of_the_variables() {
    let server = AuthorizationServerScript::default().serve();
    let (mut home, _folder) = home_with_token_file();
    home.set("BASIC_MEMORY_CLOUD_DOMAIN", &server.url);
    home.set("BASIC_MEMORY_CLOUD_CLIENT_ID", "other");
    let printed = home.run(IMPORT).expect(0).json();
    assert_eq!(printed["issuer"], server.url);
    let authority = authority(&home);
    assert_eq!(authority["client_id"], "other");
    assert_eq!(authority["token_endpoint"], format!("{}/token", server.url));
    expect_refresh_at(&home, &server);
}

#[test]
fn imported_session_is_bound_to_the_named_issuer_and_client() {
    let server = AuthorizationServerScript::default().serve();
    let (mut home, _folder) = home_with_token_file();
    home.set("BASIC_MEMORY_CLOUD_DOMAIN", "https://variable.example");
    let named = ["--issuer", &server.url, "--client-id", "other"];
    home.run(&[IMPORT, &named].concat()).expect(0);
    assert_eq!(authority(&home)["issuer"], server.url);
    expect_refresh_at(&home, &server);
}

#[test]
fn an_issuer_without_metadata_gets_the_described_paths() {
    let scripted = AuthorizationServerScript {
        metadata: Box::new(|_| ScriptedResponse::html(404)),
        ..AuthorizationServerScript::default()
    };
    let server = scripted.serve();
    let (home, _folder) = home_with_token_file();
    home.run(&[IMPORT, &["--issuer", &server.url]].concat())
        .expect(0);
    let authority = authority(&home);
    let expected = format!("{}/oauth2/token", server.url);
    assert_eq!(authority["token_endpoint"], expected);
    assert!(!authority.to_string().contains(BUILT_IN), "{authority}");
}

#[test]
fn issuer_that_names_another_servers_token_endpoint_gets_no_session() {
    let evil = AuthorizationServerScript::default().serve();
    let endpoint = format!("{}/token", evil.url);
    let scripted = AuthorizationServerScript {
        metadata: Box::new(move |url| {
            let mut metadata = metadata(url);
            metadata["token_endpoint"] = json!(endpoint);
            ScriptedResponse::json(200, &metadata)
        }),
        ..AuthorizationServerScript::default()
    };
    let server = scripted.serve();
    let (home, _folder) = home_with_token_file();
    let outcome = home.run(&[IMPORT, &["--issuer", &server.url]].concat());
    let outcome = outcome.expect(1);
    assert!(outcome.stdout.contains(&evil.url), "{outcome}");
    assert!(!home.data().join("credentials/basic-memory.json").exists());
}

#[test]
fn an_import_without_a_named_issuer_sends_no_request() {
    let (home, _folder) = home_with_token_file();
    let outcome = home.run(&[IMPORT, &["-v"]].concat()).expect(0);
    assert_eq!(outcome.json()["issuer"], BUILT_IN);
    assert!(!outcome.stderr.contains("> "), "no request: {outcome}");
}
