//! Evaluates how the client exits.

use super::case::ExpectedExit;
use super::evaluation::Evaluation;

/// Checks the exit status, and the output where the case requires one.
pub(crate) fn check(evaluation: &mut Evaluation<'_>) {
    let (case, observation) = (evaluation.case, evaluation.observation);
    let Some(status) = observation.status else {
        return evaluation.fail(case.rule, "it did not exit and was killed");
    };
    if let Some(why) = missing_observation(evaluation, status) {
        return evaluation.inconclusive(case.rule, why);
    }
    let output = observation.output.to_lowercase();
    let required = case.output_contains_any;
    let is_silent = !required.is_empty() && !required.iter().any(|text| output.contains(text));
    match (case.expected_exit, status) {
        (ExpectedExit::Any, _) if required.is_empty() => {}
        (ExpectedExit::Success | ExpectedExit::Any, 0) => evaluation.pass(case.rule),
        (ExpectedExit::Success, _) => {
            evaluation.fail(case.rule, &format!("it exited with {status}"));
        }
        (ExpectedExit::Failure, 0) => {
            evaluation.fail(case.rule, "it exited with 0");
        }
        (ExpectedExit::Failure | ExpectedExit::Any, _) if is_silent => {
            evaluation.fail(
                case.rule,
                &format!("its output does not contain `{}`", required[0]),
            );
        }
        (ExpectedExit::Failure | ExpectedExit::Any, _) => evaluation.pass(case.rule),
    }
}

/// Returns why the exit status shows nothing about the rule: the client did not reach the step that the case tests.
fn missing_observation(evaluation: &Evaluation<'_>, status: i32) -> Option<&'static str> {
    let (case, observation) = (evaluation.case, evaluation.observation);
    if !observation.has_reached_fault || is_unused_feature(evaluation) {
        return Some("the client did not reach the fault");
    }
    let is_success = status == 0;
    match case.expected_exit {
        ExpectedExit::Success if is_success && !observation.has_token() => {
            Some("the client received no token")
        }
        ExpectedExit::Failure if case.faults.is_empty() && !observation.has_delivery() => {
            Some("the client did not receive the response of the browser")
        }
        _ => None,
    }
}

/// Returns true if the rule is about a feature that the client does not use: PKCE, or discovery.
fn is_unused_feature(evaluation: &Evaluation<'_>) -> bool {
    let observation = evaluation.observation;
    match evaluation.case.rule.split_once('-') {
        Some(("7636", _)) => observation.challenge().is_none(),
        Some(("9728", _)) => observation.resource_metadata_requests().next().is_none(),
        Some(("8414", _)) => observation.metadata_requests().next().is_none(),
        _ => false,
    }
}
