//! `provider test`

use std::fs;

use serde_json::{Value, json};

use super::description;
use crate::support::{
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::{CommandResult, TestHome},
};

const KEY: &str = "maps-c4n4ry-0123456789";
const NEW_KEY: &str = "maps-c4n4ry-9876543210";

fn service(received: &ReceivedRequest) -> ScriptedResponse {
    let token = |id: &str, label: &str| json!({ "id": id, "label": label, "end": null });
    match (received.method.as_str(), received.path.as_str()) {
        ("GET", "/me") => ScriptedResponse::json(200, &json!({ "login": "ada" })),
        ("GET", "/keys") => ScriptedResponse::json(200, &json!({ "results": [token("1", "ci")] })),
        ("POST", "/keys") => {
            ScriptedResponse::json(201, &json!({ "key": NEW_KEY, "data": token("2", "test") }))
        }
        ("GET", "/keys/1") => ScriptedResponse::json(200, &token("1", "ci")),
        ("GET", "/keys/2") => ScriptedResponse::json(200, &token("2", "test")),
        ("DELETE", "/keys/2") => ScriptedResponse::text(204, "text/plain", ""),
        _ => ScriptedResponse::text(404, "text/plain", ""),
    }
}

struct Described {
    home: TestHome,
    server: ScriptedServer,
}

impl Described {
    /// Adds the description after `change`, and stores a key.
    fn start(change: impl Fn(String) -> String) -> Self {
        let server = ScriptedServer::start(|received, _| service(received));
        let home = TestHome::new();
        let text = change(description(&server.url));
        fs::write(home.work().join("maps.toml"), text).unwrap();
        home.run(&["provider", "add", "maps.toml", "--yes"])
            .expect(0);
        let login = ["--profile", "maps", "login", "--with-token", "--no-verify"];
        home.run_with_input(&login, KEY).expect(0);
        Self { home, server }
    }

    fn test(&self, options: &[&str]) -> CommandResult {
        self.home
            .run(&[&["provider", "test", "maps"], options].concat())
    }

    fn lines(&self) -> Vec<String> {
        let received = self.server.received();
        received
            .iter()
            .map(|it| format!("{} {}", it.method, it.path))
            .collect()
    }
}

#[test]
fn without_live_the_requests_are_only_printed() {
    let home = TestHome::new();
    let text = description("https://maps.example");
    fs::write(home.work().join("maps.toml"), text).unwrap();
    let printed = home.run(&["provider", "test", "maps.toml"]).expect(0);
    for line in [
        "whoami: GET /me\n",
        "  headers: X-API-Key\n",
        "tokens.list: GET /keys\n",
        "tokens.create: POST /keys\n",
        "  body: {\"label\":\"brainmaps-test-",
        "tokens.get: GET /keys/ID\n",
        "tokens.revoke: DELETE /keys/ID\n",
    ] {
        assert!(printed.stdout.contains(line), "{line}: {printed}");
    }
    assert!(printed.stderr.contains("nothing was sent"), "{printed}");
    let hint = "`brainmaps provider add 'maps.toml'`, then `brainmaps provider test maps --live`";
    assert!(printed.stderr.contains(hint), "{printed}");
    let refused = home
        .run(&["provider", "test", "maps.toml", "--live"])
        .expect(2);
    assert!(
        refused
            .stderr
            .contains("brainmaps provider add 'maps.toml'"),
        "{refused}"
    );
}

#[test]
fn invalid_description_exits_with_2() {
    let home = TestHome::new();
    let text = description("https://maps.example").replace("items = ", "itms = ");
    fs::write(home.work().join("maps.toml"), text).unwrap();
    let failed = home.run(&["provider", "test", "maps.toml"]).expect(2);
    assert!(failed.stderr.contains("tokens.list"), "{failed}");
}

#[test]
fn with_live_every_pointer_shows_what_it_found() {
    let described = Described::start(|text| text.replace("name = \"/label\"", "name = \"/title\""));
    let printed = described.test(&["--live"]).expect(0);
    for line in [
        "whoami: GET /me → 200\n",
        "  ✓ whoami.account (/login): \"ada\"\n",
        "  ✓ tokens.list.items (/results): list with 1 item\n",
        "  ✓ tokens.fields.id (/id): \"1\"\n",
        "  ! tokens.fields.name (/title): nothing found; the response has end, id, label\n",
        "  ✓ tokens.fields.expires_at (/end): null\n",
        "tokens.get: GET /keys/1 → 200\n",
    ] {
        assert!(printed.stdout.contains(line), "{line}: {printed}");
    }
    assert_eq!(described.lines(), ["GET /me", "GET /keys", "GET /keys/1"]);
    let document = described.test(&["--live", "--json"]).expect(0).json();
    assert_eq!(document["calls"][0]["values"][0]["found"], json!("\"ada\""));
}

