//! A key in an env file is sent to the URL in the same file: both are written together, or neither.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::support::{
    sandbox::write_private,
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::{CommandResult, TestHome},
};

const STORED: &str = "stored-c4n4ry-key";
const MADE: &str = "made-c4n4ry-key";

/// A BrainMaps server that accepts every key, creates one token, and lists one.
fn service() -> ScriptedServer {
    ScriptedServer::start(|received, _| response(received))
}

fn response(received: &ReceivedRequest) -> ScriptedResponse {
    let token = json!({ "id": "1", "name": "ci", "created_at": "2026-02-01T00:00:00Z", "is_revoked": false });
    match (received.method.as_str(), received.path.as_str()) {
        ("POST", "/api/tokens/") => {
            ScriptedResponse::json(201, &json!({ "id": "1", "name": "ci", "token": MADE }))
        }
        ("GET", "/api/tokens/") => {
            ScriptedResponse::json(200, &json!({ "results": [token], "next": null }))
        }
        _ => ScriptedResponse::json(200, &json!({ "email": "demo@example.org" })),
    }
}

fn create(home: &TestHome, before: &[&str], file: &str) -> CommandResult {
    let create = ["token", "create", "ci", "--env-file", file];
    home.run(&[before, &create].concat())
}

fn read(home: &TestHome, file: &str) -> String {
    fs::read_to_string(home.work().join(file)).unwrap()
}

fn created_at(server: &ScriptedServer) -> usize {
    let created =
        |received: &ReceivedRequest| received.method == "POST" && received.path == "/api/tokens/";
    server
        .received()
        .iter()
        .filter(|received| created(received))
        .count()
}

#[test]
fn key_created_at_a_custom_url_is_written_with_that_url() {
    let server = service();
    let home = TestHome::new();
    let login = [
        "--api-url",
        &server.url,
        "login",
        "--with-token",
        "--no-verify",
    ];
    home.run_with_input(&login, STORED).expect(0);
    create(&home, &[], "app.env").expect(0);
    assert_eq!(
        read(&home, "app.env"),
        format!(
            "BRAINMAPS_API_KEY={MADE}\nBRAINMAPS_API_URL={}\n",
            server.url
        )
    );

    // Another home, with this file only.
    let other = TestHome::new();
    write_private(&other.work().join(".env"), &read(&home, "app.env"));
    other.run(&["whoami"]).expect(0);
    let last = server.received().pop().unwrap();
    let carried = last.header("authorization").unwrap();
    assert_eq!(carried, format!("Token {MADE}"));
}

#[test]
fn key_created_with_the_credential_of_an_env_file_goes_to_the_url_of_that_file() {
    let server = service();
    let home = TestHome::new();
    let text = format!(
        "BRAINMAPS_API_URL={}\nBRAINMAPS_API_KEY={STORED}\n",
        server.url
    );
    let dot_env = home.work().join(".env");
    write_private(&dot_env, &text);
    create(&home, &[], "other.env").expect(0);
    let other = read(&home, "other.env");
    let url = format!("BRAINMAPS_API_URL={}", server.url);
    assert!(other.lines().any(|line| line == url), "{other}");
    assert_eq!(created_at(&server), 1);

    let real = "BRAINMAPS_API_URL=https://api.brainmaps.science\n";
    write_private(&home.work().join("real.env"), real);
    let refused = create(&home, &[], "real.env").expect(2);
    assert!(refused.stderr.contains(&server.url), "{refused}");
    assert_eq!(read(&home, "real.env"), real);
    assert_eq!(created_at(&server), 1, "refused before a key is created");
}

