//! Actions on tokens in the TUI.

use std::os::unix::fs::PermissionsExt as _;

use super::{
    Fixture, SIZE,
    terminal::{CTRL_U, DOWN, ENTER, ESCAPE, LEFT, RIGHT, Terminal, UP},
};
use crate::support::{
    leak::CANARY,
    recorder::{Hold, Recorder},
    sandbox::{EMAIL, PASSWORD},
};

/// Shown in place of a hidden secret.
const HIDDEN: &str = "••••••••••••  Press v to show it.";

/// Returns a fixture that is signed in through a recorder, which can hold a request.
fn signed_in_through_recorder(more: &[&str]) -> (Fixture, Recorder) {
    let mut fixture = Fixture::start(more);
    let recorder = Recorder::start(&fixture.sandbox.url);
    fixture.home.set("BRAINMAPS_API_URL", &recorder.url);
    fixture.log_in();
    (fixture, recorder)
}

/// Creates a token with the form; its dialog stays open.
fn create_with_form(visual: &mut Terminal, name: &str) {
    visual.wait_for("No tokens. Press n to create one.");
    visual.keys("n");
    visual.wait_for("New BrainMaps token");
    visual.keys(&format!("{name}{ENTER}"));
    let screen = visual.wait_for(HIDDEN);
    assert!(screen.contains(&format!("Created {name}")), "{screen}");
}

/// Closes the dialog of a copied secret. Terminals do not report whether they copied it, so that it asks.
pub(super) fn close_copied(visual: &mut Terminal) {
    visual.keys(ESCAPE);
    visual.wait_for("Is the secret in your clipboard?");
    visual.keys("y");
}

/// Returns the secret on the screen.
fn secret(screen: &str) -> Option<String> {
    let mut words = screen.split(|c: char| c.is_whitespace() || c == '│');
    words.find(|word| word.contains(CANARY)).map(str::to_owned)
}

#[test]
fn a_new_secret_is_hidden_and_the_copied_text_is_a_valid_key() {
    let fixture = Fixture::signed_in(&[]);
    let mut visual = fixture.visual(&[]);
    create_with_form(&mut visual, "nightly");
    visual.keys("c");
    let key = visual.clipboard();
    assert_eq!(fixture.account_of_key(&key), EMAIL);
    let revealed = visual.reveal("v", secret);
    assert_eq!(revealed, key);
    let screen = visual.wait_for(HIDDEN);
    assert!(!screen.contains(CANARY), "{screen}");
    close_copied(&mut visual);
    visual.wait_until_gone("Created nightly");
    visual.wait_for("1 of 1");
    visual.quit();
}

#[test]
fn closing_an_unsaved_secret_asks_first() {
    let fixture = Fixture::signed_in(&[]);
    let mut visual = fixture.visual(&[]);
    create_with_form(&mut visual, "nightly");
    visual.keys(ESCAPE);
    visual.wait_for("neither copied nor saved");
    visual.keys("n");
    visual.wait_until_gone("neither copied nor saved");
    visual.keys(ESCAPE);
    visual.wait_for("neither copied nor saved");
    visual.keys("y");
    visual.wait_until_gone("Created nightly");
    visual.quit();
}

#[test]
fn a_new_secret_is_saved_into_an_env_file_that_only_its_owner_can_read() {
    let fixture = Fixture::signed_in(&[]);
    let mut visual = fixture.visual(&[]);
    create_with_form(&mut visual, "nightly");
    visual.keys("s");
    visual.wait_for("Save the secret");
    visual.keys(&format!("{CTRL_U}job.env{ENTER}"));
    visual.wait_for("Saved in");
    visual.keys(ESCAPE);
    visual.wait_until_gone("Created nightly");
    visual.quit();
    let path = fixture.path_in_work("job.env");
    let mode = path.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let key = lines.next().unwrap().strip_prefix("BRAINMAPS_API_KEY=");
    assert_eq!(fixture.account_of_key(key.unwrap()), EMAIL);
    let url = lines.next().unwrap();
    assert!(url.starts_with("BRAINMAPS_API_URL=http://"), "{url}");
}

