//! The example in docs/reference/provider-format.md as a sixth service, against a scripted server.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::TestHome,
};

const KEY: &str = "maps_7f3a_c4n4ry0123456789ABCDEFabcdef0123";

/// Returns the complete description in the document.
fn example() -> String {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/docs/reference/provider-format.md"
    );
    let text = fs::read_to_string(path).unwrap();
    let (_, rest) = text.split_once("```toml\n").unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

fn described(home: &TestHome) -> PathBuf {
    let folder = home.path().join(".config/brainmaps/providers");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("maps.toml");
    fs::write(&path, example()).unwrap();
    path
}

/// The service of that description.
fn response(received: &ReceivedRequest, url: &str) -> ScriptedResponse {
    let (path, query) = received
        .path
        .split_once('?')
        .unwrap_or((&received.path, ""));
    let one = |id: &str| json!({ "id": id, "label": "ci", "active": true });
    match (received.method.as_str(), path) {
        ("POST", "/device-authorization/") => ScriptedResponse::json(
            200,
            &json!({
                "device_code": "device-c4n4ry", "user_code": "ABCD-EFGH",
                "verification_uri": format!("{url}/device"), "expires_in": 60, "interval": 0,
            }),
        ),
        ("POST", "/token/") => ScriptedResponse::json(
            200,
            &json!({ "access_token": "access-c4n4ry-1", "token_type": "Bearer", "expires_in": 3600 }),
        ),
        ("POST", "/api/login") => ScriptedResponse::json(
            200,
            &json!({ "token": "session-c4n4ry-1", "refresh": "refresh-c4n4ry-1", "seconds": 900, "id": 7 }),
        ),
        ("POST", "/api/refresh") => ScriptedResponse::json(
            200,
            &json!({ "token": "session-c4n4ry-2", "refresh": "refresh-c4n4ry-2", "seconds": 900 }),
        ),
        ("DELETE", "/api/sessions/7" | "/api/keys/1" | "/api/keys/never-existed") => {
            ScriptedResponse::text(204, "text/plain", "")
        }
        ("GET", "/api/me") => ScriptedResponse::json(200, &json!({ "username": "ada" })),
        ("POST", "/api/keys") => {
            ScriptedResponse::json(201, &json!({ "key": KEY, "data": one("1") }))
        }
        ("GET", "/api/keys") if query.is_empty() => ScriptedResponse::json(
            200,
            &json!({ "results": [one("1")], "next": format!("{url}/api/keys?after=1") }),
        ),
        ("GET", "/api/keys") => {
            ScriptedResponse::json(200, &json!({ "results": [one("2")], "next": null }))
        }
        ("DELETE", _) => ScriptedResponse::json(
            404,
            &json!({ "error": { "code": "gone", "message": "no such key" }, "meta": { "request_id": "r-7" } }),
        ),
        _ => ScriptedResponse::text(404, "text/plain", ""),
    }
}

fn lines(server: &ScriptedServer) -> Vec<String> {
    let received = server.received();
    received
        .iter()
        .map(|it| format!("{} {}", it.method, it.path))
        .collect()
}

#[test]
fn a_token_that_is_not_listed_is_not_reported_as_revoked() {
    let home = TestHome::new();
    let server = ScriptedServer::start(response);
    described(&home);
    let at = ["--profile", "maps", "--api-url", &server.url];
    let login = [&at[..], &["login", "--with-token", "--no-verify"]].concat();
    home.run_with_input(&login, KEY).expect(0);
    let revoke = ["--profile", "maps", "token", "revoke", "--yes"];
    let absent = home
        .run(&[&revoke[..], &["never-existed"]].concat())
        .expect(0);
    assert_eq!(
        absent.stdout,
        "Our maps accepts the revocation of never-existed, but lists no such token\n"
    );
    let listed = home.run(&[&revoke[..], &["1"]].concat()).expect(0);
    assert!(
        listed.stdout.contains("Revoked token `ci` (id 1)"),
        "{listed}"
    );
}

