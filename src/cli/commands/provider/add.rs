//! `provider add`: adds a description to the user's own, and first shows what it reads and where it sends that.

use clap::Args;
use serde::Serialize;

use super::check::read_named;
use super::data_access::DataAccess;
use crate::actions::{Addition, Context, DescriptionError, add_description, plan_addition};
use crate::cli::app::{App, CommandOutput};
use crate::cli::failure::{Code, Failure};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::{CommandLine, Hint};
use crate::provider::Disclosure;
use crate::ui::{Line, OutputError, Shell, prompt};

#[derive(Debug, Args)]
#[command(
    before_help = "Shows what the description reads on this machine and where it sends secrets, asks, and stores it in the configuration directory as ID.toml. A description with an error is refused. A URL is fetched without a credential.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps provider list --all",
        "brainmaps provider add maps.toml",
        "brainmaps provider add https://maps.example.com/brainmaps.toml --yes",
    ],
    see: "brainmaps provider check, brainmaps login"
}
)]
pub struct AddArgs {
    /// Provider file, URL, id in the gallery, or `-` for stdin
    #[arg(value_name = "FILE|URL|ID|-")]
    description: String,

    /// Replace a description with the same id
    #[arg(long)]
    replace: bool,

    /// Do not ask for confirmation
    #[arg(long, short)]
    yes: bool,
}

#[derive(Serialize)]
pub(super) struct AddResult {
    #[serde(flatten)]
    addition: Addition,
    #[serde(flatten)]
    access: DataAccess,
    added: bool,
}

pub(super) fn add(app: &App, context: &Context, args: &AddArgs) -> Result<AddResult, Failure> {
    let named = read_named(context, &args.description)?;
    let addition = plan_addition(context, named)?;
    let access = DataAccess {
        sends: addition.checked.sends.clone(),
        reads: addition.checked.reads.clone(),
    };
    let is_unchanged = !addition.is_new && addition.changes.is_empty();
    if !is_unchanged {
        let is_question = !args.yes && app.can_prompt();
        announce(app, &addition, &access, is_question);
        if addition.replaces_file() && !args.replace {
            let path = addition.file;
            return Err(DescriptionError::Exists { path }.into());
        }
        if !args.yes {
            confirm(app, &addition)?;
        }
        add_description(&addition)?;
    }
    Ok(AddResult {
        addition,
        access,
        added: !is_unchanged,
    })
}

/// Prints what the user decides about; with every option if the next question refers to it.
fn announce(app: &App, addition: &Addition, access: &DataAccess, is_question: bool) {
    let shell = &app.shell;
    let print = |line: String| shell.decision_detail(line, is_question);
    for warning in &addition.checked.warnings {
        shell.warning(warning.as_str());
    }
    for source in &access.reads {
        print(format!("reads {source}"));
    }
    for Disclosure { what, to } in &access.sends {
        print(format!("sends {what} to {to}"));
    }
    for change in &addition.changes {
        print(change.clone());
    }
    if addition.replaces_built_in {
        shell.warning(format!(
            "this description replaces the built-in service \"{}\"",
            addition.id
        ));
    }
}

fn confirm(app: &App, addition: &Addition) -> Result<(), Failure> {
    if !app.can_prompt() {
        let message = "adding a description requires --yes when prompting is disabled";
        return Err(Failure::new(Code::Usage, message));
    }
    let verb = if addition.is_new { "Add" } else { "Replace" };
    let question = format!("{verb} {} as service \"{}\"?", addition.name, addition.id);
    if prompt::confirm(&app.shell, &question, false)? {
        return Ok(());
    }
    Err(Failure::new(Code::Denied, "the description was not added"))
}

impl CommandOutput for AddResult {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let Addition { id, file, .. } = &self.addition;
        let done = if self.added {
            format!("Added {id} as {}", file.display())
        } else {
            format!("{id} is already added as {}", file.display())
        };
        shell.result(Line::success(done))?;
        let login = CommandLine::for_profile(id, "login");
        shell.note(Hint::from("to use it, run ").command(login));
        Ok(())
    }
}
