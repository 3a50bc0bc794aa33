//! `token revoke`

use clap::Args;
use serde_json::{Value, json};

use crate::actions::{Revocation, Target, revoke_tokens};
use crate::cli::app::{App, block_on};
use crate::cli::{Code, DONE, Exit, Failure};
use crate::domain::TokenId;
use crate::ui::{Span, ask};

/// A token, and why it is not gone.
type Outcome = (TokenId, Option<Failure>);

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

pub(super) fn run(app: &App, args: &RevokeArgs) -> Result<Exit, Failure> {
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
    let done = block_on(&context, revoke_tokens(&context, &target, &args.ids))?;
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
    let outcomes: Vec<Outcome> = done
        .into_iter()
        .map(|one| (one.id, one.outcome.err().map(Failure::from)))
        .collect();
    let first = outcomes.iter().find_map(|(_, failure)| failure.as_ref());
    let exit = first.map_or(DONE, |failure| failure.code.exit());
    if app.shell.options().json {
        let mut document = json!({
            "profile": target.profile,
            "provider": target.descriptor.id,
            "results": outcomes.iter().map(result).collect::<Vec<_>>(),
        });
        if let Some(first) = first {
            document["error"] = json!(first);
        }
        app.shell.document(&document)?;
        return Ok(exit);
    }
    show(app, outcomes)?;
    Ok(exit)
}

fn result((id, failure): &Outcome) -> Value {
    json!({ "id": id, "revoked": failure.is_none(), "error": failure })
}

fn show(app: &App, outcomes: Vec<Outcome>) -> Result<(), Failure> {
    let all = outcomes.len();
    let failed = outcomes
        .iter()
        .filter(|(_, failure)| failure.is_some())
        .count();
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
    Ok(())
}
