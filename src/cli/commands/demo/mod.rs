//! `brainmaps demo`: signs in to a sandbox inside this process, and uses and revokes a token. Runs the actions of the other
//! commands, and checks the result of each step before it prints it.

mod assertions;
mod fixture;
mod reporter;
mod session;
mod sign_in;
mod tokens;

use clap::Args;

use crate::cli::app::{App, run_to_completion};
use crate::cli::failure::{ExitStatus, Failure};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::host::shutdown_signal;
use fixture::Fixture;
use reporter::Reporter;

/// The number of calls in [`run_steps`] that start a step.
const STEPS: usize = 8;

#[derive(Debug, Args)]
#[command(
    before_help = "Signs in, creates a token, calls the API with it, refreshes an expired session, revokes the token and signs out, and checks every step. Needs no account and no network, and leaves no files behind.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps demo",
        "brainmaps demo -v   # print every request",
    ],
    see: "brainmaps sandbox serve, brainmaps login"
}
)]
pub struct DemoArgs {}

pub(crate) fn run(app: &App, _args: &DemoArgs) -> Result<ExitStatus, Failure> {
    let mut reporter = Reporter::new(&app.shell, STEPS);
    let result = run_to_completion(|| until_shutdown_signal(run_steps(app, &mut reporter)));
    reporter.finish(result)
}

async fn run_steps(app: &App, reporter: &mut Reporter<'_>) -> Result<(), Failure> {
    let fixture = Fixture::open(app)?;
    reporter.print_introduction()?;
    sign_in::sign_in(&fixture, reporter).await?;
    let created = tokens::create_demo_token(&fixture, reporter).await?;
    tokens::call_with_key(&fixture, reporter, &created).await?;
    session::refresh_expired_session(&fixture, reporter).await?;
    tokens::revoke_token(&fixture, reporter, &created).await?;
    tokens::call_with_revoked_key(&fixture, reporter, &created).await?;
    let copy = fixture.copy_credential().await?;
    session::log_out(&fixture, reporter).await?;
    Box::pin(session::use_stolen_copy(reporter, &copy)).await?;
    drop(copy);
    fixture.close()
}

/// Installs the signals first, so that the temporary files are removed whenever one arrives.
async fn until_shutdown_signal<T>(
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::select! {
        biased;
        () = shutdown_signal() => Err(Failure::interrupted()),
        done = work => done,
    }
}
