//! The documented calls of each service, with the real program against a sandbox: the exact requests, and the output.
//! The expected requests are taken from the services' documents and not from the descriptions in `src/provider`, so
//! that an error in those is found.

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
    scripted_server::ReceivedRequest,
    test_home::{CommandResult, TestHome},
};

/// Headers that may be sent in addition to the credential and the content type.
const PLAIN_HEADERS: &[&str] = &[
    "accept",
    "accept-encoding",
    "content-length",
    "host",
    "user-agent",
];
const CREDENTIAL_HEADERS: &[&str] = &["authorization", "x-api-key", "cookie"];

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// One service of a sandbox behind a recorder.
pub(crate) struct Contract {
    pub(crate) home: TestHome,
    pub(crate) recorder: Recorder,
    /// The path of the service at the sandbox.
    prefix: String,
    sandbox: Sandbox,
}

/// A request of the program, as a contract test compares it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Wire {
    /// The method, and the path and query relative to the service.
    line: String,
    /// The whole header with the credential; empty without one.
    credential: String,
    content_type: String,
    body: String,
}

/// Returns a request without a body; `credential` is a whole header, or empty.
fn call(line: &str, credential: &str) -> Wire {
    Wire {
        line: line.to_owned(),
        credential: credential.to_owned(),
        content_type: String::new(),
        body: String::new(),
    }
}

impl Wire {
    fn json(self, body: &str) -> Self {
        let (content_type, body) = (JSON.to_owned(), body.to_owned());
        Self {
            content_type,
            body,
            ..self
        }
    }

    fn form(self, body: &str) -> Self {
        let (content_type, body) = (FORM.to_owned(), body.to_owned());
        Self {
            content_type,
            body,
            ..self
        }
    }

    /// Converts a recorded request. Fails if it has an unexpected header.
    #[track_caller]
    fn of(received: &ReceivedRequest, prefix: &str) -> Self {
        let header = |name: &&str| Some(format!("{name}: {}", received.header(name)?));
        let credentials: Vec<String> = CREDENTIAL_HEADERS.iter().filter_map(header).collect();
        for (name, _) in &received.headers {
            let known = [PLAIN_HEADERS, CREDENTIAL_HEADERS, &["content-type"]].concat();
            assert!(
                known.contains(&name.as_str()),
                "{name} was sent: {received:?}"
            );
        }
        let outside = format!("(outside {prefix}) {}", received.path);
        let path = received.path.strip_prefix(prefix).unwrap_or(&outside);
        Self {
            line: format!("{} {path}", received.method),
            credential: credentials.join("; "),
            content_type: received
                .header("content-type")
                .unwrap_or_default()
                .to_owned(),
            body: received.body.clone(),
        }
    }
}

impl Contract {
    /// Returns a home whose commands use `service`, at a sandbox with these extra arguments.
    fn new(service: &str, more: &[&str]) -> Self {
        let mut home = TestHome::new();
        let sandbox = Sandbox::start(&home, more);
        sandbox.wait_until_it_responds();
        let recorder = Recorder::start(&sandbox.url);
        let prefix = match service {
            "brainmaps" => String::new(),
            other => format!("/{other}"),
        };
        home.set("BRAINMAPS_PROFILE", service);
        let api_url = format!("{}{prefix}", recorder.url);
        home.run(&["config", "set-api-url", &api_url]).expect(0);
        Self {
            home,
            recorder,
            prefix,
            sandbox,
        }
    }

    /// Logs in by password, and discards the recorded requests.
    pub(crate) fn with_password(service: &str) -> Self {
        let contract = Self::new(service, &["--memory"]);
        contract.log_in(PASSWORD).expect(0);
        contract.take_requests();
        contract
    }

    fn log_in(&self, password: &str) -> CommandResult {
        let password = format!("{password}\n");
        #[rustfmt::skip]
        let arguments = ["login", "--password", "--username", EMAIL, "--password-stdin", "--json"];
        self.home.run_with_input(&arguments, &password)
    }

    /// Checks that nothing is stored: a command that needs a credential fails without a request.
    #[track_caller]
    fn expect_signed_out(&self) {
        let none = self.json(&["whoami"], 4, &[]);
        assert_eq!(none["error"]["code"], "LOGIN_REQUIRED", "{none}");
    }

    /// Logs in by the device flow, and discards the recorded requests.
    fn with_device(service: &str) -> Self {
        let contract = Self::new(service, &["--memory", "--auto-approve", "--interval", "0"]);
        let issuer = format!("{}{}", contract.recorder.url, contract.prefix);
        #[rustfmt::skip]
        let arguments = ["login", "--device", "--issuer", &issuer, "--no-browser"];
        contract.home.run(&arguments).expect(0);
        contract.take_requests();
        contract
    }

    /// Returns the ids of the active tokens.
    pub(crate) fn active_token_ids(&self) -> Vec<String> {
        let list = ["token", "list", "--all", "--json"];
        let list = self.home.run(&list).expect(0).json();
        let tokens = list["tokens"].as_array().unwrap().iter();
        let tokens = tokens.filter(|token| token["active"] != Value::Bool(false));
        tokens.map(|token| text(token, "id").to_owned()).collect()
    }

