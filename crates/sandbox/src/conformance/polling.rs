//! When the polls came.

use std::time::Duration;

use super::judge::Bench;
use super::witness::Exchange;

/// Two requests that were sent in time may arrive so much closer together.
const TOLERANCE: Duration = Duration::from_millis(100);

/// What a client has to wait where no interval is named, and what `slow_down` adds (RFC 8628 §3.2, §3.5).
const FIVE: Duration = Duration::from_secs(5);

impl Exchange {
    fn error(&self) -> &str {
        self.answer["error"].as_str().unwrap_or_default()
    }

    /// Whether its answer leaves nothing to ask for.
    fn is_final(&self) -> bool {
        let wait = ["authorization_pending", "slow_down"].contains(&self.error());
        let refused = (400..500).contains(&self.status) && self.status != 429;
        (refused && !wait) || self.answer["access_token"].is_string()
    }
}

/// The times between each two polls, and the answer before each.
fn gaps<'a>(bench: &Bench<'a>) -> Vec<(&'a Exchange, Duration)> {
    let polls: Vec<&Exchange> = bench.seen.polls().collect();
    let pairs = polls.windows(2);
    pairs
        .map(|pair| (pair[0], pair[1].at - pair[0].at))
        .collect()
}

/// The interval in force between each two polls (RFC 8628 §3.5).
pub(super) fn pace(bench: &mut Bench<'_>) {
    let Some(answer) = bench.seen.device_answer() else {
        return;
    };
    let told = answer["interval"].as_u64().map(Duration::from_secs);
    let (mut needed, mut row) = match told {
        Some(told) => (told, "8628-3.5a"),
        None => (FIVE, "8628-3.2a"),
    };
    for (before, gap) in gaps(bench) {
        if before.error() == "slow_down" {
            (needed, row) = (needed + FIVE, "8628-3.5b");
        }
        let why = format!(
            "{:.3} s between two polls, {} s were to wait",
            gap.as_secs_f64(),
            needed.as_secs()
        );
        bench.check(row, gap + TOLERANCE >= needed, &why);
    }
}

/// Nothing is asked after the last answer (RFC 8628 §3.5).
pub(super) fn stop(bench: &mut Bench<'_>) {
    let went_on = gaps(bench)
        .iter()
        .filter(|(before, _)| before.is_final())
        .count();
    if went_on > 0 {
        bench.fail(
            "8628-3.5d",
            &format!("{went_on} polls after an answer that ends it"),
        );
    }
}

/// Polls after trouble: back-off where the connection broke (RFC 8628 §3.5), and `Retry-After` (RFC 9110 §10.2.3).
pub(super) fn trouble(bench: &mut Bench<'_>) {
    let row = bench.case.row;
    let seconds = Duration::from_secs;
    let gaps: Vec<Duration> = gaps(bench).into_iter().map(|(_, gap)| gap).collect();
    let needed: Vec<Duration> = match row {
        // More than the interval of one second, and then not less again.
        "8628-3.5c" => {
            let first = Duration::from_millis(1500);
            let second = gaps
                .first()
                .map_or(first, |gap| gap.saturating_sub(2 * TOLERANCE));
            vec![first, second]
        }
        // The date has whole seconds: its five may be four and a little.
        "9110-10.2.3" => vec![seconds(3), seconds(4)],
        _ => return,
    };
    if gaps.is_empty() {
        return bench.unjudged(row, "the client gave up instead");
    }
    for (gap, needed) in gaps.iter().zip(needed) {
        let why = format!("it came back after {gap:.1?}");
        bench.check(row, *gap + TOLERANCE >= needed, &why);
    }
}

/// Polling goes on until the code is over, and no longer (RFC 8628 §3.5).
pub(super) fn lifetime(bench: &mut Bench<'_>) {
    const ROW: &str = "8628-3.5e";
    let seen = bench.seen;
    let device = seen.devices().next();
    let Some(device) = device.filter(|_| bench.case.row == ROW && seen.met) else {
        return;
    };
    let lifetime = device.answer["expires_in"].as_u64().unwrap_or_default();
    let over = device.at + Duration::from_secs(lifetime);
    // A request that was sent in time may arrive late.
    let late = seen
        .polls()
        .any(|poll| poll.at > over + Duration::from_secs(1));
    bench.check(ROW, !late, "it polled for a code that was over");
    // The last poll that there was time for is one interval before.
    let last = seen.polls().last().map_or(device.at, |poll| poll.at);
    let early = last + Duration::from_millis(1500) < over && seen.ended + FIVE / 5 < over;
    bench.check(ROW, !early, "it gave up while the code was good");
}
