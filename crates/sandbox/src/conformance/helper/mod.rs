//! Checks any credential helper: runs it as git, docker, kubectl, cargo or go run one, with valid and invalid requests, and
//! evaluates what it prints.
//!
//! The caller names a host for which the helper has a credential. [`rules`] lists the rules, [`cases`] the requests and the
//! expected responses; one file per protocol writes the requests and reads the responses. A credential is compared, and is
//! in no report.

mod cargo;
mod cases;
mod docker;
mod evaluate;
mod exchange;
mod git;
mod goauth;
mod host;
mod kubectl;
mod process;
mod protocol;
mod rules;

#[cfg(test)]
mod tests;

use std::io;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use jiff::Timestamp;

use super::common::{ClientError, Report};
use cases::{Case, cases_for};
pub use host::HelperHost;
use process::{End, Outcome};
pub use protocol::HelperProtocol;
use rules::rules_for;

/// The helper to check, and how to run it.
pub struct HelperUnderTest {
    /// Its protocol.
    pub protocol: HelperProtocol,
    /// The server for which it has a credential.
    pub host: HelperHost,
    /// The program and its arguments. The arguments of the protocol are added.
    pub command: Vec<String>,
    /// The time limit for one case.
    pub time_limit: Duration,
    /// How many cases run in parallel.
    pub jobs: usize,
}

/// Runs all cases and evaluates the rules. Calls `on_start` with the name of each case.
///
/// # Errors
/// Returns an error if the helper cannot be started, or does not end at the first request.
pub async fn check_helper(
    helper: &HelperUnderTest,
    now: Timestamp,
    on_start: impl Fn(&'static str),
) -> Result<Report, ClientError> {
    let cases = cases_for(helper.protocol, &helper.host);
    let (bound, others) = cases
        .split_first()
        .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
    on_start(bound.name);
    let first = run(helper, bound).await?;
    if first.1.end == End::TimedOut {
        let limit = helper.time_limit;
        return Err(ClientError::Unresponsive { limit });
    }
    let runs = stream::iter(others).map(|case| {
        on_start(case.name);
        run(helper, case)
    });
    let runs = runs.buffered(helper.jobs.max(1));
    let rest: Vec<Result<(&Case, Outcome), ClientError>> = runs.collect().await;
    let mut outcomes = vec![first];
    for result in rest {
        outcomes.push(result?);
    }
    let findings = evaluate::findings(helper.protocol, &outcomes, now);
    Ok(Report::of(rules_for(helper.protocol), &findings))
}

async fn run<'a>(
    helper: &HelperUnderTest,
    case: &'a Case,
) -> Result<(&'a Case, Outcome), ClientError> {
    let outcome = process::run(&helper.command, &case.request, helper.time_limit).await?;
    Ok((case, outcome))
}
