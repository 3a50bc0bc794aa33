//! Evaluates the times between polls.

use std::time::Duration;

use super::super::common::{Evaluation, Exchange};

/// Network delay may bring two requests this much closer together.
const TOLERANCE: Duration = Duration::from_millis(100);

/// The default interval, and the increase by `slow_down` (RFC 8628 §3.2, §3.5).
const FIVE_SECONDS: Duration = Duration::from_secs(5);

impl Exchange {
    fn error(&self) -> &str {
        self.response["error"].as_str().unwrap_or_default()
    }

    /// Returns true if the client must not poll again after this response: it has a token, or an error that is not about waiting.
    fn is_final(&self) -> bool {
        let is_pending = ["authorization_pending", "slow_down"].contains(&self.error());
        let is_client_error = (400..500).contains(&self.status) && self.status != 429;
        (is_client_error && !is_pending) || self.response["access_token"].is_string()
    }
}

/// Returns each poll with the time until the next one.
fn gaps<'a>(evaluation: &Evaluation<'a>) -> Vec<(&'a Exchange, Duration)> {
    let polls: Vec<&Exchange> = evaluation.observation.token_requests().collect();
    let pairs = polls.windows(2);
    pairs
        .map(|pair| (pair[0], pair[1].at - pair[0].at))
        .collect()
}

/// Checks the interval between polls (RFC 8628 §3.5).
pub(super) fn interval(evaluation: &mut Evaluation<'_>) {
    let Some(response) = evaluation.observation.device_response() else {
        return;
    };
    let announced = response["interval"].as_u64().map(Duration::from_secs);
    let (mut min_gap, mut rule) = match announced {
        Some(announced) => (announced, "8628-3.5a"),
        None => (FIVE_SECONDS, "8628-3.2a"),
    };
    for (before, gap) in gaps(evaluation) {
        if before.error() == "slow_down" {
            (min_gap, rule) = (min_gap + FIVE_SECONDS, "8628-3.5b");
        }
        let why = format!(
            "{:.3} s between two polls, expected at least {} s",
            gap.as_secs_f64(),
            min_gap.as_secs()
        );
        evaluation.check(rule, gap + TOLERANCE >= min_gap, &why);
    }
}

/// Checks that polling stops after a final response (RFC 8628 §3.5).
pub(super) fn final_response(evaluation: &mut Evaluation<'_>) {
    let later_polls = gaps(evaluation)
        .iter()
        .filter(|(before, _)| before.is_final())
        .count();
    if later_polls > 0 {
        evaluation.fail(
            "8628-3.5d",
            &format!("polls after a final response: {later_polls}"),
        );
    }
}

/// Checks backoff after a broken connection (RFC 8628 §3.5), and `Retry-After` (RFC 9110 §10.2.3).
pub(super) fn retry_delays(evaluation: &mut Evaluation<'_>) {
    let rule = evaluation.case.rule;
    let seconds = Duration::from_secs;
    let gaps: Vec<Duration> = gaps(evaluation).into_iter().map(|(_, gap)| gap).collect();
    let min_gaps: Vec<Duration> = match rule {
        // Longer than the interval of one second, and not shorter afterwards.
        "8628-3.5c" => {
            let first = Duration::from_millis(1500);
            let second = gaps
                .first()
                .map_or(first, |gap| gap.saturating_sub(2 * TOLERANCE));
            vec![first, second]
        }
        // A date has whole seconds, so five seconds may be little more than four.
        "9110-10.2.3" => vec![seconds(3), seconds(4)],
        _ => return,
    };
    if gaps.is_empty() {
        return evaluation.inconclusive(rule, "the client gave up instead");
    }
    for (gap, min_gap) in gaps.iter().zip(min_gaps) {
        let why = format!("it polled again after {gap:.1?}");
        evaluation.check(rule, *gap + TOLERANCE >= min_gap, &why);
    }
}

/// Checks that polling continues until the code expires, and no longer (RFC 8628 §3.5).
pub(super) fn code_lifetime(evaluation: &mut Evaluation<'_>) {
    const RULE: &str = "8628-3.5e";
    let observation = evaluation.observation;
    let device = observation.device_requests().next();
    let Some(device) =
        device.filter(|_| evaluation.case.rule == RULE && observation.has_reached_fault)
    else {
        return;
    };
    let lifetime = device.response["expires_in"].as_u64().unwrap_or_default();
    let expiry = device.at + Duration::from_secs(lifetime);
    // A request sent in time may arrive late.
    let polls_late = observation
        .token_requests()
        .any(|poll| poll.at > expiry + Duration::from_secs(1));
    evaluation.check(RULE, !polls_late, "it polled after the code expired");
    // The last possible poll is one interval earlier.
    let last = observation
        .token_requests()
        .last()
        .map_or(device.at, |poll| poll.at);
    let gives_up_early = last + Duration::from_millis(1500) < expiry
        && observation.ended_at + FIVE_SECONDS / 5 < expiry;
    evaluation.check(RULE, !gives_up_early, "it gave up before the code expired");
}
