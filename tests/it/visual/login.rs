//! The start, and the login screen.

use super::{
    Fixture,
    terminal::{DOWN, ENTER, ESCAPE, TAB, Terminal},
};
use crate::support::sandbox::{EMAIL, PASSWORD, Sandbox};

/// The login methods of BrainMaps; the device flow, a browser login, the password, a key.
const WAYS: &str = "Choose a login method for BrainMaps (profile brainmaps)";
const NO_TOKENS: &str = "No tokens. Press n to create one.";
const CODE: &str = "Enter the code ";

fn code(screen: &str) -> Option<String> {
    let (_, rest) = screen.split_once(CODE)?;
    Some(rest.split_whitespace().next()?.to_owned())
}

/// Requests a user code.
fn request_code(visual: &mut Terminal) -> String {
    visual.wait_for(WAYS);
    visual.keys(ENTER);
    code(&visual.wait_for(CODE)).unwrap()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_first_start_shows_the_login_and_approval_leads_to_the_tokens() {
    let fixture = Fixture::start(&["--interval", "1"]);
    let mut visual = fixture.visual(&[]);
    let code = request_code(&mut visual);
    let screen = visual.wait_for("Waiting for your approval");
    let page = format!("{}/device", fixture.sandbox.url);
    assert!(screen.contains(&page), "{screen}");
    assert!(
        screen.contains('▀'),
        "the code large, and for a phone: {screen}"
    );
    visual.keys("y");
    assert_eq!(visual.clipboard(), code);
    visual.keys("c");
    assert_eq!(visual.clipboard(), format!("{page}?user_code={code}"));
    let approve = fixture.home.run(&["sandbox", "approve", &code]);
    approve.expect(0);
    visual.wait_for(NO_TOKENS);
    let screen = visual.wait_for("auto-refresh");
    assert!(!screen.contains(&code), "{screen}");
    visual.quit();
    let status = fixture.home.run(&["status", "--json"]).expect(0).json();
    assert_eq!(status["profiles"][0]["state"], "valid", "{status}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_cancelled_or_denied_code_returns_to_the_login_methods() {
    let fixture = Fixture::start(&["--interval", "1"]);
    let mut visual = fixture.visual(&[]);
    request_code(&mut visual);
    visual.keys(ESCAPE);
    visual.wait_for("Choose a profile to sign in to");
    visual.keys(ENTER);
    let code = request_code(&mut visual);
    fixture.home.run(&["sandbox", "deny", &code]).expect(0);
    let screen = visual.wait_for(WAYS);
    assert!(screen.contains("declined"), "{screen}");
    visual.quit();
}

#[test]
fn browser_login_shows_its_page_and_can_be_cancelled() {
    let fixture = Fixture::start(&[]);
    let mut visual = fixture.visual(&[]);
    visual.wait_for(WAYS);
    visual.keys(&format!("{DOWN}{ENTER}"));
    let screen = visual.wait_for("Waiting for the browser on this machine");
    assert!(screen.contains("/oauth2/authorize"), "{screen}");
    assert!(!screen.contains("copy code"), "{screen}");
    visual.keys("c");
    assert!(visual.clipboard().starts_with(&fixture.sandbox.url));
    visual.keys(ESCAPE);
    visual.wait_for("Choose a profile to sign in to");
    visual.quit();
}

#[test]
fn a_valid_environment_key_needs_no_login_and_its_source_is_shown() {
    let mut fixture = Fixture::signed_in(&[]);
    let (_, key) = fixture.create_token("the one in use");
    fixture.home.run(&["logout"]).expect(0);
    fixture.home.set("BRAINMAPS_API_KEY", &key);
    let mut visual = fixture.visual(&[]);
    let screen = visual.wait_for("the one in use");
    assert!(screen.contains("valid"), "{screen}");
    assert!(screen.contains("BRAINMAPS_API_KEY"), "{screen}");
    visual.quit();
}

#[test]
fn a_rejected_environment_key_leads_to_the_login_with_a_message() {
    let mut fixture = Fixture::start(&[]);
    fixture.home.record().secret("no-such-key-at-all");
    fixture.home.set("BRAINMAPS_API_KEY", "no-such-key-at-all");
    let mut visual = fixture.visual(&[]);
    let screen = visual.wait_for(WAYS);
    assert!(screen.contains("✗ "), "{screen}");
    assert!(screen.contains("BRAINMAPS_API_KEY"), "which key: {screen}");
    visual.quit();
}

#[test]
fn a_password_is_hidden_and_a_wrong_one_is_reported_in_the_form() {
    let fixture = Fixture::start(&[]);
    fixture.home.record().secret("wrong-hunter2");
    let mut visual = fixture.visual(&[]);
    for (password, then) in [("wrong-hunter2", "✗ "), (PASSWORD, NO_TOKENS)] {
        visual.wait_for(WAYS);
        visual.keys(&format!("{DOWN}{DOWN}{ENTER}"));
        visual.wait_for("Enter submit");
        visual.keys(&format!("{EMAIL}{TAB}{password}"));
        visual.wait_for("Sent once, never stored.");
        let screen = visual.wait_for("•••");
        assert!(screen.contains(EMAIL), "{screen}");
        visual.keys(ENTER);
        visual.wait_for(then);
    }
    let screen = visual.wait_for("Signed in to profile brainmaps.");
    assert!(!screen.contains('•'), "{screen}");
    visual.quit();
}

#[test]
fn a_session_of_another_server_is_replaced_only_after_confirmation() {
    let fixture = Fixture::signed_in(&[]);
    let file = fixture.home.data().join("credentials/brainmaps.json");
    let before = std::fs::read(&file).unwrap();
    let other = Sandbox::start(&fixture.home, &["--memory"]);
    other.wait_until_it_responds();
    let mut visual = fixture.visual(&["--api-url", &other.url]);
    for (response, then) in [("n", WAYS), ("y", NO_TOKENS)] {
        visual.wait_for(WAYS);
        visual.keys(&format!("{DOWN}{DOWN}{ENTER}"));
        visual.wait_for("Enter submit");
        visual.keys(&format!("{EMAIL}{TAB}{PASSWORD}{ENTER}"));
        let screen = visual.wait_for("Replace that ");
        assert!(screen.contains(&other.url), "{screen}");
        assert_eq!(std::fs::read(&file).unwrap(), before);
        visual.keys(response);
        visual.wait_until_gone("Replace that ");
        visual.wait_for(then);
    }
    assert_ne!(std::fs::read(&file).unwrap(), before);
    visual.quit();
}

#[test]
fn a_pasted_key_is_hidden_and_used() {
    let fixture = Fixture::signed_in(&[]);
    let (_, key) = fixture.create_token("pasted");
    fixture.home.run(&["logout"]).expect(0);
    let mut visual = fixture.visual(&[]);
    visual.wait_for(WAYS);
    visual.keys(&format!("{DOWN}{DOWN}{DOWN}{ENTER}"));
    visual.wait_for("Paste the key");
    visual.paste(&format!("{key}\n"));
    visual.wait_for("••••••••••••");
    visual.keys(ENTER);
    visual.wait_for("pasted");
    visual.quit();
    let printed = fixture.home.run(&["credential", "print"]).expect(0);
    assert_eq!(printed.stdout.trim(), key);
}
