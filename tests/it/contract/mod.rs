//! Each service's documented calls with the real program against a served sandbox: what was sent, to the byte, and what was
//! shown. The expected wire is written by hand from the services' documents, never read from the descriptions in
//! `src/provider`, so that a misreading of those shows here.

mod basic_memory;
mod basira;
mod brainmaps;
mod brainpercent;
mod error_responses;
mod neuroio;
mod stored_key;

use std::{collections::BTreeMap, path::PathBuf};

use base64::Engine as _;
use serde_json::{Value, json};
use sha2::Digest as _;
use url::form_urlencoded;

use crate::support::{
    recorder::Recorder,
    sandbox::{EMAIL, PASSWORD, Sandbox, write_private},
    scripted_server::Asked,
    test_home::{Outcome, TestHome},
};

/// The headers that may travel beside the credential and the kind of the body.
const PLAIN_HEADERS: &[&str] = &["accept", "content-length", "host", "user-agent"];
const CREDENTIAL_HEADERS: &[&str] = &["authorization", "x-api-key", "cookie"];

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// One service of a served sandbox, with a recorder before it.
pub(crate) struct Contract {
    pub(crate) home: TestHome,
    pub(crate) recorder: Recorder,
    /// Below the sandbox's address.
    prefix: String,
    sandbox: Sandbox,
}

/// A request: method, path and query below the service; the credential's header; the kind of the body; the body.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Wire {
    line: String,
    credential: String,
    kind: String,
    body: String,
}

/// A request without a body; `credential` is a whole header, or nothing.
fn call(line: &str, credential: &str) -> Wire {
    Wire {
        line: line.to_owned(),
        credential: credential.to_owned(),
        kind: String::new(),
        body: String::new(),
    }
}

impl Wire {
    fn json(self, body: &str) -> Self {
        let (kind, body) = (JSON.to_owned(), body.to_owned());
        Self { kind, body, ..self }
    }

    fn form(self, body: &str) -> Self {
        let (kind, body) = (FORM.to_owned(), body.to_owned());
        Self { kind, body, ..self }
    }

    /// What was sent. Nothing travels that the services do not know.
    #[track_caller]
    fn of(asked: &Asked, prefix: &str) -> Self {
        let of = |name: &&str| Some(format!("{name}: {}", asked.header(name)?));
        let credentials: Vec<String> = CREDENTIAL_HEADERS.iter().filter_map(of).collect();
        for (name, _) in &asked.headers {
            let known = [PLAIN_HEADERS, CREDENTIAL_HEADERS, &["content-type"]].concat();
            assert!(known.contains(&name.as_str()), "{name} was sent: {asked:?}");
        }
        let beside = format!("(beside) {}", asked.path);
        let path = asked.path.strip_prefix(prefix).unwrap_or(&beside);
        Self {
            line: format!("{} {path}", asked.method),
            credential: credentials.join("; "),
            kind: asked.header("content-type").unwrap_or_default().to_owned(),
            body: asked.body.clone(),
        }
    }
}

impl Contract {
    /// A home whose commands are about `service`, at a sandbox with these arguments more.
    fn new(service: &str, more: &[&str]) -> Self {
        let mut home = TestHome::new();
        let sandbox = Sandbox::start(&home, more);
        sandbox.wait_until_it_answers();
        let recorder = Recorder::start(&sandbox.url);
        let prefix = match service {
            "brainmaps" => String::new(),
            other => format!("/{other}"),
        };
        home.set("BRAINMAPS_PROFILE", service);
        let place = format!("{}{prefix}", recorder.url);
        home.run(&["config", "set-api-url", &place]).expect(0);
        Self {
            home,
            recorder,
            prefix,
            sandbox,
        }
    }

    /// Signed in by name and password; nothing of that is remembered.
    pub(crate) fn with_password(service: &str) -> Self {
        let contract = Self::new(service, &["--memory"]);
        contract.log_in(PASSWORD).expect(0);
        contract.sent();
        contract
    }

    fn log_in(&self, password: &str) -> Outcome {
        let password = format!("{password}\n");
        #[rustfmt::skip]
        let arguments = ["login", "--password", "--username", EMAIL, "--password-stdin", "--json"];
        self.home.run_with_input(&arguments, &password)
    }

    /// Nothing is stored, so a command that needs a credential ends before it sends anything.
    #[track_caller]
    fn is_signed_out(&self) {
        let none = self.json(&["whoami"], 4, &[]);
        assert_eq!(none["error"]["code"], "LOGIN_REQUIRED", "{none}");
    }

