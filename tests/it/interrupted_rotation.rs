//! `token rotate` killed (SIGKILL) at each of its requests, before and after the service processed it: the key in use
//! stays valid, and the next run leaves one key and no journal.

use std::path::PathBuf;

use rustix::process::Signal;
use serde_json::Value;

use crate::{
    contract::{Contract, text},
    support::recorder::Hold,
};

/// List, compare, create, list again, verify, revoke, and check that the old key is invalid.
const EXCHANGES: usize = 6;

/// A service, and where the rotated key is.
struct Case {
    service: &'static str,
    variable: &'static str,
    in_file: bool,
    /// The number of requests before the creation that compare the key in the file with the token.
    compared: usize,
}

/// A session creates the key, which is in a file.
const IN_A_FILE: Case = Case {
    service: "brainmaps",
    variable: "BRAINMAPS_API_KEY",
    in_file: true,
    compared: 2,
};

/// The key is the profile's own, and manages itself.
const STORED: Case = Case {
    service: "basira",
    variable: "BASIRA_API_KEY",
    in_file: false,
    compared: 0,
};

/// The new key is in the file, and the old one is not revoked.
const BEFORE_REVOCATION: (usize, Hold) = (6, Hold::Request);

/// Logs in by password and creates one key.
fn with_a_key(case: &Case) -> (Contract, String) {
    let contract = Contract::with_password(case.service);
    let create = ["token", "create", "ci", "--json"];
    let made = contract.home.run(&create).expect(0).json();
    let (id, secret) = (text(&made, "id"), text(&made, "secret"));
    if case.in_file {
        let line = format!("{}={secret}\n", case.variable);
        crate::support::sandbox::write_private(&contract.home.work().join("app.env"), &line);
        // Without the record of created keys, the service is asked whose the key in the file is.
        std::fs::remove_file(contract.home.data().join("created-keys.json")).unwrap();
    } else {
        let login = ["login", "--with-token", "--no-verify"];
        contract
            .home
            .run_with_input(&login, &format!("{secret}\n"))
            .expect(0);
    }
    (contract, id.to_owned())
}

impl Case {
    fn exchanges(&self) -> usize {
        EXCHANGES + self.compared
    }

    fn rotate<'a>(&self, id: &'a str) -> Vec<&'a str> {
        let file: &[&str] = if self.in_file {
            &["--env-file", "app.env"]
        } else {
            &[]
        };
        [&["token", "rotate", id, "--json"], file].concat()
    }

    /// Returns the key in use.
    fn key(&self, contract: &Contract) -> String {
        if !self.in_file {
            let printed = contract.home.run(&["credential", "print"]).expect(0);
            return printed.stdout.trim().to_owned();
        }
        let file = std::fs::read_to_string(contract.home.work().join("app.env")).unwrap();
        let mut lines = file.lines();
        let line = lines.find_map(|line| line.strip_prefix(self.variable));
        line.unwrap().trim_start_matches('=').to_owned()
    }

    fn journal(&self, contract: &Contract) -> PathBuf {
        let file = format!("rotations/{}.json", self.service);
        contract.home.data().join(file)
    }

    #[track_caller]
    fn assert_key_works(&self, contract: &Contract, when: &str) {
        let arguments = ["whoami"];
        let mut command = contract.home.command(&arguments);
        command.env(self.variable, self.key(contract));
        let who = contract
            .home
            .start_command(&mut command, &arguments, "")
            .wait();
        assert_eq!(who.code, Some(0), "{when}: {who}");
    }
}

/// Starts a rotation and kills it at request `at`.
#[track_caller]
fn rotate_and_kill(case: &Case, contract: &Contract, old: &str, (exchange, hold): (usize, Hold)) {
    contract.recorder.hold(exchange, hold);
    let rotation = contract.home.start(&case.rotate(old));
    contract.recorder.wait_until_held();
    rotation.running.signal(Signal::KILL);
    assert_eq!(rotation.wait().code, None);
    contract.recorder.cut();
    case.assert_key_works(contract, &format!("killed at {exchange}, {hold:?} held"));
}

fn killed_at(case: &Case, exchange: usize, hold: Hold) {
    let when = format!("{} killed at {exchange}, {hold:?} held", case.service);
    let (contract, old) = with_a_key(case);
    let before = case.key(&contract);
    let journal = case.journal(&contract);

    rotate_and_kill(case, &contract, &old, (exchange, hold));
    let last = case.exchanges() - 1;
    let is_underway = (1 + case.compared..last).contains(&exchange);
    assert_eq!(journal.exists(), is_underway, "{when}");
    if is_underway {
        let text = std::fs::read_to_string(&journal).unwrap();
        assert!(!text.contains("c4n4ry"), "{when}: a secret in the journal");
    }

    let again = contract.home.run(&case.rotate(&old));
    if exchange == last {
        // Everything was done except the output: there is nothing left to rotate.
        assert_eq!(again.expect(7).error_code(), "NOT_FOUND", "{when}");
    } else {
        let shown = again.expect(0).json();
        assert_eq!(text(&shown, "replaces"), old, "{when}");
    }
    assert_ne!(case.key(&contract), before, "{when}");
    assert_settled(case, &contract, &old, &when);
}

