//! Sign in to protected resources of other projects: the example of the MCP SDK, and `oidc-provider` with dynamic
//! registration and resource indicators.

use serde_json::{Value, json};

use crate::browser_login::Login;
use crate::support::{
    peer::{self, Peer, can_run_peers},
    test_home::{CommandResult, TestHome, wait_until_all_expire},
};

fn home() -> TestHome {
    let mut home = TestHome::new();
    home.set("PATH", &std::env::var("PATH").unwrap());
    home.set("BRAINMAPS_LOG", "trace");
    home
}

/// Signs in to `resource`; `server` plays the browser.
fn sign_in(home: &TestHome, server: &Peer, resource: &str, more: &[&str]) -> CommandResult {
    let usual = ["login", "--resource", resource, "--no-browser", "--json"];
    let login = Login::wait_for_page(home.start(&[&usual, more].concat()));
    let request = json!({ "do": "browse", "url": login.url.as_str() });
    server.ask(&request);
    login.wait().expect(0)
}

fn greeting(outcome: &CommandResult) -> Value {
    serde_json::from_str(outcome.stdout.trim()).unwrap()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn sdk_example_is_signed_in_to_and_serves_the_sdk_client() {
    if !can_run_peers("protected_resource", false) {
        return;
    }
    let home = home();
    let server = Peer::start("mcp-example.mjs", &json!({}), home.record());
    let url = server.ready["url"].as_str().unwrap();
    let done = sign_in(&home, &server, url, &[]).json();
    assert_eq!(done["issuer"], server.ready["issuer"]);
    assert_eq!(done["scopes"], json!(["mcp:tools"]));

    let client = ["/usr/bin/env", "node", &peer::script("mcp-greet.mjs")];
    let broker = ["exec", "--broker", "--url-env", "MCP_URL", "--"];
    let outcome = home.run(&[&broker[..], &client[..]].concat()).expect(0);
    assert_eq!(greeting(&outcome), json!({ "greeting": "Hello, Ada!" }));

    let script = "MCP_HEADERS=$($0 credential print --format header-json) exec \"$@\"";
    let program = env!("CARGO_BIN_EXE_brainmaps");
    let address = format!("MCP_URL={url}");
    let with_header = [&address, "/bin/sh", "-c", script, program];
    let arguments = [&with_header[..], &client[..]].concat();
    let outcome = home.run_program("/usr/bin/env", &arguments).expect(0);
    assert_eq!(greeting(&outcome), json!({ "greeting": "Hello, Ada!" }));

    // The metadata is at another address than the one of a resource below.
    let other = format!("{url}/x");
    let failed = home.run(&["login", "--resource", &other, "--no-browser"]);
    let failed = failed.expect(2);
    let message = "does not describe how to sign in";
    assert!(failed.stderr.contains(message), "{failed}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn oidc_provider_registers_the_client_and_issues_tokens_for_the_resource() {
    if !can_run_peers("protected_resource", false) {
        return;
    }
    let home = home();
    let options = json!({ "access_ttl": 2 });
    let server = Peer::start("oidc-resource.mjs", &options, home.record());
    let resource = server.ready["resource"].as_str().unwrap();
    let scopes = ["--scope", "openid offline_access tools:read"];
    let done = sign_in(&home, &server, resource, &scopes).json();
    assert_eq!(done["refreshable"], true, "{done}");
    wait_until_all_expire(&home);
    let body = home.run(&["api", "x"]).expect(0).json();
    assert_eq!(body["path"], "/mcp/x");
    let seen = server.ask(&json!({ "do": "seen" }));
    let seen = seen.as_array().unwrap();
    let registrations = seen.iter().filter(|it| it["route"] == "registration");
    assert_eq!(registrations.count(), 1);
    let tokens: Vec<&Value> = seen.iter().filter(|it| it["route"] == "token").collect();
    assert_eq!(tokens.len(), 2, "{seen:?}");
    for token in tokens {
        assert_eq!(
            (&token["status"], &token["resource"]),
            (&json!(200), &json!(resource))
        );
    }
    home.run(&["logout"]).expect(0);
}
