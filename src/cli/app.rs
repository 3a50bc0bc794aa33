//! State of one run: streams, global options and environment; builds the context of an action on demand.
//!
//! Nothing here opens a connection or starts a runtime before a command needs it.

use std::path::Path;
use std::sync::{Arc, Mutex};

use super::failure::{Code, Failure};
use super::global_flags::add_global_flags;
use super::globals::Globals;
use crate::actions::{
    ActionError, Config, Context, Event, GlobalOptions, ShutdownGuard, Target,
    has_environment_key_of_any, unfinished_operations,
};
use crate::domain::ProfileName;
use crate::host::{
    DotEnvReader, Environment, NoBrowser, Paths, PathsError, SystemBrowser, SystemClock,
    ignore_sigxfsz, shutdown_signal, stdout_is_open,
};
use crate::http::{
    self, NamedPath, Network, NetworkOptions, Proxy, SystemAuthorities, Transport, WireLog,
};
use crate::provider::Catalog;
use crate::ui::Shell;
use crate::vault::Vault;

const SSL_CERT_FILE: &str = "SSL_CERT_FILE";
const SSL_CERT_DIR: &str = "SSL_CERT_DIR";

pub(crate) struct App {
    pub(crate) shell: Arc<Shell>,
    pub(crate) globals: Globals,
    pub(crate) environment: Environment,
}

impl App {
    pub(crate) fn new(shell: Arc<Shell>, globals: Globals, environment: Environment) -> Self {
        Self {
            shell,
            globals,
            environment,
        }
    }

    /// Returns true if the program must neither prompt, nor open a browser, nor wait for an approval.
    pub(crate) fn is_input_disabled(&self) -> bool {
        self.globals.no_input
            || self.environment.is_enabled("BRAINMAPS_NO_INPUT")
            || self.environment.is_ci()
    }

    pub(crate) fn can_prompt(&self) -> bool {
        !self.is_input_disabled() && self.shell.terminal().stdin
    }

    pub(crate) fn is_sandbox(&self) -> bool {
        self.globals.sandbox || self.environment.is_enabled("BRAINMAPS_SANDBOX")
    }

    /// Returns the directories. A key in the environment needs none: without a home directory, or with that of another
    /// user, nothing is stored.
    pub(crate) fn paths(&self) -> Result<Paths, Failure> {
        let nowhere = Paths::nowhere();
        let needs_none = || has_key_in_environment(&self.environment, &nowhere);
        match Paths::resolve(&self.environment) {
            Err(PathsError::NoHome) if needs_none() => Ok(nowhere),
            Err(error @ PathsError::NoHome) => Err(Failure::new(Code::Storage, error.to_string())),
            Err(error @ PathsError::Relative) => Err(Failure::new(Code::Config, error.to_string())),
            Ok(paths) if is_unsearchable(&paths) && needs_none() => Ok(paths.without_config()),
            Ok(paths) => Ok(paths),
        }
    }

    /// Builds the context of an action that reports to `events`. A file in the directory that decides the credential is
    /// reported here, for every command.
    pub(crate) fn context_with_events(
        &self,
        events: impl Fn(&Event) + Send + Sync + 'static,
    ) -> Result<Context, Failure> {
        let shell = Arc::clone(&self.shell);
        let options = self.globals.as_flags();
        let events = move |event: &Event| match event {
            Event::FileChoice(text) => shell.notice(text.as_str()),
            Event::Warning(text) => events(&Event::Warning(add_global_flags(text, &options))),
            other => events(other),
        };
        self.context_with_client(self.client(self.wire_log())?, Box::new(events))
    }

    pub(crate) fn client(&self, log: WireLog) -> Result<http::Client, Failure> {
        Ok(http::Client::new(self.transport(self.paths()?)?, log))
    }

