//! `credential log`: shows the audit log, and checks that no line was changed or deleted.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::PossibleValuesParser;
use jiff::SignedDuration;
use serde::Serialize;
use serde_json::{Value, json};

use crate::actions::{ActionError, Context, Target};
use crate::cli::app::{App, CommandOutput};
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::cli::options::duration;
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::{CredentialEvent, EventRecord, Hint, ProfileName, format_count, plural};
use crate::files::quote_path;
use crate::ui::{Column, OutputError, Shell, Span, Table};
use crate::vault::{EventLog, EventLogContent};

#[derive(Debug, Args)]
#[command(
    before_help = "Shows the events of all profiles, or of the one that --profile names, the newest last. The log is off by default: the setting audit_log turns it on. With --verify, exits with 9 if a line was changed or deleted, or is damaged, or if the newest lines are missing, and with 1 if there is no log.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
            "brainmaps config set audit_log ~/.local/state/brainmaps/audit.jsonl",
            "brainmaps credential log --since 7d",
            "brainmaps credential log --verify",
        ],
    see: "brainmaps config set, brainmaps token audit, brainmaps doctor"
}
)]
pub struct LogArgs {
    /// Show only events within this time, for example `7d`
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    since: Option<SignedDuration>,
    /// Show only this event, for example `print` (repeatable)
    #[arg(long, value_name = "EVENT", value_parser = PossibleValuesParser::new(CredentialEvent::ALL.map(CredentialEvent::name)), hide_possible_values = true)]
    event: Vec<String>,
    /// Show at most this many events
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    limit: usize,
    /// Check that no line was changed or deleted
    #[arg(long)]
    verify: bool,
}

struct LogOutput {
    path: PathBuf,
    events: Vec<EventRecord>,
    content: EventLogContent,
    is_verified: bool,
    has_sandbox: bool,
}

pub(super) fn run(app: &App, args: &LogArgs) -> Result<ExitStatus, Failure> {
    let context = app.context()?;
    let (path, mut found) = read_log(&context)?;
    if args.verify && found.is_missing && found.lines == 0 {
        return Err(no_log(&path));
    }
    let events = std::mem::take(&mut found.events);
    let since = args
        .since
        .and_then(|since| context.now().checked_sub(since).ok());
    let profile = app.globals.profile.as_ref().map(ProfileName::as_str);
    if profile.is_some()
        && !events
            .iter()
            .any(|event| event.profile.as_deref() == profile)
    {
        // Only the log may still know a profile that was removed.
        Target::resolve(&context)?;
    }
    let is_wanted = |record: &EventRecord| {
        since.is_none_or(|since| record.time >= since)
            && (args.event.is_empty() || args.event.contains(&record.event))
            && (profile.is_none() || record.profile.as_deref() == profile)
    };
    let mut events: Vec<EventRecord> = events.into_iter().filter(is_wanted).collect();
    let surplus = events.len().saturating_sub(args.limit);
    events.drain(..surplus);
    app.print(&LogOutput {
        path,
        has_sandbox: events.iter().any(|event| event.sandbox),
        events,
        content: found,
        is_verified: args.verify,
    })
}

fn read_log(context: &Context) -> Result<(PathBuf, EventLogContent), Failure> {
    let Some(log) = &context.recorder.log else {
        let hint =
            Hint::run("config set audit_log FILE").text(", with the absolute path of a file");
        return Err(Failure::new(Code::Config, "the audit log is off").with_hint(hint));
    };
    if let (EventLog::File(path), Some(found)) = (log, log.read().map_err(ActionError::AuditLog)?) {
        return Ok((path.clone(), found));
    }
    let message = "cannot show the audit log: events go to the system log (audit_log is syslog)";
    let hint = "read it with the system's own program, such as `journalctl -t brainmaps`";
    Err(Failure::new(Code::Unsupported, message).with_hint(hint))
}

/// No line was checked, and nothing shows whether there were any.
fn no_log(path: &Path) -> Failure {
    let text = format!("no audit log at {}", quote_path(path));
    let hint = "nothing was recorded since audit_log was set, or the file was deleted or moved";
    Failure::new(Code::Failed, text).with_hint(hint)
}