#[test]
fn a_rotation_shows_its_steps_as_they_happen_and_replaces_the_key_in_the_file() {
    let (fixture, recorder) = signed_in_through_recorder(&[]);
    let made = ["token", "create", "nightly", "--env-file", "job.env"];
    fixture.home.run(&made).expect(0);
    let read = || std::fs::read_to_string(fixture.path_in_work("job.env")).unwrap();
    let before = read();
    let mut visual = fixture.visual(&[]);
    visual.wait_for("nightly");
    recorder.hold_path("/revoke/", Hold::Response);
    visual.keys("o");
    visual.wait_for("Rotate nightly");
    visual.keys(&format!("job.env{ENTER}"));
    visual.wait_for("Rotate `nightly`");
    visual.keys("y");
    recorder.wait_until_held();
    let screen = visual.wait_for("✓ Wrote the new token to its targets");
    assert!(
        screen.contains("✓ Verified the new token with a request"),
        "{screen}"
    );
    assert!(!screen.contains("Revoked the old token"), "{screen}");
    recorder.release();
    visual.wait_for("Rotated ");
    visual.wait_for("Saved in");
    visual.keys(ESCAPE);
    visual.wait_until_gone("Rotated ");
    visual.quit();
    let key = |text: &str| {
        let line = text.lines().next().unwrap();
        line.split_once('=').unwrap().1.to_owned()
    };
    assert_ne!(key(&before), key(&read()));
    assert_eq!(fixture.account_of_key(&key(&read())), EMAIL);
}

#[test]
fn a_key_that_may_be_another_tokens_is_rotated_only_after_confirmation() {
    let fixture = Fixture::signed_in(&[]);
    fixture.create_token("other");
    let made = ["token", "create", "nightly", "--env-file", "job.env"];
    fixture.home.run(&made).expect(0);
    // Without the record of created keys, the key may belong to each of the tokens.
    std::fs::remove_file(fixture.home.data().join("created-keys.json")).unwrap();
    let read = || std::fs::read_to_string(fixture.path_in_work("job.env")).unwrap();
    let before = read();
    let mut visual = fixture.visual(&[]);
    visual.wait_for("nightly");
    visual.keys("/nightly\r");
    let question = "It is unknown whether the key in";
    for response in ["n", "y"] {
        visual.keys("o");
        visual.wait_for("Rotate nightly");
        visual.keys(&format!("job.env{ENTER}"));
        visual.wait_for("Rotate `nightly`");
        visual.keys("y");
        let screen = visual.wait_for(question);
        assert!(screen.contains("it may be the key of token "), "{screen}");
        assert_eq!(read(), before);
        visual.keys(response);
        visual.wait_until_gone(question);
    }
    visual.wait_for("Rotated ");
    assert_ne!(read(), before);
    visual.keys(ESCAPE);
    visual.wait_until_gone("Rotated ");
    visual.quit();
}

#[test]
fn revocation_names_the_token_and_requires_yes() {
    let fixture = Fixture::signed_in(&[]);
    let (id, key) = fixture.create_token("nightly");
    let mut visual = fixture.visual(&[]);
    visual.wait_for("1 of 1");
    for no in ["n", ESCAPE] {
        visual.keys("x");
        let screen = visual.wait_for("Revoke `nightly`");
        assert!(screen.contains(&id), "{screen}");
        visual.keys(no);
        visual.wait_until_gone("Revoke `nightly`");
    }
    visual.keys("x");
    visual.wait_for("Revoke `nightly`");
    // Keys that confirm elsewhere do not confirm here.
    visual.keys(&format!("x{ENTER}"));
    assert_eq!(fixture.account_of_key(&key), EMAIL);
    visual.keys("y");
    visual.wait_for("Revoked nightly.");
    visual.quit();
    let list = fixture.home.run(&["token", "list", "--json"]).expect(0);
    let tokens = list.json()["tokens"].clone();
    let mut ids = tokens.as_array().unwrap().iter();
    let alive = ids.find(|it| it["id"] == *id && it["active"] == true);
    assert_eq!(alive, None);
}

