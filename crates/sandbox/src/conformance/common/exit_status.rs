//! Evaluates how the client exits.

use super::case::ExpectedExit;
use super::evaluation::Evaluation;

/// Checks the exit status, and the output where the case requires one.
pub(crate) fn check(evaluation: &mut Evaluation<'_>) {
    let (case, observation) = (evaluation.case, evaluation.observation);
    let Some(status) = observation.status else {
        return evaluation.fail(case.rule, "it did not exit and was killed");
    };
    if !observation.reached_fault || is_unconcerned(evaluation) {
        return evaluation.inconclusive(case.rule, "the client did not reach the fault");
    }
    let output = observation.output.to_lowercase();
    let required = case.output_contains_any;
    let is_silent = !required.is_empty() && !required.iter().any(|word| output.contains(word));
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

/// Returns true if the rule is about a feature that the client does not use: PKCE, or discovery.
fn is_unconcerned(evaluation: &Evaluation<'_>) -> bool {
    let observation = evaluation.observation;
    match evaluation.case.rule.split_once('-') {
        Some(("7636", _)) => observation.challenge().is_none(),
        Some(("8414", _)) => observation.metadata_requests().next().is_none(),
        _ => false,
    }
}
