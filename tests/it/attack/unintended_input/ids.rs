//! A key in place of a token id is rejected before it is sent, logged or printed.

use serde_json::json;

use crate::support::{
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::TestHome,
};

const NUMERIC: &str = "neuroio";

fn server() -> ScriptedServer {
    ScriptedServer::start(
        |received: &ReceivedRequest, _: &str| match received.method.as_str() {
            "DELETE" => ScriptedResponse::text(204, "text/plain", ""),
            _ => ScriptedResponse::json(
                200,
                &json!({ "id": 17, "username": "me", "email": "me@example.com", "is_active": true }),
            ),
        },
    )
}

/// Returns a home with `key` stored for `service`.
fn signed_in(server: &ScriptedServer, service: &str, key: &str) -> TestHome {
    let home = TestHome::new();
    let login = [
        "--profile",
        service,
        "--api-url",
        &server.url,
        "login",
        "--with-token",
        "--no-verify",
    ];
    home.run_with_input(&login, key).expect(0);
    home
}

/// Keys in their documented forms, an access token, and strings that contain one.
const KEYS: &[&str] = &[
    "dbm_ak_1_hidden0123456789",
    "bmc_hiddenhiddenhiddenhiddenhidden12",
    "bmc_hidden",
    "bp_hidden",
    "Bearer dbm_ak_1_hidden",
    "\"bmc_hidden\"",
    "BASIRA_API_KEY=dbm_ak_1_hidden",
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJoaWRkZW4ifQ.hidden",
];

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_key_in_place_of_an_id_is_rejected_and_not_printed() {
    let server = server();
    for service in ["brainmaps", NUMERIC, "basira"] {
        let own = if service == "basira" {
            "dbm_ak_7_c4n4ry-own-key"
        } else {
            "own-c4n4ry-key-in-use"
        };
        let home = signed_in(&server, service, own);
        for key in KEYS.iter().chain(&[own]) {
            for command in [
                &["token", "get", key][..],
                &["token", "update", key, "--inactive"],
                &["token", "revoke", key],
                &["token", "revoke", "17", key, "--yes"],
                &["token", "revoke", key, "--dry-run"],
                &["token", "rotate", key],
            ] {
                let arguments = [&["--profile", service, "-v"], command, &["--json"]].concat();
                let outcome = home.start(&arguments).running.wait();
                assert_eq!(outcome.code, Some(2), "{arguments:?}: {outcome:?}");
                let shown = format!("{}{}", outcome.stdout, outcome.stderr);
                let is_shown = shown.contains("hidden") || shown.contains("c4n4ry");
                assert!(!is_shown, "{arguments:?}: {outcome:?}");
                assert!(shown.contains("\"USAGE\""), "{outcome:?}");
            }
        }
    }
    assert_eq!(server.received().len(), 0);
}

#[test]
fn ids_of_the_described_form_are_accepted() {
    let server = server();
    let home = signed_in(&server, NUMERIC, "own-c4n4ry-key-in-use");
    let run = |id: &str, code| {
        let arguments = ["--profile", NUMERIC, "token", "get", id, "--json"];
        home.run(&arguments).expect(code)
    };
    let refused = run("c4n4ryOel2Xn8Tz", 2);
    assert_eq!(refused.error_code(), "USAGE", "{refused}");
    assert!(refused.stdout.contains("numbers"), "{refused}");
    assert_eq!(server.received().len(), 0);
    run("17", 0);
    assert_eq!(server.received().len(), 1);
}

#[test]
fn a_key_in_place_of_a_space_is_rejected() {
    let server = server();
    let home = signed_in(&server, NUMERIC, "own-c4n4ry-key-in-use");
    let arguments = [
        "--profile",
        NUMERIC,
        "token",
        "create",
        "--space",
        "own-c4n4ry-key-in-use",
        "--json",
    ];
    let outcome = home.run(&arguments).expect(2);
    assert_eq!(outcome.error_code(), "USAGE", "{outcome}");
    assert_eq!(server.received().len(), 0);
}
