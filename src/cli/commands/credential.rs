//! `credential print|explain|refresh`

use clap::{Args, Subcommand, ValueEnum};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::actions::{
    ActionError, PickedCredential, ProfileSession, Purpose, RefreshOutcome, RefreshReason,
    ResolvedCredential, SourceReport, Target, Verdict,
};
use crate::cli::app::{
    App, CommandOutput, Exposed, OfProfile, block_on_interruptible, fresh_credential,
};
use crate::cli::failure::{ExitStatus, Failure, SUCCESS};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::{CredentialKind, Secret, StoredCredential, time_format};
use crate::helper::text::{TextContext, TextFormat};
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
}

#[derive(Debug, Default, Args)]
#[command(
    after_help = after_help! {
    examples: [
        "brainmaps credential print",
        "curl -H \"$(brainmaps credential print --header)\" https://api.example.com/",
        "brainmaps credential print --format curl | curl -K - https://api.example.com/",
        "eval \"$(brainmaps credential print --format export)\"",
        "brainmaps credential print --min-ttl 15m",
    ],
    see: "brainmaps credential explain, brainmaps credential refresh, brainmaps token create"
}
)]
pub struct PrintArgs {
    /// Print the HTTP header that the service requires
    #[arg(long)]
    header: bool,
    /// Print it for another program
    #[arg(long, value_name = "FORMAT", conflicts_with = "header")]
    format: Option<PrintFormat>,
    /// Refresh it unless it stays valid for this long, for example `5m`
    #[arg(long, value_name = "TIME", default_value = "0s", hide_default_value = true, value_parser = crate::cli::options::duration::parse)]
    min_ttl: SignedDuration,
}

/// The forms of [`TextFormat`], and the JSON document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PrintFormat {
    Env,
    Export,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Json,
    Header,
    HeaderJson,
    Curl,
    Netrc,
}

impl PrintFormat {
    /// Returns `None` for the JSON document.
    fn as_text(self) -> Option<TextFormat> {
        Some(match self {
            Self::Env => TextFormat::Env,
            Self::Export => TextFormat::Export,
            Self::Fish => TextFormat::Fish,
            Self::PowerShell => TextFormat::PowerShell,
            Self::Header => TextFormat::Header,
            Self::HeaderJson => TextFormat::HeaderJson,
            Self::Curl => TextFormat::Curl,
            Self::Netrc => TextFormat::Netrc,
            Self::Json => return None,
        })
    }
}

#[derive(Debug, Args)]
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
struct PrintedCredential {
    kind: CredentialKind,
    origin: String,
    token: Exposed,
    header: Exposed,
    expires_at: Option<Timestamp>,
    /// The text for people and other programs.
    #[serde(skip)]
    text: Secret,
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
    let (context, target) = app.context_and_target()?;
    let session = context.session(&target);
    match command {
        CredentialCommand::Print(args) => print(app, session, &args),
        CredentialCommand::Explain => {
            let candidates = session.explain();
            app.print(&OfProfile::new(&target, Sources { candidates }))
        }
        CredentialCommand::Refresh(args) => app.print(&refresh(session, &args)?),
    }
}

fn print(app: &App, session: ProfileSession<'_>, args: &PrintArgs) -> Result<ExitStatus, Failure> {
    let format = args.format.map(PrintFormat::as_text);
    if let Some(Some(format)) = format {
        session.require_variable(format)?;
    }
    let selected = fresh_credential(session, Some(args.min_ttl))?;
    let printed = OfProfile::new(session.target, printed(session, &selected, args));
    if format == Some(None) {
        app.shell.document(&printed)?;
        return Ok(SUCCESS);
    }
    app.print(&printed)
}

fn printed(
    session: ProfileSession<'_>,
    selected: &ResolvedCredential,
    args: &PrintArgs,
) -> PrintedCredential {
    let grant = session.grant(selected);
    let origin = selected.base.origin();
    let context = TextContext {
        variable: session.target.descriptor.environment.api_key.as_deref(),
        origin: &origin,
    };
    let header = args.header.then_some(TextFormat::Header);
    let format = header.or(args.format.and_then(PrintFormat::as_text));
    let stored = selected.stored.as_ref();
    let token = selected.credential.secret.clone();
    PrintedCredential {
        kind: selected.credential.kind,
        origin: origin.to_string(),
        header: Exposed(grant.header.line()),
        expires_at: stored.and_then(StoredCredential::expires_at),
        text: format.map_or_else(|| token.clone(), |format| format.render(&grant, context)),
        token: Exposed(token),
    }
}

impl CommandOutput for OfProfile<PrintedCredential> {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        shell.secret(&self.result.text)
    }
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
