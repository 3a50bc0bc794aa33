//! `status`: shows state, source and expiry of credentials. Contacts the server only with `--check`.

use std::collections::BTreeMap;

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::actions::{
    ActionError, Context, CredentialState, ProfileSession, ProfileStatus, RoutingError, Target,
    list_targets, unusable_project_status,
};
use crate::cli::app::{App, CommandOutput, block_on_interruptible};
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::cli::options::duration;
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::{CredentialKind, Hint, ProfileName, time_format};
use crate::ui::{KeyValues, OutputError, Shell, Span, Style, profile_status_label};
use crate::vault::JournalKind;

#[derive(Debug, Default, Args)]
#[command(
    before_help = "Exits with 4 if no credential works, with 2 if one is set that cannot be used, and with 9 if --within finds a credential that expires.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps status",
        "brainmaps status --check",
        "brainmaps status --within 14d --quiet || echo 'sign in again soon'",
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
    /// Exit with 9 if a credential that cannot be refreshed expires within this time; with --quiet, print nothing
    #[arg(long, value_name = "TIME", conflicts_with = "check", value_parser = duration::parse)]
    within: Option<SignedDuration>,
}

impl StatusArgs {
    /// The arguments `--within TIME`.
    pub(crate) fn within(time: SignedDuration) -> Self {
        Self {
            within: Some(time),
            ..Self::default()
        }
    }
}

#[derive(Serialize)]
pub(crate) struct StatusOutput {
    profiles: Vec<ProfileStatus>,
    #[serde(skip)]
    now: Timestamp,
    #[serde(skip)]
    is_checking: bool,
    #[serde(skip)]
    within: Option<SignedDuration>,
    /// Why the server of a profile could not be asked.
    #[serde(skip)]
    failures: BTreeMap<ProfileName, String>,
    /// Why a server could not be asked.
    #[serde(skip)]
    first_error: Option<Code>,
}

pub(crate) fn run(app: &App, args: &StatusArgs) -> Result<StatusOutput, Failure> {
    let is_silent = args.within.is_some() && app.shell.options().quiet;
    let context = build_context(app, is_silent)?;
    let mut profiles = Vec::new();
    let targets = match find_targets(&context, args.all) {
        Err(ActionError::Routing(error @ RoutingError::File(_))) => {
            profiles.push(unusable_project_status(&context, &error)?);
            Vec::new()
        }
        targets => targets?,
    };
    let mut first_error = None;
    let mut failures = BTreeMap::new();
    for target in &targets {
        let (found, failed) = check_profile(context.session(target), args.check)?;
        if let Some(failure) = failed {
            failures.insert(target.name.clone(), failure.message.clone());
            // A credential that no request can verify is not one that cannot be used.
            let code = Some(failure.code).filter(|code| *code != Code::Unsupported);
            first_error = first_error.or(code);
        }
        if !is_silent {
            app.warn_about_leftovers(&context, &target.name, &JournalKind::OPEN);
        }
        if !args.all || found.state != CredentialState::None || found.problem.is_some() {
            profiles.push(found);
        }
    }
    let output = StatusOutput {
        profiles,
        now: context.now(),
        is_checking: args.check,
        within: args.within,
        failures,
        first_error,
    };
    if !is_silent {
        output.warn_about_expiry(&app.shell);
    }
    Ok(output)
}

fn build_context(app: &App, is_silent: bool) -> Result<Context, Failure> {
    if is_silent {
        return app.context_builder().all_events(Box::new(|_| {})).build();
    }
    app.context()
}

/// Returns the profile in use, or all.
fn find_targets(context: &Context, all: bool) -> Result<Vec<Target>, ActionError> {
    if all {
        return list_targets(context);
    }
    Ok(vec![Target::resolve(context)?])
}

/// Returns the status of `target`, with the failure if the server could not be asked; local facts are shown anyway.
fn check_profile(
    session: ProfileSession<'_>,
    check: bool,
) -> Result<(ProfileStatus, Option<Failure>), Failure> {
    if !check {
        return Ok((session.read_status()?, None));
    }
    let ProfileSession { context, target } = session;
    match block_on_interruptible(context, || session.check_status()) {
        Ok(found) => Ok((found, None)),
        Err(failure) if failure.code == Code::Interrupted => Err(failure),
        Err(failure) => {
            let local = session.read_status()?;
            context.warn(format!("profile `{}`: {}", target.name, failure.to_line()));
            let state = match failure.code {
                Code::Unsupported => local.state,
                _ => CredentialState::Unverified,
            };
            Ok((ProfileStatus { state, ..local }, Some(failure)))
        }
    }
}