#[test]
fn env_file_that_names_another_url_than_api_url_gets_no_key() {
    let (server, other) = (service(), service());
    let home = TestHome::new();
    let at = ["--api-url", &server.url];
    let login = [&at[..], &["login", "--with-token", "--no-verify"]].concat();
    home.run_with_input(&login, STORED).expect(0);
    let text = format!("BRAINMAPS_API_URL={}\n", other.url);
    write_private(&home.work().join("app.env"), &text);
    create(&home, &at, "app.env").expect(2);
    assert_eq!(created_at(&server) + created_at(&other), 0);
    assert_eq!(read(&home, "app.env"), text);
}

#[test]
fn sandbox_key_is_never_written_without_the_sandbox_url() {
    let home = TestHome::new();
    for (profile, variable, url) in [
        ("brainmaps", "BRAINMAPS", "http://localhost:8000"),
        ("neuroio", "NEUROIO", "http://localhost:8000/neuroio"),
        ("basira", "BASIRA", "http://localhost:8000/basira"),
    ] {
        let at = ["--sandbox", "--profile", profile];
        #[rustfmt::skip]
        let login = ["login", "--username", "demo@brainmaps.test", "--password-stdin"];
        let login = [&at[..], &login].concat();
        home.run_with_input(&login, "demo\n").expect(0);
        let file = format!("{profile}.env");
        create(&home, &at, &file).expect(0);
        let text = read(&home, &file);
        let key = format!("{variable}_API_KEY=");
        let url = format!("{variable}_API_URL={url}");
        assert!(text.lines().any(|line| line.starts_with(&key)), "{text}");
        assert!(text.lines().any(|line| line == url), "{text}");
    }
}

#[test]
fn rotated_key_at_a_custom_url_is_written_with_that_url() {
    let is_revoked = AtomicBool::new(false);
    let server = ScriptedServer::start(move |received, _| {
        is_revoked.fetch_or(received.path.ends_with("/revoke/"), Ordering::SeqCst);
        let is_old = received
            .header("authorization")
            .is_some_and(|key| key.contains("old-"));
        if is_old && is_revoked.load(Ordering::SeqCst) {
            return ScriptedResponse::json(401, &json!({ "detail": "Invalid token." }));
        }
        response(received)
    });
    let home = TestHome::new();
    let login = [
        "--api-url",
        &server.url,
        "login",
        "--with-token",
        "--no-verify",
    ];
    home.run_with_input(&login, STORED).expect(0);
    let file = home.work().join("app.env");
    write_private(&file, "BRAINMAPS_API_KEY=old-c4n4ry-key\n");
    let rotate = ["token", "rotate", "1", "--env-file", "app.env"];
    home.run(&rotate).expect(0);
    assert_eq!(
        read(&home, "app.env"),
        format!(
            "BRAINMAPS_API_KEY={MADE}\nBRAINMAPS_API_URL={}\n",
            server.url
        )
    );
}

#[test]
fn key_of_a_service_without_a_url_variable_stays_out_of_env_files_at_a_custom_url() {
    let server = service();
    let home = TestHome::new();
    let folder = home.path().join(".config/brainmaps/providers");
    fs::create_dir_all(&folder).unwrap();
    let description = "id = \"plain\"\nname = \"Plain\"\napi_url = \"https://plain.example\"\n\
        [environment]\napi_key = \"PLAIN_API_KEY\"\n[headers]\napi_key = { name = \"Authorization\" }\n\
        [tokens.create]\ncall = \"POST /api/tokens/\"\nbody = { name = \"name\" }\nsecret = \"/token\"\n";
    write_private(&folder.join("plain.toml"), description);
    let at = ["--profile", "plain", "--api-url", &server.url];
    let login = [&at[..], &["login", "--with-token", "--no-verify"]].concat();
    home.run_with_input(&login, STORED).expect(0);
    let refused = create(&home, &[&at[..], &["--json"]].concat(), "app.env").expect(2);
    let error = &refused.json()["error"];
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("app.env") && message.contains(&server.url),
        "{refused}"
    );
    assert_eq!(created_at(&server), 0);
    assert!(!home.work().join("app.env").exists());
}
