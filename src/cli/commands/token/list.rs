//! `token list`: prints the tokens that the filters select, in the chosen order.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::kind::{KindArgs, select_listed};
use crate::actions::{ListOptions, ListSummary, ProfileSession, SortOrder, StateFilter};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::failure::{ExitStatus, Failure, SUCCESS};
use crate::cli::options::duration;
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::cli::options::number;
use crate::domain::{
    ApiToken, Glob, Hint, TokenKind, format_count, plural, time_format, token_state,
};
use crate::ui::{
    Column, OutputError, Shell, Span, StreamedJson, Table, format_expiry, token_state_label,
};
use crate::vault::JournalKind;

#[derive(Debug, Args)]
#[command(
    before_help = "Prints one page unless --all, --limit, --sort or a filter is given. Filters are combined with AND. With --quiet, prints only ids, one per line.", help_template = WITH_DETAILS,
    mut_arg("permanent", |arg| arg.help("List permanent tokens only")),
    mut_arg("temporary", |arg| arg.help("List temporary tokens only")),
    after_help = after_help! {
    examples: [
        "brainmaps token list --expires-within 14d",
        "brainmaps token list --name 'ci-*' -q | xargs -r brainmaps token revoke -y",
        "brainmaps token list --all --json | jq -r '.tokens[].id'",
    ],
    see: "brainmaps token get, brainmaps token create, brainmaps token revoke"
}
)]
pub struct ListArgs {
    /// List only tokens whose name matches, for example `ci-*` (`*`, `?`, `[a-z]`; case matters)
    #[arg(long, value_name = "GLOB")]
    name: Option<Glob>,
    /// List only tokens in this state: active, expires-soon, inactive, expired or revoked (repeatable)
    #[arg(long, value_name = "STATE", value_delimiter = ',', value_parser = state_parser(), hide_possible_values = true)]
    state: Vec<StateFilter>,
    /// List only tokens of this kind: permanent, temporary, or a kind that the service has
    #[arg(long, value_name = "KIND", conflicts_with_all = ["permanent", "temporary"])]
    kind: Option<String>,
    #[command(flatten)]
    kinds: KindArgs,
    /// List only tokens that expire within this time, for example `14d`
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    expires_within: Option<SignedDuration>,
    /// Sort by id, name, state, kind, created, expires or last-used; `FIELD:desc` reverses the order. Reads all pages into memory
    #[arg(long, value_name = "FIELD")]
    sort: Option<SortOrder>,
    /// List at most N tokens
    #[arg(long, value_name = "N", conflicts_with = "all", value_parser = number::<NonZeroUsize>("a whole number from 1"))]
    limit: Option<NonZeroUsize>,
    /// Skip the first N tokens
    #[arg(long, value_name = "N", default_value = "0", hide_default_value = true, value_parser = number::<usize>("a whole number"))]
    offset: usize,
    /// List all pages
    #[arg(long)]
    all: bool,
    /// Show every column, also on a narrow terminal
    #[arg(long)]
    wide: bool,
}

fn state_parser() -> impl TypedValueParser<Value = StateFilter> {
    PossibleValuesParser::new(StateFilter::ALL.map(StateFilter::name)).try_map(|name| {
        let mut states = StateFilter::ALL.into_iter();
        states
            .find(|state| state.name() == name)
            .ok_or("unknown state")
    })
}

impl ListArgs {
    fn options(&self, kind: Option<TokenKind>) -> ListOptions {
        ListOptions {
            limit: self.limit.map(NonZeroUsize::get),
            offset: self.offset,
            all: self.all,
            kind: kind.or(self.kinds.kind()),
            expires_within: self.expires_within,
            name: self.name.clone(),
            states: self.state.clone(),
            sort: self.sort,
        }
    }
}

pub(super) fn run(app: &App, args: &ListArgs) -> Result<ExitStatus, Failure> {
    let (context, mut target) = app.context_and_target()?;
    let kind = select_listed(&mut target, args.kind.as_deref())?;
    app.warn_about_leftovers(&context, &target.name, &JournalKind::OPEN);
    let session = context.session(&target);
    let (shell, options) = (&app.shell, args.options(kind));
    if shell.options().json {
        print_json(shell, session, &options)?;
    } else if shell.options().quiet {
        print_ids(shell, session, &options)?;
    } else {
        print_rows(shell, session, &options, args.wide)?;
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

/// One id per line, for xargs.
fn print_ids(
    shell: &Shell,
    session: ProfileSession<'_>,
    options: &ListOptions,
) -> Result<(), Failure> {
    stream_pages(session, options, |page| {
        let mut ids = page.iter().filter_map(|token| token.id.as_ref());
        ids.try_for_each(|id| shell.result(id.to_string()))
    })?;
    Ok(())
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
    let summary = stream_pages(session, options, |page| {
        count += page.len();
        add_rows(&mut table, session.context.now(), &page, for_people);
        shell.table_page(&mut table)
    })?;
    report_count(shell, options, count, summary);
    Ok(())
}

/// Reports an empty list, and what a list leaves out.
fn report_count(shell: &Shell, options: &ListOptions, count: usize, summary: ListSummary) {
    let ListSummary { examined, has_more } = summary;
    if examined == 0 && !options.has_filter() && options.offset == 0 {
        let hint = Hint::run("token create NAME").text(" to create one");
        shell.status(format!("no tokens; {}", shell.hint_text(&hint)));
    } else if count == 0 {
        shell.status(if options.has_filter() {
            format!("no token matches the filters ({examined} examined)")
        } else {
            "no tokens beyond --offset".to_owned()
        });
    } else if options.has_filter() && shell.terminal().stdout {
        let all = format_count(examined, "token");
        let verb = plural(count, "matches", "match");
        shell.status(format!("{count} of {all} {verb}"));
    }
    if has_more {
        shell.note(match options.limit {
            Some(_) => "more tokens may exist; raise --limit",
            None => "more tokens exist; add --all",
        });
    }
}

/// Hands each page to `show` until that fails.
fn stream_pages(
    session: ProfileSession<'_>,
    options: &ListOptions,
    mut show: impl FnMut(Vec<ApiToken>) -> Result<(), OutputError>,
) -> Result<ListSummary, Failure> {
    let mut result = Ok(());
    let mut take = |page| {
        result = show(page);
        if result.is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    };
    let summary = block_on_interruptible(session.context, || {
        session.stream_tokens(options, &mut take)
    })?;
    result?;
    Ok(summary)
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
            token_state_label(token_state(now, token)),
            when(token.created_at, ""),
            Span::plain(format_expiry(token, format_time).unwrap_or_default()),
            when(token.last_used_at, ""),
        ]);
    }
}
