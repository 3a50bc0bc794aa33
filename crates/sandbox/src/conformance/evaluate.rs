//! Evaluates what was observed. Pure: no clock, no process, no network.

use std::collections::BTreeSet;

use super::cases::{Case, ExpectedExit};
use super::evaluation::{Evaluation, Observation};
use super::rules::{Finding, Verdict};
use super::{polling_rules, request_rules};

/// Evaluates all rules that one case can show.
pub(super) fn case(case: &Case, observation: &Observation) -> Vec<Finding> {
    let mut evaluation = Evaluation {
        case,
        observation,
        findings: Vec::new(),
    };
    exit_status(&mut evaluation);
    request_rules::device_request(&mut evaluation);
    request_rules::polls(&mut evaluation);
    request_rules::pkce(&mut evaluation);
    request_rules::discovery(&mut evaluation);
    request_rules::redirect(&mut evaluation);
    polling_rules::interval(&mut evaluation);
    polling_rules::final_response(&mut evaluation);
    polling_rules::retry_delays(&mut evaluation);
    polling_rules::code_lifetime(&mut evaluation);
    user_instructions(&mut evaluation);
    evaluation.findings
}

/// Evaluates the rules that need all cases.
pub(super) fn across_cases<'a>(all: impl Iterator<Item = &'a Observation>) -> Vec<Finding> {
    let finding = |rule, why: &str| Finding {
        rule,
        verdict: Verdict::Fail,
        why: why.to_owned(),
    };
    let (mut findings, mut verifiers, mut has_device_request) =
        (Vec::new(), BTreeSet::new(), false);
    for observation in all {
        has_device_request |= observation.device_requests().next().is_some();
        let verifier = observation
            .polls()
            .find_map(|poll| poll.field("code_verifier"));
        if verifier.is_some_and(|it| !verifiers.insert(it)) {
            findings.push(finding("7636-4.1", "two attempts used the same verifier"));
        }
    }
    if !has_device_request {
        let why = "no device request arrived: does the command use {issuer} and {client_id}?";
        findings.push(finding("8628-3.1a", why));
    }
    findings
}

/// Checks the exit status, and the output where the case requires one.
fn exit_status(evaluation: &mut Evaluation<'_>) {
    let (case, observation) = (evaluation.case, evaluation.observation);
    let Some(status) = observation.status else {
        return evaluation.fail(case.rule, "it did not exit and was killed");
    };
    let no_challenge = !observation
        .device_requests()
        .any(|it| it.field("code_challenge").is_some());
    if !observation.reached_fault || (case.rule.starts_with("7636") && no_challenge) {
        return evaluation.inconclusive(case.rule, "the client did not reach the fault");
    }
    let output = observation.output.to_lowercase();
    let silent = !case.output_contains_any.is_empty()
        && !case
            .output_contains_any
            .iter()
            .any(|word| output.contains(word));
    match (case.expected_exit, status) {
        (ExpectedExit::Any, _) => {}
        (ExpectedExit::Success, 0) => evaluation.pass(case.rule),
        (ExpectedExit::Success, _) => {
            evaluation.fail(case.rule, &format!("it exited with {status}"));
        }
        (ExpectedExit::Failure, 0) => {
            evaluation.fail(case.rule, "it exited with 0");
        }
        (ExpectedExit::Failure, _) if silent => {
            evaluation.fail(
                case.rule,
                &format!(
                    "its output does not contain `{}`",
                    case.output_contains_any[0]
                ),
            );
        }
        (ExpectedExit::Failure, _) => evaluation.pass(case.rule),
    }
}

/// Checks what the client prints (RFC 8628 §3.3, §5.6).
fn user_instructions(evaluation: &mut Evaluation<'_>) {
    let observation = evaluation.observation;
    let Some(response) = observation.device_response() else {
        return;
    };
    let text = |name: &str| response[name].as_str().unwrap_or_default();
    if !text("device_code").is_empty() {
        let secret = observation.output.contains(text("device_code"));
        evaluation.check("8628-5.6", !secret, "it printed the device code");
    }
    if observation.polls().next().is_none() {
        return;
    }
    // A code inside the complete URI does not count: the user cannot compare it.
    let complete = text("verification_uri_complete");
    let output = match complete {
        "" => observation.output.clone(),
        complete => observation.output.replace(complete, " "),
    };
    let code = alphanumeric(&output).contains(&alphanumeric(text("user_code")));
    evaluation.check("8628-3.3", code, "the user code was not shown");
    let uri = output.contains(text("verification_uri"));
    evaluation.check("8628-3.3", uri, "the plain verification URI was not shown");
}

/// Keeps letters and digits only: codes are often printed in groups.
fn alphanumeric(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}
