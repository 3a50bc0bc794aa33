//! Evaluates what was observed. Pure: no clock, no process, no network.

use super::super::common::{
    Case, Evaluation, Finding, Observation, exit_status, request_rules as common_rules,
};
use super::{polling_rules, request_rules};

/// Evaluates all rules that one case can show.
pub(crate) fn case(case: &Case, observation: &Observation) -> Vec<Finding> {
    let mut evaluation = Evaluation::new(case, observation);
    exit_status::check(&mut evaluation);
    request_rules::device_request(&mut evaluation);
    request_rules::polls(&mut evaluation);
    common_rules::pkce(&mut evaluation);
    common_rules::discovery(&mut evaluation);
    other_origin(&mut evaluation);
    polling_rules::interval(&mut evaluation);
    polling_rules::final_response(&mut evaluation);
    polling_rules::retry_delays(&mut evaluation);
    polling_rules::code_lifetime(&mut evaluation);
    user_instructions(&mut evaluation);
    evaluation.findings
}

/// Evaluates the rules that need all cases.
pub(crate) fn across_cases(all: &[&Observation]) -> Vec<Finding> {
    let mut findings = common_rules::reused_verifiers(all);
    if all.iter().all(|it| it.device_requests().next().is_none()) {
        let why = "no device request arrived: does the command use {issuer} and {client_id}?";
        findings.push(Finding::broken("8628-3.1a", why));
    }
    findings
}

/// Checks that no code is sent to another origin (RFC 9700 §4.9).
fn other_origin(evaluation: &mut Evaluation<'_>) {
    if evaluation.observation.sends_code_elsewhere() {
        evaluation.fail("9700-4.9", "the code was sent to another origin");
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
        let is_shown = observation.output.contains(text("device_code"));
        evaluation.check("8628-5.6", !is_shown, "it printed the device code");
    }
    if observation.token_requests().next().is_none() {
        return;
    }
    // A code inside the complete URI does not count: the user cannot compare it.
    let complete = text("verification_uri_complete");
    let output = match complete {
        "" => observation.output.clone(),
        complete => observation.output.replace(complete, " "),
    };
    let shows_code = alphanumeric(&output).contains(&alphanumeric(text("user_code")));
    evaluation.check("8628-3.3", shows_code, "the user code was not shown");
    let shows_uri = output.contains(text("verification_uri"));
    evaluation.check(
        "8628-3.3",
        shows_uri,
        "the plain verification URI was not shown",
    );
}

/// Keeps letters and digits only: codes are often printed in groups.
fn alphanumeric(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}
