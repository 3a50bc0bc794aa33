//! `token create` whose response or whose secret does not arrive.

use std::{fs::File, process::Command};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::{
    contract::{Contract, text},
    crash_recovery::Fixture,
    support::recorder::Hold,
    terminal::{interrupt_at_prompt, on_a_terminal},
};

const CREATE: [&str; 4] = ["token", "create", "ci", "--json"];
/// Returns the ids of the active tokens named `ci`.
fn alive(run: impl Fn(&[&str]) -> Value) -> Vec<String> {
    let listed = run(&["token", "list", "--all", "--json"]);
    let tokens = listed["tokens"].as_array().unwrap().iter();
    let tokens = tokens.filter(|token| token["name"] == "ci" && token["active"] != false);
    tokens.map(|token| text(token, "id").to_owned()).collect()
}

fn fixture() -> Fixture {
    Fixture::signed_in_by_password()
}

fn journals(fixture: &Fixture) -> usize {
    let folder = fixture.home.data().join("creations");
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

fn alive_in(fixture: &Fixture) -> Vec<String> {
    alive(|command| fixture.home.run(command).expect(0).json())
}

#[test]
fn the_token_of_a_killed_creation_is_reported_by_the_next_one() {
    for hold in [Hold::Request, Hold::Response] {
        let contract = Contract::with_password("brainmaps");
        let run = |command: &[&str]| contract.home.run(command).expect(0).json();
        let before = text(&run(&CREATE), "id").to_owned();
        contract.recorder.hold(0, hold);
        let creation = contract.home.start(&CREATE);
        contract.recorder.wait_until_held();
        creation.running.signal(Signal::KILL);
        creation.wait();
        contract.recorder.cut();
        let when = format!("{hold:?} held");

        let mut orphans = alive(run);
        orphans.retain(|id| *id != before);
        assert_eq!(orphans.len(), usize::from(hold == Hold::Response), "{when}");
        for command in [
            &["doctor", "--offline"][..],
            &["status"],
            &["token", "list"],
        ] {
            let printed = contract.home.run(command);
            let printed = printed.stdout.clone() + &printed.stderr;
            assert!(
                printed.contains("was interrupted"),
                "{command:?}, {when}: {printed}"
            );
        }
        let again = contract.home.run(&CREATE).expect(0);
        let new = text(&again.json(), "id").to_owned();
        // Another machine may have created it: it is not revoked without confirmation.
        for id in &orphans {
            let names_it = again.stderr.contains("token revoke ") && again.stderr.contains(id);
            assert!(names_it, "{when}: {again}");
        }
        let mut expected = [orphans, vec![before, new]].concat();
        expected.sort();
        let mut alive = alive(run);
        alive.sort();
        assert_eq!(alive, expected, "{when}: {again}");
        let quiet = contract.home.run(&["status"]).expect(0);
        assert!(!quiet.stderr.contains("was interrupted"), "{when}: {quiet}");
    }
}

#[test]
fn a_lost_response_is_reported_and_the_next_run_names_the_token() {
    let fixture = fixture();
    for fault in ["lost", "json:503"] {
        fixture.faults(&format!("POST /api/tokens/*1={fault}"));
        let lost = fixture.home.run(&CREATE).expect(6);
        let printed = lost.json()["error"]["hint"].to_string();
        assert!(printed.contains("token list"), "{fault}: {lost}");
        let orphans = alive_in(&fixture);
        assert_eq!(orphans.len(), usize::from(fault == "lost"), "{fault}");
        let again = fixture.home.run(&CREATE).expect(0);
        for id in &orphans {
            assert!(
                again.stderr.contains(&format!("token revoke {id}")),
                "{again}"
            );
        }
        for id in alive_in(&fixture) {
            fixture
                .home
                .run(&["token", "revoke", &id, "--yes"])
                .expect(0);
        }
        assert_eq!(journals(&fixture), 0, "{fault}");
    }
}

#[test]
fn revocation_of_a_token_that_was_never_delivered_is_in_the_audit_log() {
    let fixture = fixture();
    let log = fixture.home.path().join("audit.jsonl");
    let set = ["config", "set", "audit_log", log.to_str().unwrap()];
    fixture.home.run(&set).expect(0);
    fixture.faults("POST /api/tokens/*1=lost");
    let lost = fixture.home.run(&CREATE);
    let code = lost.error_code();
    let orphan = alive_in(&fixture).remove(0);
    let again = on_a_terminal(&fixture.home, &CREATE[..3], "y\n").wait();
    let again = again.expect(0);
    let asked = "may be from an interrupted `token create`. Revoke it?";
    assert!(again.stdout.contains(asked), "{again}");
    let created = alive_in(&fixture);
    assert_eq!(created.len(), 1, "{again}");

    let log = fixture.home.run(&["credential", "log", "--json"]).json();
    let events = log["events"].as_array().unwrap().iter();
    let events = events.map(|event| json!([event["event"], event["result"], event["token_id"]]));
    let expected = [
        json!(["token-create", code, null]),
        json!(["token-revoke", "ok", orphan]),
        json!(["token-create", "ok", created[0]]),
    ];
    assert_eq!(events.collect::<Vec<_>>(), expected);
}

#[test]
fn ctrl_c_at_the_question_about_an_earlier_token_creates_nothing_and_the_next_run_asks_again() {
    let fixture = fixture();
    fixture.faults("POST /api/tokens/*1=lost");
    fixture.home.run(&CREATE);
    let orphans = alive_in(&fixture);
    for targets in ["", "--env-file new.env", "--to true"] {
        let create = format!("token create ci {targets}");
        interrupt_at_prompt(&fixture.home, &create, "Revoke it?", &[]);
        assert_eq!(alive_in(&fixture), orphans, "{targets}");
        assert_eq!(journals(&fixture), 1, "{targets}");
    }
    assert!(!fixture.home.work().join("new.env").exists());
}

#[test]
fn an_interrupted_creation_is_named_by_a_rotation() {
    let fixture = fixture();
    let created = fixture.home.run(&CREATE).expect(0).json();
    fixture.faults("POST /api/tokens/*1=json:503");
    fixture.home.run(&CREATE).expect(6);
    let rotate = ["token", "rotate", text(&created, "id"), "--json"];
    // The profile has no stored key, so that nothing is rotated.
    let outcome = fixture.home.run(&rotate).expect(2);
    let warning = "the creation of a token \"ci\" of profile \"brainmaps\" was interrupted";
    assert!(outcome.stderr.contains(warning), "{outcome}");
}

#[test]
fn creation_without_an_unfinished_one_sends_one_request() {
    let fixture = fixture();
    fixture.forget_requests();
    fixture.home.run(&CREATE).expect(0);
    assert_eq!(fixture.received("/api/tokens/"), 1);
}

#[test]
fn token_of_the_same_name_that_existed_before_is_never_revoked() {
    let fixture = fixture();
    fixture.home.run(&CREATE).expect(0);
    let before = alive_in(&fixture);
    fixture.faults("POST /api/tokens/*1=json:503");
    fixture.home.run(&CREATE).expect(6);
    // Nothing was created, and the existing token stays.
    let again = fixture.home.run(&CREATE).expect(0);
    assert!(!again.stderr.contains("revoked"), "{again}");
    assert_eq!(alive_in(&fixture).len(), 2);
    assert!(alive_in(&fixture).contains(&before[0]));
}

#[test]
fn concurrent_creations_do_not_revoke_each_others_tokens() {
    let fixture = fixture();
    let running: Vec<_> = (0..6).map(|_| fixture.home.start(&CREATE)).collect();
    let ids: Vec<String> = running
        .into_iter()
        .map(|it| text(&it.wait().expect(0).json(), "id").to_owned())
        .collect();
    fixture.home.run(&CREATE).expect(0);
    let alive = alive_in(&fixture);
    assert_eq!(alive.len(), 7);
    assert!(ids.iter().all(|id| alive.contains(id)));
}

/// Runs the program with its stdout redirected by the shell.
fn redirected(fixture: &Fixture, arguments: &[&str], redirection: &str) -> (i32, String) {
    let program = fixture.home.command(arguments);
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", &format!("exec \"$0\" \"$@\" {redirection}")])
        .arg(program.get_program())
        .args(program.get_args())
        .env_clear()
        .current_dir(fixture.home.work())
        .stdout(File::create("/dev/null").unwrap());
    for (name, value) in program.get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    let output = shell.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), stderr)
}

