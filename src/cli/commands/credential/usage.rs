//! `credential usage`: shows or deletes the record of what the credentials of the profile were used for.

use clap::Args;
use jiff::civil::Date;
use serde::Serialize;

use crate::actions::{ProfileSession, UsageView};
use crate::cli::app::{App, CommandOutput, OfProfile};
use crate::cli::failure::{ExitStatus, Failure};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::Hint;
use crate::ui::{Column, Line, OutputError, Shell, Span, Table};

#[derive(Debug, Default, Args)]
#[command(
    before_help = "Lists the requests of `api`, `proxy` and `exec --broker` that succeeded, with `*` in place of ids, and the \
        programs that got the credential itself. The record is on this computer only; `config set usage_record off` ends and \
        deletes it.",
    help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps credential usage",
        "brainmaps credential usage --format '{method} {path}'",
        "brainmaps credential usage --clear",
    ],
    see: "brainmaps token audit, brainmaps token rotate --narrow, brainmaps config set"
}
)]
pub struct UsageArgs {
    /// Delete the record of the profile
    #[arg(long)]
    clear: bool,
}

#[derive(Serialize)]
struct Cleared {
    cleared: usize,
}

pub(super) fn run(
    app: &App,
    session: ProfileSession<'_>,
    args: &UsageArgs,
) -> Result<ExitStatus, Failure> {
    if args.clear {
        let cleared = session.clear_usage()?;
        return app.print(&OfProfile::new(session.target, Cleared { cleared }));
    }
    app.print(&OfProfile::new(session.target, session.view_usage()?))
}

impl CommandOutput for OfProfile<UsageView> {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let view = &self.result;
        let mut table = Table::new([
            Column::fixed("METHOD"),
            Column::wrapped("PATH"),
            Column::fixed("FIRST"),
            Column::fixed("LAST"),
            Column::flexible("KEY"),
        ]);
        for used in &view.requests {
            let key = key_label(
                &used.credential,
                used.token.as_ref().map(ToString::to_string),
            );
            table.add_row(row(
                [&used.method, &used.path],
                [used.first, used.last],
                &key,
            ));
        }
        for handed_out in &view.handed_out {
            let token = handed_out.token.as_ref().map(ToString::to_string);
            let key = key_label(&handed_out.credential, token);
            let days = [handed_out.first, handed_out.last];
            let path = format!("unknown: given to {}", handed_out.to);
            table.add_row(row(["*", &path], days, &key));
        }
        shell.table(&table)?;
        if !view.recording {
            shell.note(
                Hint::from("further uses are not recorded: ").command("config set usage_record on"),
            );
        }
        Ok(())
    }
}

fn row(texts: [&str; 2], days: [Date; 2], key: &str) -> [Span; 5] {
    let [method, path] = texts.map(Span::plain);
    let [first, last] = days.map(|day| Span::plain(day.to_string()));
    [method, path, first, last, Span::dim(key)]
}

/// Returns the id of the token, or else what distinguishes the key.
fn key_label(credential: &str, token: Option<String>) -> String {
    token.unwrap_or_else(|| credential.to_owned())
}

impl CommandOutput for OfProfile<Cleared> {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        shell.result(match self.result.cleared {
            0 => Line::from("nothing is recorded"),
            _ => Line::success(format!("Deleted the record of profile `{}`", self.profile)),
        })
    }
}