    /// Returns and clears the recorded requests.
    #[track_caller]
    pub(crate) fn take_requests(&self) -> Vec<Wire> {
        let received = self.recorder.take_requests();
        received
            .iter()
            .map(|received| Wire::of(received, &self.prefix))
            .collect()
    }

    /// Runs a command that must exit with `exit` after sending exactly `wire`.
    #[track_caller]
    fn run(&self, arguments: &[&str], exit: i32, wire: &[Wire]) -> CommandResult {
        self.check(self.home.run(arguments), exit, wire)
    }

    #[track_caller]
    fn check(&self, outcome: CommandResult, exit: i32, wire: &[Wire]) -> CommandResult {
        let outcome = outcome.expect(exit);
        assert_eq!(self.take_requests(), wire, "{outcome}");
        outcome
    }

    /// Like `run`, with `--json`; returns the document.
    #[track_caller]
    fn json(&self, arguments: &[&str], exit: i32, wire: &[Wire]) -> Value {
        let arguments = [arguments, &["--json"]].concat();
        self.run(&arguments, exit, wire).json()
    }

    /// Checks that each command fails with `UNSUPPORTED` and the service's name, without a request.
    #[track_caller]
    fn expect_unsupported(&self, name: &str, commands: &[&str]) {
        for command in commands {
            let arguments: Vec<&str> = command.split(' ').collect();
            let error = self.json(&arguments, 2, &[]);
            assert_eq!(error["error"]["code"], "UNSUPPORTED", "{command}: {error}");
            let message = error["error"]["message"].as_str().unwrap();
            assert!(message.contains(name), "{command}: {message}");
        }
    }

    /// Checks that the service rejects the key of `variable`, and that its response is shown.
    #[track_caller]
    fn expect_rejected(&self, wire: &Wire, variable: &str, response: &str) {
        let rejected = self.json(&["whoami"], 4, std::slice::from_ref(wire));
        let error = &rejected["error"];
        assert_eq!(error["code"], "CREDENTIAL_REJECTED", "{rejected}");
        assert!(text(error, "message").contains(variable), "{rejected}");
        assert!(text(error, "hint").contains(response), "{rejected}");
    }

    /// Creates two tokens, revokes them together with one that does not exist, and returns their ids.
    #[track_caller]
    fn revoke_two_and_an_unknown_one(&self) -> [String; 2] {
        let ids = ["a", "b"].map(|name| {
            let created = self.home.run(&["token", "create", name, "--json"]);
            text(&created.expect(0).json(), "id").to_owned()
        });
        self.take_requests();
        let revoke = ["token", "revoke", &ids[0], &ids[1], "none-such", "--json"];
        let several = self.home.run(&revoke).expect(7).json();
        let unknown = &several["results"][2]["error"];
        assert_eq!(unknown["code"], "NOT_FOUND", "{several}");
        ids
    }

    /// Returns the credential file of the profile.
    fn stored(&self, service: &str) -> PathBuf {
        let file = format!("credentials/{service}.json");
        self.home.data().join(file)
    }

    /// Reuses a refresh token in the request `refresh`, and checks that the session has ended.
    #[track_caller]
    fn expect_reuse_ends_the_session(&self, service: &str, refresh: impl Fn(&str) -> Wire) {
        let before = std::fs::read_to_string(self.stored(service)).unwrap();
        let stored: Value = serde_json::from_str(&before).unwrap();
        let wire = [refresh(text(&stored, "refresh_token"))];
        self.json(&["credential", "refresh", "--force"], 0, &wire);
        write_private(&self.stored(service), &before);
        let ended = self.json(&["credential", "refresh", "--force"], 4, &wire);
        assert_eq!(ended["error"]["code"], "LOGIN_EXPIRED", "{ended}");
        // The access token may still be valid and is tried; the rejected refresh token is not used again.
        self.home.run(&["whoami"]).expect(4);
        let sent = self.take_requests();
        assert!(
            sent.len() == 1 && sent[0].line.starts_with("GET "),
            "{sent:?}"
        );
    }

    /// Returns the value of `variable` in `app.env`.
    fn in_file(&self, variable: &str) -> String {
        let file = std::fs::read_to_string(self.home.work().join("app.env")).unwrap();
        let mut lines = file.lines();
        let line = lines.find_map(|line| line.strip_prefix(variable));
        line.unwrap().trim_start_matches('=').to_owned()
    }

    /// Returns the credential in use.
    fn credential(&self) -> String {
        let printed = self.home.run(&["credential", "print"]).expect(0);
        printed.stdout.trim().to_owned()
    }
}

/// Returns the fields of a form.
fn fields(wire: &Wire) -> BTreeMap<String, String> {
    assert_eq!(wire.content_type, FORM, "{wire:?}");
    form_urlencoded::parse(wire.body.as_bytes())
        .into_owned()
        .collect()
}

/// Returns the challenge of a PKCE verifier (RFC 7636 §4.2).
fn challenge(verifier: &str) -> String {
    base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(verifier))
}

/// Returns a token as printed with `--json`: the given members, the others `null`.
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

/// Returns the ids in a list, in order.
fn ids(list: &Value) -> Vec<&str> {
    let tokens = list["tokens"].as_array().unwrap().iter();
    tokens.map(|token| text(token, "id")).collect()
}
