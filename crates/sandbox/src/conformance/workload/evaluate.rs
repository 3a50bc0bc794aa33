//! Evaluates what the server received. Pure.

use super::super::common::{Case, Evaluation, Finding, Observation, exit_status, request_rules};

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// Evaluates all rules that one case can show.
pub(crate) fn case(case: &Case, observation: &Observation) -> Vec<Finding> {
    let mut evaluation = Evaluation::new(case, observation);
    exit_status::check(&mut evaluation);
    request_rules::discovery(&mut evaluation);
    token_requests(&mut evaluation);
    secrecy(&mut evaluation);
    evaluation.findings
}

fn token_requests(evaluation: &mut Evaluation<'_>) {
    let observation = evaluation.observation;
    for request in observation.token_requests() {
        let is_complete = request.field("grant_type") == Some(GRANT_TYPE)
            && request.field("subject_token") == observation.subject_token.as_deref()
            && request.field("subject_token_type").is_some()
            && request.is_valid_form();
        let why = "a token request without a required parameter, or not a valid form";
        evaluation.check("8693-2.1", is_complete, why);
    }
    if evaluation.case.rule == "8414-3.3" && observation.token_requests().next().is_some() {
        evaluation.fail("8414-3.3", "it used the metadata");
    }
    if observation.sends_code_elsewhere() {
        evaluation.fail("9700-4.9", "the subject token was sent to another origin");
    }
}

fn secrecy(evaluation: &mut Evaluation<'_>) {
    let observation = evaluation.observation;
    let issued = observation
        .token_requests()
        .filter_map(|it| it.response["access_token"].as_str());
    let mut secrets = issued.chain(observation.subject_token.as_deref());
    let is_shown = secrets.any(|secret| observation.output.contains(secret));
    // A client that requested no token had nothing to keep secret.
    if is_shown || observation.has_token() {
        evaluation.check("8693-5", !is_shown, "it printed a token");
    }
}
