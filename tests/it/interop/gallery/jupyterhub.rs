//! `jupyterhub` of `PyPI`.

use std::collections::BTreeSet;
use std::net::TcpStream;
use std::process::Command;

use serde_json::{Value, json};

use super::{Service, assert_lives, text};
use crate::support::{
    peer,
    process::{RunningProcess, wait_until},
    test_home::TestHome,
    unused_port,
};

const PASSWORD: &str = "hunter2-c4n4ry-password";

struct Hub {
    url: String,
    _process: RunningProcess,
}

impl Hub {
    /// `None` if it is not installed.
    fn start(home: &TestHome) -> Option<Self> {
        let python = peer::python("jupyterhub")?;
        let address = format!("127.0.0.1:{}", unused_port());
        let url = format!("http://{address}");
        let folder = home.path().join("hub");
        std::fs::create_dir(&folder).unwrap();
        let mut command = Command::new(python);
        command
            .args(["-m", "jupyterhub", "--config"])
            .arg(peer::script("jupyterhub_config.py"))
            .current_dir(&folder)
            .env_clear()
            .env("HOME", &folder)
            .env("PATH", std::env::var("PATH").unwrap())
            .env("HUB_URL", &url)
            .env("HUB_PASSWORD", PASSWORD);
        let process = RunningProcess::start(&mut command, "");
        wait_until("the hub listens", || TcpStream::connect(&address).is_ok());
        Some(Self {
            url,
            _process: process,
        })
    }
}

/// Starts a hub, and signs in with the password.
fn signed_in() -> Option<(Service, Hub)> {
    let home = TestHome::new();
    let hub = Hub::start(&home)?;
    home.record().secret(PASSWORD);
    let service = Service::new(home, "jupyterhub");
    login(&service, &hub, PASSWORD).expect(0);
    Some((service, hub))
}

fn login(service: &Service, hub: &Hub, password: &str) -> crate::support::test_home::CommandResult {
    #[rustfmt::skip]
    let arguments = ["--api-url", &hub.url, "login", "--username", "ada", "--password-stdin", "--replace", "--json"];
    service.run_with_input(&arguments, password)
}

fn scopes(token: &Value) -> BTreeSet<&str> {
    let scopes = token["scopes"].as_array().unwrap();
    scopes.iter().map(text).collect()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn hub_signs_in_by_password_and_by_key() {
    let Some((service, hub)) = signed_in() else {
        return;
    };
    let wrong = login(&service, &hub, "wrong-c4n4ry-password").expect(4);
    assert_eq!(wrong.error_code(), "CREDENTIAL_REJECTED");
    assert_eq!(service.run(&["whoami"]).expect(0).stdout, "ada\n");
    let key = service.create(&["key"]);
    let key = text(&key["secret"]);
    service.run(&["logout"]).expect(0);
    let session = "password login";
    let wrong = ["login", "--with-token", "--replace", "--json"];
    let refused = service
        .run_with_input(&wrong, "0123456789abcdef0123456789abcdef")
        .expect(4);
    assert_eq!(refused.error_code(), "CREDENTIAL_REJECTED");
    service
        .run_with_input(&["login", "--with-token"], key)
        .expect(0);
    let status = service.run(&["status", "--check", "--json"]).expect(0);
    assert_eq!(status.json()["profiles"][0]["state"], "valid");
    assert!(service.token(session).is_none(), "logout revoked the token");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn hub_rejects_a_wrong_key_of_the_environment() {
    let mut home = TestHome::new();
    let Some(hub) = Hub::start(&home) else {
        return;
    };
    home.set("JUPYTERHUB_URL", &hub.url);
    home.set("JUPYTERHUB_API_TOKEN", "0123456789abcdef0123456789abcdef");
    let service = Service::new(home, "jupyterhub");
    let status = service.run(&["status", "--check", "--json"]).expect(4);
    assert_eq!(status.json()["profiles"][0]["state"], "rejected");
    let refused = service.run(&["whoami", "--json"]).expect(4);
    assert_eq!(refused.error_code(), "CREDENTIAL_REJECTED");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn hub_creates_lists_and_revokes_tokens() {
    let Some((service, _hub)) = signed_in() else {
        return;
    };
    let scope = "read:users!user=ada";
    let short = service.create(&["short", "--expires-in", "12h", "--scope", scope]);
    assert_lives(&short, 12);
    assert!(scopes(&short).contains(scope), "{short}");
    assert!(!scopes(&short).contains("tokens!user=ada"), "{short}");
    assert_lives(&service.create(&["long", "--expires-in", "90d"]), 90 * 24);
    let endless = service.create(&["endless"]);
    assert_eq!(endless["expires_at"], json!(null));

    let listed = service.token("short").unwrap();
    assert_lives(&listed, 12);
    assert_eq!(
        (&listed["id"], &listed["active"]),
        (&short["id"], &json!(true))
    );
    assert_eq!(scopes(&listed), scopes(&short));
    let shown = service.run(&["token", "get", "short", "--json"]).expect(0);
    assert_eq!(shown.json()["id"], short["id"]);

    service
        .run(&["token", "revoke", "short", "--yes"])
        .expect(0);
    assert!(service.token("short").is_none());
    let gone = service.run(&["token", "revoke", "a999", "--yes", "--json"]);
    assert_eq!(gone.expect(7).error_code(), "NOT_FOUND");

    let wider = [
        "token",
        "create",
        "wider",
        "--scope",
        "admin:users",
        "--json",
    ];
    let wider = service.run(&wider).expect(8);
    assert_eq!(wider.error_code(), "REJECTED");
    assert!(service.token("wider").is_none());
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn hub_rotates_a_token_with_the_same_scopes_and_expiry() {
    let Some((service, _hub)) = signed_in() else {
        return;
    };
    let scope = "read:users!user=ada";
    #[rustfmt::skip]
    let create = ["token", "create", "ci", "--expires-in", "12h", "--scope", scope, "--env-file", "ci.env", "--json"];
    let old = service.run(&create).expect(0).json();
    let rotate = ["token", "rotate", "ci", "--env-file", "ci.env", "--json"];
    let rotated = service.run(&rotate).expect(0).json();
    assert_ne!(rotated["id"], old["id"], "{rotated}");
    let new = service.token("ci").unwrap();
    assert_eq!(scopes(&new), scopes(&old));
    assert_lives(&new, 12);
    assert_eq!(
        service
            .tokens()
            .iter()
            .filter(|it| it["name"] == "ci")
            .count(),
        1
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn hub_rotates_the_key_of_the_profile() {
    let Some((service, _hub)) = signed_in() else {
        return;
    };
    let key = service.create(&["main", "--expires-in", "30d"]);
    let login = ["login", "--with-token", "--replace"];
    service
        .run_with_input(&login, text(&key["secret"]))
        .expect(0);
    service
        .run(&["token", "rotate", "main", "--json"])
        .expect(0);
    let new = service.token("main").unwrap();
    assert_ne!(new["id"], key["id"]);
    assert_lives(&new, 30 * 24);
    assert_eq!(service.run(&["whoami"]).expect(0).stdout, "ada\n");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn hub_passes_the_test_of_its_description() {
    let Some((service, _hub)) = signed_in() else {
        return;
    };
    let before = service.tokens().len();
    let test = ["provider", "test", "jupyterhub", "--live", "--create"];
    service.run(&test).expect(0);
    assert_eq!(service.tokens().len(), before, "the token was revoked");
}
