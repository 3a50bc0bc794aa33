//! Builds the context of a command. Each command has one, so that a warning comes once.

use std::path::Path;
use std::sync::Arc;

use super::App;
use crate::actions::{
    ActionError, Config, Context, Event, EventRecorder, ExchangedTokens, GlobalOptions,
    ShutdownGuard, TARGET_COMMAND_LIMIT, TypedSecrets,
};
use crate::cli::failure::Failure;
use crate::domain::{ProfileName, format_duration};
use crate::host::{Browser, DotEnvReader, NoBrowser, Paths, SystemBrowser, SystemClock};
use crate::http;
use crate::provider::Catalog;
use crate::ui::Span;
use crate::vault::{EventLog, Vault, WaitLog};

type EventHandler = Box<dyn Fn(&Event) + Send + Sync>;

pub(crate) struct ContextBuilder<'a> {
    app: &'a App,
    events: EventHandler,
    client: Option<http::Client>,
    config: Option<Config>,
    wait_log: WaitLog,
    needs_terminal_for_browser: bool,
}

impl<'a> ContextBuilder<'a> {
    pub(super) fn new(app: &'a App) -> Self {
        let builder = Self {
            app,
            events: Box::new(|_| {}),
            client: None,
            config: None,
            wait_log: app.wait_log(),
            needs_terminal_for_browser: true,
        };
        let shell = Arc::clone(&app.shell);
        builder.on_event(move |event| {
            if let Event::VariablesWritten(text) = event {
                shell.notice(text.as_str());
            }
        })
    }

    /// Passes events to `show`, except those that are printed for every command: warnings, and the file in the directory
    /// that decides the credential.
    pub(crate) fn on_event(self, show: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        let shell = Arc::clone(&self.app.shell);
        self.all_events(Box::new(move |event| match event {
            Event::FileChoice(text) => shell.notice(text.as_str()),
            Event::Warning(warning) => shell.warning(warning.clone()),
            // A terminal belongs to no runner.
            Event::MaskInLog(_) if shell.terminal().stderr => {}
            Event::MaskInLog(secret) => shell.mask(secret),
            Event::RememberedTargets(targets) => {
                shell.notice(format!("targets: {}", targets.join(", ")));
            }
            Event::WaitingForCommand(limit) => {
                let limit = format_duration(*limit);
                shell.notice(format!("waiting for the command (at most {limit})"));
            }
            Event::TargetOutput(text) => {
                for line in text.lines() {
                    shell.notice(Span::dim(format!("  {line}")));
                }
            }
            other => show(other),
        }))
    }

    /// Passes every event to `events` and prints none.
    pub(crate) fn all_events(self, events: EventHandler) -> Self {
        Self { events, ..self }
    }

    /// Prints no waits for locks, not even with `--verbose`.
    #[cfg(feature = "tui")]
    pub(crate) fn without_wait_log(self) -> Self {
        let wait_log = WaitLog::default();
        Self { wait_log, ..self }
    }

    #[cfg(feature = "tui")]
    pub(crate) fn client(self, client: http::Client) -> Self {
        let client = Some(client);
        Self { client, ..self }
    }

    /// Opens a browser even if stdin is not a terminal, unless input is disabled.
    pub(crate) fn opens_browser_without_terminal(self) -> Self {
        Self {
            needs_terminal_for_browser: false,
            ..self
        }
    }

    /// Uses these settings instead of the user's.
    pub(crate) fn config(self, config: Config) -> Self {
        let config = Some(config);
        Self { config, ..self }
    }

    /// Reads the settings and creates the client, unless they were given.
    pub(crate) fn build(self) -> Result<Context, Failure> {
        let app = self.app;
        let paths = app.paths()?;
        if paths.ignores_config() {
            app.shell
                .warning("ignoring the settings: you may not open their directory");
        }
        let config = match self.config {
            Some(config) => config,
            None => Config::read(&paths.config_file()).map_err(ActionError::from)?,
        };
        let http = match self.client {
            Some(client) => client,
            None => app.client(app.wire_log())?,
        };
        Ok(Context {
            clock: Arc::new(SystemClock),
            browser: browser(app, self.needs_terminal_for_browser),
            directory: std::env::current_dir().unwrap_or_else(|_| Path::new("/").to_owned()),
            dotenv: DotEnvReader::default(),
            secret_files: Arc::clone(&app.secret_files),
            catalog: Catalog::new(paths.providers_dir()),
            vault: vault(app, &paths).wait_log(self.wait_log),
            recorder: recorder(app, &config),
            options: global_options(app, &config)?,
            config,
            http,
            environment: app.environment.clone(),
            events: self.events,
            shutdown_guard: ShutdownGuard::default(),
            exchanged_tokens: ExchangedTokens::default(),
            typed_secrets: TypedSecrets::default(),
            target_command_limit: TARGET_COMMAND_LIMIT,
            reported: Arc::clone(&app.reported),
            workload: app.workload(),
        })
    }
}

fn browser(app: &App, needs_terminal: bool) -> Arc<dyn Browser> {
    let is_allowed = app.can_prompt() || !needs_terminal && !app.is_input_disabled();
    if is_allowed && SystemBrowser::can_open(&app.environment) {
        return Arc::new(SystemBrowser::new(&app.environment));
    }
    Arc::new(NoBrowser)
}

fn recorder(app: &App, config: &Config) -> EventRecorder {
    EventRecorder {
        log: config.audit_log.as_ref().and_then(EventLog::new),
        pending: Arc::clone(&app.pending_events),
    }
}

fn global_options(app: &App, config: &Config) -> Result<GlobalOptions, Failure> {
    let variable = app.environment.get("BRAINMAPS_PROFILE");
    let profile = match (&app.globals.profile, variable) {
        (Some(profile), _) => Some(profile.clone()),
        (None, Some(name)) => Some(name.parse::<ProfileName>().map_err(ActionError::from)?),
        (None, None) => None,
    };
    Ok(GlobalOptions {
        profile,
        api_url: app.globals.api_url.clone(),
        sandbox: app.is_sandbox(),
        replace: false,
        shows_notices: app.shows_notices(config),
    })
}

/// The sandbox has its own profiles and credentials.
fn vault(app: &App, paths: &Paths) -> Vault {
    if app.is_sandbox() {
        return Vault::new(paths.sandbox_dir()).keyring_service("brainmaps-sandbox");
    }
    Vault::new(paths.data.clone())
}