#[test]
fn the_documented_example_works() {
    let home = TestHome::new();
    let server = ScriptedServer::start(response);
    let file = described(&home);
    let file = file.to_str().unwrap();
    home.run(&["provider", "check", file]).expect(0);
    let printed = home.run(&["provider", "list"]).expect(0).stdout;
    let row = printed
        .lines()
        .find(|line| line.starts_with("maps\t"))
        .unwrap();
    assert!(
        row.contains(
            "Our maps\tyours\tlogin --device, login --browser, login --password, login --import"
        ),
        "{row}"
    );
    assert!(
        row.ends_with("token create, token list, token revoke, token rotate"),
        "{row}"
    );

    let at = ["--profile", "maps", "--api-url", &server.url];
    let login = [&at[..], &["login", "--with-token", "--no-verify"]].concat();
    home.run_with_input(&login, KEY).expect(0);
    let run = |arguments: &[&str]| home.run(&[&["--profile", "maps"], arguments].concat());
    assert_eq!(run(&["whoami"]).expect(0).stdout, "ada\n");
    let made = run(&["token", "create", "ci", "--expires-in", "30d", "--json"])
        .expect(0)
        .json();
    assert_eq!((&made["id"], &made["secret"]), (&json!("1"), &json!(KEY)));
    let list = run(&["token", "list", "--all", "--json"]).expect(0).json();
    assert_eq!(list["tokens"].as_array().map(Vec::len), Some(2));
    run(&["token", "revoke", "1", "--yes"]).expect(0);
    let gone = run(&["token", "revoke", "2", "--yes", "--json"]).expect(7);
    assert!(gone.stdout.contains("no such key"), "{gone}");

    let received = server.received();
    assert!(
        received
            .iter()
            .all(|it| it.header("x-api-key") == Some(KEY))
    );
    assert!(
        received
            .iter()
            .all(|it| it.header("authorization").is_none())
    );
    assert_eq!(
        lines(&server),
        [
            "GET /api/me",
            "POST /api/keys",
            "GET /api/keys",
            "GET /api/keys?after=1",
            "GET /api/keys",
            "GET /api/keys?after=1",
            "DELETE /api/keys/1",
            "GET /api/keys",
            "GET /api/keys?after=1",
            "DELETE /api/keys/2",
        ]
    );
    let body: Value = serde_json::from_str(&received[1].body).unwrap();
    assert_eq!(body, json!({ "label": "ci", "days": 30 }));
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_documented_example_supports_device_login_and_key_formats() {
    let home = TestHome::new();
    let server = ScriptedServer::start(response);
    described(&home);
    let at = ["--profile", "maps", "--api-url", &server.url];
    let login = [
        &at[..],
        &["login", "--issuer", &server.url, "--no-browser", "--json"],
    ]
    .concat();
    let signed_in = home.run(&login).expect(0).json();
    assert_eq!(signed_in["kind"], "access_token");
    let received = server.received();
    let device = received
        .iter()
        .find(|it| it.path == "/device-authorization/")
        .unwrap();
    assert!(
        device.body.contains("client_id=maps-cli"),
        "{}",
        device.body
    );
    assert_eq!(
        home.run(&["--profile", "maps", "whoami"]).expect(0).stdout,
        "ada\n"
    );
    let last = server.received().pop().unwrap();
    assert_eq!(last.header("authorization"), Some("Bearer access-c4n4ry-1"));

    let foreign = home.run_with_input(
        &["--profile", "maps", "login", "--with-token", "--no-verify"],
        "bp_c4n4ry",
    );
    assert!(
        foreign
            .expect(2)
            .stderr
            .contains("it is a key of BrainPercent")
    );
    let printed = home
        .run_with_input(&["token", "inspect", "--json"], KEY)
        .expect(0)
        .json();
    assert_eq!(
        printed["services"],
        json!([{ "provider": "maps", "name": "Our maps" }])
    );
    assert_eq!(
        (&printed["well_formed"], &printed["prefix"]),
        (&json!(true), &json!("maps_7f3a"))
    );
}

#[test]
fn the_documented_example_supports_password_login_refresh_and_logout() {
    let home = TestHome::new();
    let server = ScriptedServer::start(response);
    described(&home);
    let login = [
        "--profile",
        "maps",
        "--api-url",
        &server.url,
        "login",
        "--username",
        "ada@example.com",
        "--password-stdin",
    ];
    home.run_with_input(&login, "s3cr3t-c4n4ry").expect(0);
    let run = |arguments: &[&str]| home.run(&[&["--profile", "maps"], arguments].concat());
    run(&["whoami"]).expect(0);
    run(&["credential", "refresh", "--force"]).expect(0);
    run(&["whoami"]).expect(0);
    run(&["logout"]).expect(0);
    assert_eq!(
        lines(&server),
        [
            "POST /api/login",
            "GET /api/me",
            "POST /api/refresh",
            "GET /api/me",
            "DELETE /api/sessions/7",
        ]
    );
    let received = server.received();
    let body = |at: usize| serde_json::from_str::<Value>(&received[at].body).unwrap();
    assert_eq!(
        body(0),
        json!({ "email": "ada@example.com", "password": "s3cr3t-c4n4ry" })
    );
    assert_eq!(body(2), json!({ "refresh": "refresh-c4n4ry-1" }));
    let signed: Vec<_> = received
        .iter()
        .map(|it| it.header("authorization").unwrap_or(""))
        .collect();
    assert_eq!(
        signed,
        [
            "",
            "Token session-c4n4ry-1",
            "",
            "Token session-c4n4ry-2",
            "Token session-c4n4ry-2"
        ]
    );
}

#[test]
fn provider_check_reports_the_first_syntax_error_and_all_semantic_ones() {
    let home = TestHome::new();
    let file = described(&home);
    let text = example();
    let path = file.to_str().unwrap();
    let check = |text: &str| {
        fs::write(&file, text).unwrap();
        home.run(&["provider", "check", path]).expect(2)
    };
    let position = |text: &str, of: &str, value: &str| {
        let (at, line) = text
            .lines()
            .enumerate()
            .find(|(_, line)| line.contains(of))
            .unwrap();
        format!("{path}:{}:{}", at + 1, line.find(value).unwrap() + 1)
    };
    let is_syntax = |outcome: &crate::support::test_home::CommandResult, expected: &str| {
        let is_diagnostic = |line: &&str| line.starts_with(path);
        let found = outcome.stdout.lines().filter(is_diagnostic).count();
        assert_eq!(found, 1, "{outcome}");
        assert!(outcome.stdout.starts_with(expected), "{outcome}");
        let summary = format!("✗ {path} has 1 error\n");
        assert!(outcome.stdout.contains(&summary), "{outcome}");
    };
    let invalid_toml = text.replace("id = \"maps\"", "id = maps");
    let expected = format!("{path}:1:6: invalid TOML: string values must be quoted");
    is_syntax(&check(&invalid_toml), &expected);
    let unknown = text.replace("name = \"Our maps\"", "nmae = \"Our maps\"");
    is_syntax(
        &check(&unknown),
        &format!("{path}:2:1: nmae: unknown member"),
    );
    let incomplete = text.replace("name = \"Our maps\"\n", "");
    is_syntax(
        &check(&incomplete),
        &format!("{path}:1:1: missing field `name`"),
    );
    let bad_pointer = text.replace("items = [\"/results\"]", "items = [\"results\"]");
    let place = position(&bad_pointer, "items =", "\"results");
    is_syntax(
        &check(&bad_pointer),
        &format!("{place}: tokens.list.items.0: expected a JSON pointer"),
    );

    let wrong = text
        .replace("DELETE /api/keys/{id}", "DELETE /api/keys")
        .replace("items = [\"/results\"]", "items = []");
    let outcome = check(&wrong);
    let expected = [
        format!(
            "{}: tokens.revoke: missing `{{id}}`",
            position(&wrong, "revoke =", "revoke")
        ),
        format!(
            "{}: tokens.list.items: expected the JSON pointer",
            position(&wrong, "items =", "items")
        ),
    ];
    let is_diagnostic = |line: &&str| line.starts_with(path);
    let found: Vec<&str> = outcome.stdout.lines().filter(is_diagnostic).collect();
    assert_eq!(found.len(), expected.len(), "{outcome}");
    for (found, expected) in found.iter().zip(&expected) {
        assert!(found.starts_with(expected), "{found}");
    }
    let summary = format!("✗ {path} has 2 errors\n");
    assert!(outcome.stdout.contains(&summary), "{outcome}");
    let document = home
        .run(&["provider", "check", path, "--json"])
        .expect(2)
        .json();
    let first = &document["mistakes"][0];
    assert_eq!(document["valid"], json!(false));
    assert_eq!(first["at"], json!("tokens.revoke"));
    assert!(
        first["line"].is_u64() && first["column"] == json!(1),
        "{document}"
    );
}

#[test]
fn invalid_description_does_not_affect_other_services() {
    let home = TestHome::new();
    let file = described(&home);
    fs::write(&file, example().replace("name = \"Our maps\"\n", "")).unwrap();
    let list = home.run(&["provider", "list"]).expect(0);
    assert!(
        list.stdout.contains("basira\t") && !list.stdout.contains("maps\tOur"),
        "{list}"
    );
    assert!(list.stderr.contains("maps.toml"), "{list}");
    home.run(&["provider", "show", "maps"]).expect(2);
    home.run(&["provider", "check", "/nonexistent.toml"])
        .expect(2);
    assert_eq!(
        home.run(&["provider", "show", "missing", "--json"])
            .expect(2)
            .error_code(),
        "CONFIG"
    );
}
