//! `logout`: revokes the session of one or all profiles, and deletes the stored credentials.

use clap::Args;
use serde::Serialize;

use crate::actions::{ActionError, Context, LogoutResult, RevocationOutcome, Target};
use crate::cli::app::{App, CommandOutput, block_on_interruptible};
use crate::cli::failure::{ExitStatus, Failure};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::{CredentialKind, Hint};
use crate::ui::{Line, OutputError, Shell};
use crate::vault::{JournalKind, ProfileIndex};

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

/// What became of each profile: one, or those of `--all`.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum LogoutOutput {
    One(LogoutResult),
    All { profiles: Vec<LogoutResult> },
}

pub(crate) fn run(app: &App, args: &LogoutArgs) -> Result<ExitStatus, Failure> {
    let context = app.context()?;
    if !args.all {
        let target = Target::for_logout(&context, args.local).map_err(without_description)?;
        // Without the session, nothing can finish them.
        app.warn_about_leftovers(&context, &target.name, &JournalKind::OPEN);
        let logout = || context.session(&target).logout(args.local);
        let result = block_on_interruptible(&context, logout)?;
        return app.print(&LogoutOutput::One(result));
    }
    let (targets, mut first_failure) = all_targets(&context, args.local)?;
    let mut profiles = Vec::new();
    for target in &targets {
        app.warn_about_leftovers(&context, &target.name, &JournalKind::OPEN);
        match block_on_interruptible(&context, || context.session(target).logout(args.local)) {
            Ok(result) => profiles.push(result),
            Err(failure) => {
                context.warn(format!("profile `{}`: {}", target.name, failure.to_line()));
                first_failure.get_or_insert(failure.about_profile(&target.name));
            }
        }
    }
    let output = LogoutOutput::All { profiles };
    match first_failure {
        None => app.print(&output),
        Some(failure) => {
            // With --json, the failure is the only document.
            if !app.shell.options().json {
                output.print(&app.shell)?;
            }
            Err(failure)
        }
    }
}

/// Only the description says how the session is revoked at the server.
fn without_description(error: ActionError) -> Failure {
    let is_about_description = matches!(error, ActionError::Provider(_));
    let hint = Hint::from("to delete only the stored credential, run ").command("logout --local");
    Failure::from(error).with_hints(is_about_description.then_some(hint))
}

/// The profiles of the index and those that have a credential file; with the first failure, which stops no other profile.
fn all_targets(context: &Context, local: bool) -> Result<(Vec<Target>, Option<Failure>), Failure> {
    let index = context.vault.index().unwrap_or_else(|error| {
        context.warn(format!(
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
                let failure = without_description(error).about_profile(&name);
                context.warn(format!("profile `{name}`: {}", failure.to_line()));
                first_failure.get_or_insert(failure);
            }
        }
    }
    Ok((targets, first_failure))
}

impl CommandOutput for LogoutOutput {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        match self {
            Self::One(result) => shell.result(describe(result)),
            Self::All { profiles } => profiles
                .iter()
                .try_for_each(|result| shell.result(describe(result))),
        }
    }
}

fn describe(result: &LogoutResult) -> Line {
    let profile = &result.profile;
    if !result.deleted {
        return format!("profile `{profile}` was not signed in").into();
    }
    let end = result.expires_at;
    let end = end.map_or_else(|| "it expires".to_owned(), |end| format!("{end:.0}"));
    let server = match &result.server {
        RevocationOutcome::Revoked => "session revoked at the server".to_owned(),
        RevocationOutcome::Refused(reason) => {
            format!("the server did not revoke the session: {reason}")
        }
        RevocationOutcome::NotOffered | RevocationOutcome::NotAsked
            if result.kind == Some(CredentialKind::ApiKey) =>
        {
            "the key itself stays valid until you revoke it".to_owned()
        }
        RevocationOutcome::NotOffered => {
            format!("the session stays valid at the server until {end}")
        }
        RevocationOutcome::NotAsked => {
            format!("not revoked; the session may still be valid at the server until {end}")
        }
    };
    Line::success(format!("Signed out of profile `{profile}` ({server})"))
}
