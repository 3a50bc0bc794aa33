//! A jq expression that never ends: signals end the program, and results are written before its end.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use rustix::process::Signal;
use serde_json::json;

use super::{home_for, serve};
use crate::support::scripted_server::{ScriptedResponse, ScriptedServer};

/// Prints `xx…` and a line feed, then computes for ever.
const ENDLESS: &str = r#""x" * 70000, (def f: f; f)"#;

fn tokens() -> ScriptedServer {
    serve(|received| {
        if received.method == "POST" {
            return ScriptedResponse::json(201, &json!({"id": 7, "name": "new", "token": "tok-9"}));
        }
        ScriptedResponse::json(200, &json!({"results": [{"id": 1}], "next": null}))
    })
}

#[test]
fn signals_end_an_endless_expression() {
    let server = tokens();
    let home = home_for(&server);
    for command in [
        &["api", "/x"][..],
        &["api", "/x", "--paginate"],
        &["token", "list"],
        &["token", "list", "--all"],
        &["config", "list"],
    ] {
        for signal in [Signal::INT, Signal::TERM] {
            let running_command = home.start(&[command, &["--jq", ENDLESS]].concat());
            running_command.running.wait_for_text("xxx\n");
            running_command.running.signal(signal);
            let outcome = running_command.wait().expect(130);
            assert!(outcome.stderr.contains("error: interrupted"), "{command:?}");
        }
    }
}

#[test]
fn interrupted_expression_loses_no_secret() {
    let server = tokens();
    let home = home_for(&server);
    let running_command = home.start(&["token", "create", "new", "--jq", ENDLESS]);
    running_command.running.wait_for_text("xxx\n");
    running_command.running.signal(Signal::INT);
    let outcome = running_command.wait().expect(130);
    assert!(outcome.stdout.contains("\"secret\":\"tok-9\""), "{outcome}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn expression_that_ends_its_process_loses_no_secret() {
    let server = tokens();
    let home = home_for(&server);
    for expression in [
        "def f: [f]; f",
        "reduce range(1000000) as $i (.; [.])",
        "\"x\" * 1000000000",
        ".id, (def f: [f]; f)",
    ] {
        let outcome = home.run(&["token", "create", "new", "--jq", expression]);
        let outcome = outcome.expect(1);
        let document: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!(document["secret"], "tok-9", "{expression}");
        let error = "error: --jq failed: the evaluation used up its stack or memory";
        assert!(outcome.stderr.contains(error), "{outcome}");
    }
    let outcome = home.run(&["token", "create", "new", "--jq", ".id, error(\"no\")"]);
    let outcome = outcome.expect(1);
    assert!(
        outcome.stderr.contains("error: --jq failed: \"no\""),
        "{outcome}"
    );
    assert!(outcome.stdout.contains("\"secret\":\"tok-9\""), "{outcome}");
    let outcome = home.run(&["token", "create", "new", "--jq", ".secret, .id"]);
    assert_eq!(outcome.expect(0).stdout, "tok-9\n7\n");
}

#[test]
fn results_are_written_before_the_end() {
    let server = tokens();
    let home = home_for(&server);
    for command in [&["api", "/x"][..], &["config", "list"]] {
        let mut command = home.command(&[command, &["--jq", "repeat(1)"]].concat());
        let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert_eq!(lines.next().unwrap().unwrap(), "1");
        assert_eq!(lines.next().unwrap().unwrap(), "1");
        drop(lines);
        let ended = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&ended.stderr);
        assert_eq!((ended.status.code(), &*stderr), (Some(0), ""));
    }
}

#[test]
fn failed_expression_writes_nothing() {
    let server = tokens();
    let home = home_for(&server);
    let outcome = home.run(&["api", "/x", "--jq", "1, error(\"no\")"]);
    let outcome = outcome.expect(1);
    assert_eq!(outcome.stdout, "", "{outcome}");
}
