//! Debian's `oidc-agent`, which discovers the sandbox by OpenID Connect, at its device flow and its code flow.

use std::path::PathBuf;
use std::process::Command;

use url::Url;

use crate::support::{
    peer::has_program,
    process::{RunningProcess, wait_until},
    sandbox::{CLIENT_ID, Sandbox},
    test_home::TestHome,
    unused_port,
    visitor::follow,
};

struct Agent {
    home: TestHome,
    _sandbox: Sandbox,
    _process: RunningProcess,
    socket: PathBuf,
    issuer: String,
    redirect_uri: String,
}

impl Agent {
    fn start() -> Self {
        let home = TestHome::new();
        let redirect_uri = format!("http://localhost:{}", unused_port());
        let serve = ["--memory", "--auto-approve", "--interval", "1"];
        let sandbox = Sandbox::start(
            &home,
            &[&serve[..], &["--redirect-uri", &redirect_uri]].concat(),
        );
        let socket = home.path().join("agent");
        let mut command = Command::new("oidc-agent");
        command.arg("--console").arg("--socket-path").arg(&socket);
        let agent = RunningProcess::start(in_home(&home, &mut command), "");
        wait_until("oidc-agent listens", || socket.exists());
        Self {
            issuer: sandbox.url.clone(),
            home,
            _sandbox: sandbox,
            _process: agent,
            socket,
            redirect_uri,
        }
    }

    fn command(&self, program: &str, arguments: &[&str]) -> RunningProcess {
        let mut command = Command::new(program);
        let command = in_home(&self.home, command.args(arguments))
            .env("OIDC_SOCK", &self.socket)
            .env("PASSWORD", "of the test");
        RunningProcess::start(command, "")
    }

    /// Starts a sign-in with this flow.
    fn sign_in(&self, flow: &str) -> RunningProcess {
        let issuer = format!("--iss={}", self.issuer);
        let flow = format!("--flow={flow}");
        let client = format!("--client-id={CLIENT_ID}");
        let redirect_uri = format!("--redirect-uri={}", self.redirect_uri);
        #[rustfmt::skip]
        let arguments = [&flow, &issuer, &client, "--client-secret=", "--scope=openid offline_access email", &redirect_uri,
            "--pw-env=PASSWORD", "--confirm-yes", "--no-url-call", "account"];
        self.command("oidc-gen", &arguments)
    }

    /// Returns a refreshed access token.
    fn token(&self) -> String {
        let printed = self
            .command("oidc-token", &["--force-new", "account"])
            .wait();
        assert_eq!(printed.code, Some(0), "{}", printed.stderr);
        printed.stdout.trim().to_owned()
    }
}

fn in_home<'a>(home: &TestHome, command: &'a mut Command) -> &'a mut Command {
    command
        .env_clear()
        .env("HOME", home.path())
        .env("TMPDIR", home.path().join("tmp"))
        .env("PATH", "/usr/bin:/bin")
        .current_dir(home.work())
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn device_flow_signs_in_and_refreshes() {
    if !has_program("oidc_agent", "oidc-agent") {
        return;
    }
    let agent = Agent::start();
    let done = agent.sign_in("device").wait();
    assert_eq!(done.code, Some(0), "{}{}", done.stdout, done.stderr);
    assert_ne!(agent.token(), agent.token());
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn code_flow_signs_in_and_refreshes() {
    if !has_program("oidc_agent", "oidc-agent") {
        return;
    }
    let agent = Agent::start();
    let login = agent.sign_in("code");
    let url = login.wait_for_line(|line| {
        let start = line.find("http://")?;
        Url::parse(line[start..].trim()).ok()
    });
    assert!(follow(&url).contains("Success"));
    let done = login.wait();
    assert_eq!(done.code, Some(0), "{}{}", done.stdout, done.stderr);
    assert!(agent.token().starts_with("at_"));
}
