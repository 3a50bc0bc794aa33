//! `credential print|explain|refresh`

use clap::{Args, Subcommand};
use jiff::SignedDuration;
use serde_json::json;

use crate::actions::{
    Access, ActionError, Context, Held, Purpose, Renewed, Selected, Target, Verdict, Why, explain,
    renew,
};
use crate::cli::app::{App, block_on};
use crate::cli::{DONE, Exit, Failure};
use crate::domain::{Secret, StoredCredential};
use crate::ui::{Column, Span, Table, humane};

/// The credential in use.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum CredentialCommand {
    /// Print it, renewed when it must be
    Print(PrintArgs),
    /// Every source looked at, in order, which one won and why
    Explain,
    /// Renew it
    Refresh(RefreshArgs),
}

/// Prints the credential in use to stdout, and nothing else. It is renewed first when it ends soon.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    brainmaps credential print\n  \
    curl -H \"$(brainmaps credential print --header)\" https://api.brainmaps.science/api/brains/\n  \
    brainmaps credential print --min-ttl 15m")]
pub struct PrintArgs {
    /// As the header that the service wants
    #[arg(long)]
    header: bool,
    /// Renew it unless it lives at least this long: 90s, 5m, 2h, 1d
    #[arg(long, value_name = "TIME", default_value = "0s", hide_default_value = true, value_parser = crate::cli::span::parse)]
    min_ttl: SignedDuration,
}

/// Renews the session when it ends soon; with --force, in any case.
#[derive(Debug, Args)]
pub struct RefreshArgs {
    /// Also when it is still fresh
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(app: &App, command: CredentialCommand) -> Result<Exit, Failure> {
    let (context, target) = app.context_and_target()?;
    match command {
        CredentialCommand::Print(args) => print(app, &context, &target, &args),
        CredentialCommand::Explain => show_sources(app, &context, &target),
        CredentialCommand::Refresh(args) => refresh(app, &context, &target, &args),
    }
}

fn print(app: &App, context: &Context, target: &Target, args: &PrintArgs) -> Result<Exit, Failure> {
    let selected = match Held::pick(context, target, args.min_ttl, Purpose::Disclose)? {
        Held::Ready(selected) => selected,
        Held::Stale(selected) => {
            let access = Access::holding(context, target, selected);
            block_on(context, || access.fresh(args.min_ttl))?
        }
    };
    let form = target.descriptor.header(selected.credential.kind);
    let value = form.map_or_else(
        || selected.credential.secret.clone(),
        |form| form.value(&selected.credential.secret),
    );
    let name = form.map_or("Authorization", |form| form.name.as_str());
    let header = Secret::new(format!("{name}: {}", value.expose()));
    if app.shell.options().json {
        app.shell.document(&json!({
            "profile": target.profile,
            "provider": target.descriptor.id,
            "kind": selected.credential.kind,
            "origin": selected.base.origin(),
            "token": selected.credential.secret.expose(),
            "header": header.expose(),
            "expires_at": expires_at(&selected),
        }))?;
        return Ok(DONE);
    }
    app.shell.secret(if args.header {
        &header
    } else {
        &selected.credential.secret
    })?;
    Ok(DONE)
}

fn expires_at(selected: &Selected) -> Option<jiff::Timestamp> {
    selected
        .stored
        .as_ref()
        .and_then(StoredCredential::expires_at)
}

fn show_sources(app: &App, context: &Context, target: &Target) -> Result<Exit, Failure> {
    let candidates = explain(context, target);
    if app.shell.options().json {
        let (profile, provider) = (&target.profile, &target.descriptor.id);
        app.shell.document(
            &json!({ "profile": profile, "provider": provider, "candidates": candidates }),
        )?;
        return Ok(DONE);
    }
    let mut table = Table::new([
        Column::fixed("VERDICT"),
        Column::flexible("SOURCE"),
        Column::flexible("WHY"),
    ]);
    for candidate in &candidates {
        let verdict = match candidate.verdict {
            Verdict::Used => Span::good("used"),
            Verdict::Shadowed => Span::warn("shadowed"),
            Verdict::Refused => Span::bad("refused"),
            Verdict::Routes => Span::plain("routes"),
            Verdict::Absent => Span::dim("absent"),
        };
        table.row([
            verdict,
            candidate.source.as_str().into(),
            candidate.reason.as_str().into(),
        ]);
    }
    app.shell.table(&table)?;
    Ok(DONE)
}

/// A session that the server ended is over; a key never renews itself.
fn not_refreshable(target: &Target, was_session: bool, what: String) -> ActionError {
    if was_session {
        let profile = target.profile.to_string();
        return ActionError::LoginExpired { profile };
    }
    ActionError::NotRefreshable { what }
}

fn refresh(
    app: &App,
    context: &Context,
    target: &Target,
    args: &RefreshArgs,
) -> Result<Exit, Failure> {
    let held = Held::pick(context, target, SignedDuration::ZERO, Purpose::Change)?;
    let needed = args.force || matches!(held, Held::Stale(_));
    let selected = held.selected();
    let source = selected.source.label();
    let was_session = selected
        .stored
        .as_ref()
        .is_some_and(|stored| stored.authority.is_some());
    let stored = selected.stored.filter(StoredCredential::is_refreshable);
    let stored = stored.ok_or_else(|| not_refreshable(target, was_session, source))?;
    let work = || renew(context, target, &stored, Why::Asked);
    let renewed = needed.then(|| block_on(context, work)).transpose()?;
    let refreshed = matches!(renewed, Some(Renewed::Refreshed(_)));
    let what = match renewed {
        Some(Renewed::Refreshed(_)) => "renewed",
        Some(Renewed::Adopted(_)) => "fresh: another process refreshed it meanwhile",
        None => "still fresh, not renewed",
    };
    let expires_at = renewed.map_or(stored, Renewed::into_stored).expires_at();
    if app.shell.options().json {
        let (profile, provider) = (&target.profile, &target.descriptor.id);
        app.shell.document(&json!({
            "profile": profile, "provider": provider, "refreshed": refreshed, "expires_at": expires_at,
        }))?;
        return Ok(DONE);
    }
    let until =
        expires_at.map(|end| format!("; it expires {}", humane::relative(context.now(), end)));
    app.shell.result(format!(
        "the session of profile `{}` is {what}{}",
        target.profile,
        until.unwrap_or_default()
    ))?;
    Ok(DONE)
}