    /// Builds a context that uses an existing client.
    pub(crate) fn context_with_client(
        &self,
        client: http::Client,
        events: Box<dyn Fn(&Event) + Send + Sync>,
    ) -> Result<Context, Failure> {
        let config = Config::read(&self.paths()?.config_file()).map_err(ActionError::from)?;
        self.context_of(client, events, config)
    }

    /// Builds a context with default settings if the settings cannot be read, and returns the reason.
    pub(crate) fn context_without_settings(
        &self,
    ) -> Result<(Context, Option<ActionError>), Failure> {
        let (config, error) = match Config::read(&self.paths()?.config_file()) {
            Ok(config) => (config, None),
            Err(error) => (Config::default(), Some(error.into())),
        };
        let shell = Arc::clone(&self.shell);
        let events = move |event: &Event| {
            if let Event::Warning(text) = event {
                shell.warning(text.as_str());
            }
        };
        let client = self.client(self.wire_log())?;
        Ok((self.context_of(client, Box::new(events), config)?, error))
    }

    fn context_of(
        &self,
        client: http::Client,
        events: Box<dyn Fn(&Event) + Send + Sync>,
        config: Config,
    ) -> Result<Context, Failure> {
        let paths = self.paths()?;
        if paths.ignores_config() {
            self.shell
                .warning("ignoring the settings: you may not open their directory");
        }
        let profile = match (
            &self.globals.profile,
            self.environment.get("BRAINMAPS_PROFILE"),
        ) {
            (Some(profile), _) => Some(profile.clone()),
            (None, Some(name)) => Some(name.parse::<ProfileName>().map_err(ActionError::from)?),
            (None, None) => None,
        };
        let browser = self.can_prompt() && SystemBrowser::can_open(&self.environment);
        Ok(Context {
            clock: Arc::new(SystemClock),
            browser: if browser {
                Arc::new(SystemBrowser::new(&self.environment))
            } else {
                Arc::new(NoBrowser)
            },
            directory: std::env::current_dir().unwrap_or_else(|_| Path::new("/").to_owned()),
            dotenv: DotEnvReader::default(),
            catalog: Catalog::new(paths.providers_dir()),
            vault: self.vault(&paths),
            config,
            http: client,
            options: GlobalOptions {
                profile,
                api_url: self.globals.api_url.clone(),
                sandbox: self.is_sandbox(),
                replace: false,
            },
            environment: self.environment.clone(),
            events,
            shutdown_guard: ShutdownGuard::default(),
            reported: Mutex::default(),
        })
    }

    /// Builds a context that prints warnings and ignores other events.
    pub(crate) fn context(&self) -> Result<Context, Failure> {
        let shell = Arc::clone(&self.shell);
        self.context_with_events(move |event| {
            if let Event::Warning(text) = event {
                shell.warning(text.as_str());
            }
        })
    }

    /// Builds the context and resolves the active profile.
    pub(crate) fn context_and_target(&self) -> Result<(Context, Target), Failure> {
        let context = self.context()?;
        let target = Target::resolve(&context)?;
        Ok((context, target))
    }

    /// The sandbox has its own profiles and credentials.
    fn vault(&self, paths: &Paths) -> Vault {
        if self.is_sandbox() {
            return Vault::new(paths.sandbox_dir()).keyring_service("brainmaps-sandbox");
        }
        Vault::new(paths.data.clone())
    }

    pub(crate) fn wire_log(&self) -> WireLog {
        if self.shell.options().verbose == 0 {
            return WireLog::silent();
        }
        let shell = Arc::clone(&self.shell);
        WireLog::to(move |line| shell.diagnostic(line))
    }

    /// Warns about interrupted creations and rotations of tokens.
    pub(crate) fn warn_about_leftovers(&self, context: &Context, profile: &ProfileName) {
        for leftover in unfinished_operations(context, Some(profile)) {
            let text = format!("{}; {}", leftover.message, leftover.hint);
            let text = add_global_flags(&text, &self.globals.as_flags());
            self.shell.warning(text);
        }
    }

