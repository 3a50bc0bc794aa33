//! A rotation that waits for a target, or that was killed, and is finished with other targets: what those have is checked, and
//! what keeps the old key is named.

use std::fs;

use rustix::process::Signal;
use serde_json::Value;

use crate::contract::{Contract, text};
use crate::crash_recovery::Fixture;
use crate::rotation_targets::signed_in;
use crate::support::recorder::Hold;
use crate::support::sandbox::write_private;
use crate::support::test_home::CommandResult;

/// Fails while the file `broken` exists.
const FRAGILE: &str = "test ! -e broken && umask 077 && cat > to.txt";

fn create(contract: &Contract, name: &str, targets: &[&str]) -> String {
    let create = [&["token", "create", name, "--json"], targets].concat();
    let created = contract.home.run(&create).expect(0).json();
    text(&created, "id").to_owned()
}

fn read(contract: &Contract, file: &str) -> String {
    fs::read_to_string(contract.home.work().join(file)).unwrap_or_default()
}

/// Returns a token whose rotation has written `a.env`, and waits for its command.
fn waiting() -> (Contract, String) {
    let contract = signed_in();
    let id = create(&contract, "a", &["--env-file", "a.env", "--to", FRAGILE]);
    fs::write(contract.home.work().join("broken"), "").unwrap();
    contract.home.run(&["token", "rotate", &id]).expect(1);
    (contract, id)
}

/// Returns a token whose rotation was killed when `a.env` had the new key, and the old token was not revoked.
fn killed() -> (Contract, String) {
    let contract = signed_in();
    let id = create(&contract, "a", &["--env-file", "a.env"]);
    let rotate = ["token", "rotate", &id];
    contract.recorder.hold_path("/revoke/", Hold::Request);
    let rotation = contract.home.start(&rotate);
    contract.recorder.wait_until_held();
    rotation.running.signal(Signal::KILL);
    rotation.wait();
    contract.recorder.cut();
    (contract, id)
}

