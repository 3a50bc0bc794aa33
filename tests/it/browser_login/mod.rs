//! Login in a browser with the real program. The test acts as the browser: it opens no page, and sends the redirect.

mod choice;
mod flow;
mod listener;
mod paste;
mod pushed;
mod registered;
mod responses;

use std::collections::HashMap;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};
use url::{Position, Url};

use crate::support::{
    http_client::send_bytes,
    process::RunningProcess,
    scripted_server::{
        AuthorizationServerScript, ReceivedRequest, ScriptedResponse, ScriptedServer, metadata,
    },
    test_home::{CommandResult, RunningCommand, TestHome},
};

/// The authorization code of the server.
const CODE: &str = "code-c4n4ry";

/// Returns the metadata of a server without device flow, with these members added or replaced. A path becomes a URL of the
/// server, null removes a member.
fn browser_metadata(url: &str, more: &Value) -> Value {
    let mut document = metadata(url);
    let members = document.as_object_mut().unwrap();
    members.remove("device_authorization_endpoint");
    members.insert(
        "authorization_endpoint".to_owned(),
        json!(format!("{url}/authorize")),
    );
    for (name, value) in more.as_object().unwrap() {
        let value = match value.as_str() {
            Some(path) if path.starts_with('/') => json!(format!("{url}{path}")),
            _ => value.clone(),
        };
        members.insert(name.clone(), value);
        members.retain(|_, value| !value.is_null());
    }
    document
}

/// An authorization server for a browser login, with the metadata of [`browser_metadata`].
fn scripted(more: Value) -> AuthorizationServerScript {
    AuthorizationServerScript {
        metadata: Box::new(move |url| ScriptedResponse::json(200, &browser_metadata(url, &more))),
        ..AuthorizationServerScript::default()
    }
}

fn server(more: Value) -> ScriptedServer {
    scripted(more).serve()
}

/// Returns arguments of a login with texts for people.
fn plain_arguments<'a>(server: &'a ScriptedServer, more: &[&'a str]) -> Vec<&'a str> {
    let mut all = arguments(server, more);
    all.retain(|argument| *argument != "--json");
    all
}

/// A login that waits for the browser.
pub(crate) struct Login {
    command: RunningCommand,
    /// The page to open.
    pub(crate) url: Url,
    pub(crate) redirect_uri: Url,
    event: Value,
}

fn arguments<'a>(server: &'a ScriptedServer, more: &[&'a str]) -> Vec<&'a str> {
    #[rustfmt::skip]
    let usual = ["--profile", "work", "login", "--issuer", &server.url, "--client-id", "native",
        "--scope", "openid", "--json"];
    [&usual, more].concat()
}

impl Login {
    /// Starts `login --browser`, which shows the page and opens none.
    fn start(home: &TestHome, server: &ScriptedServer) -> Self {
        Self::start_with(home, server, &["--browser", "--no-browser"])
    }

    fn start_with(home: &TestHome, server: &ScriptedServer, more: &[&str]) -> Self {
        Self::wait_for_page(home.start(&arguments(server, more)))
    }

    /// Waits for the event of `--json`, or for the line with the page.
    pub(crate) fn wait_for_page(command: RunningCommand) -> Self {
        let (url, event) = command.running.wait_for_stderr_line(|line| {
            if let Some(url) = line.strip_prefix("Open  ") {
                return Some((url.to_owned(), Value::Null));
            }
            let event: Value = serde_json::from_str(line).ok()?;
            let url = event["url"].as_str()?.to_owned();
            (event["event"] == "authorization_url").then_some((url, event))
        });
        let url = Url::parse(&url).unwrap();
        let redirect_uri = event["redirect_uri"].as_str().map(str::to_owned);
        let redirect_uri = redirect_uri.unwrap_or_else(|| parameter(&url, "redirect_uri"));
        Self {
            redirect_uri: Url::parse(&redirect_uri).unwrap(),
            url,
            command,
            event,
        }
    }

    /// Returns a parameter of the page.
    pub(crate) fn parameter(&self, name: &str) -> String {
        parameter(&self.url, name)
    }

    fn host(&self) -> &str {
        &self.redirect_uri[Position::BeforeHost..Position::AfterPort]
    }

    fn address(&self) -> SocketAddr {
        self.redirect_uri.socket_addrs(|| None).unwrap()[0]
    }

    /// Returns the response to these bytes.
    fn send(&self, request: &[u8]) -> String {
        send_bytes(self.address(), request)
    }

    /// Follows a redirect with this query.
    pub(crate) fn redirect(&self, query: &str) -> String {
        follow(&self.redirect_uri, query)
    }

    /// Follows the redirect of an approval, with more parameters.
    pub(crate) fn approve(&self, more: &str) -> String {
        self.redirect(&format!(
            "code={CODE}&state={}{more}",
            self.parameter("state")
        ))
    }

    pub(crate) fn wait(self) -> CommandResult {
        self.command.wait()
    }
}

/// Follows a redirect with this query, and returns the response.
fn follow(redirect_uri: &Url, query: &str) -> String {
    let host = &redirect_uri[Position::BeforeHost..Position::AfterPort];
    let request =
        format!("GET /callback?{query} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let address = redirect_uri.socket_addrs(|| None).unwrap()[0];
    send_bytes(address, request.as_bytes())
}

/// Returns the page that a login at a terminal prints.
fn page_on_terminal(login: &RunningProcess) -> Url {
    login.wait_for_line(|line| {
        let (_, page) = line.split_once("Open  ")?;
        let page = page.trim_start_matches("\u{1b}[1m");
        Url::parse(page.split(['\u{1b}', '\r']).next()?).ok()
    })
}

/// Approves a login at a terminal.
pub(crate) fn approve_on_terminal(login: &RunningProcess) {
    let page = page_on_terminal(login);
    let redirect_uri = Url::parse(&parameter(&page, "redirect_uri")).unwrap();
    let state = parameter(&page, "state");
    follow(&redirect_uri, &format!("code={CODE}&state={state}"));
}

fn parameter(url: &Url, name: &str) -> String {
    let mut pairs = url.query_pairs();
    let found = pairs.find(|(found, _)| found == name);
    found.map_or_else(String::new, |(_, value)| value.into_owned())
}

/// Returns `true` if nothing listens at `address`.
fn is_closed(address: SocketAddr) -> bool {
    TcpStream::connect_timeout(&address, Duration::from_secs(5)).is_err()
}

/// Returns the token requests.
fn token_forms(server: &ScriptedServer) -> Vec<HashMap<String, String>> {
    forms(server, "/token")
}

pub(crate) fn forms(server: &ScriptedServer, path: &str) -> Vec<HashMap<String, String>> {
    let received = server.received().into_iter();
    let at = received.filter(|received| received.path == path);
    at.map(|received| form(&received)).collect()
}

pub(crate) fn form(received: &ReceivedRequest) -> HashMap<String, String> {
    url::form_urlencoded::parse(received.body.as_bytes())
        .into_owned()
        .collect()
}

#[track_caller]
fn expect_nothing_stored(home: &TestHome) {
    assert!(!home.data().join("credentials/work.json").exists());
}
