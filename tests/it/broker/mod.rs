//! `proxy` and `exec --broker`: programs that use the service without the credential.

mod access;
mod child;
mod forwarding;
mod limits;
mod redirects;
mod refresh;
mod socket;
mod streams;

use std::io::Write as _;
use std::net::TcpStream;

use crate::support::http_client::send_bytes;
use crate::support::process::LIMIT;
use crate::support::scripted_server::{ScriptedResponse, ScriptedServer};
use crate::support::test_home::{RunningCommand, TestHome};

const KEY: &str = "key-c4n4ry-of-a-test";

/// A running `brainmaps proxy`.
struct Proxy {
    running: RunningCommand,
    /// `127.0.0.1:PORT`
    address: String,
    /// `/SECRET`
    path: String,
    /// The line with the URL.
    shown: String,
}

/// A response as the client received it.
#[derive(Debug)]
struct Reply {
    status: u16,
    head: String,
    body: String,
}

impl Reply {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head.split(' ').nth(1).and_then(|it| it.parse().ok());
        Self {
            status: status.unwrap_or_default(),
            head: head.to_lowercase(),
            body: body.to_owned(),
        }
    }

    fn has_header(&self, name: &str) -> bool {
        self.header(name).is_some()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

impl Proxy {
    fn start(home: &TestHome, arguments: &[&str]) -> Self {
        Self::run(home, &[&["proxy"], arguments].concat())
    }

    /// Starts it with all these arguments of the program.
    fn run(home: &TestHome, arguments: &[&str]) -> Self {
        let running = home.start(arguments);
        let shown = running
            .running
            .wait_for_line(|line| line.contains("http://127.").then(|| line.to_owned()));
        let (_, rest) = shown.split_once("http://127.").unwrap();
        let (address, secret) = rest.split_once('/').unwrap();
        let is_inside = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let secret = secret.split(|c| !is_inside(c)).next().unwrap();
        assert!(secret.len() >= 22, "at least 128 bits: {secret}");
        Self {
            running,
            address: format!("127.{address}"),
            path: format!("/{secret}"),
            shown: shown.clone(),
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream
    }

    /// Sends these bytes on a connection of their own and reads until its end.
    fn raw(&self, request: &str) -> String {
        send_bytes(&*self.address, request.as_bytes())
    }

    /// Sends a GET request on a connection of its own; the test reads the response.
    fn start_get(&self, path: &str) -> TcpStream {
        let mut stream = self.connect();
        let request = self.request("GET", path, &[], "");
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    /// Sends a request for `path` below the secret one, with these header lines.
    fn send(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Reply {
        Reply::parse(&self.raw(&self.request(method, path, headers, body)))
    }

    fn request(&self, method: &str, path: &str, headers: &[&str], body: &str) -> String {
        let (prefix, host) = (&self.path, &self.address);
        let first = format!("{method} {prefix}{path} HTTP/1.1\r\nhost: {host}\r\n");
        let headers: Vec<String> = headers.iter().map(|line| format!("{line}\r\n")).collect();
        let length = body.len();
        let last = format!("connection: close\r\ncontent-length: {length}\r\n\r\n{body}");
        first + &headers.concat() + &last
    }

    fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], "")
    }

    /// Ends the proxy as Ctrl-C does, and returns what it printed on stderr: never its secret path.
    fn stop(self) -> String {
        self.running.running.signal(rustix::process::Signal::INT);
        let ended = self.running.wait().expect(0);
        let secret = &self.path[1..];
        assert!(!ended.stderr.contains(secret), "the secret path: {ended}");
        ended.stderr
    }
}

/// A home with a stored API key for `url`.
fn home_with_key(url: &str) -> TestHome {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_URL", url);
    home.run_with_input(&["login", "--with-token", "--no-verify"], KEY)
        .expect(0);
    home
}

/// A service that responds to everything but the call for the account with the same short JSON document.
fn service() -> ScriptedServer {
    ScriptedServer::start(|received, _| {
        let body = match received.path.as_str() {
            "/api/auth/me/" => serde_json::json!({ "email": "me@example.com" }),
            _ => serde_json::json!({ "ok": true }),
        };
        ScriptedResponse::json(200, &body)
    })
}

fn with_service() -> (ScriptedServer, TestHome) {
    let server = service();
    let home = home_with_key(&server.url);
    (server, home)
}
