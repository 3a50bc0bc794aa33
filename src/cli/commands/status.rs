//! `status`

use clap::Args;
use serde_json::json;

use crate::actions::{Context, CredentialState, ProfileStatus, Target, list_targets};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::{Code, Failure};
use crate::cli::help_text::{WITH_DETAILS, after_help};
use crate::domain::{CredentialKind, time_format};
use crate::ui::{KeyValues, Span, Style, status_label};
use crate::vault::JournalKind;

#[derive(Debug, Args)]
#[command(
    before_help = "Exits with 4 if no credential works.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps status",
        "brainmaps status --check",
        "brainmaps status --all --json",
    ],
    see: "brainmaps whoami, brainmaps credential explain, brainmaps doctor"
}
)]
pub struct StatusArgs {
    /// Verify the credential with the server
    #[arg(long)]
    check: bool,
    /// Show every profile that has a credential
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(app: &App, args: &StatusArgs) -> Result<ExitStatus, Failure> {
    let context = app.context()?;
    let targets = if args.all {
        list_targets(&context)?
    } else {
        vec![Target::resolve_or_warn(&context)?]
    };
    let mut profiles = Vec::new();
    let mut first_error = None;
    for target in &targets {
        let (found, failed) = check_profile(app, &context, target, args.check)?;
        first_error = first_error.or(failed);
        app.warn_about_leftovers(&context, &target.name, &JournalKind::OPEN);
        if !args.all || found.state != CredentialState::None || found.problem.is_some() {
            profiles.push(found);
        }
    }
    if app.shell.options().json {
        app.shell.document(&json!({ "profiles": profiles }))?;
    } else {
        show(app, &context, &profiles)?;
    }
    let all_good = !profiles.is_empty() && profiles.iter().all(|found| found.state.is_usable());
    let exit = if all_good {
        SUCCESS
    } else {
        Code::LoginRequired.exit()
    };
    Ok(first_error.map_or(exit, Code::exit))
}

/// Returns the status of `target`, with the error code if the server could not be reached; local facts are shown anyway.
fn check_profile(
    app: &App,
    context: &Context,
    target: &Target,
    check: bool,
) -> Result<(ProfileStatus, Option<Code>), Failure> {
    if !check {
        return Ok((context.session(target).read_status()?, None));
    }
    match block_on_interruptible(context, || context.session(target).check_status()) {
        Ok(found) => Ok((found, None)),
        Err(failure) if failure.code == Code::Interrupted => Err(failure),
        Err(failure) => {
            let local = context.session(target).read_status()?;
            app.shell
                .warning(format!("profile `{}`: {}", target.name, failure.to_line()));
            let state = CredentialState::Unverified;
            Ok((ProfileStatus { state, ..local }, Some(failure.code)))
        }
    }
}

fn show(app: &App, context: &Context, profiles: &[ProfileStatus]) -> Result<(), Failure> {
    for (index, found) in profiles.iter().enumerate() {
        if index > 0 {
            app.shell.result("")?;
        }
        app.shell.key_values(&key_values(context, found))?;
    }
    let is_missing =
        |found: &ProfileStatus| found.state == CredentialState::None && found.problem.is_none();
    if profiles.iter().all(is_missing) {
        let options = app.globals.as_flags_text();
        app.shell.hint(format!("run `brainmaps{options} login`"));
    }
    Ok(())
}

fn key_values(context: &Context, found: &ProfileStatus) -> KeyValues {
    let (word, style) = match &found.problem {
        Some(_) => ("no usable credential", Style::Bad),
        None => status_label(found.state),
    };
    let expires = found
        .expires_at
        .map(|end| time_format::format_relative(context.now(), end));
    let refreshes = found
        .expires_at
        .map(|_| if found.refreshable { "yes" } else { "no" });
    KeyValues::default()
        .with("profile", Span::bold(found.profile.as_str()))
        .with("service", found.provider.as_str())
        .with_some("api url", found.origin.as_deref())
        .with("state", Span::new(word, style))
        .with_some("source", found.source.as_deref())
        .with_some("problem", found.problem.as_deref())
        .with_some("kind", found.kind.map(CredentialKind::label))
        .with_some("expires", expires)
        .with_some("auto-refresh", refreshes)
}