fn rotate(contract: &Contract, id: &str, more: &[&str]) -> CommandResult {
    let rotate = [&["token", "rotate", id], more].concat();
    contract.home.run(&rotate)
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn known_key_of_another_token_is_not_replaced_by_a_resumed_rotation() {
    for (contract, id) in [waiting(), killed()] {
        create(&contract, "b", &["--env-file", "b.env"]);
        let before = read(&contract, "b.env");
        for force in [&[][..], &["--force"]] {
            let arguments = [&["--env-file", "b.env"], force].concat();
            let refused = rotate(&contract, &id, &arguments).expect(2);
            let message = "belongs to another token";
            assert!(refused.stderr.contains(message), "{refused}");
            assert!(!refused.stderr.contains("add --force"), "{refused}");
            assert_eq!(read(&contract, "b.env"), before);
            // The refused target is not remembered, and the other token is not revoked.
            assert_eq!(contract.active_token_ids().len(), 3);
        }
        let _not_waiting = fs::remove_file(contract.home.work().join("broken"));
        rotate(&contract, &id, &[]).expect(0);
        assert_eq!(read(&contract, "b.env"), before);
        assert_eq!(contract.active_token_ids().len(), 2);
    }
}

#[test]
fn resumed_rotation_warns_before_it_replaces_an_unknown_value() {
    let (contract, id) = waiting();
    let config = contract.home.work().join("app.yml");
    write_private(&config, "api:\n  key: placeholder\n");
    let target = ["--config", "app.yml", "--key", "api.key"];
    let refused = rotate(&contract, &id, &target).expect(2);
    assert!(refused.stderr.contains("is not its key"), "{refused}");
    assert!(read(&contract, "app.yml").contains("placeholder"));
    let forced = [&target[..], &["--force"]].concat();
    let forced = rotate(&contract, &id, &forced).expect(0);
    let warning = "replacing the value of api.key";
    assert_eq!(forced.stderr.matches(warning).count(), 1, "{forced}");
    assert!(!read(&contract, "app.yml").contains("placeholder"));
}

#[test]
fn resumed_rotation_names_the_targets_that_keep_the_revoked_key() {
    let (contract, id) = waiting();
    let rotated = rotate(&contract, &id, &["--env-file", "a.env"]).expect(0);
    let warning = "` still has the old key, which is now revoked";
    assert!(rotated.stderr.contains(warning), "{rotated}");
    let revoked = rotated.stderr.find("Revoked the old token");
    assert!(revoked < rotated.stderr.find(warning), "{rotated}");
}

#[test]
fn killed_rotation_to_another_file_names_the_file_that_keeps_the_revoked_key() {
    let contract = signed_in();
    let id = create(&contract, "a", &["--env-file", "old.env"]);
    let copy = contract.home.work().join("a.env");
    fs::copy(contract.home.work().join("old.env"), copy).unwrap();
    contract.recorder.hold_path("/revoke/", Hold::Request);
    let arguments = ["token", "rotate", &id, "--env-file", "a.env"];
    let rotation = contract.home.start(&arguments);
    contract.recorder.wait_until_held();
    rotation.running.signal(Signal::KILL);
    rotation.wait();
    contract.recorder.cut();
    let rotated = rotate(&contract, &id, &[]).expect(0);
    let warning = "old.env still has the old key, which is now revoked";
    assert!(rotated.stderr.contains(warning), "{rotated}");
}

#[test]
fn creation_that_is_killed_after_its_first_target_names_the_file_with_the_secret() {
    let contract = signed_in();
    let command = "umask 077; cat > to.txt; kill -9 $PPID";
    let create = ["token", "create", "ci", "--env-file", "a.env"];
    let killed = contract
        .home
        .run(&[&create[..], &["--to", command]].concat());
    assert_eq!(killed.code, None);
    let again = contract.home.run(&["token", "create", "other"]).expect(0);
    assert!(again.stderr.contains("a.env"), "{again}");
    assert!(again.stderr.contains("has its secret"), "{again}");
    assert!(!again.stderr.contains("was not delivered"), "{again}");
}

#[test]
fn due_rotations_of_a_profile_wait_for_an_unfinished_one_and_name_it() {
    let fixture = Fixture::signed_in_by_password();
    let home = &fixture.home;
    let ids = ["a", "b"].map(|name| {
        let file = format!("{name}.env");
        let create = ["token", "create", name, "--json", "--env-file", &file];
        text(&home.run(&create).expect(0).json(), "id").to_owned()
    });
    fixture.faults("/api/tokens/{id}/revoke/*100=json:500");
    let unfinished = home.run(&["token", "rotate", &ids[0]]).expect(6);
    let message = "could not be revoked";
    assert!(unfinished.stderr.contains(message), "{unfinished}");
    let due = ["token", "rotate", "--due", "--max-age", "0s", "--json"];
    let due = home.run(&due);
    let document = due.json();
    assert_eq!(document["rotated"], Value::Array(Vec::new()), "{due}");
    let failed = document["failed"].as_array().unwrap();
    let failed_ids: Vec<&str> = failed.iter().map(|failed| text(failed, "id")).collect();
    assert_eq!(failed_ids, [&ids[0], &ids[1]], "{due}");
    let message = |index: usize| text(&failed[index]["error"], "message").to_owned();
    assert!(message(0).contains("could not be revoked"), "{due}");
    let waits = format!(
        "cannot rotate token {} before the unfinished rotation of token {}",
        ids[1], ids[0]
    );
    assert!(message(1).contains(&waits), "{due}");
    let finish = format!("token rotate {}` again to finish", ids[0]);
    let hint = text(&failed[1]["error"], "hint");
    assert!(hint.contains(&finish), "{due}");
}

#[test]
fn new_token_of_a_waiting_rotation_is_not_rotated() {
    let (contract, id) = waiting();
    let key = read(&contract, "a.env");
    let live = contract.active_token_ids();
    let new = live.iter().find(|it| **it != id).unwrap();
    // Also after a rotation of another token.
    let other = create(&contract, "b", &["--env-file", "b.env"]);
    for id in [new, &other, new] {
        let rotated = rotate(&contract, id, &[]);
        if id == new {
            let message = "it is the new one of the unfinished rotation of token";
            assert!(rotated.expect(2).stderr.contains(message));
        } else {
            rotated.expect(0);
        }
    }
    assert_eq!(read(&contract, "a.env"), key);
    fs::remove_file(contract.home.work().join("broken")).unwrap();
    rotate(&contract, &id, &[]).expect(0);
    assert!(contract.active_token_ids().contains(new));
}

#[test]
fn key_that_a_rotation_revoked_is_replaced_by_the_next_rotation() {
    let contract = signed_in();
    let id = create(&contract, "a", &["--env-file", "a.env"]);
    let warned = rotate(&contract, &id, &["--to", "true"]).expect(0);
    assert!(warned.stderr.contains("a.env"), "{warned}");
    let before = read(&contract, "a.env");
    let [new] = &contract.active_token_ids()[..] else {
        panic!("one token is left");
    };
    rotate(&contract, new, &["--env-file", "a.env"]).expect(0);
    assert_ne!(read(&contract, "a.env"), before);
}
