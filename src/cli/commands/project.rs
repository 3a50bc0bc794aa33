//! `project show|set-cloud|set-local|unbind`: binds the directory to a profile or to no credential.

use clap::Subcommand;
use serde_json::json;

use crate::actions::{
    BindingMode, Context, ProjectView, Source, Target, bind_local, bind_profile, describe_project,
    unbind,
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
        before_help = "Deletes .brainmaps.toml in this directory. A binding of a parent directory then applies here.",
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
            let (file, profile) = run_to_completion(|| async { Ok(bind_profile(&context)?) })?;
            app.print(&Message::new(
                format!("this directory is bound to the profile `{profile}`"),
                json!({ "file": file, "mode": BindingMode::Cloud, "profile": profile }),
            ))
        }
        ProjectCommand::SetLocal => {
            let file = run_to_completion(|| async { Ok(bind_local(&context)?) })?;
            warn_if_key_takes_precedence(&context);
            app.print(&Message::new(
                "this directory is local: no credential and no network",
                json!({ "file": file, "mode": BindingMode::Local, "profile": null }),
            ))
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

/// A key in the environment or `.env` takes precedence over the binding.
fn warn_if_key_takes_precedence(context: &Context) {
    let found =
        Target::resolve(context).and_then(|target| context.session(&target).resolve_credential());
    if let Ok(selected) = found
        && selected.source != Source::Stored
    {
        let source = selected.source.label();
        context.warn(format!("{source} takes precedence and is still used"));
    }
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
