//! `project show|set-cloud|set-local`

use clap::Subcommand;
use serde_json::json;

use crate::actions::{
    Context, Mode, ProjectView, Source, Target, bind_to_nothing, bind_to_profile, project_view,
    select,
};
use crate::cli::app::{App, run_to_end};
use crate::cli::{DONE, Exit, Failure};
use crate::ui::{Facts, Span, session_words};

/// Which account the commands in a directory use, or that they need none.
///
/// The binding is the file `.brainmaps.toml`, in the current directory or above. --profile and its variable go before
/// it; login and logout never change it.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ProjectCommand {
    /// What this directory is bound to, and what its commands use
    Show,
    /// Bind this directory to a profile: the one that --profile names, else the usual one
    SetCloud,
    /// Make this directory local: its commands need no credential and no network
    SetLocal,
}

pub(crate) fn run(app: &App, command: &ProjectCommand) -> Result<Exit, Failure> {
    let context = app.context()?;
    match command {
        ProjectCommand::Show => show(app, &project_view(&context)?),
        ProjectCommand::SetCloud => {
            let (file, profile) = run_to_end(|| async { Ok(bind_to_profile(&context)?) })?;
            let what = format!("bound to the profile `{profile}`");
            let document = json!({ "file": file, "mode": Mode::Cloud, "profile": profile });
            said(app, &document, &what)
        }
        ProjectCommand::SetLocal => {
            let file = run_to_end(|| async { Ok(bind_to_nothing(&context)?) })?;
            let document = json!({ "file": file, "mode": Mode::Local, "profile": null });
            warn_of_key(app, &context);
            said(
                app,
                &document,
                "local: no credential and no network is needed",
            )
        }
    }
}

fn said(app: &App, document: &serde_json::Value, what: &str) -> Result<Exit, Failure> {
    if app.shell.options().json {
        app.shell.document(document)?;
    } else {
        app.shell.result(format!("this directory is {what}"))?;
    }
    Ok(DONE)
}

/// A key in the environment or `.env` goes before the binding.
fn warn_of_key(app: &App, context: &Context) {
    let found = Target::resolve(context).and_then(|target| select(context, &target));
    if let Ok(selected) = found
        && selected.source != Source::Stored
    {
        let source = selected.source.label();
        app.shell.warning(format!(
            "{source} goes before this and is used all the same"
        ));
    }
}

fn show(app: &App, view: &ProjectView) -> Result<Exit, Failure> {
    if app.shell.options().json {
        app.shell.document(view)?;
        return Ok(DONE);
    }
    let mode = match view.mode {
        Mode::Unbound => "unbound: the usual profile",
        Mode::Cloud => "cloud",
        Mode::Local => "local: no credential is needed",
    };
    let (state, style) = session_words(view.uses.state);
    let file = view.file.as_ref().map(|path| path.display().to_string());
    let overruled = "a profile was named for this command and goes before it";
    let is_local = view.mode == Mode::Local && !view.overruled;
    let profile = (!is_local).then(|| Span::bold(view.uses.profile.as_str()));
    let service = (!is_local).then(|| view.uses.provider.as_str());
    let facts = Facts::default()
        .with("mode", Span::bold(mode))
        .with_some("file", file)
        .with_some("overruled", view.overruled.then_some(overruled))
        .with_some("profile", profile)
        .with_some("service", service)
        .with("state", Span::new(state, style))
        .with_some("source", view.uses.source.as_deref());
    app.shell.facts(&facts)?;
    Ok(DONE)
}