#[test]
fn marked_tokens_are_revoked_together_and_each_result_is_shown() {
    let fault = "POST /api/tokens/{id}/revoke/*1=json:403";
    let (fixture, recorder) = signed_in_through_recorder(&["--fault", fault]);
    for name in ["first", "second", "third", "spared"] {
        fixture.create_token(name);
    }
    let mut visual = fixture.visual(&[]);
    visual.wait_for("1 of 4");
    visual.keys("/");
    visual.wait_for("filter: _");
    visual.keys(&format!("spared{ENTER}"));
    visual.wait_for("1 of 1 (4 in all)");
    visual.keys(ESCAPE);
    visual.wait_for("of 4");
    visual.keys("*");
    visual.wait_for("4 marked");
    // The cursor stayed on the token that was found.
    visual.keys(" ");
    visual.wait_for("3 marked");
    visual.keys("x");
    let screen = visual.wait_for("Revoke these 3 tokens?");
    for name in ["first", "second", "third"] {
        assert!(screen.contains(&format!("`{name}`")), "{screen}");
    }
    assert!(!screen.contains("`spared`"), "{screen}");
    recorder.hold_path("/revoke/", Hold::Response);
    visual.keys("y");
    visual.wait_for("2 of 3 done…");
    recorder.wait_until_held();
    recorder.release();
    let screen = visual.wait_for("✗ ");
    assert!(screen.contains("2 of 3 done"), "{screen}");
    assert_eq!(screen.matches('✓').count(), 2, "{screen}");
    assert_eq!(screen.matches('✗').count(), 1, "{screen}");
    visual.keys(ESCAPE);
    visual.wait_until_gone("2 of 3 done");
    let screen = visual.wait_for("1 marked");
    assert!(screen.contains("spared"), "{screen}");
    visual.quit();
}

#[test]
fn tokens_are_disabled_and_enabled_if_the_service_supports_it() {
    let fixture = Fixture::start(&[]);
    let url = format!("{}/neuroio", fixture.sandbox.url);
    let neuroio = ["--profile", "neuroio"];
    let login = [
        "login",
        "--api-url",
        &url,
        "--username",
        EMAIL,
        "--password-stdin",
    ];
    let arguments = [&neuroio[..], &login].concat();
    fixture.home.run_with_input(&arguments, PASSWORD).expect(0);
    let made = [&neuroio[..], &["token", "create", "--permanent", "--json"]].concat();
    let made = fixture.home.run(&made).expect(0).json();
    let id = &made["id"].to_string().trim_matches('"').to_owned();
    let get = [&neuroio[..], &["token", "get", id, "--json"]].concat();
    let is_active = || fixture.home.run(&get).expect(0).json()["active"].clone();
    let mut visual = fixture.visual(&neuroio);
    visual.wait_for("permanent");
    visual.keys("/");
    visual.wait_for("filter: _");
    visual.keys(&format!("permanent{ENTER}"));
    visual.wait_for("1 of 1 (2 in all)");
    visual.keys("d");
    visual.wait_for("inactive");
    assert_eq!(is_active(), false);
    visual.keys("a");
    visual.wait_until_gone("inactive");
    assert_eq!(is_active(), true);
    visual.quit();
}

#[test]
fn a_form_is_validated_before_a_request_is_sent() {
    let fixture = Fixture::start(&[]);
    fixture.sign_in_to_brainpercent();
    let mut visual = fixture.visual(&["--profile", "brainpercent"]);
    visual.wait_for("No tokens. Press n to create one.");
    visual.keys("n");
    visual.wait_for("New BrainPercent token");
    // Name, permissions, scopes, days.
    visual.keys(&format!("reader{ENTER}{ENTER}{ENTER}366{ENTER}"));
    visual.wait_for("require a --permission");
    visual.keys(&format!("{UP}{UP} {RIGHT} {LEFT} "));
    visual.wait_for("[ ] read  [x] write");
    visual.keys(&format!("{DOWN}{DOWN}{ENTER}"));
    visual.wait_for("365");
    visual.keys(&format!("{CTRL_U}30{ENTER}"));
    visual.wait_for("Created reader");
    visual.keys("c");
    assert!(visual.clipboard().starts_with("bp_"));
    close_copied(&mut visual);
    let screen = visual.wait_for("in 29 days");
    assert!(screen.contains("reader"), "{screen}");
    visual.quit();
}

#[test]
fn a_paste_goes_into_the_field_and_never_runs_as_commands() {
    let fixture = Fixture::signed_in(&[]);
    fixture.create_token("nightly");
    let mut visual = Terminal::visual(&fixture.home, &[], SIZE);
    visual.wait_for("1 of 1");
    // As keys it would revoke the token and quit.
    visual.paste("xyq");
    visual.keys("n");
    visual.wait_for("New BrainMaps token");
    visual.paste("pasted\u{1b}\nname");
    visual.wait_for("pasted name");
    visual.keys(ESCAPE);
    visual.wait_until_gone("New BrainMaps token");
    visual.wait_for("1 of 1");
    visual.quit();
}
