//! `token create|list|revoke`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::actions::{ListOptions, Revocation, Target, create_token, list_tokens, revoke_tokens};
use crate::cli::app::App;
use crate::cli::{Code, DONE, Exit, Failure, span};
use crate::domain::{ApiToken, MintedToken, TokenId};
use crate::service::NewToken;
use crate::ui::{Column, Span, Table, ask, humane};

/// API tokens: the long-lived credentials of programs.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make one; its secret is shown once
    Create(CreateArgs),
    /// List them
    List(ListArgs),
    /// End one or several, at once and for good
    Revoke(RevokeArgs),
}

/// Makes an API token. Its secret is shown this once, or goes straight into an env file.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    brainmaps token create \"nightly build\"\n  \
    brainmaps token create ci --env-file .env      the secret is never shown\n  \
    brainmaps token create ci --json | jq -r .secret")]
pub struct CreateArgs {
    /// What to call it
    name: String,
    /// One that lives until it is revoked
    #[arg(long, conflicts_with = "temporary")]
    permanent: bool,
    /// One that ends by itself
    #[arg(long)]
    temporary: bool,
    /// What it may do; may be repeated
    #[arg(long, value_name = "PERMISSION")]
    permission: Vec<String>,
    /// On what it may do it; may be repeated
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// How long it lives: 90d, 2w
    #[arg(long, value_name = "TIME", value_parser = span::parse_days)]
    expires_in: Option<u32>,
    /// Put the secret into this file, at mode 0600, instead of showing it
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,
}

/// Lists API tokens: one page, unless more is asked for.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    brainmaps token list\n  \
    brainmaps token list --all --expires-within 14d\n  \
    brainmaps token list --json | jq -r '.tokens[].id'")]
pub struct ListArgs {
    /// At most this many
    #[arg(long, value_name = "N", conflicts_with = "all")]
    limit: Option<usize>,
    /// Leave out this many at the beginning
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    offset: usize,
    /// Every page
    #[arg(long)]
    all: bool,
    /// Only those that end within this time: 14d
    #[arg(long, value_name = "TIME", value_parser = span::parse)]
    expires_within: Option<SignedDuration>,
}

/// Revokes API tokens. The services reject a revoked token at once; it cannot be brought back.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    brainmaps token revoke 3f2a…\n  \
    brainmaps token revoke 12 13 14 --yes\n  \
    brainmaps token revoke 12 --dry-run")]
pub struct RevokeArgs {
    /// The ids, as `token list` shows them
    #[arg(required = true, value_name = "ID", value_parser = token_id)]
    ids: Vec<TokenId>,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Say what would be revoked, and do nothing
    #[arg(long)]
    dry_run: bool,
}

fn token_id(text: &str) -> Result<TokenId, String> {
    if text.trim().is_empty() {
        return Err("an id cannot be empty".to_owned());
    }
    Ok(TokenId::new(text))
}

pub(crate) fn run(app: &App, command: TokenCommand) -> Result<Exit, Failure> {
    match command {
        TokenCommand::Create(args) => create(app, args),
        TokenCommand::List(args) => list(app, &args),
        TokenCommand::Revoke(args) => revoke(app, &args),
    }
}

fn create(app: &App, args: CreateArgs) -> Result<Exit, Failure> {
    let (context, target) = app.context_and_target()?;
    let wanted = NewToken {
        name: args.name,
        permanent: (args.permanent || args.temporary).then_some(args.permanent),
        permissions: args.permission,
        scopes: args.scope,
        expires_in_days: args.expires_in,
    };
    let env_file = args.env_file.as_deref();
    let minted = app.block_on(&context, create_token(&context, &target, &wanted, env_file))?;
    if app.shell.options().json {
        app.shell.document(&created(&minted, env_file.is_none()))?;
        return Ok(DONE);
    }
    let name = minted.token.name.as_deref().unwrap_or_default();
    app.shell.status([
        Span::good("✓"),
        Span::plain(format!(" made token `{name}`, id {}", minted.token.id)),
    ]);
    if let Some(file) = env_file {
        app.shell
            .result(format!("its secret is in {} (mode 0600)", file.display()))?;
        return Ok(DONE);
    }
    app.shell.secret(&minted.secret)?;
    app.shell
        .note("this is the only time that the secret is shown");
    Ok(DONE)
}

/// The token with its secret, unless that went into a file.
fn created(minted: &MintedToken, with_secret: bool) -> Value {
    let mut value = json!(minted.token);
    value["secret"] = if with_secret {
        json!(minted.secret.expose())
    } else {
        Value::Null
    };
    value
}

