//! Env files: concurrent writers, byte-for-byte preservation, and keys that must not be replaced silently.

mod keys;
mod owners;
mod ownership;
mod text;
mod writers;

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use serde_json::json;

use crate::support::{
    sandbox::write_private,
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::{CommandResult, TestHome},
};

const KEY_IN_USE: &str = "in-use-c4n4ry-key";
const OLD_KEY: &str = "old-c4n4ry-key";
const NEW_KEY: &str = "made-c4n4ry-key";
/// A key of another token of the same account.
const OTHER_KEY: &str = "other-c4n4ry-key";
/// A key of another account.
const OTHER_ACCOUNT_KEY: &str = "stranger-c4n4ry-key";
/// A key that the service rejects.
const REJECTED_KEY: &str = "dead-c4n4ry-key";

/// A BrainMaps server with token 1, whose key is [`OLD_KEY`], and a user who is signed in to it. Only token 1, and in
/// [`Fixture::with_tokens`] more, are listed.
struct Fixture {
    home: TestHome,
    server: ScriptedServer,
}

impl Fixture {
    fn new() -> Self {
        Self::with_tokens(&["1"])
    }

    fn with_tokens(listed: &'static [&'static str]) -> Self {
        let server = service(listed);
        let home = TestHome::new();
        let login = [
            "--api-url",
            &server.url,
            "login",
            "--with-token",
            "--no-verify",
        ];
        home.run_with_input(&login, KEY_IN_USE).expect(0);
        Self { home, server }
    }

    fn file(&self) -> PathBuf {
        self.home.work().join("app.env")
    }

    fn put(&self, text: &str) {
        write_private(&self.file(), text);
    }

    fn read(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }

    fn create(&self, more: &[&str]) -> CommandResult {
        let create = ["token", "create", "ci", "--env-file", "app.env"];
        self.home.run(&[&create, more].concat())
    }

    fn rotate(&self) -> CommandResult {
        self.rotate_token("1", &[])
    }

    fn rotate_token(&self, id: &str, more: &[&str]) -> CommandResult {
        let rotate = ["token", "rotate", id, "--env-file", "app.env", "--json"];
        self.home.run(&[&rotate, more].concat())
    }

    /// Returns how many requests the server received.
    fn requests(&self) -> usize {
        self.server.received().len()
    }

    /// Returns how many tokens were created.
    fn created(&self) -> usize {
        let created = |received: &&ReceivedRequest| {
            received.method == "POST" && received.path == "/api/tokens/"
        };
        self.server.received().iter().filter(created).count()
    }

    /// Returns the line that binds a key to this server.
    fn url(&self) -> String {
        format!("BRAINMAPS_API_URL={}\n", self.server.url)
    }

    /// Returns the names of the other files in the directory.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.home.work()).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// The key of a token.
fn key_of(id: &str) -> String {
    match id {
        "1" => OLD_KEY.to_owned(),
        "2" => NEW_KEY.to_owned(),
        "5" => OTHER_KEY.to_owned(),
        created => format!("{NEW_KEY}-{created}"),
    }
}

fn service(listed: &'static [&'static str]) -> ScriptedServer {
    let (revoked, created) = (Mutex::new(Vec::<String>::new()), Mutex::new(1));
    ScriptedServer::start(move |received, _| {
        let key = received.header("authorization").unwrap_or_default();
        let key = key.trim_start_matches("Token ").to_owned();
        let mut revoked = revoked.lock().unwrap();
        if key == REJECTED_KEY || revoked.iter().any(|id| key_of(id) == key) {
            return ScriptedResponse::json(401, &json!({ "detail": "Invalid token." }));
        }
        let path = received.path.as_str();
        let id = path.strip_prefix("/api/tokens/");
        if let Some(id) = id.and_then(|id| id.strip_suffix("/revoke/")) {
            revoked.push(id.to_owned());
            return ScriptedResponse::json(200, &json!({}));
        }
        if (received.method.as_str(), path) == ("POST", "/api/tokens/") {
            let mut number = created.lock().unwrap();
            *number += 1;
            let id = number.to_string();
            return ScriptedResponse::json(
                201,
                &json!({ "id": id, "name": "ci", "token": key_of(&id) }),
            );
        }
        if path == "/api/tokens/" {
            let token = |id: &&str| {
                json!({ "id": id, "name": "ci", "created_at": "2026-02-01T00:00:00Z", "expires_at": null,
                    "is_revoked": revoked.iter().any(|it| it == id) })
            };
            let tokens: Vec<_> = listed.iter().map(token).collect();
            return ScriptedResponse::json(200, &json!({ "results": tokens, "next": null }));
        }
        let name = if key == OTHER_ACCOUNT_KEY {
            "stranger"
        } else {
            "demo"
        };
        ScriptedResponse::json(200, &json!({ "email": format!("{name}@example.org") }))
    })
}