/// Exactly one new key is left, it works, and no journal remains.
#[track_caller]
fn assert_settled(case: &Case, contract: &Contract, old: &str, when: &str) {
    case.assert_key_works(contract, when);
    let alive = contract.active_token_ids();
    assert_eq!(alive.len(), 1, "{when}: {alive:?}");
    assert_ne!(alive[0], old, "{when}");
    assert!(!case.journal(contract).exists(), "{when}");
}

#[test]
fn a_resumed_rotation_records_the_new_key() {
    let (contract, old) = with_a_key(&IN_A_FILE);
    rotate_and_kill(&IN_A_FILE, &contract, &old, BEFORE_REVOCATION);
    // As if the first run had been killed before it recorded the key.
    let record = contract.home.data().join("created-keys.json");
    std::fs::remove_file(&record).unwrap();
    contract.home.run(&IN_A_FILE.rotate(&old)).expect(0);
    let record: Value = serde_json::from_slice(&std::fs::read(record).unwrap()).unwrap();
    assert_eq!(
        text(&record["keys"][0], "id"),
        contract.active_token_ids()[0]
    );
}

#[test]
fn rotation_that_was_killed_after_its_last_step_names_the_new_token() {
    let (contract, old) = with_a_key(&IN_A_FILE);
    let last = (IN_A_FILE.exchanges() - 1, Hold::Response);
    rotate_and_kill(&IN_A_FILE, &contract, &old, last);
    let [new] = &contract.active_token_ids()[..] else {
        panic!("one token is left");
    };
    let again = contract.home.run(&IN_A_FILE.rotate(&old)).expect(7);
    let error = &again.json()["error"];
    let replaced = format!("a rotation replaced it with token {new}");
    assert!(text(error, "message").contains(&replaced), "{again}");
    let next = format!("token rotate {new}");
    assert!(text(error, "hint").contains(&next), "{again}");
}

/// The next run revokes the new token, or finishes the rotation although it is asked for another token.
#[test]
#[ignore = "slow: run by ./tests/run"]
fn audit_log_has_what_the_run_after_a_killed_rotation_does() {
    for (killed, expected) in [
        ((3, Hold::Response), ["token-revoke", "token-rotate"]),
        (BEFORE_REVOCATION, ["token-rotate", "token-rotate"]),
    ] {
        let (contract, old) = with_a_key(&IN_A_FILE);
        let create = ["token", "create", "b", "--env-file", "b.env", "--json"];
        let other = contract.home.run(&create).expect(0).json();
        rotate_and_kill(&IN_A_FILE, &contract, &old, killed);
        let log = contract.home.path().join("audit.jsonl");
        let set = ["config", "set", "audit_log", log.to_str().unwrap()];
        contract.home.run(&set).expect(0);
        let rotate = ["token", "rotate", text(&other, "id")];
        contract.home.run(&rotate).expect(0);
        let document = contract.home.run(&["credential", "log", "--json"]).json();
        let events = document["events"].as_array().unwrap().iter();
        let events: Vec<_> = events.map(|event| text(event, "event")).collect();
        assert_eq!(events, expected, "{killed:?}");
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_killed_rotation_in_an_env_file_is_completed_by_the_next_run() {
    for exchange in 0..IN_A_FILE.exchanges() {
        killed_at(&IN_A_FILE, exchange, Hold::Request);
        killed_at(&IN_A_FILE, exchange, Hold::Response);
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_killed_rotation_of_the_stored_key_is_completed_by_the_next_run() {
    for exchange in 0..STORED.exchanges() {
        killed_at(&STORED, exchange, Hold::Request);
        killed_at(&STORED, exchange, Hold::Response);
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_killed_recovery_of_a_killed_rotation_is_completed_by_the_third_run() {
    // The first run was killed before the response of the creation: list, revoke the new token, and start again. Or
    // before the revocation: verify, and revoke.
    let [unknown, unrevoked] = [(3, Hold::Response), BEFORE_REVOCATION];
    for (first, second) in [
        (unknown, 0),
        (unknown, 1),
        (unknown, 5),
        (unrevoked, 0),
        (unrevoked, 1),
    ] {
        let (contract, old) = with_a_key(&IN_A_FILE);
        rotate_and_kill(&IN_A_FILE, &contract, &old, first);
        rotate_and_kill(&IN_A_FILE, &contract, &old, (second, Hold::Response));
        let shown = contract.home.run(&IN_A_FILE.rotate(&old)).expect(0).json();
        assert_eq!(text(&shown, "replaces"), old);
        assert_settled(
            &IN_A_FILE,
            &contract,
            &old,
            &format!("{first:?}, then {second}"),
        );
    }
}
