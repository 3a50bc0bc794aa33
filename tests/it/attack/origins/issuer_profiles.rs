//! A session of an issuer that is named by `--issuer` only is not bound to BrainMaps' API.

use std::fs;

use serde_json::Value;

use crate::support::{
    scripted_server::{AuthorizationServerScript, ScriptedServer, device_login},
    test_home::{CommandResult, TestHome},
};

fn login(home: &TestHome, before: &[&str], server: &ScriptedServer) -> CommandResult {
    let login = [&device_login(&server.url)[..], &["--no-browser"]].concat();
    home.run(&[before, &login].concat())
}

/// Returns the profile name derived from the issuer.
fn name(server: &ScriptedServer) -> String {
    server.url.trim_start_matches("http://").replace(':', "-")
}

fn stored(home: &TestHome, profile: &str) -> Value {
    let path = home.data().join(format!("credentials/{profile}.json"));
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn an_issuer_gets_its_own_profile_named_after_it() {
    let server = AuthorizationServerScript::default().serve();
    let home = TestHome::new();
    let name = name(&server);
    let outcome = login(&home, &[], &server).expect(0);
    assert!(
        outcome
            .stderr
            .contains(&format!("created profile \"{name}\"")),
        "{outcome}"
    );
    let session = stored(&home, &name);
    assert_eq!(session["origin"], server.url, "used at its own server");
    assert_eq!(session["provider"], "oauth2");
    assert!(!home.data().join("credentials/brainmaps.json").exists());

    // It is the only profile and therefore the default, and a second login uses it again.
    home.run(&["credential", "refresh", "--force"]).expect(0);
    let again = login(&home, &[], &server).expect(0);
    assert!(!again.stderr.contains("created profile"), "{again}");
    let printed = home.run(&["credential", "print"]).expect(0);
    assert_eq!(printed.stdout.trim(), "access-c4n4ry-1");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn default_profile_with_a_credential_stays_the_default() {
    let server = AuthorizationServerScript::default().serve();
    let home = TestHome::new();
    let with_token = ["login", "--with-token", "--no-verify"];
    let first = home.run_with_input(&with_token, "stored-c4n4ry-key");
    if first.code != Some(0) {
        let with_token = ["login", "--with-token"];
        home.run_with_input(&with_token, "stored-c4n4ry-key")
            .expect(0);
    }
    let outcome = login(&home, &[], &server).expect(0);
    let hint = format!("use it with --profile {}", name(&server));
    assert!(outcome.stderr.contains(&hint), "{outcome}");
    let printed = home.run(&["credential", "print"]).expect(0);
    assert_eq!(printed.stdout.trim(), "stored-c4n4ry-key");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn profile_and_api_url_options_bind_the_session() {
    let (issuer, api) = (
        AuthorizationServerScript::default().serve(),
        AuthorizationServerScript::default().serve(),
    );
    let home = TestHome::new();
    login(&home, &["--api-url", &api.url], &issuer).expect(0);
    assert_eq!(stored(&home, "brainmaps")["origin"], api.url);
    login(&home, &["--profile", "work"], &issuer).expect(0);
    assert_eq!(stored(&home, "work")["origin"], issuer.url);
    assert!(
        !home
            .data()
            .join(format!("credentials/{}.json", name(&issuer)))
            .exists()
    );
}

#[test]
fn an_existing_profile_with_the_name_of_the_issuer_is_not_used() {
    let server = AuthorizationServerScript::default().serve();
    let home = TestHome::new();
    let name = name(&server);
    let add = ["profile", "add", &name, "--provider", "basira"];
    home.run(&add).expect(0);
    let outcome = login(&home, &[], &server).expect(2);
    assert!(outcome.stderr.contains(&name), "{outcome}");
    assert!(outcome.stderr.contains("--profile NAME"), "{outcome}");
    assert_eq!(server.received().len(), 0);
}