impl CommandOutput for StatusOutput {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        if self.within.is_some() && shell.options().quiet {
            return Ok(());
        }
        for (index, found) in self.profiles.iter().enumerate() {
            if index > 0 {
                shell.result("")?;
            }
            shell.key_values(&self.key_values(found))?;
        }
        for found in self.with_unknown_expiry() {
            let profile = &found.profile;
            shell.note(format!(
                "profile `{profile}`: the expiry is unknown: --within cannot check it"
            ));
        }
        let is_missing =
            |found: &ProfileStatus| found.state == CredentialState::None && found.problem.is_none();
        if self.profiles.iter().all(is_missing) {
            shell.hint(Hint::run("login"));
        }
        Ok(())
    }

    fn exit(&self) -> ExitStatus {
        let is_usable = |found: &ProfileStatus| found.state.is_usable();
        let all_good = !self.profiles.is_empty() && self.profiles.iter().all(is_usable);
        let has_problem = self.profiles.iter().any(|found| found.problem.is_some());
        match self.first_error {
            Some(code) => code.exit(),
            None if all_good && self.has_expiring() => Code::Findings.exit(),
            None if all_good => SUCCESS,
            None if has_problem => Code::Config.exit(),
            None => Code::LoginRequired.exit(),
        }
    }
}

/// The label of a state that no server confirmed.
const NOT_CHECKED: &str = "not checked";

impl StatusOutput {
    /// Returns the credentials that work, expire within `--within` and need the user then, each with its expiry.
    fn expiring(&self) -> impl Iterator<Item = (&ProfileStatus, Timestamp)> {
        let usable = self.profiles.iter().filter(|it| it.state.is_usable());
        let ends = usable.filter(|found| !found.refreshable);
        let ends = ends.filter_map(|found| Some((found, found.expires_at?)));
        ends.filter(|(_, end)| {
            let remaining = end.duration_since(self.now);
            self.within.is_some_and(|within| remaining <= within)
        })
    }

    fn has_expiring(&self) -> bool {
        self.expiring().next().is_some()
    }

    /// Prints why the exit status is the one of `--within`.
    fn warn_about_expiry(&self, shell: &Shell) {
        for (found, end) in self.expiring() {
            let profile = &found.profile;
            let kind = found.kind.map_or("credential", CredentialKind::label);
            let end = time_format::format_relative(self.now, end);
            shell.warning(format!(
                "the {kind} of profile `{profile}` expires {end}, which is within the time of --within, and cannot be refreshed"
            ));
        }
    }

    /// Returns the credentials that `--within` cannot check.
    fn with_unknown_expiry(&self) -> impl Iterator<Item = &ProfileStatus> {
        let found = self.profiles.iter().filter(|_| self.within.is_some());
        found.filter(|found| {
            found.state.is_usable() && !found.refreshable && found.expires_at.is_none()
        })
    }

    fn key_values(&self, found: &ProfileStatus) -> KeyValues {
        let (word, style) = match &found.problem {
            Some(_) => ("no usable credential", Style::Bad),
            None => profile_status_label(found),
        };
        let state = match self.failures.get(&found.profile) {
            Some(reason) if word == NOT_CHECKED => format!("{word}: {reason}"),
            Some(reason) => format!("{word} ({NOT_CHECKED}: {reason})"),
            None if word != NOT_CHECKED => word.to_owned(),
            None if self.is_checking => word.to_owned(),
            None => format!("{word} (use --check)"),
        };
        let expires = found
            .expires_at
            .map(|end| time_format::format_relative(self.now, end));
        let refreshes = found
            .expires_at
            .map(|_| if found.refreshable { "yes" } else { "no" });
        KeyValues::default()
            .with("profile", Span::bold(found.profile.as_str()))
            .with("service", found.provider.as_str())
            .with_some("server", found.origin.as_deref())
            .with("state", Span::new(state, style))
            .with_some("source", found.source.as_deref())
            .with_some("problem", found.problem.as_deref())
            .with_some("kind", found.kind.map(CredentialKind::label))
            .with_some("expires", expires)
            .with_some("auto-refresh", refreshes)
    }
}
