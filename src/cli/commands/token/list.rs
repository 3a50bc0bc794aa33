//! `token list`

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::kind::KindArgs;
use crate::actions::{ListOptions, ProfileSession};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::failure::{ExitStatus, Failure, SUCCESS};
use crate::cli::options::duration;
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::cli::options::number;
use crate::domain::{ApiToken, Hint, time_format};
use crate::ui::{
    Column, OutputError, Shell, Span, StreamedJson, Table, format_expiry, token_state,
};
use crate::vault::JournalKind;

#[derive(Debug, Args)]
#[command(
    before_help = "Prints one page unless --all, --limit or --expires-within is given.", help_template = WITH_DETAILS,
    mut_arg("permanent", |arg| arg.help("List permanent tokens only")),
    mut_arg("temporary", |arg| arg.help("List temporary tokens only")),
    after_help = after_help! {
    examples: [
        "brainmaps token list",
        "brainmaps token list --expires-within 14d",
        "brainmaps token list --all --json | jq -r '.tokens[].id'",
    ],
    see: "brainmaps token get, brainmaps token create, brainmaps token revoke"
}
)]
pub struct ListArgs {
    #[command(flatten)]
    kind: KindArgs,
    /// List at most N tokens
    #[arg(long, value_name = "N", conflicts_with = "all", value_parser = number::<NonZeroUsize>("a whole number from 1"))]
    limit: Option<NonZeroUsize>,
    /// Skip the first N tokens
    #[arg(long, value_name = "N", default_value = "0", hide_default_value = true, value_parser = number::<usize>("a whole number"))]
    offset: usize,
    /// List all pages
    #[arg(long)]
    all: bool,
    /// List only tokens that expire within this time, for example `14d`
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    expires_within: Option<SignedDuration>,
    /// Show every column, also on a narrow terminal
    #[arg(long)]
    wide: bool,
}

pub(super) fn run(app: &App, args: &ListArgs) -> Result<ExitStatus, Failure> {
    let (context, target) = app.context_and_target()?;
    app.warn_about_leftovers(&context, &target.name, &JournalKind::OPEN);
    let session = context.session(&target);
    let options = ListOptions {
        limit: args.limit.map(NonZeroUsize::get),
        offset: args.offset,
        all: args.all || args.expires_within.is_some(),
        kind: args.kind.kind(),
        expires_within: args.expires_within,
    };
    if app.shell.options().json {
        print_json(&app.shell, session, &options)?;
    } else {
        print_rows(&app.shell, session, &options, args.wide)?;
    }
    Ok(SUCCESS)
}

/// Every page in one document, which is written when the last has come. The list may be too long for memory.
fn print_json(
    shell: &Shell,
    session: ProfileSession<'_>,
    options: &ListOptions,
) -> Result<(), Failure> {
    let target = session.target;
    let head = json!({ "profile": target.name, "provider": target.descriptor.id });
    let mut document = StreamedJson::new(shell.stdout_style(), &head, "tokens")?;
    stream_pages(session, options, |page| {
        page.iter().try_for_each(|token| document.push(token))
    })?;
    Ok(shell.streamed_json(document)?)
}

/// A page's rows are shown as soon as they are there.
fn print_rows(
    shell: &Shell,
    session: ProfileSession<'_>,
    options: &ListOptions,
    is_wide: bool,
) -> Result<(), Failure> {
    let mut table = empty_table().wide(is_wide);
    let mut count = 0;
    let for_people = shell.terminal().stdout;
    let more = stream_pages(session, options, |page| {
        count += page.len();
        add_rows(&mut table, session.context.now(), &page, for_people);
        shell.table_page(&mut table)
    })?;
    if count == 0 {
        let hint = Hint::run("token create NAME").text(" to create one");
        shell.status(format!("no tokens; {}", shell.hint_text(&hint)));
    }
    if more {
        shell.note("more tokens exist; add --all");
    }
    Ok(())
}

/// Hands each page to `show` until that fails; whether there are more.
fn stream_pages(
    session: ProfileSession<'_>,
    options: &ListOptions,
    mut show: impl FnMut(Vec<ApiToken>) -> Result<(), OutputError>,
) -> Result<bool, Failure> {
    let mut result = Ok(());
    let mut take = |page| {
        result = show(page);
        if result.is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    };
    let more = block_on_interruptible(session.context, || {
        session.stream_tokens(options, &mut take)
    })?;
    result?;
    Ok(more)
}

fn empty_table() -> Table {
    Table::new([
        Column::fixed("ID"),
        Column::flexible("NAME"),
        Column::fixed("STATE"),
        Column::optional("CREATED"),
        Column::fixed("EXPIRES"),
        Column::optional("LAST USED"),
    ])
}

/// Times are relative for people, RFC 3339 for programs.
fn add_rows(table: &mut Table, now: Timestamp, tokens: &[ApiToken], for_people: bool) {
    let format_time = |time: Timestamp| {
        if for_people {
            return time_format::format_relative(now, time);
        }
        time.to_string()
    };
    let when = |time: Option<Timestamp>, otherwise: &str| {
        Span::plain(time.map_or_else(|| otherwise.to_owned(), format_time))
    };
    for token in tokens {
        let id = token.id.as_ref().map(ToString::to_string);
        table.add_row([
            Span::plain(id.unwrap_or_default()),
            Span::bold(token.name.clone().unwrap_or_default()),
            token_state(now, token).label(),
            when(token.created_at, ""),
            Span::plain(format_expiry(token, format_time).unwrap_or_default()),
            when(token.last_used_at, ""),
        ]);
    }
}
