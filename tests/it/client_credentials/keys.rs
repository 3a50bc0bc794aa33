//! Clients that sign assertions with a private key (RFC 7523 §2.2).

use std::os::unix::fs::PermissionsExt as _;

use super::{field, login, sent_to, serve};
use crate::support::{
    sandbox::{Sandbox, write_private},
    scripted_server::ScriptedServer,
    test_home::TestHome,
};

const KEYS: [(&str, &str); 6] = [
    (
        "ES256",
        include_str!("../../../src/oauth/client_key/testdata/p256.pem"),
    ),
    (
        "ES256",
        include_str!("../../../src/oauth/client_key/testdata/p256-sec1.pem"),
    ),
    (
        "ES384",
        include_str!("../../../src/oauth/client_key/testdata/p384.jwk"),
    ),
    (
        "EdDSA",
        include_str!("../../../src/oauth/client_key/testdata/ed25519.jwk"),
    ),
    (
        "RS256",
        include_str!("../../../src/oauth/client_key/testdata/rsa.pem"),
    ),
    (
        "RS256",
        include_str!("../../../src/oauth/client_key/testdata/rsa-pkcs1.pem"),
    ),
];

const P256: &str = KEYS[0].1;

fn write_key(home: &TestHome, text: &str) {
    write_private(&home.work().join("key"), text);
}

fn login_with_key(home: &TestHome, server: &ScriptedServer, options: &[&str]) {
    write_key(home, P256);
    let options = [&["--key", "key"][..], options].concat();
    login(home, server, &options, "").expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn rfc7523_2_2_sandbox_accepts_a_key_of_every_kind_for_token_and_revocation() {
    for (algorithm, text) in KEYS {
        let home = TestHome::new();
        let sandbox = Sandbox::start(&home, &["--memory"]);
        sandbox.wait_until_it_responds();
        write_key(&home, text);
        let arguments = [
            "--no-input",
            "login",
            "--client-credentials",
            "--issuer",
            &sandbox.url,
            "--client-id",
            "sandbox-signer",
            "--key",
            "key",
        ];
        home.run(&arguments).expect(0);
        std::fs::remove_file(home.work().join("key")).unwrap();
        let refresh = ["credential", "refresh", "--force"];
        home.run(&refresh).expect(0);
        home.run(&["api", "GET", "/api/brains/"]).expect(0);
        let revoked = home.run(&["logout"]).expect(0);
        assert!(
            revoked.stdout.contains("session revoked"),
            "{algorithm}: {revoked}"
        );
    }
}

#[test]
fn rfc7523_3_each_request_has_a_new_assertion_and_no_secret_in_the_output() {
    let server = serve(&["private_key_jwt"], |_| {});
    let home = TestHome::new();
    login_with_key(&home, &server, &["-vv", "--key-id", "first"]);
    home.run(&["credential", "refresh", "--force", "-vv"])
        .expect(0);
    home.run(&["logout", "-vv"]).expect(0);
    let requests = [sent_to(&server, "/token"), sent_to(&server, "/revoke")].concat();
    let mut assertions: Vec<String> = requests
        .iter()
        .map(|request| {
            assert_eq!(field(request, "client_id").as_deref(), Some("robot"));
            assert_eq!(field(request, "client_secret"), None);
            assert_eq!(request.header("authorization"), None);
            field(request, "client_assertion").unwrap()
        })
        .collect();
    assertions.sort();
    assertions.dedup();
    assert_eq!(assertions.len(), 3);
}

#[test]
fn server_that_does_not_list_assertions_is_a_warning_and_another_algorithm_an_error() {
    let home = TestHome::new();
    write_key(&home, P256);
    let server = serve(&["client_secret_basic"], |_| {});
    let warned = login(&home, &server, &["--key", "key"], "").expect(0);
    assert!(
        warned.stderr.contains("does not list private_key_jwt"),
        "{warned}"
    );
}

#[test]
fn key_that_others_can_read_is_refused_with_the_command_that_fixes_it() {
    let server = serve(&[], |_| {});
    let home = TestHome::new();
    let file = home.work().join("key");
    std::fs::write(&file, P256).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    let refused = login(&home, &server, &["--key", "key"], "").expect(1);
    assert!(
        refused.stderr.contains("cannot read the private key"),
        "{refused}"
    );
    assert!(refused.stderr.contains("chmod"), "{refused}");
    let missing = login(&home, &server, &["--key", "none"], "").expect(1);
    assert!(missing.stderr.contains("does not exist"), "{missing}");
}

#[test]
fn unusable_key_is_explained() {
    let server = serve(&[], |_| {});
    let home = TestHome::new();
    let encrypted = include_str!("../../../src/oauth/client_key/testdata/encrypted.pem");
    for (text, part, hint) in [
        (
            encrypted,
            "encrypted with a passphrase",
            "openssl pkcs8 -topk8 -nocrypt",
        ),
        ("-----BEGIN PUBLIC KEY-----", "expected the private key", ""),
        ("c4n4ry", "neither PEM nor a JWK", ""),
    ] {
        write_key(&home, text);
        let refused = login(&home, &server, &["--key", "key"], "").expect(2);
        assert!(refused.stderr.contains(part), "{refused}");
        assert!(refused.stderr.contains(hint), "{refused}");
        assert!(!refused.stderr.contains("c4n4ry"), "{refused}");
    }
    let both = ["--key", "key", "--client-secret-file", "-"];
    login(&home, &server, &both, "").expect(2);
    let audience = ["--key", "key", "--assertion-audience", "issue"];
    login(&home, &server, &audience, "").expect(2);
    assert!(server.received().is_empty());
}
