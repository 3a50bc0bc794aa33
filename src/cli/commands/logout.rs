//! `logout`

use clap::Args;
use serde_json::json;

use crate::actions::{ActionError, Context, LogoutResult, RevocationOutcome, Target};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::Failure;
use crate::cli::help_text::{WITH_DETAILS, after_help};
use crate::domain::CredentialKind;
use crate::ui::Span;
use crate::vault::ProfileIndex;

#[derive(Debug, Args)]
#[command(
    before_help = "Revokes the session at the server, refresh token first, then deletes the stored credential, and reports both results.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps logout",
        "brainmaps --profile work logout",
        "brainmaps logout --all",
    ],
    see: "brainmaps login, brainmaps token revoke"
}
)]
pub struct LogoutArgs {
    /// Sign out of every profile
    #[arg(long)]
    all: bool,
    /// Delete the stored credential without revoking the session
    #[arg(long)]
    local: bool,
}

pub(crate) fn run(app: &App, args: &LogoutArgs) -> Result<ExitStatus, Failure> {
    let context = app.context()?;
    let (targets, mut first_failure) = if args.all {
        all_targets(app, &context, args.local)?
    } else {
        (vec![one(&context, args.local)?], None)
    };
    let mut done = Vec::new();
    for target in &targets {
        match block_on_interruptible(&context, || context.session(target).logout(args.local)) {
            Ok(out) => done.push(out),
            Err(failure) if args.all => {
                app.shell
                    .warning(format!("profile `{}`: {}", target.name, failure.to_line()));
                first_failure.get_or_insert(failure);
            }
            Err(failure) => return Err(failure),
        }
    }
    if !app.shell.options().json {
        done.iter().try_for_each(|out| show(app, out))?;
    }
    if let Some(failure) = first_failure {
        return Err(failure);
    }
    match (app.shell.options().json, args.all, done.first()) {
        (true, false, Some(out)) => app.shell.document(out)?,
        (true, ..) => app.shell.document(&json!({ "profiles": done }))?,
        _ => {}
    }
    Ok(SUCCESS)
}

fn one(context: &Context, local: bool) -> Result<Target, Failure> {
    Target::for_logout(context, local).map_err(without_description)
}

/// Only the description says how the session is revoked at the server.
fn without_description(error: ActionError) -> Failure {
    let hint = matches!(error, ActionError::Provider(_))
        .then(|| "to delete only the stored credential, run `brainmaps logout --local`".to_owned());
    Failure::from(error).with_hint(hint)
}

/// The profiles of the index and those that have a credential file; with the first failure, which stops no other profile.
fn all_targets(
    app: &App,
    context: &Context,
    local: bool,
) -> Result<(Vec<Target>, Option<Failure>), Failure> {
    let index = context.vault.index().unwrap_or_else(|error| {
        app.shell.warning(format!(
            "{error}: signing out only profiles that have a credential file"
        ));
        ProfileIndex::default()
    });
    let stored = context
        .vault
        .profiles_with_credential_file()
        .map_err(ActionError::from)?;
    let mut names: Vec<_> = index.profiles.keys().cloned().chain(stored).collect();
    names.sort();
    names.dedup();
    let mut targets = Vec::new();
    let mut first_failure = None;
    for name in names {
        match Target::for_stored_profile(context, &index, name.clone(), local) {
            Ok(target) => targets.push(target),
            Err(error) => {
                let failure = without_description(error);
                app.shell
                    .warning(format!("profile `{name}`: {}", failure.to_line()));
                first_failure.get_or_insert(failure);
            }
        }
    }
    Ok((targets, first_failure))
}

fn show(app: &App, out: &LogoutResult) -> Result<(), Failure> {
    let profile = &out.profile;
    if !out.deleted {
        app.shell
            .result(format!("profile `{profile}` was not signed in"))?;
        return Ok(());
    }
    let server = match &out.server {
        RevocationOutcome::Revoked => "session revoked at the server".to_owned(),
        RevocationOutcome::Refused(reason) => {
            format!("the server did not revoke the session: {reason}")
        }
        RevocationOutcome::NotOffered => {
            let validity = match out.kind {
                Some(CredentialKind::ApiKey) => "the key itself stays valid until you revoke it",
                _ => "the session stays valid at the server until it expires",
            };
            validity.to_owned()
        }
        RevocationOutcome::NotAsked => {
            "not revoked; the session may still be valid at the server".to_owned()
        }
    };
    app.shell.result([
        Span::good("✓"),
        Span::plain(format!(" Signed out of profile `{profile}` ({server})")),
    ])?;
    Ok(())
}