    fn transport(&self, paths: Paths) -> Result<Arc<dyn Transport>, Failure> {
        if self.is_sandbox() {
            return embedded(paths);
        }
        Ok(Arc::new(Network::new(self.network_options())))
    }

    pub(crate) fn network_options(&self) -> NetworkOptions {
        let by_variable = |named_by: &'static str| {
            let path = self.environment.path(named_by)?;
            Some(NamedPath { named_by, path })
        };
        let by_option = self.globals.ca_cert.clone().map(|path| NamedPath {
            named_by: "--ca-cert",
            path,
        });
        let directories = self.environment.paths(SSL_CERT_DIR).into_iter();
        NetworkOptions {
            ca_cert: by_option.or_else(|| by_variable("BRAINMAPS_CA_CERT")),
            system: SystemAuthorities {
                file: by_variable(SSL_CERT_FILE),
                directories: directories
                    .map(|path| NamedPath {
                        named_by: SSL_CERT_DIR,
                        path,
                    })
                    .collect(),
                has_variables: [SSL_CERT_FILE, SSL_CERT_DIR]
                    .iter()
                    .any(|name| self.environment.contains(name)),
            },
            proxy: Proxy::from_environment(|name| self.environment.get(name)),
        }
    }
}

fn has_key_in_environment(environment: &Environment, paths: &Paths) -> bool {
    let catalog = Catalog::new(paths.providers_dir());
    has_environment_key_of_any(environment, &catalog)
}

/// Returns `true` if this user may not open files in the configuration directory.
fn is_unsearchable(paths: &Paths) -> bool {
    let found = std::fs::symlink_metadata(paths.config_file());
    found.is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied)
}

/// Runs `work` until it completes or Ctrl-C arrives. Critical sections complete first.
pub(crate) fn block_on_interruptible<T, W: Future<Output = Result<T, ActionError>>>(
    context: &Context,
    work: impl FnOnce() -> W,
) -> Result<T, Failure> {
    let done = run_to_completion(|| async {
        let mut work = std::pin::pin!(work());
        tokio::select! {
            done = &mut work => Ok(done?),
            () = shutdown_signal() => {
                tokio::select! {
                    () = context.shutdown_guard.begin_shutdown() => Err(Failure::interrupted()),
                    done = &mut work => Ok(done?),
                }
            }
        }
    });
    context.warn_about_clock_skew();
    done
}

/// Runs `work`, which handles Ctrl-C itself. Does not wait for a DNS lookup that hangs.
///
/// Not inlined: otherwise every command would reserve stack for the futures of all commands (140 KiB).
#[inline(never)]
pub(crate) fn run_to_completion<T, W: Future<Output = Result<T, Failure>>>(
    work: impl FnOnce() -> W,
) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| {
        Failure::new(
            Code::Failed,
            format!("cannot start the async runtime: {error}"),
        )
    })?;
    let done = runtime.block_on(async {
        ignore_sigxfsz();
        work().await
    });
    runtime.shutdown_background();
    done
}

#[cfg(feature = "sandbox")]
#[expect(
    clippy::unnecessary_wraps,
    reason = "fails in a build without the sandbox"
)]
fn embedded(paths: Paths) -> Result<Arc<dyn Transport>, Failure> {
    Ok(Arc::new(super::embedded_sandbox::EmbeddedTransport::new(
        paths,
    )))
}

#[cfg(not(feature = "sandbox"))]
fn embedded(_paths: Paths) -> Result<Arc<dyn Transport>, Failure> {
    Err(Failure::new(Code::Unsupported, "this build has no sandbox"))
}

/// Fails if stdout is closed, because a secret that is printed once would be lost.
pub(crate) fn require_stdout() -> Result<(), Failure> {
    if stdout_is_open() {
        return Ok(());
    }
    let hint = "redirect stdout to a file or a pipe, or write the secret to a file with --env-file";
    let failure = Failure::new(Code::Usage, "cannot print the secret: stdout is closed");
    Err(failure.with_hint(hint.to_owned()))
}
