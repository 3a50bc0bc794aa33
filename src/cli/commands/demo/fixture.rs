//! Where the demo plays: a sandbox in memory, and a home in a temporary folder that nobody else can read.

use std::fs::{OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use crate::actions::{ActionError, Config, Context, Event, GlobalOptions, ShutdownGuard, Target};
use crate::cli::app::App;
use crate::cli::embedded_sandbox;
use crate::cli::failure::{Code, Failure};
use crate::domain::Secret;
use crate::host::{Environment, NoBrowser, SystemClock};
use crate::http::{self, InProcess};
use crate::provider::Catalog;
use crate::sandbox::{Sandbox, State};
use crate::ui::Shell;
use crate::vault::Vault;

/// What the service's documentation calls the variable for its key.
pub(super) const KEY_VARIABLE: &str = "BRAINMAPS_API_KEY";

/// The shortest that can be told in the protocol (RFC 8628 §3.2): whole seconds.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// Long enough to be used, short enough to be waited for.
const ACCESS_TOKEN_LIFETIME: Duration = Duration::from_secs(2);

/// The sandbox and the home. The folder goes when this goes.
pub(super) struct Fixture {
    pub(super) sandbox: Sandbox,
    pub(super) shell: Arc<Shell>,
    http: http::Client,
    home: TempDir,
}

impl Fixture {
    pub(super) fn open(app: &App) -> Result<Self, Failure> {
        let mut settings = embedded_sandbox::settings(Path::new(""))?;
        settings.state = State::Memory;
        settings.interval = POLL_INTERVAL;
        settings.access_ttl = ACCESS_TOKEN_LIFETIME;
        let sandbox = Sandbox::open(settings)?;
        let transport = Arc::new(InProcess::new(sandbox.router()));
        Ok(Self {
            shell: Arc::clone(&app.shell),
            http: http::Client::new(transport, app.wire_log()),
            home: create_home().map_err(|error| home_error(&error))?,
            sandbox,
        })
    }

    /// The context of somebody who has nothing but what `login` stored.
    pub(super) fn context(&self) -> Context {
        self.context_with_events(|_| {})
    }

    /// The same, which tells its events to `events`; warnings are shown in any case.
    pub(super) fn context_with_events(
        &self,
        events: impl Fn(&Event) + Send + Sync + 'static,
    ) -> Context {
        let shell = Arc::clone(&self.shell);
        let path = self.home.path();
        Context {
            clock: Arc::new(SystemClock),
            browser: Arc::new(NoBrowser),
            environment: Environment::default(),
            directory: path.to_owned(),
            catalog: Catalog::new(path.join("providers")),
            vault: Vault::new(path.join("data")),
            config: Config::default(),
            http: self.http.clone(),
            options: GlobalOptions {
                sandbox: true,
                ..GlobalOptions::default()
            },
            events: Box::new(move |event| {
                if let Event::Warning(text) = event {
                    shell.warning(text.as_str());
                }
                events(event);
            }),
            shutdown_guard: ShutdownGuard::default(),
            reported: std::sync::Mutex::default(),
        }
    }

    /// The same with `key` in the environment.
    pub(super) fn context_with_key(&self, key: &Secret) -> Context {
        Context {
            environment: Environment::from_vars([(KEY_VARIABLE, key.expose())]),
            ..self.context()
        }
    }

    /// Another home, with a copy of the credential that is stored now.
    pub(super) async fn copy_credential(&self) -> Result<Context, Failure> {
        let context = self.context();
        let target = Target::resolve(&context)?;
        let storage = target.profile.storage;
        let stored = context.vault.read(&target.name, storage)?;
        let stored = stored.ok_or_else(|| ActionError::LoginRequired {
            variable: None,
            profile: target.name.to_string(),
            reasons: Vec::new(),
        })?;
        let vault = Vault::new(self.home.path().join("copy"));
        let lock = vault.lock(&target.name).await?;
        vault.write(&lock, storage, &stored)?;
        drop(lock);
        Ok(Context { vault, ..context })
    }

    /// Removes the home.
    pub(super) fn close(self) -> Result<(), Failure> {
        let path = self.home.path().display().to_string();
        self.home.close().map_err(|error| {
            Failure::from_error(Code::Storage, error).with_hint(format!("remove {path} by hand"))
        })
    }
}

/// At 0700 from the instant it exists, with an empty `.env`: the search for one ends there, whatever lies above.
fn create_home() -> io::Result<TempDir> {
    let home = tempfile::Builder::new()
        .prefix("brainmaps-demo-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir()?;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(home.path().join(".env"))?;
    Ok(home)
}

fn home_error(error: &io::Error) -> Failure {
    Failure::new(Code::Storage, format!("no temporary folder: {error}"))
        .with_hint("set TMPDIR to a folder that can be written".to_owned())
}
