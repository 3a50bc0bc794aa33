//! `token get`, `token update`, and how one token is shown

use clap::{ArgGroup, Args};
use jiff::{SignedDuration, Timestamp};

use crate::actions::{get_token, token_by_key, update_token};
use crate::cli::app::{App, block_on};
use crate::cli::{Code, DONE, Exit, Failure};
use crate::domain::{ApiToken, Secret, TokenId, TokenKind};
use crate::ui::{Facts, Span, ask, humane};

/// Shows one API token.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    brainmaps token get 12\n  \
    brainmaps token get 12 --json | jq -r .expires_at\n  \
    brainmaps token get --with-token < key.txt     which one is this?")]
#[command(group = ArgGroup::new("which").required(true).args(["id", "with_token"]))]
pub struct GetArgs {
    /// The id, as `token list` shows it
    #[arg(value_name = "ID", value_parser = super::token_id)]
    id: Option<TokenId>,
    /// The one with this key, read from stdin or typed unseen; it is looked for in the list, and not sent
    #[arg(long)]
    with_token: bool,
}

/// Switches one API token on or off. What is switched off can be switched on again.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    brainmaps token update 12 --inactive\n  \
    brainmaps token update 12 --active")]
#[command(group = ArgGroup::new("state").required(true).args(["active", "inactive"]))]
pub struct UpdateArgs {
    /// The id, as `token list` shows it
    #[arg(value_name = "ID", value_parser = super::token_id)]
    id: TokenId,
    /// It works
    #[arg(long)]
    active: bool,
    /// It is refused
    #[arg(long)]
    inactive: bool,
}

pub(super) fn get(app: &App, args: &GetArgs) -> Result<Exit, Failure> {
    let (context, target) = app.context_and_target()?;
    let token = if let Some(id) = &args.id {
        block_on(&context, || get_token(&context, &target, id))?
    } else {
        let key = given_key(app)?;
        block_on(&context, || token_by_key(&context, &target, &key))?
    };
    show(app, context.now(), &token)
}

fn given_key(app: &App) -> Result<Secret, Failure> {
    if app.shell.terminal().stdin && !app.may_ask() {
        let failure = Failure::new(Code::Usage, "no key on stdin, and nobody may be asked");
        let hint = "pipe it in: `brainmaps token get --with-token < key.txt`";
        return Err(failure.hint(hint.to_owned()));
    }
    Ok(ask::typed_or_piped_secret(&app.shell, "API key")?)
}

pub(super) fn update(app: &App, args: &UpdateArgs) -> Result<Exit, Failure> {
    let (context, target) = app.context_and_target()?;
    let active = args.active && !args.inactive;
    let work = || update_token(&context, &target, &args.id, active);
    let token = block_on(&context, work)?;
    let now = if active { "active" } else { "inactive" };
    app.shell.status([
        Span::good("✓"),
        Span::plain(format!(" {} is {now}", args.id)),
    ]);
    show(app, context.now(), &token)
}

/// What is known of `token`; times are relative for people, RFC 3339 for programs.
pub(super) fn show(app: &App, now: Timestamp, token: &ApiToken) -> Result<Exit, Failure> {
    if app.shell.options().json {
        app.shell.document(token)?;
        return Ok(DONE);
    }
    let for_people = app.shell.terminal().stdout;
    let time = |time: Option<Timestamp>| {
        time.map(|time| {
            if for_people {
                humane::relative(now, time)
            } else {
                time.to_string()
            }
        })
    };
    let words = |words: &Option<Vec<String>>| words.as_ref().map(|words| words.join(" "));
    let facts = Facts::default()
        .with_some("id", token.id.as_ref().map(ToString::to_string))
        .with_some("name", token.name.clone())
        .with_some("kind", token.kind.map(TokenKind::label))
        .with("state", state(now, token))
        .with_some("created", time(token.created_at))
        .with_some("expires", time(token.expires_at))
        .with_some("permissions", words(&token.permissions))
        .with_some("scopes", words(&token.scopes))
        .with_some("begins", token.prefix.clone())
        .with_some("last used", time(token.last_used_at));
    app.shell.facts(&facts)?;
    Ok(DONE)
}

/// A token that is over must not look alive.
pub(super) fn state(now: Timestamp, token: &ApiToken) -> Span {
    match (token.active, token.expires_at) {
        (Some(false), _) if token.revoked => Span::dim("revoked"),
        (Some(false), _) => Span::dim("inactive"),
        (_, Some(end)) if end <= now => Span::dim("expired"),
        (_, Some(end)) if end.duration_since(now) < soon(token, end) => Span::warn("expires soon"),
        (Some(true), _) => Span::good("active"),
        (None, _) => Span::plain("unknown"),
    }
}

/// How long before its end a token is marked: a tenth of its life, at most a fortnight.
fn soon(token: &ApiToken, end: Timestamp) -> SignedDuration {
    let fortnight = SignedDuration::from_hours(14 * 24);
    let tenth = token.created_at.map(|made| end.duration_since(made) / 10);
    tenth.map_or(fortnight, |tenth| tenth.min(fortnight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_marked_in_the_last_tenth_of_its_life_and_at_most_a_fortnight_before_its_end() {
        const DAY: i64 = 24 * 3600;
        let at = |second| Timestamp::from_second(second).unwrap();
        for (made, end, soon_from) in [
            (Some(0), DAY, DAY * 9 / 10),
            (Some(0), 90 * DAY, 81 * DAY),
            (Some(0), 365 * DAY, 351 * DAY),
            (None, 90 * DAY, 76 * DAY),
        ] {
            let token = ApiToken {
                active: Some(true),
                created_at: made.map(at),
                expires_at: Some(at(end)),
                ..ApiToken::default()
            };
            let state = |second| state(at(second), &token);
            assert_eq!(state(soon_from), Span::good("active"), "{end}");
            assert_eq!(state(soon_from + 1), Span::warn("expires soon"), "{end}");
            assert_eq!(state(end), Span::dim("expired"), "{end}");
        }
    }
}
