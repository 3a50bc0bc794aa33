//! `token rotate`

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::{Value, json};

use crate::actions::{Event, Purpose, Rotated, Target, TokenArgument, rotate_token};
use crate::cli::app::{App, block_on, require_stdout};
use crate::cli::{DONE, Exit, Failure};
use crate::ui::Span;

/// Makes a token with the same name, rights and lifetime, proves it with a real request, puts it where the old one is used,
/// and then revokes the old one. Cut short at any point, it leaves a key that works; run it again to finish or undo it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    brainmaps token rotate 12 --env-file .env\n  \
    brainmaps token rotate 12                      the profile's stored key")]
pub struct RotateArgs {
    /// The id, as `token list` shows it
    #[arg(value_name = "ID")]
    id: TokenArgument,
    /// The token is used from this file; left out, it is the profile's stored key
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,
}

pub(super) fn run(app: &App, args: &RotateArgs) -> Result<Exit, Failure> {
    let shell = Arc::clone(&app.shell);
    let context = app.context_telling(move |event| match event {
        Event::Warning(text) => shell.warning(text.as_str()),
        Event::Rotation(step) => shell.status(Span::dim(step.told())),
        _ => {}
    })?;
    let target = Target::resolve(&context)?;
    if args.env_file.is_none() {
        require_stdout()?;
    }
    let id = args.id.resolve(&context, &target, Purpose::Change)?;
    let work = || rotate_token(&context, &target, &id, args.env_file.as_deref());
    let rotated = block_on(&context, work).map_err(perhaps_created)?;
    if app.shell.options().json {
        app.shell.document(&document(&rotated))?;
        return Ok(DONE);
    }
    let new = rotated.new.id.as_ref();
    let new = new.map(ToString::to_string).unwrap_or_default();
    let resumed = "finished what an earlier run began: ";
    let before = if rotated.resumed { resumed } else { "" };
    app.shell.status([
        Span::good("✓"),
        Span::plain(format!(
            " {before}{} is revoked, {new} takes its place",
            rotated.old
        )),
    ]);
    if let Some(file) = &rotated.env_file {
        app.shell.result(super::secret_is_in(file))?;
        return Ok(DONE);
    }
    app.shell.status(format!(
        "its secret is the stored key of profile `{}`, too",
        target.profile
    ));
    app.shell.secret(&rotated.secret)?;
    Ok(DONE)
}

fn perhaps_created(failure: Failure) -> Failure {
    failure.where_unanswered(
        "a new token may exist; run the same command again, which finishes the rotation or undoes it",
    )
}

/// The new token with its secret, unless that is in a file.
fn document(rotated: &Rotated) -> Value {
    let mut value = json!(rotated.new);
    let shown = rotated.env_file.is_none();
    value["secret"] = json!(shown.then(|| rotated.secret.expose()));
    value["replaces"] = json!(rotated.old);
    value["env_file"] = json!(rotated.env_file);
    value["resumed"] = json!(rotated.resumed);
    value
}
