//! Checks any client of the device flow, and ([`helper`]) any credential helper.
//!
//! Runs a client against the sandbox case by case and evaluates, from what the server received and what the client printed,
//! which rules of RFC 8628 and related RFCs it follows.
//!
//! [`rules`] lists the rules, [`cases`] the faults and the expected exit of each case. [`recorder`] records the requests and
//! [`client`] runs the process. The evaluation ([`evaluation`], [`evaluate`], [`request_rules`], [`polling_rules`]) is pure. Nothing here may depend
//! on the project's own client.

mod cases;
mod client;
mod evaluate;
mod evaluation;
mod helper;
mod polling_rules;
mod recorder;
mod request_rules;
mod rules;

#[cfg(test)]
mod tests;

use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::fault::Faults;
use crate::server::serve_router;
use crate::state::{Sandbox, Settings, State};
use crate::{basic_memory, brainmaps};
use cases::{CASES, Case};
use client::Client;
use evaluation::Observation;
use recorder::Recorder;
use rules::Finding;

pub use client::ClientError;
pub use helper::{HelperHost, HelperProtocol, HelperUnderTest, check_helper};
pub use rules::{Report, RuleResult, Verdict};

/// The client to check, and how to run it.
pub struct ClientUnderTest {
    /// The program and its arguments. `{issuer}` and `{client_id}` are replaced for each case.
    pub command: Vec<String>,
    /// The time limit for one case.
    pub time_limit: Duration,
    /// How many cases run in parallel.
    pub jobs: usize,
    /// Keeps the user's home directory instead of an empty one for each case.
    pub keep_home: bool,
    /// Variables to remove, because they point outside the home directory.
    pub hidden_variables: &'static [&'static str],
}

/// Runs all cases and evaluates the rules. Calls `on_start` with the name of each case. Uses the clock of `settings`.
///
/// # Errors
/// Returns an error if the client cannot be started or no port is available.
pub async fn check_client(
    client: &ClientUnderTest,
    settings: &Settings,
    on_start: impl Fn(&'static str),
) -> Result<Report, ClientError> {
    let runs = stream::iter(&CASES).map(|case| {
        let on_start = &on_start;
        async move {
            on_start(case.name);
            Ok((case, run(case, client, settings).await?))
        }
    });
    let done: Vec<Result<(&Case, Observation), ClientError>> =
        runs.buffered(client.jobs.max(1)).collect().await;
    let seen: Vec<(&Case, Observation)> = done.into_iter().collect::<Result<_, _>>()?;
    let mut findings: Vec<Finding> = Vec::new();
    for (case, seen) in &seen {
        findings.extend(evaluate::case(case, seen));
    }
    findings.extend(evaluate::across_cases(seen.iter().map(|(_, seen)| seen)));
    Ok(Report::of(&rules::RULES, &findings))
}

/// Runs one case: starts a new sandbox, and the client against it, until the client exits.
async fn run(
    case: &Case,
    client: &ClientUnderTest,
    settings: &Settings,
) -> Result<Observation, ClientError> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = listener.local_addr()?.port();
    let faults = Faults::default();
    let other = format!("http://127.0.0.1:{port}/elsewhere");
    for fault in case.faults {
        let fault = fault.replace("{other}", &other);
        faults.add([fault.parse().map_err(std::io::Error::other)?]);
    }
    let sandbox = Sandbox::open(Settings {
        state: State::Memory,
        auto_approve: true,
        interval: Duration::from_secs(1),
        faults: faults.clone(),
        ..settings.clone()
    })?;
    let recorder = Recorder::default();
    let router = recorder.wrap(sandbox.faulty_router());
    let (_stop, stopped) = oneshot::channel::<()>();
    let server = serve_router(router, listener, async {
        // The sender is dropped when the case ends.
        drop(stopped.await);
    });
    let client_id = match case.issuer_path {
        "" => brainmaps::CLIENT_ID,
        _ => basic_memory::CLIENT_ID,
    };
    let issuer = format!("http://localhost:{port}{}", case.issuer_path);
    let process = Client::start(client, &issuer, client_id)?;
    tokio::select! {
        exit = process.wait(client.time_limit) => Ok(Observation {
            exchanges: recorder.exchanges(),
            output: exit.output,
            status: exit.status,
            ended_at: exit.at,
            reached_fault: faults.has_first_fault_hit(),
        }),
        result = server => Err(result.err().unwrap_or_else(|| std::io::ErrorKind::Other.into()).into()),
    }
}