    /// Signs in by the device flow; nothing of that is remembered.
    fn with_device(service: &str) -> Self {
        let contract = Self::new(service, &["--memory", "--auto-approve", "--interval", "1"]);
        let issuer = format!("{}{}", contract.recorder.url, contract.prefix);
        #[rustfmt::skip]
        let arguments = ["login", "--device", "--issuer", &issuer, "--no-browser"];
        contract.home.run(&arguments).expect(0);
        contract.sent();
        contract
    }

    /// What was sent since the last look.
    #[track_caller]
    pub(crate) fn sent(&self) -> Vec<Wire> {
        let asked = self.recorder.take();
        asked
            .iter()
            .map(|asked| Wire::of(asked, &self.prefix))
            .collect()
    }

    /// Runs a command, which must end with `exit` after it sent `wire` and nothing else.
    #[track_caller]
    fn run(&self, arguments: &[&str], exit: i32, wire: &[Wire]) -> Outcome {
        self.check(self.home.run(arguments), exit, wire)
    }

    #[track_caller]
    fn check(&self, outcome: Outcome, exit: i32, wire: &[Wire]) -> Outcome {
        let outcome = outcome.expect(exit);
        assert_eq!(self.sent(), wire, "{outcome}");
        outcome
    }

    /// The same with `--json`; the document.
    #[track_caller]
    fn json(&self, arguments: &[&str], exit: i32, wire: &[Wire]) -> Value {
        let arguments = [arguments, &["--json"]].concat();
        self.run(&arguments, exit, wire).json()
    }

    /// Each of these is refused with `UNSUPPORTED`, by the service's name, and nothing is sent.
    #[track_caller]
    fn supports_none_of(&self, name: &str, commands: &[&str]) {
        for command in commands {
            let arguments: Vec<&str> = command.split(' ').collect();
            let error = self.json(&arguments, 2, &[]);
            assert_eq!(error["error"]["code"], "UNSUPPORTED", "{command}: {error}");
            let message = error["error"]["message"].as_str().unwrap();
            assert!(message.contains(name), "{command}: {message}");
        }
    }

    /// Where the profile's credential is kept.
    fn stored(&self, service: &str) -> PathBuf {
        let file = format!("credentials/{service}.json");
        self.home.data().join(file)
    }

    /// Uses a refresh token that was used before, which `refresh` sends: the sandbox takes that for theft.
    #[track_caller]
    fn ends_with_the_session(&self, service: &str, refresh: impl Fn(&str) -> Wire) {
        let before = std::fs::read_to_string(self.stored(service)).unwrap();
        let stored: Value = serde_json::from_str(&before).unwrap();
        let wire = [refresh(text(&stored, "refresh_token"))];
        self.json(&["credential", "refresh", "--force"], 0, &wire);
        write_private(&self.stored(service), &before);
        let ended = self.json(&["credential", "refresh", "--force"], 4, &wire);
        assert_eq!(ended["error"]["code"], "LOGIN_EXPIRED", "{ended}");
        // The access token may live on, and is tried; the refresh token that is dead never is again.
        self.home.run(&["whoami"]).expect(4);
        let sent = self.sent();
        assert!(
            sent.len() == 1 && sent[0].line.starts_with("GET "),
            "{sent:?}"
        );
    }

    /// What stands behind `variable` in `app.env`.
    fn in_file(&self, variable: &str) -> String {
        let file = std::fs::read_to_string(self.home.work().join("app.env")).unwrap();
        let mut lines = file.lines();
        let line = lines.find_map(|line| line.strip_prefix(variable));
        line.unwrap().trim_start_matches('=').to_owned()
    }

    /// The credential in use.
    fn credential(&self) -> String {
        let printed = self.home.run(&["credential", "print"]).expect(0);
        printed.stdout.trim().to_owned()
    }
}

/// The fields of a form.
fn fields(wire: &Wire) -> BTreeMap<String, String> {
    assert_eq!(wire.kind, FORM, "{wire:?}");
    form_urlencoded::parse(wire.body.as_bytes())
        .into_owned()
        .collect()
}

/// The challenge of a PKCE verifier (RFC 7636 §4.2).
fn challenge(verifier: &str) -> String {
    base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(verifier))
}

/// A token as `--json` shows it: of the facts, those that are named, and the others `null`.
fn token(facts: &Value) -> Value {
    let mut token = json!({
        "id": null, "name": null, "kind": null, "created_at": null, "expires_at": null, "active": null,
        "permissions": null, "scopes": null, "prefix": null, "last_used_at": null,
    });
    for (name, value) in facts.as_object().unwrap() {
        assert!(token.get(name).is_some() || name == "secret", "{name}");
        token[name] = value.clone();
    }
    token
}

pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name}: {value}"))
}

/// The ids in a list, in order.
fn ids(list: &Value) -> Vec<&str> {
    let tokens = list["tokens"].as_array().unwrap().iter();
    tokens.map(|token| text(token, "id")).collect()
}
