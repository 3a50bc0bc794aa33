//! `credential print|explain|refresh|log|usage`: prints, explains and refreshes the credential, and shows how it was used.

mod ci;
mod log;
mod print;
mod usage;

pub(crate) use print::PrintArgs;

use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::actions::{
    ActionError, PickedCredential, ProfileSession, Purpose, RefreshOutcome, RefreshReason,
    ResolvedCredential, Source, SourceReport, Target, Verdict, WorkloadError,
};
use crate::cli::app::{App, CommandOutput, OfProfile, block_on_interruptible};
use crate::cli::failure::{ExitStatus, Failure};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::{StoredCredential, time_format};
use crate::ui::{Column, OutputError, Shell, Span, Table};

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum CredentialCommand {
    /// Print the credential, refreshed first if it expires soon
    Print(PrintArgs),
    /// Show every credential source in order, and why one is used
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps credential explain",
            "brainmaps --profile work credential explain --json",
        ],
        see: "brainmaps status, brainmaps doctor"
    }
    )]
    Explain,
    /// Refresh the session
    Refresh(RefreshArgs),
    /// Show what the credentials of the profile were used for
    Usage(usage::UsageArgs),
    /// Show the audit log: which process used or changed which credential
    Log(log::LogArgs),
}

#[derive(Debug, Default, Args)]
#[command(
    before_help = "Refreshes the session if the access token expires soon, or always with --force.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps credential refresh",
        "brainmaps credential refresh --force",
    ],
    see: "brainmaps credential print, brainmaps login"
}
)]
pub struct RefreshArgs {
    /// Refresh even if the access token does not expire soon
    #[arg(long)]
    force: bool,
}

#[derive(Serialize)]
struct Sources {
    candidates: Vec<SourceReport>,
}

#[derive(Serialize)]
struct RefreshResult {
    refreshed: bool,
    expires_at: Option<Timestamp>,
    #[serde(skip)]
    line: String,
}

pub(crate) fn run(app: &App, command: CredentialCommand) -> Result<ExitStatus, Failure> {
    match command {
        CredentialCommand::Print(args) => {
            with_session(app, |session| print::run(app, session, &args))
        }
        CredentialCommand::Explain => with_session(app, |session| {
            let candidates = session.explain();
            app.print(&OfProfile::new(session.target, Sources { candidates }))
        }),
        CredentialCommand::Refresh(args) => {
            with_session(app, |session| app.print(&refresh(session, &args)?))
        }
        CredentialCommand::Log(args) => log::run(app, &args),
        CredentialCommand::Usage(args) => {
            with_session(app, |session| usage::run(app, session, &args))
        }
    }
}

fn with_session(
    app: &App,
    work: impl FnOnce(ProfileSession<'_>) -> Result<ExitStatus, Failure>,
) -> Result<ExitStatus, Failure> {
    let (context, target) = app.context_and_target()?;
    work(context.session(&target))
}

impl CommandOutput for OfProfile<Sources> {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let mut table = Table::new([
            Column::fixed("VERDICT"),
            Column::wrapped("SOURCE"),
            Column::wrapped("WHY"),
        ]);
        for candidate in &self.result.candidates {
            let verdict = match candidate.verdict {
                Verdict::Used => Span::good("used"),
                Verdict::Shadowed => Span::warn("shadowed"),
                Verdict::Refused => Span::bad("refused"),
                Verdict::Routes => Span::plain("routes"),
                Verdict::Absent => Span::dim("absent"),
            };
            table.add_row([
                verdict,
                candidate.source.as_str().into(),
                candidate.reason.as_str().into(),
            ]);
        }
        shell.table(&table)
    }
}

/// Returns the stored session. One without a refresh token has expired; a key has none.
fn refreshable(
    target: &Target,
    selected: ResolvedCredential,
) -> Result<StoredCredential, ActionError> {
    if selected.source == Source::Workload {
        return Err(WorkloadError::NothingStored.into());
    }
    match selected.stored {
        Some(stored) if stored.is_refreshable() => Ok(stored),
        Some(stored) if stored.oauth_server.is_some() => {
            let profile = target.name.to_string();
            Err(ActionError::LoginExpired { profile })
        }
        _ => {
            let what = selected.source.label();
            Err(ActionError::NotRefreshable { what })
        }
    }
}

fn refresh(
    session: ProfileSession<'_>,
    args: &RefreshArgs,
) -> Result<OfProfile<RefreshResult>, Failure> {
    let (context, target) = (session.context, session.target);
    let picked = PickedCredential::pick(session, SignedDuration::ZERO, Purpose::Change)?;
    let is_needed = args.force || matches!(picked, PickedCredential::NeedsRefresh(_));
    let stored = refreshable(target, picked.into_resolved())?;
    let work = || session.refresh_session(&stored, RefreshReason::Requested);
    let outcome = is_needed
        .then(|| block_on_interruptible(context, work))
        .transpose()?;
    let refreshed = matches!(outcome, Some(RefreshOutcome::Refreshed(_)));
    let what = match outcome {
        Some(RefreshOutcome::Refreshed(_)) => "refreshed",
        Some(RefreshOutcome::AlreadyRefreshed(_)) => "already refreshed by another process",
        None => "still valid, not refreshed",
    };
    let expires_at = outcome
        .map_or(stored, RefreshOutcome::into_stored)
        .expires_at();
    let relative = |end| time_format::format_relative(context.now(), end);
    let expiry = expires_at.map(|end| format!("; it expires {}", relative(end)));
    let result = RefreshResult {
        refreshed,
        expires_at,
        line: format!(
            "the session of profile `{}` is {what}{}",
            target.name,
            expiry.unwrap_or_default()
        ),
    };
    Ok(OfProfile::new(target, result))
}

impl CommandOutput for OfProfile<RefreshResult> {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        shell.result(self.result.line.as_str())
    }
}
