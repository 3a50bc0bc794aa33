//! A home with one description and a signed-in profile, and the server that it describes.

use std::fs;

use serde_json::Value;

use crate::support::{
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::{CommandResult, TestHome},
};

pub(super) const KEY: &str = "maps_c4n4ry0123456789";

/// The first lines of every description.
const HEAD: &str =
    "id = \"maps\"\nname = \"Maps\"\n[headers]\napi_key = { name = \"X-API-Key\" }\n";

pub(super) struct Described {
    pub(super) home: TestHome,
    pub(super) server: ScriptedServer,
}

impl Described {
    /// Starts a server with `script`, described by `rest` after the head, and stores a key for it.
    pub(super) fn start(
        rest: &str,
        script: impl Fn(&ReceivedRequest) -> ScriptedResponse + Send + Sync + 'static,
    ) -> Self {
        let server = ScriptedServer::start(move |received, _| script(received));
        let home = TestHome::new();
        let folder = home.path().join(".config/brainmaps/providers");
        fs::create_dir_all(&folder).unwrap();
        let text = format!("api_url = \"{}\"\n{HEAD}{rest}", server.url);
        fs::write(folder.join("maps.toml"), text).unwrap();
        let path = folder.join("maps.toml");
        home.run(&["provider", "check", path.to_str().unwrap()])
            .expect(0);
        let described = Self { home, server };
        let login = ["--profile", "maps", "login", "--with-token", "--no-verify"];
        described.home.run_with_input(&login, KEY).expect(0);
        described
    }

    pub(super) fn run(&self, arguments: &[&str]) -> CommandResult {
        self.home.run(&[&["--profile", "maps"], arguments].concat())
    }

    /// Signs in by password.
    pub(super) fn log_in(&self) -> CommandResult {
        let login = ["--profile", "maps", "login", "--username", "ada"];
        let options = ["--password-stdin", "--replace"];
        self.home
            .run_with_input(&[&login[..], &options].concat(), "s3cr3t-c4n4ry")
    }

    /// Returns the requests as `METHOD PATH`.
    pub(super) fn lines(&self) -> Vec<String> {
        let received = self.server.received();
        let lines = received.iter();
        lines
            .map(|it| format!("{} {}", it.method, it.path))
            .collect()
    }

    /// Returns the JSON body of the last request that has a body.
    pub(super) fn last_body(&self) -> Value {
        let received = self.server.received();
        let last = received.iter().rfind(|it| !it.body.is_empty()).unwrap();
        serde_json::from_str(&last.body).unwrap()
    }
}

/// Writes a description with `rest` after the head, and expects that `provider check` and a command that uses it reject it. Returns
/// both results.
pub(super) fn expect_rejected(rest: &str) -> [CommandResult; 2] {
    let home = TestHome::new();
    let folder = home.path().join(".config/brainmaps/providers");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("maps.toml");
    let text = format!("api_url = \"https://maps.example\"\n{HEAD}{rest}");
    fs::write(&path, text).unwrap();
    let checked = home.run(&["provider", "check", path.to_str().unwrap()]);
    let used = home.run(&["--profile", "maps", "token", "list"]);
    [checked.expect(2), used.expect(2)]
}

pub(super) fn ok(body: &Value) -> ScriptedResponse {
    ScriptedResponse::json(200, body)
}

pub(super) fn no_content() -> ScriptedResponse {
    ScriptedResponse::text(204, "text/plain", "")
}
