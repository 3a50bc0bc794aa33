//! `PyPI` `fastmcp` as a protected server: with its own authorization server, and with tokens of npm `oidc-provider`, which
//! it verifies itself.

use serde_json::{Value, json};

use crate::browser_login::Login;
use crate::support::{
    peer::{self, Peer, can_run_peers},
    sandbox::write_private,
    test_home::{CommandResult, TestHome},
};

/// Returns a home, and the Python for the client; `None` if a program is missing.
fn start() -> Option<(TestHome, String)> {
    if !can_run_peers("fastmcp", false) {
        return None;
    }
    let python = peer::python("fastmcp")?;
    let mut home = TestHome::new();
    home.set("PATH", &std::env::var("PATH").unwrap());
    home.set("BRAINMAPS_LOG", "trace");
    Some((home, python))
}

fn start_server(home: &TestHome, issuer: &Value) -> Peer {
    let mut options = json!({ "script": "fastmcp-resource.py" });
    if !issuer.is_null() {
        options["issuer"] = issuer["issuer"].clone();
        options["jwks_uri"] = issuer["jwks_uri"].clone();
    }
    Peer::start("python.mjs", &options, home.record())
}

fn start_issuer(home: &TestHome) -> Peer {
    let jwks = include_str!("../../../crates/sandbox/src/oauth/client_keys.json");
    let mut jwks: Value = serde_json::from_str(jwks).unwrap();
    // The library supports no P-384.
    let keys = jwks["keys"].as_array_mut().unwrap();
    keys.retain(|key| key["crv"] != "P-384");
    let options = json!({ "foreign": true, "jwks": jwks });
    Peer::start("oidc-resource.mjs", &options, home.record())
}

/// Signs in to `resource`; `browser` opens the page.
fn sign_in(home: &TestHome, browser: &Peer, resource: &str, more: &[&str]) -> Value {
    let usual = ["login", "--resource", resource, "--no-open", "--json"];
    let login = Login::wait_for_page(home.start(&[&usual, more].concat()));
    browser.ask(&json!({ "do": "browse", "url": login.url.as_str() }));
    login.wait().expect(0).json()
}

/// Runs the client with the header of `credential print`.
fn run_client(home: &TestHome, python: &str, resource: &str) -> CommandResult {
    let script = "MCP_HEADERS=$($0 credential print --format header-json) exec \"$@\"";
    let address = format!("MCP_URL={resource}");
    let program = env!("CARGO_BIN_EXE_brainmaps");
    let client = peer::script("fastmcp-client.py");
    let arguments = [&address, "/bin/sh", "-c", script, program, python, &client];
    home.run_program("/usr/bin/env", &arguments)
}

/// Calls a tool with the header, and through the proxy.
fn use_tool(home: &TestHome, python: &str, resource: &str) {
    let expected = json!({ "echo": "one" });
    let outcome = run_client(home, python, resource).expect(0);
    assert_eq!(outcome.json(), expected);
    let client = peer::script("fastmcp-client.py");
    let broker = ["exec", "--broker", "--url-env", "MCP_URL", "--"];
    let outcome = home.run(&[&broker[..], &[python, &client]].concat());
    assert_eq!(outcome.expect(0).json(), expected);
}

/// The token is not sent to another path of the same server.
fn refuse_other_path(home: &TestHome, resource: &str) {
    let other = resource.replace("/mcp", "/other");
    let refused = home.run(&["api", &other]).expect(1);
    assert!(refused.stderr.contains("is bound to"), "{refused}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn own_authorization_server_registers_the_client_and_serves_its_own_client() {
    let Some((home, python)) = start() else {
        return;
    };
    let server = start_server(&home, &Value::Null);
    let resource = server.ready["url"].as_str().unwrap();
    let done = sign_in(&home, &server, resource, &[]);
    assert_eq!(done["resource"], resource);
    assert_eq!(done["scopes"], json!(["tools:read"]));
    assert_eq!(done["refreshable"], true, "{done}");
    use_tool(&home, &python, resource);
    home.run(&["credential", "refresh", "--force"]).expect(0);
    use_tool(&home, &python, resource);
    refuse_other_path(&home, resource);
    home.run(&["logout"]).expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn tokens_of_another_server_are_accepted_and_the_missing_scope_is_named() {
    let Some((home, python)) = start() else {
        return;
    };
    let issuer = start_issuer(&home);
    let server = start_server(&home, &issuer.ready);
    let resource = server.ready["url"].as_str().unwrap();
    let scopes = ["--scope", "openid offline_access tools:write"];
    let done = sign_in(&home, &issuer, resource, &scopes);
    assert_eq!(done["resource"], resource);
    run_client(&home, &python, resource).expect(1);
    let refused = home.run(&["api", "POST", resource]).expect(3);
    let command = "brainmaps login --add-scope 'tools:read'";
    assert!(refused.stderr.contains(command), "{refused}");

    let add = ["login", "--add-scope", "tools:read", "--no-open", "--json"];
    let login = Login::wait_for_page(home.start(&add));
    issuer.ask(&json!({ "do": "browse", "url": login.url.as_str() }));
    login.wait().expect(0);
    use_tool(&home, &python, resource);
    refuse_other_path(&home, resource);
}

/// Only the resource names the server.
#[test]
#[ignore = "slow: run by ./tests/run"]
fn program_signs_in_with_a_key_and_without_a_page() {
    let Some((home, python)) = start() else {
        return;
    };
    let issuer = start_issuer(&home);
    let server = start_server(&home, &issuer.ready);
    let resource = server.ready["url"].as_str().unwrap();
    let key = include_str!("../../../src/oauth/client_key/testdata/p256.pem");
    write_private(&home.work().join("key"), key);
    #[rustfmt::skip]
    let login = ["--no-input", "login", "--client-credentials", "--resource", resource,
        "--client-id", "robot", "--key", "key", "--json"];
    let done = home.run(&login).expect(0).json();
    assert_eq!(done["issuer"], issuer.ready["issuer"]);
    assert_eq!(done["resource"], resource);
    use_tool(&home, &python, resource);
    home.run(&["credential", "refresh", "--force"]).expect(0);
    use_tool(&home, &python, resource);
    refuse_other_path(&home, resource);
}
