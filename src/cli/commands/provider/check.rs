//! `provider check`: lists the errors of a description and the commands that it supports.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::data_access::DataAccess;
use crate::actions::{CheckedDescription, Context, NamedText, check_description, read_description};
use crate::cli::app::{CommandOutput, block_on_interruptible};
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::{Hint, format_count};
use crate::provider::{Diagnostic, Gap};
use crate::ui::{Line, OutputError, Shell, Span};

#[derive(Debug, Args)]
#[command(
    before_help = "Prints each error with its line, what the description reads, sends and offers, and which members are missing for other commands. Exits with 2 if there is an error.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps provider check maps.toml",
        "brainmaps provider new maps | brainmaps provider check -",
        "brainmaps provider check maps.toml --json | jq '.mistakes[].line'",
    ],
    see: "brainmaps provider explain, brainmaps provider test"
}
)]
pub struct CheckArgs {
    /// Provider file, id of a service, URL, or `-` for stdin
    #[arg(value_name = "FILE|ID|URL|-")]
    description: String,
}

#[derive(Serialize)]
pub(super) struct CheckResult {
    file: PathBuf,
    valid: bool,
    mistakes: Vec<Diagnostic>,
    #[serde(flatten)]
    access: DataAccess,
    warnings: Vec<String>,
    offers: Vec<String>,
    lacks: Vec<Gap>,
}

pub(super) fn check(context: &Context, args: &CheckArgs) -> Result<CheckResult, Failure> {
    let named = read_named(context, &args.description)?;
    let CheckedDescription {
        mistakes,
        sends,
        reads,
        warnings,
        offers,
        lacks,
    } = check_description(context, &named);
    Ok(CheckResult {
        file: named.name.into(),
        valid: mistakes.is_empty(),
        mistakes,
        access: DataAccess { sends, reads },
        warnings,
        offers,
        lacks,
    })
}

/// Reads the description that the user named.
pub(super) fn read_named(context: &Context, name: &str) -> Result<NamedText, Failure> {
    block_on_interruptible(context, || read_description(context, name))
}

impl CommandOutput for CheckResult {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        for warning in &self.warnings {
            shell.warning(warning.as_str());
        }
        for mistake in &self.mistakes {
            self.print_mistake(shell, mistake)?;
        }
        let name = self.file.display();
        if self.valid {
            shell.result(Line::success(format!("{name} is a valid description")))?;
        } else {
            let errors = format_count(self.mistakes.len(), "error");
            let summary = format!("{name} has {errors}");
            shell.result([Span::bad("✗"), Span::plain(format!(" {summary}"))])?;
            if !self.mistakes.iter().all(Diagnostic::is_syntax_error) {
                let hint = Hint::run("provider explain MEMBER");
                shell.hint(hint.text(" for the meaning of a member"));
            }
        }
        self.access.print(shell)?;
        self.print_coverage(shell)
    }

    fn exit(&self) -> ExitStatus {
        if self.valid {
            SUCCESS
        } else {
            Code::Config.exit()
        }
    }
}

impl CheckResult {
    fn print_mistake(&self, shell: &Shell, mistake: &Diagnostic) -> Result<(), OutputError> {
        let file = self.file.display();
        let location = format!("{file}:{}:{}: ", mistake.line, mistake.column);
        let member = match mistake.at.as_str() {
            "" => String::new(),
            at => format!("{at}: "),
        };
        let text = Span::plain(format!("{member}{}", mistake.message));
        shell.result([Span::bold(location), text])
    }

    fn print_coverage(&self, shell: &Shell) -> Result<(), OutputError> {
        if !self.offers.is_empty() {
            shell.result(format!("offers {}", self.offers.join(", ")))?;
        }
        for Gap { member, commands } in &self.lacks {
            shell.result(format!("lacks {member}, for {}", commands.join(", ")))?;
        }
        Ok(())
    }
}
