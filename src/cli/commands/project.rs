//! `project show|set-cloud|set-local|unbind`: binds the directory to a profile or to no credential.

use clap::Subcommand;
use serde_json::json;

use crate::actions::{
    Binding, BindingMode, Context, ProjectView, bind_local, bind_profile, describe_project, unbind,
};
use crate::cli::app::{App, CommandOutput, Message, run_to_completion};
use crate::cli::failure::{ExitStatus, Failure};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::ui::{KeyValues, OutputError, Shell, Span, profile_status_label};

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ProjectCommand {
    /// Show the binding of this directory
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps project show",
            "brainmaps project show --json | jq -r .profile",
        ],
        see: "brainmaps project set-cloud, brainmaps credential explain"
    }
    )]
    Show,
    /// Bind this directory to a profile (--profile, else the default profile)
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps --profile work project set-cloud",
            "brainmaps project set-cloud   # the default profile",
        ],
        see: "brainmaps project show, brainmaps project set-local, brainmaps profile use"
    }
    )]
    SetCloud,
    /// Use no credential and no network in this directory
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps project set-local",
            "brainmaps project set-local --json | jq -r .file",
        ],
        see: "brainmaps project show, brainmaps project set-cloud"
    }
    )]
    SetLocal,
    /// Remove the binding of this directory
    #[command(
        before_help = "Removes the binding from .brainmaps.toml in this directory, and deletes the file unless it has an audit policy. A binding of a parent directory then applies here.",
        help_template = WITH_DETAILS,
        after_help = after_help! {
        examples: [
            "brainmaps project unbind",
            "brainmaps project unbind --json | jq -r .file",
        ],
        see: "brainmaps project show, brainmaps project set-cloud"
    }
    )]
    Unbind,
}

pub(crate) fn run(app: &App, command: &ProjectCommand) -> Result<ExitStatus, Failure> {
    let context = app.context()?;
    match command {
        ProjectCommand::Show => app.print(&describe_project(&context)?),
        ProjectCommand::SetCloud => {
            let bound = run_to_completion(|| async { Ok(bind_profile(&context)?) })?;
            app.print(&binding_message(&context, &bound))
        }
        ProjectCommand::SetLocal => {
            let bound = run_to_completion(|| async { Ok(bind_local(&context)?) })?;
            app.print(&binding_message(&context, &bound))
        }
        ProjectCommand::Unbind => app.print(&unbind_directory(&context)?),
    }
}

fn unbind_directory(context: &Context) -> Result<Message, Failure> {
    let unbound = run_to_completion(|| async { Ok(unbind(context)?) })?;
    if let Some(parent) = &unbound.still_bound_by {
        let parent = parent.display();
        context.warn(format!("{parent} still binds this directory"));
    }
    let line = match &unbound.file {
        Some(_) => "this directory is not bound anymore",
        None => "this directory has no binding of its own",
    };
    let document = json!({ "file": unbound.file, "still_bound_by": unbound.still_bound_by });
    Ok(Message::new(line, document))
}

/// Warns of what takes precedence over the binding.
fn binding_message(context: &Context, bound: &Binding) -> Message {
    if let Some(precedence) = &bound.precedence {
        context.warn(precedence.clone());
    }
    let (mode, line) = match &bound.profile {
        Some(profile) => {
            let line = format!("this directory is bound to the profile `{profile}`");
            (BindingMode::Cloud, line)
        }
        None if bound.precedence.is_some() => {
            (BindingMode::Local, "this directory is local".to_owned())
        }
        None => {
            let line = "this directory is local: no credential and no network";
            (BindingMode::Local, line.to_owned())
        }
    };
    let document = json!({ "file": bound.file, "mode": mode, "profile": bound.profile });
    Message::new(line, document)
}

impl CommandOutput for ProjectView {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let mode = match self.mode {
            BindingMode::Unbound => "unbound: default profile",
            BindingMode::Cloud => "cloud",
            BindingMode::Local => "local: no credential",
        };
        let (state, style) = profile_status_label(&self.uses);
        let file = self.file.as_ref().map(|path| path.display().to_string());
        let override_note = "--profile or BRAINMAPS_PROFILE takes precedence";
        let is_local = self.mode == BindingMode::Local && !self.overruled;
        let profile = (!is_local).then(|| Span::bold(self.uses.profile.as_str()));
        let service = (!is_local).then(|| self.uses.provider.as_str());
        let facts = KeyValues::default()
            .with("mode", Span::bold(mode))
            .with_some("file", file)
            .with_some("overruled", self.overruled.then_some(override_note))
            .with_some("profile", profile)
            .with_some("service", service)
            .with("state", Span::new(state, style))
            .with_some("source", self.uses.source.as_deref());
        shell.key_values(&facts)
    }
}
