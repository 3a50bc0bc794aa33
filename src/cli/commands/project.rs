//! `project show|set-cloud|set-local`

use clap::Subcommand;
use serde_json::json;

use crate::actions::{
    BindingMode, Context, ProjectView, Source, Target, bind_local, bind_profile, describe_project,
};
use crate::cli::app::{App, run_to_completion};
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::Failure;
use crate::cli::help_text::after_help;
use crate::ui::{KeyValues, Span, status_label};

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
        ],
        see: "brainmaps project show, brainmaps project set-cloud"
    }
    )]
    SetLocal,
}

pub(crate) fn run(app: &App, command: &ProjectCommand) -> Result<ExitStatus, Failure> {
    let context = app.context()?;
    match command {
        ProjectCommand::Show => show(app, &describe_project(&context)?),
        ProjectCommand::SetCloud => {
            let (file, profile) = run_to_completion(|| async { Ok(bind_profile(&context)?) })?;
            let what = format!("bound to the profile `{profile}`");
            let document = json!({ "file": file, "mode": BindingMode::Cloud, "profile": profile });
            print_result(app, &document, &what)
        }
        ProjectCommand::SetLocal => {
            let file = run_to_completion(|| async { Ok(bind_local(&context)?) })?;
            let document = json!({ "file": file, "mode": BindingMode::Local, "profile": null });
            warn_if_key_takes_precedence(app, &context);
            print_result(app, &document, "local: no credential and no network")
        }
    }
}

fn print_result(
    app: &App,
    document: &serde_json::Value,
    what: &str,
) -> Result<ExitStatus, Failure> {
    if app.shell.options().json {
        app.shell.document(document)?;
    } else {
        app.shell.result(format!("this directory is {what}"))?;
    }
    Ok(SUCCESS)
}

/// A key in the environment or `.env` takes precedence over the binding.
fn warn_if_key_takes_precedence(app: &App, context: &Context) {
    let found =
        Target::resolve(context).and_then(|target| context.session(&target).resolve_credential());
    if let Ok(selected) = found
        && selected.source != Source::Stored
    {
        let source = selected.source.label();
        app.shell
            .warning(format!("{source} takes precedence and is still used"));
    }
}

fn show(app: &App, view: &ProjectView) -> Result<ExitStatus, Failure> {
    if app.shell.options().json {
        app.shell.document(view)?;
        return Ok(SUCCESS);
    }
    let mode = match view.mode {
        BindingMode::Unbound => "unbound: default profile",
        BindingMode::Cloud => "cloud",
        BindingMode::Local => "local: no credential",
    };
    let (state, style) = status_label(view.uses.state);
    let file = view.file.as_ref().map(|path| path.display().to_string());
    let override_note = "--profile or BRAINMAPS_PROFILE takes precedence";
    let is_local = view.mode == BindingMode::Local && !view.overruled;
    let profile = (!is_local).then(|| Span::bold(view.uses.profile.as_str()));
    let service = (!is_local).then(|| view.uses.provider.as_str());
    let facts = KeyValues::default()
        .with("mode", Span::bold(mode))
        .with_some("file", file)
        .with_some("overruled", view.overruled.then_some(override_note))
        .with_some("profile", profile)
        .with_some("service", service)
        .with("state", Span::new(state, style))
        .with_some("source", view.uses.source.as_deref());
    app.shell.key_values(&facts)?;
    Ok(SUCCESS)
}
