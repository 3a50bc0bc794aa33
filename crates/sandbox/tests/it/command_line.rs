//! The `brainmaps-sandbox` binary.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_brainmaps-sandbox");

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().unwrap()
}

/// A running `serve`, killed when dropped.
struct Server {
    child: Child,
    port: u16,
    /// Kept open: the server fails on a closed pipe.
    _stdout: BufReader<ChildStdout>,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let port = line.trim().rsplit(':').next().unwrap().parse().unwrap();
        Self {
            child,
            port,
            _stdout: stdout,
        }
    }

    fn post(&self, path: &str, form: &str) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.port,
            form.len()
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (_, body) = response.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn approve_decides_about_a_sign_in_of_a_running_server() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state.sqlite3");
    let state = state.to_str().unwrap();
    let server = Server::start(&["--state", state, "--interval", "0"]);
    let device = server.post("/oauth2/device_authorization", "client_id=brainmaps-cli");
    let code = device["user_code"].as_str().unwrap();

    let approved = run(&["approve", code, "--state", state]);
    assert!(approved.status.success(), "{approved:?}");
    let form = format!(
        "grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id=brainmaps-cli&device_code={}",
        device["device_code"].as_str().unwrap()
    );
    let tokens = server.post("/oauth2/token", &form);
    assert!(tokens["access_token"].is_string(), "{tokens}");

    let again = run(&["deny", code, "--state", state]);
    assert_eq!(again.status.code(), Some(1));
    assert!(run(&["reset", "--state", state]).status.success());
}

#[test]
fn serve_injects_the_given_faults() {
    let server = Server::start(&["--fault", "device=error:teapot"]);
    let response = server.post("/oauth2/device_authorization", "client_id=brainmaps-cli");
    assert_eq!(response["error"], "teapot");
}

#[test]
fn conformance_fails_a_client_that_sends_no_request() {
    let report = run(&["conformance", "--json", "--jobs", "99", "--", "true"]);
    assert_eq!(report.status.code(), Some(1), "{report:?}");
    let report: Value = serde_json::from_slice(&report.stdout).unwrap();
    assert_eq!(report["failed"], 1, "{report}");
}

#[test]
fn missing_state_file_and_unknown_fault_are_errors() {
    let missing = run(&["reset", "--state", "/nonexistent/state.sqlite3"]);
    assert_eq!(missing.status.code(), Some(1));
    let message = String::from_utf8(missing.stderr).unwrap();
    assert_eq!(
        message,
        "error: no sandbox state at /nonexistent/state.sqlite3\n"
    );
    let unknown = run(&["serve", "--fault", "token=explode"]);
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn faults_lists_every_kind_and_endpoint() {
    let list = String::from_utf8(run(&["faults"]).stdout).unwrap();
    for name in ["poll", "refresh", "gzip_bomb", "slow_down"] {
        assert!(list.contains(&format!("  {name} ")), "{name}: {list}");
    }
}
