//! `doctor`

use clap::Args;
use serde::Serialize;
use serde_json::json;

use crate::actions::{Check, DoctorOptions, Finding, run_checks};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::{Code, Failure};
use crate::cli::help_text::{WITH_DETAILS, after_help};
use crate::ui::{Line, Span};

#[derive(Debug, Args)]
#[command(
    before_help = "Checks settings, files, locks, the clock, the network and the credential, and prints how to fix what it finds. Changes nothing and sends no credential.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps doctor",
        "brainmaps --profile work doctor --offline",
        "brainmaps doctor --json",
    ],
    see: "brainmaps status, brainmaps credential explain"
}
)]
pub struct DoctorArgs {
    /// Skip the checks that contact servers
    #[arg(long)]
    offline: bool,
}

/// One line of the result.
#[derive(Debug, Serialize)]
struct CheckRow {
    name: &'static str,
    state: &'static str,
    message: String,
    hint: Option<String>,
    #[serde(skip)]
    exit: ExitStatus,
}

pub(crate) fn run(app: &App, args: &DoctorArgs) -> Result<ExitStatus, Failure> {
    let rows = match app.context_without_settings() {
        Ok((context, invalid)) => {
            let what = DoctorOptions {
                offline: args.offline,
                network: app.network_options(),
            };
            let checks = block_on_interruptible(&context, || async {
                Ok(run_checks(&context, &what).await)
            })?;
            let settings = invalid.map(|error| failure_row(app, "settings", error.into()));
            let checks = checks.into_iter().map(|check| to_row(app, check));
            settings.into_iter().chain(checks).collect()
        }
        Err(failure) => vec![failure_row(app, "settings", failure)],
    };
    if app.shell.options().json {
        app.shell.document(&json!({ "checks": rows }))?;
    } else {
        rows.iter().try_for_each(|one| show(app, one))?;
    }
    let first = rows.iter().find(|one| one.exit != SUCCESS);
    Ok(first.map_or(SUCCESS, |one| one.exit))
}

fn to_row(app: &App, check: Check) -> CheckRow {
    let name = check.name;
    let (state, message, hint) = match check.finding {
        Finding::Ok(message) => ("ok", message, None),
        Finding::Warning { message, hint } => ("warning", message, Some(hint)),
        Finding::Failure(error) => return failure_row(app, name, error.into()),
    };
    let as_others = Failure::new(Code::Failed, message).with_hint(hint);
    let Failure { message, hints, .. } = as_others.with_global_flags(&app.globals.as_flags());
    CheckRow {
        name,
        state,
        message,
        hint: hints.into_iter().next(),
        exit: SUCCESS,
    }
}

fn failure_row(app: &App, name: &'static str, failure: Failure) -> CheckRow {
    let failure = failure.with_global_flags(&app.globals.as_flags());
    CheckRow {
        name,
        state: "failure",
        message: failure.to_line(),
        hint: (!failure.hints.is_empty()).then(|| failure.hints.join("; ")),
        exit: failure.code.exit(),
    }
}

/// The state in one word, so that it can be read without colours and found by `grep`.
fn show(app: &App, row: &CheckRow) -> Result<(), Failure> {
    let word = format!("{:<8}", row.state);
    let word = match row.state {
        "ok" => Span::good(word),
        "warning" => Span::warn(word),
        _ => Span::bad(word),
    };
    let text = format!(": {}", row.message.replace('\n', " "));
    app.shell
        .result(Line::from([word, Span::bold(row.name), Span::plain(text)]))?;
    if let Some(hint) = &row.hint {
        let text = format!("{:8}hint: {hint}", "");
        app.shell.result(text)?;
    }
    Ok(())
}
