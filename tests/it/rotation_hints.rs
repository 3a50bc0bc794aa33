//! The hint of each error of a target names the next command, and that command works.

use std::fs;

use serde_json::Value;

use crate::contract::{Contract, text};
use crate::rotation_targets::signed_in;
use crate::support::sandbox::{EMAIL, PASSWORD, write_private};
use crate::support::test_home::{CommandResult, TestHome};

/// Fails while the file `broken` exists.
const FRAGILE: &str = "test ! -e broken";

/// Runs the first command of this program that the text names.
#[track_caller]
fn run_command_in(home: &TestHome, text: &str) -> CommandResult {
    let mut parts = text.split('`');
    let command = parts.find_map(|part| part.strip_prefix("brainmaps "));
    let command = command.unwrap_or_else(|| panic!("no command: {text}"));
    let arguments: Vec<&str> = command.split(' ').collect();
    home.run(&arguments)
}

/// Runs the command that the hint names.
#[track_caller]
pub(crate) fn run_hint(home: &TestHome, failed: &CommandResult) -> CommandResult {
    let hint = failed.stderr.split("hint: ").last().unwrap();
    run_command_in(home, hint)
}

fn set_broken(home: &TestHome, is_broken: bool) {
    let file = home.work().join("broken");
    if is_broken {
        fs::write(file, "").unwrap();
    } else {
        fs::remove_file(file).unwrap();
    }
}

fn read(contract: &Contract, file: &str) -> String {
    fs::read_to_string(contract.home.work().join(file)).unwrap_or_default()
}

#[test]
fn hint_about_a_failed_command_finishes_the_rotation_or_the_creation() {
    let contract = signed_in();
    let home = &contract.home;
    let targets = ["--to", FRAGILE, "--env-file", "app.env"];
    home.run(&[&["token", "create", "ci"][..], &targets].concat())
        .expect(0);
    set_broken(home, true);
    let rotated = home.run(&["token", "rotate", "ci"]).expect(1);
    let created = home.run(&[&["token", "create", "new", "--force"][..], &targets].concat());
    let created = created.expect(1);
    set_broken(home, false);
    run_hint(home, &rotated).expect(0);
    run_hint(home, &created).expect(0);
    assert_eq!(contract.active_token_ids().len(), 2);
}

#[test]
fn hint_about_a_missing_key_names_the_option_that_writes_it() {
    let contract = signed_in();
    let home = &contract.home;
    write_private(&home.work().join("other.env"), "A=1\n");
    write_private(&home.work().join("other.yml"), "a: 1\n");
    home.run(&["token", "create", "ci", "--to", "true"])
        .expect(0);
    for target in [
        &["--env-file", "other.env"][..],
        &["--env-file", "new.env"],
        &["--config", "other.yml", "--key", "api.key"],
        &["--config", "new.json", "--key", "key"],
    ] {
        let rotate = [&["token", "rotate", "ci"], target].concat();
        let refused = home.run(&rotate).expect(2);
        let hint = "add --force to write the new key to this one";
        assert!(refused.stderr.contains(hint), "{refused}");
        home.run(&[&rotate[..], &["--force"]].concat()).expect(0);
        assert!(read(&contract, target[1]).contains("c4n4ry"), "{target:?}");
    }
}

#[test]
fn hint_about_a_file_that_is_malformed_in_its_format_names_the_option() {
    let contract = signed_in();
    let home = &contract.home;
    write_private(&home.work().join("app.json"), "key=old\n");
    let create = ["token", "create", "ci", "--config", "app.json"];
    let create = [&create[..], &["--key", "key", "--force"]].concat();
    let refused = home.run(&create).expect(2);
    let hint = "name its format with --config-format";
    assert!(refused.stderr.contains(hint), "{refused}");
    let format = ["--config-format", "properties"];
    home.run(&[&create[..], &format].concat()).expect(0);
    assert!(!read(&contract, "app.json").contains("old"));
}

#[test]
fn hint_of_a_due_rotation_selects_the_sandbox_and_the_profile() {
    let mut home = TestHome::new();
    home.set("PATH", "/usr/bin:/bin");
    let profiles = ["brainmaps", "work"];
    let add = ["profile", "add", "work", "--provider", "brainmaps"];
    home.run(&[&["--sandbox"], &add[..]].concat()).expect(0);
    for profile in profiles {
        let login = ["login", "--username", EMAIL, "--password-stdin"];
        let create = ["token", "create", profile, "--to", FRAGILE];
        let select = ["--sandbox", "--profile", profile];
        home.run_with_input(&[&select[..], &login].concat(), PASSWORD)
            .expect(0);
        home.run(&[&select[..], &create].concat()).expect(0);
    }
    set_broken(&home, true);
    #[rustfmt::skip]
    let due = ["--sandbox", "token", "rotate", "--due", "--max-age", "0s", "--all-profiles", "--json"];
    let document = home.run(&due).expect(1).json();
    set_broken(&home, false);
    assert_eq!(document["rotated"], Value::Array(Vec::new()));
    let failed = document["failed"].as_array().unwrap();
    assert_eq!(failed.len(), profiles.len(), "{document}");
    for (failed, profile) in failed.iter().zip(profiles) {
        assert_eq!(text(failed, "profile"), profile);
        let hint = text(&failed["error"], "hint");
        let command = format!("`brainmaps --sandbox --profile {profile} token rotate ");
        assert!(hint.contains(&command), "{hint}");
        run_command_in(&home, hint).expect(0);
    }
}

#[test]
fn hint_about_a_profile_that_is_not_audited_signs_in_to_it() {
    let contract = signed_in();
    let home = &contract.home;
    let add = ["profile", "add", "work", "--provider", "brainmaps"];
    home.run(&add).expect(0);
    let login = ["login", "--username", EMAIL, "--password-stdin"];
    let work = ["--profile", "work"];
    home.run_with_input(&[&work[..], &login].concat(), PASSWORD)
        .expect(0);
    // The session is revoked, and still stored.
    let file = home.data().join("credentials/work.json");
    let stored = fs::read_to_string(&file).unwrap();
    home.run(&[&work[..], &["logout"]].concat()).expect(0);
    write_private(&file, &stored);
    let audit = ["token", "audit", "--all-profiles", "--json"];
    let document = home.run(&audit).expect(4).json();
    let failed = &document["failed"][0];
    assert_eq!(text(failed, "profile"), "work");
    let hint = text(&failed["error"], "hint");
    assert!(hint.contains("`brainmaps --profile work login`"), "{hint}");
}
