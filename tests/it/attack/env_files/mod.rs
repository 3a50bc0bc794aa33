//! Env files: concurrent writers, byte-for-byte preservation, and keys that must not be replaced silently.

mod keys;
mod owners;
mod text;
mod writers;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::json;

use crate::support::{
    sandbox::write_private,
    scripted_server::{Asked, Reply, ScriptedServer},
    test_home::{Outcome, TestHome},
};

const IN_USE: &str = "in-use-c4n4ry-key";
const OLD: &str = "old-c4n4ry-key";
const MADE: &str = "made-c4n4ry-key";
/// A key of another token of the same account.
const OTHER: &str = "other-c4n4ry-key";
/// A key of another account.
const STRANGER: &str = "stranger-c4n4ry-key";
/// A key that the service rejects.
const DEAD: &str = "dead-c4n4ry-key";

/// A BrainMaps server with token 1, whose key is [`OLD`], and a signed-in home.
struct Fixture {
    home: TestHome,
    server: ScriptedServer,
}

impl Fixture {
    fn new() -> Self {
        let server = service();
        let home = TestHome::new();
        let login = [
            "--api-url",
            &server.url,
            "login",
            "--with-token",
            "--no-verify",
        ];
        home.run_with_input(&login, IN_USE).expect(0);
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

    fn create(&self, more: &[&str]) -> Outcome {
        let create = ["token", "create", "ci", "--env-file", "app.env"];
        self.home.run(&[&create, more].concat())
    }

    fn rotate(&self) -> Outcome {
        let rotate = ["token", "rotate", "1", "--env-file", "app.env", "--json"];
        self.home.run(&rotate)
    }

    /// Returns how many requests the server received.
    fn requests(&self) -> usize {
        self.server.asked().len()
    }

    /// Returns how many tokens were created.
    fn created(&self) -> usize {
        let created = |asked: &&Asked| asked.method == "POST" && asked.path == "/api/tokens/";
        self.server.asked().iter().filter(created).count()
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

fn service() -> ScriptedServer {
    let (is_revoked, created) = (Arc::new(AtomicBool::new(false)), AtomicUsize::new(0));
    ScriptedServer::start(move |asked, _| {
        let key = asked.header("authorization").unwrap_or_default().to_owned();
        let was_revoked = is_revoked.load(Ordering::SeqCst);
        if asked.path == "/api/tokens/1/revoke/" {
            is_revoked.store(true, Ordering::SeqCst);
        }
        let is_over = key.contains(OLD) && was_revoked;
        if is_over || key.contains(DEAD) {
            return Reply::json(401, &json!({ "detail": "Invalid token." }));
        }
        if (asked.method.as_str(), asked.path.as_str()) == ("POST", "/api/tokens/") {
            let number = created.fetch_add(1, Ordering::SeqCst) + 2;
            let token = match number {
                2 => MADE.to_owned(),
                _ => format!("{MADE}-{number}"),
            };
            return Reply::json(
                201,
                &json!({ "id": number.to_string(), "name": "ci", "token": token }),
            );
        }
        if asked.path == "/api/tokens/" {
            let token = json!({ "id": "1", "name": "ci", "created_at": "2026-02-01T00:00:00Z",
                "expires_at": null, "is_revoked": was_revoked });
            return Reply::json(200, &json!({ "results": [token], "next": null }));
        }
        let name = if key.contains(STRANGER) {
            "stranger"
        } else {
            "demo"
        };
        Reply::json(200, &json!({ "email": format!("{name}@example.org") }))
    })
}
