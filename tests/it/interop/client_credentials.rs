//! Client credentials at npm `oidc-provider`: each method of client authentication, and keys of each kind.

use serde_json::{Value, json};

use crate::support::{
    peer::{Peer, can_run_peers},
    sandbox::write_private,
    test_home::{CommandResult, TestHome, wait_until_all_expire},
};

/// The same as in `oidc-provider.mjs`.
const SECRET: &str = "canary:client secret";

const KEYS: [(&str, &str); 5] = [
    (
        "ES256",
        include_str!("../../../src/oauth/client_key/testdata/p256.jwk"),
    ),
    (
        "ES256",
        include_str!("../../../src/oauth/client_key/testdata/p256-sec1.pem"),
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
        include_str!("../../../src/oauth/client_key/testdata/rsa.jwk"),
    ),
];

fn start(home: &TestHome, methods: &[&str]) -> Peer {
    let jwks = include_str!("../../../crates/sandbox/src/oauth/client_keys.json");
    let mut jwks: Value = serde_json::from_str(jwks).unwrap();
    // The library supports no P-384.
    let keys = jwks["keys"].as_array_mut().unwrap();
    keys.retain(|key| key["crv"] != "P-384");
    let options = json!({ "access_ttl": 2, "jwks": jwks, "auth_methods": methods });
    Peer::start("oidc-provider.mjs", &options, home.record())
}

fn login(home: &TestHome, server: &Peer, client: &str, options: &[&str]) -> CommandResult {
    let issuer = server.ready["issuer"].as_str().unwrap();
    let arguments = [
        "--no-input",
        "login",
        "--client-credentials",
        "--issuer",
        issuer,
        "--client-id",
        client,
    ];
    home.run_with_input(&[&arguments[..], options].concat(), SECRET)
}

/// Returns whether every token request succeeded, and how the client authenticated.
fn requests(server: &Peer) -> Vec<(Value, Value)> {
    let seen = server.ask(&json!({ "do": "seen" }));
    let seen = seen.as_array().unwrap().iter();
    seen.map(|it| (it["client_auth"].clone(), it["status"].clone()))
        .collect()
}

/// Refreshes the token after its expiry and with `--force`, and signs out.
fn use_session(home: &TestHome) {
    wait_until_all_expire(home);
    home.run(&["credential", "print"]).expect(0);
    home.run(&["credential", "refresh", "--force"]).expect(0);
    let ended = home.run(&["logout"]).expect(0);
    assert!(ended.stdout.contains("session revoked"), "{ended}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn rfc6749_2_3_1_secret_is_accepted_in_the_header_and_in_the_form() {
    if !can_run_peers("client_credentials", false) {
        return;
    }
    for method in ["client_secret_basic", "client_secret_post"] {
        let mut home = TestHome::new();
        home.set("BRAINMAPS_LOG", "trace");
        let server = start(&home, &[method, "none"]);
        login(&home, &server, method, &["--client-secret-file", "-"]).expect(0);
        use_session(&home);
        let expected = vec![(json!(method), json!(200)); 3];
        assert_eq!(requests(&server), expected);
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn rfc7523_2_2_key_of_each_kind_is_accepted() {
    if !can_run_peers("client_credentials", false) {
        return;
    }
    let method = "private_key_jwt";
    for (kind, text) in KEYS {
        for audience in ["issuer", "token-endpoint"] {
            let mut home = TestHome::new();
            home.set("BRAINMAPS_LOG", "trace");
            let server = start(&home, &[method, "none"]);
            write_private(&home.work().join("key"), text);
            let options = ["--key", "key", "--assertion-audience", audience];
            login(&home, &server, method, &options).expect(0);
            use_session(&home);
            let expected = vec![(json!(method), json!(200)); 3];
            assert_eq!(requests(&server), expected, "{kind}");
        }
    }
}
