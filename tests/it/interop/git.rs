//! The real git, with `git http-backend` behind a server that checks the credential.

use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::support::{
    peer,
    scripted_server::{ReceivedRequest, read_request},
    skip::report_skipped,
    test_home::{CommandResult, TestHome},
};

const KEY: &str = "key-c4n4ry-of-a-test";

/// A server for one repository. It runs until the test ends.
struct GitServer {
    url: String,
    /// The `Authorization` headers that it got; empty for a request without one.
    authorizations: Arc<Mutex<Vec<String>>>,
}

/// What a server accepts.
struct Challenge {
    scheme: &'static str,
    authorization: String,
}

impl GitServer {
    fn start(project: PathBuf, challenge: Option<Challenge>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let authorizations = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&authorizations);
        thread::spawn(move || {
            for stream in listener.incoming() {
                serve(stream.unwrap(), &project, challenge.as_ref(), &seen);
            }
        });
        Self {
            url,
            authorizations,
        }
    }
}

/// Serves one request.
fn serve(
    mut stream: TcpStream,
    project: &Path,
    challenge: Option<&Challenge>,
    seen: &Mutex<Vec<String>>,
) {
    let Some((received, bytes)) = read_request(&mut BufReader::new(&stream)) else {
        return;
    };
    let authorization = received.header("authorization").unwrap_or_default();
    seen.lock().unwrap().push(authorization.to_owned());
    if let Some(challenge) = challenge.filter(|it| it.authorization != authorization) {
        let scheme = challenge.scheme;
        let reply = format!(
            "HTTP/1.1 401 Unauthorized\r\nwww-authenticate: {scheme} realm=\"x\"\r\n\
             content-length: 0\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(reply.as_bytes()).unwrap();
        return;
    }
    let head = bytes.windows(4).position(|it| it == b"\r\n\r\n").unwrap() + 4;
    let reply = run_backend(&received, &bytes[head..], project);
    stream.write_all(&reply).unwrap();
}

/// Runs the CGI program and returns its response.
fn run_backend(received: &ReceivedRequest, body: &[u8], project: &Path) -> Vec<u8> {
    let target = received.path.as_str();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let header = |name: &str| received.header(name).unwrap_or_default();
    let mut child = Command::new("git")
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", project)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("REQUEST_METHOD", &received.method)
        .env("PATH_INFO", path)
        .env("QUERY_STRING", query)
        .env("REMOTE_USER", "tester")
        .env("CONTENT_TYPE", header("content-type"))
        .env("HTTP_CONTENT_ENCODING", header("content-encoding"))
        .env("GIT_PROTOCOL", header("git-protocol"))
        .env("CONTENT_LENGTH", body.len().to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(body).unwrap();
    let output = child.wait_with_output().unwrap().stdout;
    [
        b"HTTP/1.1 200 OK\r\nconnection: close\r\n".as_slice(),
        &output,
    ]
    .concat()
}

/// A home with a bare repository, and git.
fn with_repository() -> TestHome {
    let mut home = TestHome::new();
    let path = std::env::var("PATH").unwrap();
    for (name, value) in [
        ("PATH", path.as_str()),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_AUTHOR_NAME", "t"),
        ("GIT_AUTHOR_EMAIL", "t@example.com"),
        ("GIT_COMMITTER_NAME", "t"),
        ("GIT_COMMITTER_EMAIL", "t@example.com"),
    ] {
        home.set(name, value);
    }
    git(
        &home,
        &[
            "init",
            "--quiet",
            "--bare",
            "--initial-branch=main",
            "../project/a.git",
        ],
    )
    .expect(0);
    home
}

fn git(home: &TestHome, arguments: &[&str]) -> CommandResult {
    home.run_program("git", arguments)
}

fn available() -> bool {
    let has_backend = Command::new("git").arg("http-backend").output();
    peer::has_program("the git helper", "git") && has_backend.is_ok()
}

/// Returns whether git supports other schemes than Basic, from version 2.46 on.
fn has_schemes() -> bool {
    let output = Command::new("git")
        .args(["credential", "capability"])
        .output();
    let has = String::from_utf8_lossy(&output.unwrap().stdout).contains("authtype");
    if !has {
        report_skipped(
            "a clone with the scheme of the service",
            "git is older than 2.46",
        );
    }
    has
}

fn install(home: &TestHome, server: &GitServer) {
    let login = [
        "--api-url",
        &server.url,
        "login",
        "--with-token",
        "--no-verify",
    ];
    home.run_with_input(&login, KEY).expect(0);
    home.run(&["helper", "install", "git"]).expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn git_clones_and_pushes_with_the_scheme_of_the_service_or_a_password() {
    if !available() {
        return;
    }
    let basic = "b2F1dGgyYWNjZXNzdG9rZW46a2V5LWM0bjRyeS1vZi1hLXRlc3Q=";
    for (scheme, authorization) in [
        ("Token", format!("Token {KEY}")),
        ("Basic", format!("Basic {basic}")),
    ] {
        if scheme != "Basic" && !has_schemes() {
            continue;
        }
        let home = with_repository();
        let challenge = Challenge {
            scheme,
            authorization,
        };
        let server = GitServer::start(home.path().join("project"), Some(challenge));
        install(&home, &server);
        let url = format!("{}/a.git", server.url);
        git(&home, &["clone", "--quiet", &url, "copy"]).expect(0);
        git(
            &home,
            &[
                "-C",
                "copy",
                "commit",
                "--quiet",
                "--allow-empty",
                "--message=x",
            ],
        )
        .expect(0);
        git(
            &home,
            &["-C", "copy", "push", "--quiet", "origin", "HEAD:main"],
        )
        .expect(0);
        let log = git(
            &home,
            &["--git-dir=../project/a.git", "log", "--format=%s", "main"],
        );
        assert_eq!(log.expect(0).stdout, "x\n");
        // `-v` and the trace of git's HTTP requests show no credential either.
        git(&home, &["-C", "copy", "fetch", "-v"]).expect(0);
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn git_gets_nothing_for_another_server_and_prints_why_there_is_no_credential() {
    if !available() {
        return;
    }
    let home = with_repository();
    let project = home.path().join("project");
    let challenge = |authorization: &str| {
        Some(Challenge {
            scheme: "Token",
            authorization: authorization.to_owned(),
        })
    };
    let ours = GitServer::start(project.clone(), challenge(&format!("Token {KEY}")));
    let other = GitServer::start(project, challenge("nothing"));
    install(&home, &ours);
    let helper = git(&home, &["config", "--global", "--get-regexp", "credential"]).expect(0);
    let helper = helper
        .stdout
        .lines()
        .last()
        .unwrap()
        .split_once(' ')
        .unwrap()
        .1
        .to_owned();
    git(&home, &["config", "--global", "credential.helper", &helper]).expect(0);
    let refused = git(&home, &["clone", &format!("{}/a.git", other.url), "copy"]).expect(128);
    assert!(
        refused.stderr.contains("could not read Username"),
        "{refused}"
    );
    let seen = other.authorizations.lock().unwrap().clone();
    assert!(
        seen.iter().all(String::is_empty),
        "nothing is disclosed: {seen:?}"
    );
    home.run(&["logout"]).expect(0);
    let signed_out = git(&home, &["clone", &format!("{}/a.git", ours.url), "copy"]).expect(128);
    assert!(signed_out.stderr.contains("brainmaps"), "{signed_out}");
    assert!(
        signed_out.stderr.contains("told us to quit"),
        "{signed_out}"
    );
}

#[test]
fn install_and_uninstall_leave_the_configuration_as_it_was() {
    if !available() {
        return;
    }
    let home = with_repository();
    let server = "https://api.brainmaps.science";
    let key = format!("credential.{server}.helper");
    let values = || git(&home, &["config", "--global", "--get-all", &key]).stdout;
    let printed = home.run(&["helper", "install", "git", "--print"]).expect(0);
    assert_eq!(printed.stdout.lines().count(), 2, "{printed}");
    assert_eq!(values(), "", "--print changes nothing");
    let install = |more: &[&str]| home.run(&[&["helper", "install", "git"], more].concat());
    install(&["--host", "api.brainmaps.science"]).expect(0);
    let installed = values();
    assert!(installed.starts_with("\n!'/"), "{installed}");
    assert!(
        installed.ends_with("--profile brainmaps helper git\n"),
        "{installed}"
    );
    let again = install(&["--json"]).expect(0).json();
    assert_eq!(
        (again["changed"].as_bool(), values()),
        (Some(false), installed)
    );
    home.run(&["helper", "uninstall", "git"]).expect(0);
    assert_eq!(values(), "");
    git(&home, &["config", "--global", "--add", &key, "store"]).expect(0);
    install(&[]).expect(0);
    home.run(&["helper", "uninstall", "git"]).expect(0);
    assert_eq!(values(), "store\n");
    let invalid = install(&["--host", "me@other.example"]).expect(2);
    assert!(invalid.stderr.contains("invalid --host"), "{invalid}");
}
