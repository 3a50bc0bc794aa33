//! `demo`: the whole job on a sandbox inside this process, told step by step. The work is done by the same actions as
//! every other command's, and each step checks what came of it; nothing that is told is made up.

mod assertions;
mod fixture;
mod reporter;
mod session;
mod sign_in;
mod tokens;

use clap::Args;

use crate::cli::app::{App, run_to_completion};
use crate::cli::exit::ExitStatus;
use crate::cli::failure::Failure;
use crate::cli::help_text::{WITH_DETAILS, after_help};
use crate::host::shutdown_signal;
use fixture::Fixture;
use reporter::Reporter;

/// The number of calls in [`run_steps`] that begin a step.
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
    let mut narrator = Reporter::new(&app.shell, STEPS);
    let result = run_to_completion(|| until_shutdown_signal(run_steps(app, &mut narrator)));
    narrator.finish(result)
}

async fn run_steps(app: &App, narrator: &mut Reporter<'_>) -> Result<(), Failure> {
    let stage = Fixture::open(app)?;
    narrator.print_introduction()?;
    sign_in::sign_in(&stage, narrator).await?;
    let minted = tokens::create_demo_token(&stage, narrator).await?;
    tokens::call_with_key(&stage, narrator, &minted).await?;
    session::refresh_expired_session(&stage, narrator).await?;
    tokens::revoke_token(&stage, narrator, &minted).await?;
    tokens::call_with_revoked_key(&stage, narrator, &minted).await?;
    let copy = stage.copy_credential().await?;
    session::log_out(&stage, narrator).await?;
    session::use_stolen_copy(narrator, &copy).await?;
    drop(copy);
    stage.close()
}

/// The signals are asked for first: from the moment when there is something to remove, they remove it.
async fn until_shutdown_signal<T>(
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::select! {
        biased;
        () = shutdown_signal() => Err(Failure::interrupted()),
        done = work => done,
    }
}
