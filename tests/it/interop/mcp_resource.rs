//! The MCP SDK of `PyPI` as a protected server and as its authorization server, with the client of the same SDK.

use serde_json::{Value, json};

use crate::browser_login::Login;
use crate::support::{
    peer::{self, Peer, can_run_peers},
    test_home::{CommandResult, TestHome, expire_all},
};

fn home() -> TestHome {
    let mut home = TestHome::new();
    home.set("PATH", &std::env::var("PATH").unwrap());
    home.set("BRAINMAPS_LOG", "trace");
    home
}

/// Signs in to the server, which approves.
fn sign_in(home: &TestHome, server: &Peer, resource: &str) -> Value {
    let arguments = ["login", "--resource", resource, "--no-open", "--json"];
    let login = Login::wait_for_page(home.start(&arguments));
    let page = server.ask(&json!({ "do": "browse", "url": login.url.as_str() }));
    assert_eq!(page["status"], 200, "{page}");
    login.wait().expect(0).json()
}

fn facts(outcome: &CommandResult) -> Vec<Value> {
    let lines = outcome.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Runs the client with the header of `credential print`, and through the proxy.
fn use_tools(home: &TestHome, resource: &str, client: &[&str]) {
    let expected = [
        json!({ "echo": "one" }),
        json!({ "count": "counted to 3", "progress": 3 }),
        json!({ "echo": "two" }),
    ];
    let script = "MCP_HEADERS=$($0 credential print --format header-json) exec \"$@\"";
    let (address, program) = (
        format!("MCP_URL={resource}"),
        env!("CARGO_BIN_EXE_brainmaps"),
    );
    let with_header = [&address, "/bin/sh", "-c", script, program];
    let outcome = home.run_program("/usr/bin/env", &[&with_header[..], client].concat());
    let outcome = outcome.expect(0);
    assert_eq!(facts(&outcome), expected, "{outcome}");
    let broker = ["exec", "--broker", "--url-env", "MCP_URL", "--"];
    let outcome = home.run(&[&broker[..], client].concat()).expect(0);
    assert_eq!(facts(&outcome), expected, "{outcome}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn python_sdk_registers_the_client_and_serves_its_own_client() {
    if !can_run_peers("mcp_resource", false) {
        return;
    }
    let Some(python) = peer::python("mcp_resource") else {
        return;
    };
    let home = home();
    let options = json!({ "script": "mcp-resource.py", "access_ttl": 600 });
    let server = Peer::start("python.mjs", &options, home.record());
    let resource = server.ready["url"].as_str().unwrap();
    let done = sign_in(&home, &server, resource);
    assert_eq!(done["issuer"], server.ready["issuer"]);
    assert_eq!(done["scopes"], json!(["maps:read"]));
    assert_eq!(done["refreshable"], true, "{done}");

    expire_all(&home);
    let script = peer::script("mcp-client.py");
    use_tools(&home, resource, &[&python, &script]);
    let ended = home.run(&["logout"]).expect(0);
    assert!(ended.stdout.contains("revoked at the server"), "{ended}");
    let seen = server.ask(&json!({ "do": "seen" }));
    let seen = seen.as_array().unwrap();
    assert_eq!(seen[0], json!({ "registered": "client_secret_post" }));
    let grants = ["authorization_code", "refresh_token"];
    for (request, grant) in seen[1..].iter().zip(grants) {
        let expected = json!({ "grant": grant, "resource": resource });
        assert_eq!(*request, expected, "{seen:?}");
    }
    assert!(seen.len() >= 3, "{seen:?}");
}