#[test]
fn with_create_the_token_is_revoked_and_its_secret_is_hidden() {
    let described = Described::start(|text| text);
    let printed = described.test(&["--live", "--create"]).expect(0);
    let secret = "  ✓ tokens.create.secret (/key): text, 22 characters, hidden\n";
    assert!(printed.stdout.contains(secret), "{printed}");
    assert!(
        !printed.stdout.contains(NEW_KEY) && !printed.stderr.contains(NEW_KEY),
        "{printed}"
    );
    let expected = [
        "GET /me",
        "GET /keys",
        "POST /keys",
        "GET /keys/2",
        "DELETE /keys/2",
    ];
    assert_eq!(described.lines(), expected);
    let created: Value = serde_json::from_str(&described.server.received()[2].body).unwrap();
    assert!(
        created["label"]
            .as_str()
            .unwrap()
            .starts_with("brainmaps-test-"),
        "{created}"
    );
}

#[test]
fn a_failed_call_is_reported_with_its_member_and_the_others_are_tried() {
    let described =
        Described::start(|text| text.replace("items = \"/results\"", "items = \"/data\""));
    let printed = described.test(&["--live"]).expect(1);
    assert!(printed.stdout.contains("  ✓ whoami.account"), "{printed}");
    let missing = "  ! tokens.list.items (/data): nothing found; the response has results\n";
    assert!(printed.stdout.contains(missing), "{printed}");
    assert!(
        printed.stdout.contains("tokens.list.items: nothing found"),
        "{printed}"
    );
}

#[test]
fn errors_at_use_name_the_member_and_the_file() {
    let described = Described::start(|text| {
        text.replace("items = \"/results\"", "items = \"/data\"")
            .replace("[tokens.get]\ncall = \"GET /keys/{id}\"\n", "")
            .replace("account = \"/login\"", "account = \"/user\"")
    });
    let run = |arguments: &[&str]| {
        described
            .home
            .run(&[&["--profile", "maps"], arguments].concat())
    };
    let file = described
        .home
        .path()
        .join(".config/brainmaps/providers/maps.toml");
    let file = file.to_str().unwrap();
    let list = run(&["token", "list"]).expect(1);
    let hint = format!(
        "see tokens.list.items in {file}; to see what each pointer finds, run `brainmaps --profile maps provider test maps --live`"
    );
    assert!(list.stderr.contains(&hint), "{list}");
    let update = run(&["token", "update", "1", "--inactive"]).expect(2);
    let hint = format!(
        "add [tokens.update] to {file}; for its members, run `brainmaps provider explain tokens.update`"
    );
    assert!(update.stderr.contains(&hint), "{update}");
    let create = run(&["token", "create", "x", "--expires-in", "1d"]).expect(2);
    assert!(
        create.stderr.contains("add {expires:seconds}") && create.stderr.contains(file),
        "{create}"
    );
    let whoami = run(&["whoami"]).expect(4);
    assert!(
        whoami
            .stderr
            .contains(&format!("`whoami.account` in {file}")),
        "{whoami}"
    );
}

#[test]
fn wrong_pointers_do_not_print_the_new_secret() {
    for secret in ["/key", "/wrong"] {
        let described = Described::start(|text| {
            let text = text.replace(
                "secret = \"/key\"\ntoken = \"/data\"",
                &format!("secret = \"{secret}\""),
            );
            text.replace("id = \"/id\"", "id = \"/key\"")
        });
        for json in [&[][..], &["--json"]] {
            let printed = described.test(&[&["--live", "--create"], json].concat());
            let printed = printed.expect(1);
            assert!(printed.stdout.contains("tokens.fields.id"), "{printed}");
            let all = format!("{}{}", printed.stdout, printed.stderr);
            assert!(!all.contains("9876543210"), "{printed}");
        }
        let lines = described.lines().join("\n");
        assert!(!lines.contains(NEW_KEY), "{lines}");
    }
}
