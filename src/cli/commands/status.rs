//! `status`

use clap::Args;
use serde_json::json;

use crate::actions::{
    Context, ProfileStatus, State, Target, checked_status, local_status, targets,
};
use crate::cli::app::{App, block_on};
use crate::cli::{Code, DONE, Exit, Failure};
use crate::domain::CredentialKind;
use crate::ui::{Facts, Span, Style, humane, session_words};

/// Shows what is signed in, from which source, until when. Exits with 4 when there is nothing that works.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  brainmaps status\n  brainmaps status --check\n  brainmaps status --all --json"
)]
pub struct StatusArgs {
    /// Ask the server, too
    #[arg(long)]
    check: bool,
    /// Every profile that has something
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(app: &App, args: &StatusArgs) -> Result<Exit, Failure> {
    let context = app.context()?;
    let targets = if args.all {
        targets(&context)?
    } else {
        vec![Target::resolve_or_warn(&context)?]
    };
    let mut profiles = Vec::new();
    let mut trouble = None;
    for target in &targets {
        let (found, failed) = standing(app, &context, target, args.check)?;
        trouble = trouble.or(failed);
        app.warn_of_leftovers(&context, &target.profile);
        if !args.all || found.state != State::None || found.problem.is_some() {
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
        DONE
    } else {
        Code::LoginRequired.exit()
    };
    Ok(trouble.map_or(exit, Code::exit))
}

/// How `target` stands; with the code of what kept the server from being asked, which hides nothing that is known here.
fn standing(
    app: &App,
    context: &Context,
    target: &Target,
    check: bool,
) -> Result<(ProfileStatus, Option<Code>), Failure> {
    if !check {
        return Ok((local_status(context, target)?, None));
    }
    match block_on(context, || checked_status(context, target)) {
        Ok(found) => Ok((found, None)),
        Err(failure) if failure.code == Code::Interrupted => Err(failure),
        Err(failure) => {
            let local = local_status(context, target)?;
            app.shell
                .warning(format!("profile `{}`: {}", target.profile, failure.told()));
            let state = State::Unverified;
            Ok((ProfileStatus { state, ..local }, Some(failure.code)))
        }
    }
}

fn show(app: &App, context: &Context, profiles: &[ProfileStatus]) -> Result<(), Failure> {
    for (place, found) in profiles.iter().enumerate() {
        if place > 0 {
            app.shell.result("")?;
        }
        app.shell.facts(&facts(context, found))?;
    }
    let is_missing = |found: &ProfileStatus| found.state == State::None && found.problem.is_none();
    if profiles.iter().all(is_missing) {
        let options = app.globals.to_repeat();
        app.shell.hint(format!("run `brainmaps{options} login`"));
    }
    Ok(())
}

fn facts(context: &Context, found: &ProfileStatus) -> Facts {
    let (word, style) = match &found.problem {
        Some(_) => ("no credential is used", Style::Bad),
        None => session_words(found.state),
    };
    let ends = found
        .expires_at
        .map(|end| humane::relative(context.now(), end));
    let renews = found
        .expires_at
        .map(|_| if found.refreshable { "by itself" } else { "no" });
    Facts::default()
        .with("profile", Span::bold(found.profile.as_str()))
        .with("service", found.provider.as_str())
        .with_some("used at", found.origin.as_deref())
        .with("state", Span::new(word, style))
        .with_some("source", found.source.as_deref())
        .with_some("problem", found.problem.as_deref())
        .with_some("kind", found.kind.map(CredentialKind::label))
        .with_some("expires", ends)
        .with_some("renews", renews)
}
