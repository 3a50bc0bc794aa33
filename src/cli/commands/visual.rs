//! `--visual`

use std::sync::Arc;

use crate::actions::{Context, Routing, Target};
use crate::cli::app::{App, run_to_end};
use crate::cli::{Code, DONE, Exit, Failure};
use crate::domain::ProfileName;
use crate::host::SystemClock;
use crate::http::WireLog;
use crate::tui::{self, Ended, Events, Given, Told};

/// Shows the terminal interface.
pub(crate) fn run(app: &App) -> Result<Exit, Failure> {
    refuse_without_a_terminal(app)?;
    let first = Target::resolve(&app.context()?)?;
    let profile = first.profile.clone();
    let given = Given {
        look: app.shell.stdout_look(),
        profile: profile.clone(),
        clock: Arc::new(SystemClock),
        context: contexts(app, first)?,
        explain: |error| told(&error.into()),
    };
    let ended = run_to_end(|| async {
        let ended = tui::run(&given).await;
        ended.map_err(|error| Failure::of(Code::Failed, error))
    })?;
    match ended {
        Ended::Done => Ok(DONE),
        Ended::GivenUp => Ok(Code::Interrupted.exit()),
    }
}

fn refuse_without_a_terminal(app: &App) -> Result<(), Failure> {
    let terminal = app.shell.terminal();
    let problem = if app.shell.options().json {
        "--visual is for people: there is no JSON in it"
    } else if !terminal.stdin || !terminal.stdout || terminal.dumb {
        "--visual needs a terminal"
    } else if !app.may_ask() {
        "--visual asks what to do, and nobody may be asked"
    } else {
        return Ok(());
    };
    let hint = "use the commands instead: `brainmaps status`, `brainmaps token list`".to_owned();
    Err(Failure::new(Code::Usage, problem).hint(hint))
}

type Contexts = Box<dyn Fn(&ProfileName, Events) -> Result<Context, Told>>;

/// Each work gets a context of its own, all of them one way to the servers. What the command line says about the address
/// is about the profile that it begins with; and where a project file chose that, it is the file that goes on choosing.
fn contexts(app: &App, first: Target) -> Result<Contexts, Failure> {
    // On the terminal, diagnostics would be written across the picture.
    let log = if app.shell.terminal().stderr {
        WireLog::silent()
    } else {
        app.wire_log()
    };
    let way = app.client(log)?;
    let app = App::new(
        Arc::clone(&app.shell),
        app.globals.clone(),
        app.environment.clone(),
    );
    Ok(Box::new(move |profile, events| {
        let mut context = app
            .context_with(way.clone(), events)
            .map_err(|it| told(&it))?;
        let is_first = *profile == first.profile;
        if !is_first || matches!(first.routing, Routing::Unbound) {
            context.choice.profile = Some(profile.clone());
        }
        if !is_first {
            context.choice.api_url = None;
        }
        Ok(context)
    }))
}

/// What went wrong, in the words of the commands.
fn told(failure: &Failure) -> Told {
    Told {
        message: failure.told(),
        hints: failure.hints.clone(),
        needs_login: matches!(
            failure.code,
            Code::LoginRequired | Code::LoginExpired | Code::CredentialRejected
        ),
    }
}
