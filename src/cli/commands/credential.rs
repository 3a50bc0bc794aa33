//! `credential print|explain|refresh`

use clap::{Args, Subcommand};
use jiff::SignedDuration;
use serde_json::json;

use crate::actions::{
    ActionError, AuthenticatedClient, Context, PickedCredential, Purpose, RefreshOutcome,
    RefreshReason, ResolvedCredential, Target, Verdict,
};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::Failure;
use crate::cli::help_text::{WITH_DETAILS, after_help};
use crate::domain::{Secret, StoredCredential, time_format};
use crate::ui::{Column, Span, Table};

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

#[derive(Debug, Args)]
#[command(
    after_help = after_help! {
    examples: [
        "brainmaps credential print",
        "curl -H \"$(brainmaps credential print --header)\" https://api.example.com/",
        "brainmaps credential print --min-ttl 15m",
    ],
    see: "brainmaps credential explain, brainmaps credential refresh, brainmaps token create"
}
)]
pub struct PrintArgs {
    /// Print the HTTP header that the service requires
    #[arg(long)]
    header: bool,
    /// Refresh it unless it stays valid for this long, for example `5m`
    #[arg(long, value_name = "TIME", default_value = "0s", hide_default_value = true, value_parser = crate::cli::duration_arg::parse)]
    min_ttl: SignedDuration,
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

pub(crate) fn run(app: &App, command: CredentialCommand) -> Result<ExitStatus, Failure> {
    let (context, target) = app.context_and_target()?;
    match command {
        CredentialCommand::Print(args) => print(app, &context, &target, &args),
        CredentialCommand::Explain => show_sources(app, &context, &target),
        CredentialCommand::Refresh(args) => refresh(app, &context, &target, &args),
    }
}

fn print(
    app: &App,
    context: &Context,
    target: &Target,
    args: &PrintArgs,
) -> Result<ExitStatus, Failure> {
    let selected =
        match PickedCredential::pick(context.session(target), args.min_ttl, Purpose::Disclose)? {
            PickedCredential::Fresh(selected) => selected,
            PickedCredential::NeedsRefresh(selected) => {
                let access =
                    AuthenticatedClient::with_credential(context.session(target), selected);
                block_on_interruptible(context, || access.ensure_fresh(args.min_ttl))?
            }
        };
    let header_format = target.descriptor.header(selected.credential.kind);
    let value = header_format.map_or_else(
        || selected.credential.secret.clone(),
        |form| form.value(&selected.credential.secret),
    );
    let name = header_format.map_or("Authorization", |form| form.name.as_str());
    let header = Secret::new(format!("{name}: {}", value.expose()));
    if app.shell.options().json {
        app.shell.document(&json!({
            "profile": target.name,
            "provider": target.descriptor.id,
            "kind": selected.credential.kind,
            "origin": selected.base.origin(),
            "token": selected.credential.secret.expose(),
            "header": header.expose(),
            "expires_at": expires_at(&selected),
        }))?;
        return Ok(SUCCESS);
    }
    app.shell.secret(if args.header {
        &header
    } else {
        &selected.credential.secret
    })?;
    Ok(SUCCESS)
}

fn expires_at(selected: &ResolvedCredential) -> Option<jiff::Timestamp> {
    selected
        .stored
        .as_ref()
        .and_then(StoredCredential::expires_at)
}

fn show_sources(app: &App, context: &Context, target: &Target) -> Result<ExitStatus, Failure> {
    let candidates = context.session(target).explain();
    if app.shell.options().json {
        let (profile, provider) = (&target.name, &target.descriptor.id);
        app.shell.document(
            &json!({ "profile": profile, "provider": provider, "candidates": candidates }),
        )?;
        return Ok(SUCCESS);
    }
    let mut table = Table::new([
        Column::fixed("VERDICT"),
        Column::wrapped("SOURCE"),
        Column::wrapped("WHY"),
    ]);
    for candidate in &candidates {
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
    app.shell.table(&table)?;
    Ok(SUCCESS)
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
    app: &App,
    context: &Context,
    target: &Target,
    args: &RefreshArgs,
) -> Result<ExitStatus, Failure> {
    let session = context.session(target);
    let picked = PickedCredential::pick(session, SignedDuration::ZERO, Purpose::Change)?;
    let is_needed = args.force || matches!(picked, PickedCredential::NeedsRefresh(_));
    let stored = refreshable(target, picked.into_resolved())?;
    let work = || session.refresh_session(&stored, RefreshReason::Requested);
    let renewed = is_needed
        .then(|| block_on_interruptible(context, work))
        .transpose()?;
    let refreshed = matches!(renewed, Some(RefreshOutcome::Refreshed(_)));
    let what = match renewed {
        Some(RefreshOutcome::Refreshed(_)) => "refreshed",
        Some(RefreshOutcome::AlreadyRefreshed(_)) => "already refreshed by another process",
        None => "still valid, not refreshed",
    };
    let expires_at = renewed
        .map_or(stored, RefreshOutcome::into_stored)
        .expires_at();
    if app.shell.options().json {
        let (profile, provider) = (&target.name, &target.descriptor.id);
        app.shell.document(&json!({
            "profile": profile, "provider": provider, "refreshed": refreshed, "expires_at": expires_at,
        }))?;
        return Ok(SUCCESS);
    }
    let expiry = expires_at.map(|end| {
        format!(
            "; it expires {}",
            time_format::format_relative(context.now(), end)
        )
    });
    app.shell.result(format!(
        "the session of profile `{}` is {what}{}",
        target.name,
        expiry.unwrap_or_default()
    ))?;
    Ok(SUCCESS)
}
