//! What a device-flow client makes of a server: runs any client against the sandbox, one case after another, and judges by
//! what the server saw and what the client printed which rules of RFC 8628 and its neighbours it keeps.
//!
//! Owns the rules ([`rows`]), the cases ([`cases`]: which faults, how it should end), what is seen of a client
//! ([`witness`] on the wire, [`client`] as a process) and the judgement ([`judge`], [`requests`], [`polling`]; pure). Knows nothing of our own
//! client, which is judged as any other.

mod cases;
mod client;
mod judge;
mod polling;
mod requests;
mod rows;
mod witness;

#[cfg(test)]
mod tests;

use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::serve::serve_router;
use super::{BASIC_MEMORY_CLIENT_ID, BRAINMAPS_CLIENT_ID, Faults, Sandbox, Settings, State};
use cases::{CASES, Case};
use client::Client;
use judge::Seen;
use rows::Finding;
use witness::Witness;

pub use client::ClientError;
pub use rows::{Report, Row, Verdict};

/// A client to be judged, and how.
pub struct Examination {
    /// The program and its arguments; `{issuer}` and `{client_id}` in them stand for those of the case.
    pub command: Vec<String>,
    /// How long it may take for one case.
    pub limit: Duration,
    /// How many cases run at once.
    pub at_once: usize,
    /// Whether it keeps the home of whoever runs it; else each case gives it an empty one.
    pub keep_home: bool,
    /// Variables that it does not see, since they would lead it out of that home.
    pub hidden: &'static [&'static str],
}

/// Runs `examination`; `began` hears the name of each case. The clock is that of `settings`.
///
/// # Errors
/// When the client cannot be started, or no port be had.
pub async fn examine(
    examination: &Examination,
    settings: &Settings,
    began: impl Fn(&'static str),
) -> Result<Report, ClientError> {
    let runs = stream::iter(&CASES).map(|case| {
        let began = &began;
        async move {
            began(case.name);
            Ok((case, run(case, examination, settings).await?))
        }
    });
    let done: Vec<Result<(&Case, Seen), ClientError>> =
        runs.buffered(examination.at_once.max(1)).collect().await;
    let seen: Vec<(&Case, Seen)> = done.into_iter().collect::<Result<_, _>>()?;
    let mut findings: Vec<Finding> = Vec::new();
    for (case, seen) in &seen {
        findings.extend(judge::case(case, seen));
    }
    findings.extend(judge::together(seen.iter().map(|(_, seen)| seen)));
    Ok(Report::of(&findings))
}

/// One case: a sandbox of its own, the client against it, until the client ends.
async fn run(
    case: &Case,
    examination: &Examination,
    settings: &Settings,
) -> Result<Seen, ClientError> {
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
    let witness = Witness::default();
    let router = witness.around(sandbox.faulty_router());
    let (_stop, stopped) = oneshot::channel::<()>();
    let server = serve_router(router, listener, async {
        // The sender goes when the case is over.
        drop(stopped.await);
    });
    let (place, client_id) = match case.place {
        "" => ("", BRAINMAPS_CLIENT_ID),
        place => (place, BASIC_MEMORY_CLIENT_ID),
    };
    let issuer = format!("http://localhost:{port}{place}");
    let client = Client::start(examination, &issuer, client_id)?;
    tokio::select! {
        seen = client.end(examination.limit) => Ok(Seen {
            exchanges: witness.taken(),
            output: seen.output,
            status: seen.status,
            ended: seen.at,
            met: faults.has_begun(),
        }),
        ended = server => Err(ended.err().unwrap_or_else(|| std::io::ErrorKind::Other.into()).into()),
    }
}
