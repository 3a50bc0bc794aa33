//! `--visual`: opens the full-screen interface and creates the contexts of its tasks.

use std::sync::Arc;

use crate::actions::{ActionError, Context, Routing, Target};
use crate::cli::app::{App, run_to_completion};
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::domain::{Hint, ProfileName};
use crate::host::SystemClock;
use crate::http::WireLog;
use crate::tui::{self, Dependencies, ErrorView, EventHandler, ExitReason};

/// Shows the terminal interface.
pub(crate) fn run(app: &App) -> Result<ExitStatus, Failure> {
    require_terminal(app)?;
    let first = Target::resolve(&app.context()?)?;
    let profile = first.name.clone();
    let dependencies = Dependencies {
        stream_style: app.shell.stdout_style(),
        profile: profile.clone(),
        repeated_options: app.shell.repeated_options().clone(),
        clock: Arc::new(SystemClock),
        context: context_factory(app, first)?,
        to_error_view: {
            let app = app.clone();
            Arc::new(move |error: ActionError| {
                let failure: Failure = error.into();
                // A warning would be written over the screen.
                let _warning = app.record_failure(failure.code);
                error_view(failure)
            })
        },
    };
    let ended = run_to_completion(|| async {
        let ended = tui::run(&dependencies).await;
        ended.map_err(|error| Failure::from_error(Code::Failed, error))
    })?;
    match ended {
        ExitReason::Quit => Ok(SUCCESS),
        ExitReason::Interrupted => Ok(Code::Interrupted.exit()),
    }
}

fn require_terminal(app: &App) -> Result<(), Failure> {
    let terminal = app.shell.terminal();
    let problem = if app.shell.options().json {
        "--visual cannot be used with --json"
    } else if !terminal.stdin || !terminal.stdout || terminal.dumb {
        "--visual needs a terminal"
    } else if !app.can_prompt() {
        "--visual requires input, which is disabled by --no-input or CI"
    } else {
        return Ok(());
    };
    let hint = Hint::from("use the commands instead: ")
        .command("status")
        .text(", ")
        .command("token list");
    Err(Failure::new(Code::Usage, problem).with_hint(hint))
}

type ContextFactory = Box<dyn Fn(&ProfileName, EventHandler) -> Result<Context, ErrorView>>;

/// Creates the contexts of the tasks, which share one HTTP client. `--api-url` applies to the first profile only. If a
/// project file chose the profile, it still applies.
fn context_factory(app: &App, first: Target) -> Result<ContextFactory, Failure> {
    // On the terminal, diagnostics would be written over the screen.
    let is_silent = app.shell.terminal().stderr;
    let log = if is_silent {
        WireLog::silent()
    } else {
        app.wire_log()
    };
    let client = app.client(log)?;
    let app = app.clone();
    Ok(Box::new(move |profile, events| {
        let mut builder = app.context_builder().client(client.clone());
        if is_silent {
            builder = builder.without_wait_log();
        }
        let context = builder.all_events(events).build();
        let mut context = context.map_err(error_view)?;
        let is_first = *profile == first.name;
        if !is_first || matches!(first.routing, Routing::Unbound) {
            context.options.profile = Some(profile.clone());
        }
        if !is_first {
            context.options.api_url = None;
        }
        Ok(context)
    }))
}

fn error_view(failure: Failure) -> ErrorView {
    ErrorView {
        message: failure.to_line(),
        needs_login: matches!(
            failure.code,
            Code::LoginRequired | Code::LoginExpired | Code::CredentialRejected
        ),
        may_have_been_processed: failure.may_have_been_processed,
        hints: failure.hints,
    }
}
