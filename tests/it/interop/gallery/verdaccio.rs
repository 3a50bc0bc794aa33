//! `verdaccio` of npm.

use super::{Service, text};
use crate::interop::clients::verdaccio::Registry;
use crate::support::{
    peer,
    test_home::{CommandResult, TestHome},
};

const PASSWORD: &str = "hunter2-c4n4ry-password";

const WRONG: &str = "wrong-c4n4ry-password";

/// Starts a registry, and signs in with the password, which adds the user.
fn signed_in() -> Option<(Service, Registry)> {
    if !peer::has_client("verdaccio") {
        return None;
    }
    let home = TestHome::new();
    let registry = Registry::start(&home);
    home.record().secret(PASSWORD);
    home.record().secret(WRONG);
    let service = Service::new(home, "verdaccio");
    login(&service, &registry, PASSWORD).expect(0);
    Some((service, registry))
}

fn login(service: &Service, registry: &Registry, password: &str) -> CommandResult {
    let url = registry.url();
    #[rustfmt::skip]
    let arguments = ["--api-url", &url, "login", "--username", "ada", "--password-stdin", "--replace", "--json"];
    service.run_with_input(&arguments, password)
}

/// Creates a token and returns its id and its secret.
fn create(service: &Service) -> (String, String) {
    let arguments = ["token", "create", "ci", "--password-stdin", "--json"];
    let created = service
        .run_with_input(&arguments, PASSWORD)
        .expect(0)
        .json();
    let (id, secret) = (text(&created["id"]), text(&created["secret"]));
    service.home.record().secret(secret);
    (id.to_owned(), secret.to_owned())
}

fn ids(service: &Service) -> Vec<String> {
    let tokens = service.tokens();
    tokens
        .iter()
        .map(|token| text(&token["id"]).to_owned())
        .collect()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn registry_signs_in_by_password_and_by_key() {
    let Some((service, registry)) = signed_in() else {
        return;
    };
    let wrong = login(&service, &registry, WRONG).expect(4);
    assert_eq!(wrong.error_code(), "CREDENTIAL_REJECTED");
    assert_eq!(service.run(&["whoami"]).expect(0).stdout, "ada\n");
    let (_, secret) = create(&service);
    let login = ["login", "--with-token", "--replace", "--json"];
    let refused = service.run_with_input(&login, "0123456789abcdef").expect(4);
    assert_eq!(refused.error_code(), "CREDENTIAL_REJECTED");
    service.run_with_input(&login, &secret).expect(0);
    let status = service.run(&["status", "--check", "--json"]).expect(0);
    assert_eq!(status.json()["profiles"][0]["state"], "valid");
    assert_eq!(service.run(&["whoami"]).expect(0).stdout, "ada\n");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn registry_creates_tokens_only_with_the_password() {
    let Some((service, _registry)) = signed_in() else {
        return;
    };
    let create_with = |arguments: &[&str], input: &str| {
        let arguments = [&["token", "create", "ci", "--json"], arguments].concat();
        service.run_with_input(&arguments, input)
    };
    let without = create_with(&["--no-input"], "").expect(2);
    assert!(without.stdout.contains("--password-stdin"), "{without}");
    let wrong = create_with(&["--password-stdin"], WRONG).expect(4);
    assert_eq!(wrong.error_code(), "CREDENTIAL_REJECTED");
    assert_eq!(ids(&service), [""; 0]);
    let endless = create_with(&["--expires-in", "90d", "--password-stdin"], PASSWORD);
    assert_eq!(endless.expect(2).error_code(), "UNSUPPORTED");

    let (one, _) = create(&service);
    let (other, _) = create(&service);
    assert_eq!(ids(&service).len(), 2);
    service.run(&["token", "revoke", &one, "--yes"]).expect(0);
    assert_eq!(ids(&service), [other]);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn registry_rotates_the_key_of_the_profile() {
    let Some((service, _registry)) = signed_in() else {
        return;
    };
    let (old, secret) = create(&service);
    let login = ["login", "--with-token", "--replace"];
    service.run_with_input(&login, &secret).expect(0);
    let rotate = ["token", "rotate", &old, "--password-stdin", "--json"];
    let rotated = service.run_with_input(&rotate, PASSWORD).expect(0).json();
    let new = text(&rotated["id"]);
    assert_ne!(new, old);
    assert_eq!(ids(&service), [new]);
    assert_eq!(service.run(&["whoami"]).expect(0).stdout, "ada\n");
}
