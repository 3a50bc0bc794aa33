//! The endpoints of a stored session are checked like new ones: an earlier release stored them unchecked.

use std::fs;

use serde_json::{Value, json};

use crate::support::{
    scripted_server::{AuthorizationServerScript, ScriptedServer, device_login},
    test_home::TestHome,
};

/// A session of profile `work` at `issuer`, with the stored `member` changed to an endpoint of `evil`.
fn with_endpoint_of(member: &str, evil: &ScriptedServer) -> (TestHome, ScriptedServer) {
    let issuer = AuthorizationServerScript::default().serve();
    let home = TestHome::new();
    let login = [
        &["--profile", "work"][..],
        &device_login(&issuer.url),
        &["--no-browser"],
    ]
    .concat();
    home.run(&login).expect(0);
    let path = home.data().join("credentials/work.json");
    let mut stored: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    stored["authority"][member] = json!(format!("{}/token", evil.url));
    fs::write(&path, stored.to_string()).unwrap();
    (home, issuer)
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn refresh_token_does_not_go_to_a_stored_endpoint_of_another_server() {
    for member in ["token_endpoint", "revocation_endpoint"] {
        let evil = AuthorizationServerScript::default().serve();
        let (home, issuer) = with_endpoint_of(member, &evil);
        let before = issuer.received().len();
        let refresh = [
            "--profile",
            "work",
            "credential",
            "refresh",
            "--force",
            "--json",
        ];
        let outcome = home.run(&refresh).expect(4);
        let printed = outcome.json()["error"].to_string();
        assert!(printed.contains(&evil.url), "{member}: {outcome}");
        assert!(
            printed.contains("brainmaps --profile work login"),
            "{member}: {outcome}"
        );
        assert_eq!(evil.received().len(), 0, "{member}");
        assert_eq!(issuer.received().len(), before, "{member}");
        // A valid access token is still used.
        let print = ["--profile", "work", "credential", "print"];
        assert_eq!(home.run(&print).expect(0).stdout.trim(), "access-c4n4ry-1");
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn logout_deletes_the_session_without_a_request_to_a_stored_endpoint_of_another_server() {
    for member in ["token_endpoint", "revocation_endpoint"] {
        let evil = AuthorizationServerScript::default().serve();
        let (home, _issuer) = with_endpoint_of(member, &evil);
        let outcome = home.run(&["--profile", "work", "logout", "--json"]);
        assert_eq!(evil.received().len(), 0, "{member}");
        assert!(outcome.stdout.contains(&evil.url), "{member}: {outcome}");
        assert!(!home.data().join("credentials/work.json").exists());
    }
}
