//! What every command works with: the streams, the choices, and the rest when it is needed.

use std::path::Path;
use std::sync::{Arc, Mutex};

use super::failure::{Code, Failure};
use super::global_flags::add_global_flags;
use super::globals::Globals;
use crate::actions::{
    ActionError, Config, Context, Event, GlobalOptions, ShutdownGuard, Target,
    unfinished_operations,
};
use crate::domain::ProfileName;
use crate::host::{
    Environment, NoBrowser, Paths, SystemBrowser, SystemClock, ignore_sigxfsz, shutdown_signal,
    stdout_is_open,
};
use crate::http::{self, Network, NetworkOptions, Proxy, Transport, WireLog};
use crate::provider::Catalog;
use crate::ui::Shell;
use crate::vault::Vault;

/// One run of the program.
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

    /// Whether somebody may be asked, and a browser opened.
    pub(crate) fn can_prompt(&self) -> bool {
        let refused = self.globals.no_input
            || self.environment.is_enabled("BRAINMAPS_NO_INPUT")
            || self.environment.is_ci();
        !refused && self.shell.terminal().stdin
    }

    pub(crate) fn is_sandbox(&self) -> bool {
        self.globals.sandbox || self.environment.is_enabled("BRAINMAPS_SANDBOX")
    }

    pub(crate) fn paths(&self) -> Result<Paths, Failure> {
        Paths::resolve(&self.environment)
            .map_err(|none| Failure::new(Code::Storage, none.to_string()))
    }

    /// The context of a use-case, which reports its events to `events`. The choice that a file in the directory made is
    /// printed here, for every command alike.
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

    /// A way to the servers.
    pub(crate) fn client(&self, log: WireLog) -> Result<http::Client, Failure> {
        Ok(http::Client::new(self.transport(self.paths()?)?, log))
    }

    /// As [`App::context_with_events`], by a way to the servers that is there already.
    pub(crate) fn context_with_client(
        &self,
        client: http::Client,
        events: Box<dyn Fn(&Event) + Send + Sync>,
    ) -> Result<Context, Failure> {
        let config = Config::read(&self.paths()?.config_file()).map_err(ActionError::from)?;
        self.context_of(client, events, config)
    }

    /// As [`App::context`], with the settings' defaults where they cannot be read, and the reason.
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
        let way = self.client(self.wire_log())?;
        Ok((self.context_of(way, Box::new(events), config)?, error))
    }

    fn context_of(
        &self,
        way: http::Client,
        events: Box<dyn Fn(&Event) + Send + Sync>,
        config: Config,
    ) -> Result<Context, Failure> {
        let paths = self.paths()?;
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
            catalog: Catalog::new(paths.providers_dir()),
            vault: self.vault(&paths),
            config,
            http: way,
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

    /// The context of a use-case of which only the warnings are of interest.
    pub(crate) fn context(&self) -> Result<Context, Failure> {
        let shell = Arc::clone(&self.shell);
        self.context_with_events(move |event| {
            if let Event::Warning(text) = event {
                shell.warning(text.as_str());
            }
        })
    }

    /// The context and the profile that this command is about.
    pub(crate) fn context_and_target(&self) -> Result<(Context, Target), Failure> {
        let context = self.context()?;
        let target = Target::resolve(&context)?;
        Ok((context, target))
    }

    /// Where credentials and profiles are; those of the sandbox are apart.
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

    /// Warns of tokens that a command of `profile` left half way.
    pub(crate) fn warn_about_leftovers(&self, context: &Context, profile: &ProfileName) {
        for leftover in unfinished_operations(context, Some(profile)) {
            let text = format!("{}; {}", leftover.message, leftover.hint);
            let text = add_global_flags(&text, &self.globals.as_flags());
            self.shell.warning(text);
        }
    }

    /// The way to servers.
    fn transport(&self, paths: Paths) -> Result<Arc<dyn Transport>, Failure> {
        if self.is_sandbox() {
            return embedded(paths);
        }
        Ok(Arc::new(Network::new(self.network_options())))
    }

    /// What the user and the environment say about the way to servers.
    pub(crate) fn network_options(&self) -> NetworkOptions {
        let own = self.environment.path("BRAINMAPS_CA_CERT");
        let own = self.globals.ca_cert.as_deref().or(own);
        NetworkOptions {
            ca_cert: own.map(Path::to_owned),
            proxy: Proxy::from_environment(|name| self.environment.get(name)),
        }
    }
}

/// Does `work` to its end, or until Ctrl-C. What must not be torn apart is finished first.
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

/// Does `work`, which looks after Ctrl-C by itself. A name look-up that hangs is left behind at the end.
///
/// What is awaited is made in here and nowhere else: were this inlined, every command would begin by touching the stack
/// for the futures of all of them (140 KiB).
#[inline(never)]
pub(crate) fn run_to_completion<T, W: Future<Output = Result<T, Failure>>>(
    work: impl FnOnce() -> W,
) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime =
        runtime.map_err(|error| Failure::new(Code::Failed, format!("no runtime: {error}")))?;
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
    reason = "a build without the sandbox fails here"
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

/// Fails where stdout is closed: a secret that is to be shown would be lost.
pub(crate) fn require_stdout() -> Result<(), Failure> {
    if stdout_is_open() {
        return Ok(());
    }
    let hint = "redirect stdout to a file or a pipe, or name a file for the secret with --env-file";
    let failure = Failure::new(
        Code::Usage,
        "stdout is closed: the secret could not be shown",
    );
    Err(failure.with_hint(hint.to_owned()))
}
