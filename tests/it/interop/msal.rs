//! `msal` of `PyPI`, which discovers the sandbox by OpenID Connect, and receives the response of the code flow as a posted form.

use brainmaps::sandbox::BASIC_MEMORY_CLIENT_ID;
use serde_json::Value;

use crate::support::{peer, sandbox::Sandbox, test_home::TestHome, unused_port};

#[test]
#[ignore = "slow: run by ./tests/run"]
fn both_flows_sign_in_and_refresh() {
    let Some(python) = peer::python("msal") else {
        return;
    };
    let home = TestHome::new();
    let port = unused_port().to_string();
    let redirect_uri = format!("http://localhost:{port}");
    let serve = [
        "--memory",
        "--auto-approve",
        "--interval",
        "1",
        "--redirect-uri",
        &redirect_uri,
    ];
    let sandbox = Sandbox::start(&home, &serve);
    // It accepts only issuers with a path.
    let issuer = format!("{}/basic-memory", sandbox.url);
    let script = peer::script("msal-login.py");
    for flow in ["device", "code"] {
        let arguments = [&script, flow, &issuer, BASIC_MEMORY_CLIENT_ID, &port];
        let done = home.run_program(&python, &arguments).expect(0);
        let facts: Value = serde_json::from_str(done.stdout.lines().last().unwrap()).unwrap();
        assert_eq!(facts["email"], "demo@brainmaps.test", "{done}");
        assert_eq!(facts["aud"], BASIC_MEMORY_CLIENT_ID, "{done}");
        assert_eq!(facts["refreshed"], true, "{done}");
    }
}
