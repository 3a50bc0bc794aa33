//! `token list`

use clap::Args;
use jiff::{SignedDuration, Timestamp};

use crate::actions::{ListOptions, list_tokens};
use crate::cli::app::{App, block_on};
use crate::cli::{DONE, Exit, Failure, span};
use crate::domain::ApiToken;
use crate::ui::{Column, Span, Table, humane};

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

pub(super) fn run(app: &App, args: &ListArgs) -> Result<Exit, Failure> {
    let (context, target) = app.context_and_target()?;
    let options = ListOptions {
        limit: args.limit,
        offset: args.offset,
        all: args.all || args.expires_within.is_some(),
        expires_within: args.expires_within,
    };
    let list = block_on(&context, list_tokens(&context, &target, &options))?;
    if app.shell.options().json {
        app.shell.document(&list)?;
        return Ok(DONE);
    }
    let for_people = app.shell.terminal().stdout;
    let table = table(context.now(), &list.tokens, for_people);
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

/// Times are relative for people, RFC 3339 for programs.
fn table(now: Timestamp, tokens: &[ApiToken], for_people: bool) -> Table {
    let titles = ["STATE", "CREATED", "EXPIRES", "LAST USED"].map(Column::fixed);
    let named = [Column::fixed("ID"), Column::flexible("NAME")];
    let mut table = Table::new(named.into_iter().chain(titles));
    let told = |time: Timestamp| {
        if for_people {
            return humane::relative(now, time);
        }
        time.to_string()
    };
    let when = |time: Option<Timestamp>, otherwise: &str| {
        Span::plain(time.map_or_else(|| otherwise.to_owned(), told))
    };
    for token in tokens {
        table.row([
            Span::plain(
                token
                    .id
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            ),
            Span::bold(token.name.clone().unwrap_or_default()),
            state(now, token),
            when(token.created_at, ""),
            when(token.expires_at, "never"),
            when(token.last_used_at, ""),
        ]);
    }
    table
}

/// A revoked token must not look alive.
fn state(now: Timestamp, token: &ApiToken) -> Span {
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