fn list(app: &App, args: &ListArgs) -> Result<Exit, Failure> {
    let (context, target) = app.context_and_target()?;
    let options = ListOptions {
        limit: args.limit,
        offset: args.offset,
        all: args.all || args.expires_within.is_some(),
        expires_within: args.expires_within,
    };
    let list = app.block_on(&context, list_tokens(&context, &target, &options))?;
    if app.shell.options().json {
        app.shell.document(&list)?;
        return Ok(DONE);
    }
    let titles = ["ID", "NAME", "STATE", "CREATED", "EXPIRES", "LAST USED"];
    let mut table = Table::new(titles.map(|title| {
        if title == "NAME" {
            Column::flexible(title)
        } else {
            Column::fixed(title)
        }
    }));
    let now = context.now();
    for token in &list.tokens {
        let when = |time: Option<jiff::Timestamp>| {
            time.map_or_else(String::new, |time| humane::relative(now, time))
        };
        table.row([
            Span::plain(token.id.to_string()),
            Span::bold(token.name.clone().unwrap_or_default()),
            state(now, token),
            Span::plain(when(token.created_at)),
            Span::plain(
                token
                    .expires_at
                    .map_or_else(|| "never".to_owned(), |end| humane::relative(now, end)),
            ),
            Span::plain(when(token.last_used_at)),
        ]);
    }
    if table.is_empty() {
        app.shell
            .status("no tokens; make one with `brainmaps token create NAME`");
    }
    app.shell.table(&table)?;
    if list.more {
        app.shell.note("there are more; add --all");
    }
    Ok(DONE)
}

/// A revoked token must not look alive.
fn state(now: jiff::Timestamp, token: &ApiToken) -> Span {
    match (token.active, token.expires_at) {
        (Some(false), _) => Span::dim("revoked"),
        (_, Some(end)) if end <= now => Span::dim("expired"),
        (_, Some(end)) if end.duration_since(now) < SignedDuration::from_hours(14 * 24) => {
            Span::warn("expires soon")
        }
        (Some(true), _) => Span::good("active"),
        (None, _) => Span::plain("unknown"),
    }
}

fn revoke(app: &App, args: &RevokeArgs) -> Result<Exit, Failure> {
    let (context, target) = app.context_and_target()?;
    let names = args
        .ids
        .iter()
        .map(TokenId::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    let (profile, service) = (&target.profile, &target.descriptor.name);
    if args.dry_run {
        return would_revoke(app, &target, args, &names);
    }
    if !args.yes && app.may_ask() {
        let question =
            format!("Revoke {names} of profile `{profile}` at {service}? This cannot be undone");
        if !ask::confirm(&app.shell, &question, false)? {
            return Err(Failure::new(Code::Denied, "nothing was revoked"));
        }
    }
    let done = app.block_on(&context, revoke_tokens(&context, &target, &args.ids))?;
    settle(app, &target, done)
}

fn would_revoke(
    app: &App,
    target: &Target,
    args: &RevokeArgs,
    names: &str,
) -> Result<Exit, Failure> {
    if app.shell.options().json {
        app.shell.document(&json!({
            "profile": target.profile, "provider": target.descriptor.id, "dry_run": true, "would_revoke": args.ids,
        }))?;
    } else {
        app.shell.result(format!(
            "would revoke {names} of profile `{}`",
            target.profile
        ))?;
    }
    Ok(DONE)
}

/// Each outcome, then the sum; the exit status is that of the first failure.
fn settle(app: &App, target: &Target, done: Vec<Revocation>) -> Result<Exit, Failure> {
    let all = done.len();
    let outcomes: Vec<(TokenId, Option<Failure>)> = done
        .into_iter()
        .map(|one| (one.id, one.outcome.err().map(Failure::from)))
        .collect();
    let failed = outcomes
        .iter()
        .filter(|(_, failure)| failure.is_some())
        .count();
    let exit = outcomes
        .iter()
        .find_map(|(_, failure)| failure.as_ref())
        .map_or(DONE, |failure| failure.code.exit());
    if app.shell.options().json {
        let results: Vec<Value> = outcomes
            .iter()
            .map(
                |(id, failure)| json!({ "id": id, "revoked": failure.is_none(), "error": failure }),
            )
            .collect();
        let mut document = json!({
            "profile": target.profile, "provider": target.descriptor.id, "results": results,
        });
        if let Some(first) = outcomes.iter().find_map(|(_, failure)| failure.as_ref()) {
            document["error"] = json!(first);
        }
        app.shell.document(&document)?;
        return Ok(exit);
    }
    for (id, failure) in outcomes {
        match failure {
            None => app
                .shell
                .result([Span::good("✓"), Span::plain(format!(" revoked {id}"))])?,
            Some(failure) if all == 1 => return Err(failure),
            Some(failure) => app.shell.error(format!("{id}: {}", failure.message)),
        }
    }
    if all > 1 {
        app.shell
            .result(format!("{} revoked, {failed} failed", all - failed))?;
    }
    Ok(exit)
}