impl LogOutput {
    fn table(&self) -> Table {
        let mut columns = vec![
            Column::fixed("TIME"),
            Column::fixed("EVENT"),
            Column::flexible("PROFILE"),
            Column::fixed("RESULT"),
            Column::flexible("TOKEN"),
            Column::flexible("CALLER"),
            Column::optional("SOURCE"),
            Column::optional("FINGERPRINT"),
        ];
        if self.has_sandbox {
            columns.push(Column::optional("SANDBOX"));
        }
        let mut table = Table::new(columns);
        for event in &self.events {
            table.add_row(row(event));
        }
        table
    }

    fn verdict(&self) -> String {
        let lines = format_count(self.content.lines, "line");
        let faults = [
            (
                self.content.broken.len(),
                "was changed, or follows a deleted line",
                "were changed, or follow a deleted line",
            ),
            (self.content.damaged, "is not an event", "are not events"),
        ];
        let faults = faults.into_iter().filter(|(count, ..)| *count > 0);
        let faults: Vec<String> = faults
            .map(|(count, one, many)| format!("; {count} {}", plural(count, one, many)))
            .collect();
        let faults = faults.concat();
        if self.content.is_newest_missing {
            return format!("{lines}{faults}; the newest lines are missing");
        }
        if self.content.lines == 0 {
            return "the log has no lines".to_owned();
        }
        if faults.is_empty() {
            return format!("{lines}, none changed or deleted");
        }
        format!("{lines}{faults}")
    }
}

fn row(event: &EventRecord) -> Vec<Span> {
    let text = |text: &Option<String>| Span::plain(text.as_deref().unwrap_or_default());
    let result = if event.result == EventRecord::OK {
        Span::good(event.result.as_str())
    } else {
        Span::bad(event.result.as_str())
    };
    vec![
        Span::plain(event.time.strftime("%Y-%m-%d %H:%M:%SZ").to_string()),
        Span::bold(event.event.as_str()),
        text(&event.profile),
        result,
        text(&event.token_id),
        Span::plain(caller(event)),
        text(&event.source),
        text(&event.fingerprint),
        Span::plain(if event.sandbox { "sandbox" } else { "" }),
    ]
}

/// The program that ran this one, or the job.
fn caller(event: &EventRecord) -> String {
    let process = &event.process;
    if let Some(run) = &process.github_run_id {
        return format!("GitHub run {run}");
    }
    let parent = process.parent.as_deref();
    let name = parent.and_then(|path| path.rsplit('/').next());
    match (name, process.parent_pid) {
        (Some(name), Some(pid)) => format!("{name} ({pid})"),
        (_, Some(pid)) => pid.to_string(),
        (name, None) => name.unwrap_or_default().to_owned(),
    }
}

impl CommandOutput for LogOutput {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        shell.table(&self.table())?;
        let damaged = self.content.damaged;
        if damaged > 0 {
            let lines = format_count(damaged, "line");
            let what = plural(damaged, "is not an event", "are not events");
            shell.warning(format!("{lines} of the log {what}"));
        }
        let path = quote_path(&self.path);
        if self.content.is_newest_missing {
            let is_missing = self.content.is_missing;
            let state = if is_missing { "is missing" } else { "is empty" };
            shell.warning(format!("{path} {state}, but older files of the log exist"));
        }
        if !self.is_verified {
            return Ok(());
        }
        for broken in &self.content.broken {
            let (path, line) = (quote_path(&broken.file), broken.line);
            shell.error(format!(
                "line {line} of {path} or the line before it was changed, or a line between them was deleted"
            ));
        }
        shell.status(self.verdict());
        Ok(())
    }

    fn exit(&self) -> ExitStatus {
        let content = &self.content;
        let has_fault = !content.broken.is_empty() || content.damaged > 0;
        let has_fault = has_fault || content.is_newest_missing;
        if self.is_verified && has_fault {
            return Code::Findings.exit();
        }
        SUCCESS
    }
}

impl Serialize for LogOutput {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let broken = self.content.broken.iter();
        let broken: Vec<Value> = broken
            .map(|broken| json!({ "file": broken.file, "line": broken.line }))
            .collect();
        json!({
            "file": self.path,
            "events": self.events,
            "lines": self.content.lines,
            "damaged": self.content.damaged,
            "newest_missing": self.content.is_newest_missing,
            "broken": self.is_verified.then_some(broken),
        })
        .serialize(serializer)
    }
}
