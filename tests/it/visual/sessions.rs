//! Sessions that expire or are refreshed, and servers that stop and start.

use std::os::unix::fs::PermissionsExt as _;

use super::{
    Fixture,
    terminal::{DOWN, END, ENTER, ESCAPE, HOME, UP},
};
use crate::support::{
    process::wait_until,
    sandbox::{EMAIL, PASSWORD, Sandbox},
};

const WAYS: &str = "Choose a login method for BrainMaps (profile brainmaps)";
const NO_TOKENS: &str = "No tokens. Press n to create one.";

/// Returns a fixture that is signed in by the device flow, whose session can be refreshed.
fn with_a_session(more: &[&str]) -> Fixture {
    let fixture = Fixture::start(&[&["--auto-approve", "--interval", "0"], more].concat());
    let login = ["login", "--device", "--no-browser"];
    fixture.home.run(&login).expect(0);
    fixture
}

/// Returns the expiry of the session, as `status` prints it.
fn session_expiry(fixture: &Fixture) -> String {
    let status = fixture.home.run(&["status", "--json"]).expect(0).json();
    let expiry = status["profiles"][0]["expires_at"].as_str();
    expiry.unwrap().to_owned()
}

#[test]
fn a_session_that_expires_leads_to_the_login_with_the_reason() {
    let fixture = Fixture::signed_in(&[]);
    let mut visual = fixture.visual(&[]);
    visual.wait_for(NO_TOKENS);
    let session = fixture.home.run(&["credential", "print", "--header"]);
    let header = session.expect(0).stdout.trim().to_owned();
    fixture.sandbox.post("/api/auth/logout/", &header, "");
    visual.keys("r");
    let screen = visual.wait_for(WAYS);
    assert!(screen.contains("✗ "), "{screen}");
    visual.quit();
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn an_expired_session_leads_to_the_login_with_the_reason() {
    let fixture = with_a_session(&[]);
    fixture.home.run(&["sandbox", "reset"]).expect(0);
    let mut visual = fixture.visual(&[]);
    let screen = visual.wait_for(WAYS);
    assert!(screen.contains("✗ "), "{screen}");
    visual.quit();
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn an_expiring_session_is_refreshed_automatically() {
    let fixture = with_a_session(&["--access-ttl", "50"]);
    let before = session_expiry(&fixture);
    let mut visual = fixture.visual(&[]);
    visual.wait_for(NO_TOKENS);
    wait_until("a refresh", || session_expiry(&fixture) != before);
    visual.keys("r");
    let screen = visual.wait_for(NO_TOKENS);
    assert!(!screen.contains("error"), "{screen}");
    visual.quit();
}

#[test]
fn an_unreachable_server_is_reported_and_retried() {
    let Fixture { sandbox, home } = Fixture::signed_in(&[]);
    let port = sandbox.port();
    let fixture = Fixture { sandbox, home };
    fixture.create_token("nightly");
    let mut visual = fixture.visual(&[]);
    visual.wait_for("1 of 1");
    let Fixture { sandbox, home } = fixture;
    drop(sandbox);
    visual.keys("r");
    let screen = visual.wait_for("error: ");
    assert!(screen.contains("hint: "), "{screen}");
    assert!(screen.contains("nightly"), "what was there stays: {screen}");
    let sandbox = Sandbox::start_at(&home, &port, &[]);
    sandbox.wait_until_it_responds();
    visual.keys("r");
    visual.wait_until_gone("error: ");
    visual.wait_until_gone("incomplete");
    visual.wait_for("nightly");
    visual.quit();
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_sessions_screen_manages_all_profiles() {
    let fixture = with_a_session(&[]);
    let url = format!("{}/neuroio", fixture.sandbox.url);
    let login = [
        "login",
        "--api-url",
        &url,
        "--username",
        EMAIL,
        "--password-stdin",
    ];
    let login = [&["--profile", "neuroio"][..], &login].concat();
    fixture.home.run_with_input(&login, PASSWORD).expect(0);
    let before = session_expiry(&fixture);
    let mut visual = fixture.visual(&[]);
    visual.wait_for(NO_TOKENS);
    visual.keys("2");
    let screen = visual.wait_for("✓ used");
    assert!(screen.contains("brainmaps: BrainMaps, API URL"), "{screen}");
    visual.keys("f");
    visual.wait_for("Refreshed the session of profile brainmaps.");
    assert_ne!(session_expiry(&fixture), before);

    visual.click("neuroio");
    visual.wait_for("neuroio: NeuroIO, API URL");
    visual.keys("f");
    visual.wait_for("error: ");
    visual.keys("u");
    visual.wait_for("The default profile is now neuroio.");
    visual.keys(ENTER);
    visual.wait_for("temporary");
    visual.wait_for("1 of 1");

    visual.keys("2");
    visual.wait_for("neuroio: NeuroIO, API URL");
    visual.keys("x");
    visual.wait_for("Sign out of profile neuroio");
    visual.keys(ESCAPE);
    visual.wait_until_gone("Sign out of profile");
    visual.keys("x");
    visual.wait_for("Sign out of profile neuroio");
    visual.keys("y");
    visual.wait_for("Signed out of profile neuroio and revoked the session.");
    visual.keys(DOWN);
    visual.quit();
    let status = fixture.home.run(&["status", "--json"]);
    let status = status.expect(4).json();
    assert_eq!(status["profiles"][0]["profile"], "neuroio");
    assert_eq!(status["profiles"][0]["state"], "none");
}

#[test]
fn an_environment_key_is_shown_to_shadow_the_stored_session() {
    let mut fixture = Fixture::signed_in(&[]);
    let (_, key) = fixture.create_token("in the environment");
    fixture.home.set("BRAINMAPS_API_KEY", &key);
    let mut visual = fixture.visual(&[]);
    visual.wait_for("in the environment");
    visual.keys("2");
    let screen = visual.wait_for("· shadowed");
    let used = screen.lines().find(|line| line.contains("✓ used")).unwrap();
    assert!(used.contains("BRAINMAPS_API_KEY"), "{screen}");
    visual.quit();
}

#[test]
fn a_local_directory_uses_no_credential_in_the_tui() {
    let fixture = Fixture::signed_in(&[]);
    fixture.create_token("not to be seen here");
    fixture.home.run(&["project", "set-local"]).expect(0);
    let mut visual = fixture.visual(&[]);
    let screen = visual.wait_for("this directory is local");
    assert!(!screen.contains("not to be seen here"), "{screen}");
    visual.quit();
}

#[test]
fn a_damaged_credential_is_reported_and_other_profiles_are_shown() {
    let fixture = Fixture::signed_in(&[]);
    let damaged = fixture.home.data().join("credentials/neuroio.json");
    std::fs::write(&damaged, "x").unwrap();
    std::fs::set_permissions(&damaged, std::fs::Permissions::from_mode(0o600)).unwrap();
    let mut visual = fixture.visual(&[]);
    visual.wait_for(NO_TOKENS);
    visual.keys("2");
    let screen = visual.wait_for("neuroio");
    assert!(screen.contains("▶ brainmaps"), "{screen}");
    visual.keys(&format!("{END}{UP}"));
    visual.wait_for("neuroio: NeuroIO, API URL");
    visual.wait_for("✗ refused");
    visual.quit();
}

#[test]
fn the_api_url_option_applies_to_the_initial_profile_only() {
    let fixture = Fixture::start(&[]);
    let elsewhere = "https://elsewhere.test";
    let mut visual = fixture.visual(&["--profile", "neuroio", "--api-url", elsewhere]);
    visual.wait_for("Choose a login method for NeuroIO");
    visual.keys("2");
    let screen = visual.wait_for("neuroio: NeuroIO, API URL");
    assert!(screen.contains(elsewhere), "{screen}");
    visual.keys(HOME);
    let screen = visual.wait_for("basic-memory: Basic Memory");
    assert!(!screen.contains(elsewhere), "{screen}");
    visual.quit();
}
