//! Checks any client of the device flow ([`device`]), of the authorization code flow ([`browser`]), of a resource ([`resource`]) or of
//! token exchange ([`workload`]), and ([`helper`]) any credential helper.
//!
//! Runs a client against the sandbox case by case and evaluates, from what the server and the browser received and what the
//! client printed, which rules of the RFCs it follows.
//!
//! Each flow has a list of rules, and of cases with the faults and the expected exit. [`common`] records the requests and
//! runs the process. The evaluation is pure. Nothing here may depend on the project's own client.

mod browser;
mod common;
mod device;
mod flow;
mod helper;
mod resource;
mod set_up;
mod workload;

use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::fault::Faults;
use crate::server::serve_router;
use crate::state::{Sandbox, Settings, State};
use common::{Case, Client, Finding, Observation, Recorder};
use set_up::SetUp;

pub use common::{ClientError, ClientUnderTest, Report, RuleResult, Verdict};
pub use flow::ClientFlow;
pub use helper::{HelperHost, HelperProtocol, HelperUnderTest, check_helper};

/// Runs all cases of `flow` and evaluates the rules. Calls `on_start` with the name of each case. Uses the clock and the redirect URIs
/// of `settings`.
///
/// # Errors
/// Returns an error if the client cannot be started or no port is available.
pub async fn check_client(
    flow: ClientFlow,
    client: &ClientUnderTest,
    settings: &Settings,
    on_start: impl Fn(&'static str),
) -> Result<Report, ClientError> {
    let runs = stream::iter(flow.cases()).map(|case| {
        let on_start = &on_start;
        async move {
            on_start(case.name);
            Ok((case, run(flow, case, client, settings).await?))
        }
    });
    let results: Vec<Result<(&Case, Observation), ClientError>> =
        runs.buffered(client.jobs.max(1)).collect().await;
    let observed: Vec<(&Case, Observation)> = results.into_iter().collect::<Result<_, _>>()?;
    let mut findings: Vec<Finding> = Vec::new();
    for (case, observation) in &observed {
        findings.extend(flow.evaluate(case, observation));
    }
    let observations: Vec<&Observation> = observed.iter().map(|(_, it)| it).collect();
    findings.extend(flow.evaluate_across_cases(&observations));
    Ok(Report::of(flow.rules(), &findings))
}

/// Runs one case: starts a new sandbox, and the client against it, until the client exits.
async fn run(
    flow: ClientFlow,
    case: &'static Case,
    client: &ClientUnderTest,
    settings: &Settings,
) -> Result<Observation, ClientError> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = listener.local_addr()?.port();
    let faults = parse_faults(case, port)?;
    let sandbox = open_sandbox(case, settings, &faults)?;
    let recorder = Recorder::default();
    let router = recorder.wrap(sandbox.faulty_router());
    let (_stop, stopped) = oneshot::channel::<()>();
    let server = serve_router(router, listener, async {
        // The sender is dropped when the case ends.
        drop(stopped.await);
    });
    let issuer = format!("http://localhost:{port}{}", case.issuer_path);
    let set_up = SetUp::new(flow, case, &sandbox, &issuer)?;
    let process = Client::start(client, &set_up.input)?;
    let visit = set_up.browser.start(process.output(), &issuer);
    tokio::select! {
        exit = process.wait(client.time_limit) => Ok(Observation {
            visit: visit.finish().await,
            exchanges: recorder.exchanges(),
            output: exit.output,
            status: exit.status,
            ended_at: exit.at,
            has_reached_fault: faults.has_first_fault_hit(),
            resource: set_up.resource,
            subject_token: set_up.subject_token.map(|token| token.text),
        }),
        result = server => Err(result.err().unwrap_or_else(|| std::io::ErrorKind::Other.into()).into()),
    }
}

fn open_sandbox(case: &Case, settings: &Settings, faults: &Faults) -> Result<Sandbox, ClientError> {
    let settings = Settings {
        state: State::Memory,
        auto_approve: true,
        interval: Duration::from_secs(1),
        require_par: case.require_par,
        any_loopback_redirect: true,
        faults: faults.clone(),
        ..settings.clone()
    };
    Ok(Sandbox::open(settings)?)
}

/// Parses the faults of a case, whose `{other}` becomes a URL of another origin: the sandbox at 127.0.0.1 instead of `localhost`.
fn parse_faults(case: &Case, port: u16) -> Result<Faults, ClientError> {
    let faults = Faults::default();
    let other = format!("http://127.0.0.1:{port}/elsewhere");
    for fault in case.faults {
        let fault = fault.replace("{other}", &other);
        faults.add([fault.parse().map_err(std::io::Error::other)?]);
    }
    Ok(faults)
}
