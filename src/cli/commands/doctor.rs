//! `doctor`

use clap::Args;
use serde::Serialize;
use serde_json::json;

use crate::actions::{Check, Examination, Finding, examine};
use crate::cli::app::{App, block_on};
use crate::cli::{Code, DONE, Exit, Failure};
use crate::ui::{Line, Span};

/// Looks for what may be wrong on this computer, and says what to do about it. Changes nothing and sends no credential.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  brainmaps doctor\n  brainmaps --profile work doctor --offline\n  brainmaps doctor --json"
)]
pub struct DoctorArgs {
    /// Ask no server
    #[arg(long)]
    offline: bool,
}

/// One line of the result.
#[derive(Debug, Serialize)]
struct Shown {
    name: &'static str,
    state: &'static str,
    message: String,
    hint: Option<String>,
    #[serde(skip)]
    exit: Exit,
}

pub(crate) fn run(app: &App, args: &DoctorArgs) -> Result<Exit, Failure> {
    let shown = match app.context_without_settings() {
        Ok((context, invalid)) => {
            let what = Examination {
                offline: args.offline,
                network: app.network_options(),
            };
            let checks = block_on(&context, || async { Ok(examine(&context, &what).await) })?;
            let settings = invalid.map(|error| failed(app, "settings", error.into()));
            let checks = checks.into_iter().map(|check| told(app, check));
            settings.into_iter().chain(checks).collect()
        }
        Err(failure) => vec![failed(app, "settings", failure)],
    };
    if app.shell.options().json {
        app.shell.document(&json!({ "checks": shown }))?;
    } else {
        shown.iter().try_for_each(|one| show(app, one))?;
    }
    let first = shown.iter().find(|one| one.exit != DONE);
    Ok(first.map_or(DONE, |one| one.exit))
}

fn told(app: &App, check: Check) -> Shown {
    let name = check.name;
    let (state, message, hint) = match check.finding {
        Finding::Fine(message) => ("ok", message, None),
        Finding::Warning { message, hint } => ("warning", message, Some(hint)),
        Finding::Failure(error) => return failed(app, name, error.into()),
    };
    let as_others = Failure::new(Code::Failed, message).hint(hint);
    let Failure { message, hints, .. } = as_others.repeating(&app.globals.repeated());
    Shown {
        name,
        state,
        message,
        hint: hints.into_iter().next(),
        exit: DONE,
    }
}

fn failed(app: &App, name: &'static str, failure: Failure) -> Shown {
    let failure = failure.repeating(&app.globals.repeated());
    Shown {
        name,
        state: "failure",
        message: failure.told(),
        hint: (!failure.hints.is_empty()).then(|| failure.hints.join("; ")),
        exit: failure.code.exit(),
    }
}

/// The state in one word, so that it can be read without colours and found by `grep`.
fn show(app: &App, one: &Shown) -> Result<(), Failure> {
    let word = format!("{:<8}", one.state);
    let word = match one.state {
        "ok" => Span::good(word),
        "warning" => Span::warn(word),
        _ => Span::bad(word),
    };
    let text = format!(": {}", one.message.replace('\n', " "));
    app.shell
        .result(Line::from([word, Span::bold(one.name), Span::plain(text)]))?;
    if let Some(hint) = &one.hint {
        let text = format!("{:8}hint: {hint}", "");
        app.shell.result(text)?;
    }
    Ok(())
}