#[test]
fn the_id_is_printed_on_stderr_if_stdout_cannot_be_written() {
    let fixture = fixture();
    for arguments in [&CREATE[..], &CREATE[..3]] {
        let (code, stderr) = redirected(&fixture, arguments, ">/dev/full");
        assert_eq!(code, 1, "{stderr}");
        let id = alive_in(&fixture).pop().unwrap();
        assert!(stderr.contains(&format!("token revoke {id}")), "{stderr}");
        fixture
            .home
            .run(&["token", "revoke", &id, "--yes"])
            .expect(0);
    }
}

#[test]
fn revocation_of_a_token_whose_secret_was_not_printed_ends_the_warning_about_it() {
    let fixture = fixture();
    let (code, stderr) = redirected(&fixture, &CREATE, ">/dev/full");
    assert_eq!(code, 1, "{stderr}");
    let warned = fixture.home.run(&["status"]).expect(0);
    assert!(warned.stderr.contains("was interrupted"), "{warned}");
    let id = alive_in(&fixture).pop().unwrap();
    let revoke = ["token", "revoke", &id, "--yes"];
    fixture.home.run(&revoke).expect(0);
    let quiet = fixture.home.run(&["status"]).expect(0);
    assert!(!quiet.stderr.contains("was interrupted"), "{quiet}");
    assert_eq!(journals(&fixture), 0);
}

#[test]
fn revocation_in_another_profile_keeps_the_warning_about_an_equal_id() {
    let fixture = fixture();
    let created = fixture.home.run(&["token", "create", "key", "--json"]);
    let key = text(&created.expect(0).json(), "secret").to_owned();
    redirected(&fixture, &CREATE, ">/dev/full");
    let add = ["profile", "add", "other", "--provider", "brainmaps"];
    fixture.home.run(&add).expect(0);
    let login = ["--profile", "other", "login", "--with-token"];
    fixture.home.run_with_input(&login, &key).expect(0);
    let id = alive_in(&fixture).pop().unwrap();
    let revoke = ["--profile", "other", "token", "revoke", &id, "--yes"];
    fixture.home.run(&revoke).expect(0);
    assert_eq!(
        journals(&fixture),
        1,
        "it may be a token of another account"
    );
}

#[test]
fn a_closed_stdout_is_rejected_before_any_request() {
    let fixture = fixture();
    fixture.forget_requests();
    for arguments in [&CREATE[..], &CREATE[..3]] {
        let (code, stderr) = redirected(&fixture, arguments, ">&-");
        assert_eq!(code, 2, "{stderr}");
    }
    assert_eq!(fixture.received("/api/tokens/"), 0);
    let (code, stderr) = redirected(&fixture, &CREATE, ">/dev/null");
    assert_eq!(code, 0, "{stderr}");
}
