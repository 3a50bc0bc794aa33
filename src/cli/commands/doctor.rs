//! `doctor`: runs the checks of this machine and prints each result, even if the settings cannot be read.

use clap::Args;
use serde::Serialize;

use crate::actions::{ActionError, Check, Config, Context, DoctorOptions, Finding, run_checks};
use crate::cli::app::{App, CommandOutput, block_on_interruptible};
use crate::cli::failure::{ExitStatus, Failure, SUCCESS};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::host::Paths;
use crate::ui::{OutputError, Shell, Span};

#[derive(Debug, Args)]
#[command(
    before_help = "Checks the installation, settings, files, locks, the clock, the network and the credential, and prints how to fix what it finds. Changes nothing and sends no credential.", help_template = WITH_DETAILS,
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

#[derive(Debug, Serialize)]
struct CheckRow {
    name: &'static str,
    state: &'static str,
    message: String,
    hint: Option<String>,
    #[serde(skip)]
    exit: ExitStatus,
}

#[derive(Serialize)]
pub(crate) struct DoctorOutput {
    checks: Vec<CheckRow>,
}

pub(crate) fn run(app: &App, args: &DoctorArgs) -> Result<DoctorOutput, Failure> {
    let checks = match context(app) {
        Ok((context, settings)) => {
            let options = DoctorOptions {
                offline: args.offline,
                network: app.network_options(),
            };
            let checks = block_on_interruptible(&context, || async {
                Ok(run_checks(&context, &options).await)
            })?;
            let checks = checks.into_iter().map(|check| to_row(app, check));
            settings.into_iter().chain(checks).collect()
        }
        Err(failure) => vec![failure_row(app, "settings", &failure)],
    };
    Ok(DoctorOutput { checks })
}

/// Builds a context with default settings if the settings cannot be read, and returns the reason.
fn context(app: &App) -> Result<(Context, Option<CheckRow>), Failure> {
    let paths = app.paths()?;
    let is_ignored = paths.ignores_config();
    let paths = match Paths::resolve(&app.environment) {
        Ok(own) if is_ignored => own,
        _ => paths,
    };
    let (config, mut row) = match Config::read(&paths.config_file()).map_err(ActionError::from) {
        Ok(config) => (config, None),
        Err(error) => {
            let row = failure_row(app, "settings", &error.into());
            (Config::default(), Some(row))
        }
    };
    if let Some(row) = row.as_mut().filter(|_| is_ignored) {
        // With a key in the environment, commands work without settings.
        (row.state, row.exit) = ("warning", SUCCESS);
    }
    Ok((app.context_builder().config(config).build()?, row))
}

fn to_row(app: &App, check: Check) -> CheckRow {
    let name = check.name;
    let (state, message, hint) = match check.finding {
        Finding::Ok(message) => ("ok", message, None),
        Finding::Warning { message, hint } => ("warning", message, Some(hint)),
        Finding::Failure(error) => return failure_row(app, name, &error.into()),
    };
    CheckRow {
        name,
        state,
        message,
        hint: hint.map(|hint| hint.render(app.shell.repeated_options())),
        exit: SUCCESS,
    }
}

fn failure_row(app: &App, name: &'static str, failure: &Failure) -> CheckRow {
    CheckRow {
        name,
        state: "failure",
        message: failure.to_line(),
        hint: failure.hint_line(app.shell.repeated_options()),
        exit: failure.code.exit(),
    }
}

impl CommandOutput for DoctorOutput {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        self.checks.iter().try_for_each(|row| row.print(shell))
    }

    fn exit(&self) -> ExitStatus {
        let mut exits = self.checks.iter().map(|row| row.exit);
        exits.find(|exit| *exit != SUCCESS).unwrap_or(SUCCESS)
    }
}

impl CheckRow {
    /// The state in one word, so that it can be read without colours and found by `grep`.
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let word = format!("{:<8}", self.state);
        let word = match self.state {
            "ok" => Span::good(word),
            "warning" => Span::warn(word),
            _ => Span::bad(word),
        };
        let text = format!(": {}", self.message.replace('\n', " "));
        shell.result([word, Span::bold(self.name), Span::plain(text)])?;
        match &self.hint {
            Some(hint) => shell.result(format!("{:8}hint: {hint}", "")),
            None => Ok(()),
        }
    }
}
