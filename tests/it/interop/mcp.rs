//! The MCP SDKs of npm and `PyPI`, with a server that checks each token at the sandbox.

use serde_json::{Value, json};

use crate::support::{
    peer::{self, Peer, can_run_peers},
    process::wait_until,
    sandbox::{CLIENT_ID, Sandbox},
    test_home::{CommandResult, TestHome},
};

struct McpFixture {
    home: TestHome,
    _sandbox: Sandbox,
    server: Peer,
    url: String,
    /// The commands of both clients.
    clients: [Vec<String>; 2],
}

impl McpFixture {
    /// `None` if a program is missing.
    fn start(access_ttl: &str) -> Option<Self> {
        if !can_run_peers("mcp", false) {
            return None;
        }
        let python = peer::python("mcp")?;
        let mut home = TestHome::new();
        home.set("PATH", &std::env::var("PATH").unwrap());
        let serve = [
            "--auto-approve",
            "--interval",
            "0",
            "--access-ttl",
            access_ttl,
        ];
        let sandbox = Sandbox::start(&home, &serve);
        let check = format!("{}/api/auth/me/", sandbox.url);
        let server = Peer::start("mcp-server.mjs", &json!({ "check": check }), home.record());
        let url = server.ready["url"].as_str().unwrap().to_owned();
        let login = [
            "--profile",
            "mcp",
            "--api-url",
            &url,
            "login",
            "--issuer",
            &sandbox.url,
            "--client-id",
            CLIENT_ID,
            "--device",
            "--no-browser",
        ];
        home.run(&login).expect(0);
        let node = vec!["node".to_owned(), peer::script("mcp-client.mjs")];
        let python = vec![python, peer::script("mcp-client.py")];
        Some(Self {
            home,
            _sandbox: sandbox,
            server,
            url,
            clients: [node, python],
        })
    }

    fn run(&self, options: &[&str], client: &[String], count: u32) -> CommandResult {
        let count = format!("MCP_COUNT={count}");
        let client = client.iter().map(String::as_str);
        let command: Vec<&str> = ["/usr/bin/env", &count].into_iter().chain(client).collect();
        let arguments = [
            &["--profile", "mcp", "exec"],
            options,
            &["--"],
            &command[..],
        ]
        .concat();
        self.home.run(&arguments)
    }

    /// Returns the number of different tokens and of rejected requests that the server received.
    fn request_counts(&self) -> Value {
        self.server.ask(&json!({ "do": "seen" }))
    }
}

fn facts(outcome: &CommandResult) -> Vec<Value> {
    let lines = outcome.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn expected(count: u32) -> Vec<Value> {
    vec![
        json!({ "echo": "one" }),
        json!({ "count": format!("counted to {count}"), "progress": count }),
        json!({ "echo": "two" }),
    ]
}

/// The token expires during the stream: the stream continues, and the next request has another token.
#[test]
#[ignore = "slow: run by ./tests/run"]
fn clients_behind_the_proxy_never_hold_the_token_and_outlive_it() {
    let Some(fixture) = McpFixture::start("2") else {
        return;
    };
    let broker = ["--broker", "--url-env", "MCP_URL"];
    for (number, client) in fixture.clients.iter().enumerate() {
        let before = fixture.request_counts();
        let outcome = fixture.run(&broker, client, 25).expect(0);
        assert_eq!(facts(&outcome), expected(25), "{outcome}");
        let seen = fixture.request_counts();
        let refreshed = seen["tokens"].as_u64()
            > before["tokens"]
                .as_u64()
                .map(|it| it + u64::from(number == 0));
        assert!(refreshed, "{before} {seen}");
        assert_eq!(seen["rejected"], 0, "no request had an expired token");
        assert!(outcome.stderr.contains("POST / 200 "), "{outcome}");
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn clients_with_the_header_use_it_and_clients_without_it_are_rejected() {
    let Some(fixture) = McpFixture::start("600") else {
        return;
    };
    for client in &fixture.clients {
        // As an MCP client runs its `headersHelper`.
        let script =
            "MCP_HEADERS=$($0 --profile mcp credential print --format header-json) exec \"$@\"";
        let url = format!("MCP_URL={}", fixture.url);
        let with_header = |script: &str| {
            let program = env!("CARGO_BIN_EXE_brainmaps");
            let client: Vec<&str> = client.iter().map(String::as_str).collect();
            let arguments = [&[&url, "/bin/sh", "-c", script, program], &client[..]].concat();
            fixture.home.run_program("/usr/bin/env", &arguments)
        };
        let outcome = with_header(script).expect(0);
        assert_eq!(facts(&outcome), expected(3), "{outcome}");
        let outcome = with_header("exec \"$@\"").expect(1);
        assert!(facts(&outcome)[0]["failed"].is_string(), "{outcome}");
    }
    wait_until("both were rejected", || {
        fixture.request_counts()["rejected"].as_u64() >= Some(2)
    });
}
