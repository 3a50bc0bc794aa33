//! RFC rules that only the whole program can show: its requests and its output.

use super::FaultServer;
use crate::support::test_home::{CommandResult, TestHome};

fn login(home: &TestHome, server: &FaultServer, more: &[&str]) -> CommandResult {
    let url = server.url();
    let arguments = ["login", "--device", "--api-url", &url, "--no-browser"];
    let arguments: Vec<&str> = arguments.iter().chain(more).copied().collect();
    home.run(&arguments)
}

/// Returns the requested paths.
fn paths(server: &FaultServer) -> Vec<String> {
    let printed = server.get("/_sandbox/requests").json();
    let rows = printed["requests"].as_array().unwrap().iter();
    rows.map(|row| row["path"].as_str().unwrap().to_owned())
        .collect()
}

const DEVICE: &str = "/oauth2/device_authorization";

/// Commands that users and scripts run often.
const EVERYDAY: &[&[&str]] = &[
    &["status", "--check"],
    &["whoami"],
    &["token", "list"],
    &["credential", "print"],
    &["credential", "explain"],
    &["credential", "refresh", "--force"],
];

/// Logs in, runs every command once with a valid session and once after the server ended it, and returns the requested
/// paths.
fn run_all_commands() -> Vec<String> {
    let (server, home) = (FaultServer::start(&[]), TestHome::new());
    login(&home, &server, &[]).expect(0);
    for arguments in EVERYDAY {
        home.run(arguments).expect(0);
    }
    let over = "refresh=error:invalid_grant\n/api/*=json:401";
    server.send(&server.request("PUT /_sandbox/faults", "", over));
    for arguments in EVERYDAY {
        home.run(arguments);
    }
    home.run(&["whoami"]).expect(4);
    home.run(&["logout"]);
    paths(&server)
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn rfc8628_3_1b_only_login_starts_a_device_flow_even_with_an_expired_session() {
    let paths = run_all_commands();
    assert!(
        paths.len() > EVERYDAY.len(),
        "they asked the server: {paths:?}"
    );
    let started = paths.iter().filter(|path| *path == DEVICE).count();
    assert_eq!(started, 1, "{paths:?}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn rfc8628_3_1b_an_expired_code_is_not_replaced_automatically() {
    let faults = ["device=set:expires_in=2", "poll=pending"];
    let (server, home) = (FaultServer::start(&faults), TestHome::new());
    login(&home, &server, &[]).expect(5);
    let started = paths(&server).iter().filter(|path| *path == DEVICE).count();
    assert_eq!(started, 1);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn rfc7662_2_no_token_is_introspected() {
    let paths = run_all_commands();
    assert!(
        !paths.iter().any(|path| path.contains("introspect")),
        "{paths:?}"
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn rfc8628_3_3_user_code_and_plain_url_are_printed_in_addition_to_the_complete_url() {
    let (server, home) = (FaultServer::start(&[]), TestHome::new());
    let printed = login(&home, &server, &[]).expect(0);
    let line = |label: &str| {
        let found = printed
            .stderr
            .lines()
            .find_map(|line| line.strip_prefix(label));
        found
            .unwrap_or_else(|| panic!("no `{label}`: {printed}"))
            .trim()
            .to_owned()
    };
    assert_eq!(line("Open "), format!("{}/device", server.url()));
    let (code, complete) = (line("Enter code "), line("or open "));
    assert_eq!(
        complete,
        format!("{}/device?user_code={code}", server.url())
    );

    let printed = login(&home, &server, &["--json"]).expect(0);
    let event: serde_json::Value =
        serde_json::from_str(printed.stderr.lines().next().unwrap()).unwrap();
    for member in ["user_code", "verification_uri", "verification_uri_complete"] {
        assert!(event[member].is_string(), "{member}: {printed}");
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn cross_device_bcp_client_scopes_and_a_warning_are_printed() {
    let (server, home) = (FaultServer::start(&[]), TestHome::new());
    let printed = login(&home, &server, &["--scope", "openid"]).expect(0);
    for words in [
        "The page asks you to authorize `brainmaps-cli` (scopes: openid",
        "Approve only a sign-in you started",
    ] {
        assert!(printed.stderr.contains(words), "no `{words}`: {printed}");
    }
}
