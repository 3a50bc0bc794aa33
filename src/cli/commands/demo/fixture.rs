//! The environment of the demo: a sandbox in memory, and a private temporary directory as home.

use std::fs::{OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use crate::actions::{
    ActionError, Config, Context, Event, EventRecorder, ExchangedTokens, GlobalOptions,
    ShutdownGuard, TARGET_COMMAND_LIMIT, Target, TypedSecrets, Workload, open_workload_session,
};
use crate::cli::app::{App, embedded_sandbox};
use crate::cli::failure::{Code, Failure};
use crate::domain::Secret;
use crate::host::{DotEnvReader, Environment, NoBrowser, SecretFiles, SystemClock};
use crate::http::{self, InProcess};
use crate::provider::Catalog;
use crate::sandbox::{Sandbox, State};
use crate::ui::Shell;
use crate::vault::Vault;

pub(super) const KEY_VARIABLE: &str = "BRAINMAPS_API_KEY";

/// The protocol has whole seconds only (RFC 8628 section 3.2).
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// Long enough for one request, short enough to wait for.
const ACCESS_TOKEN_LIFETIME: Duration = Duration::from_secs(2);

/// Dropping it removes the temporary directory.
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

    /// Returns a context without environment or configuration: only a stored login is used.
    pub(super) fn context(&self) -> Context {
        self.context_with_events(|_| {})
    }

    /// Passes events to `events`. Warnings are always printed.
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
            dotenv: DotEnvReader::default(),
            // The demo uses no secret of this machine.
            secret_files: Arc::new(SecretFiles::with_run_secrets("/dev/null/none".into())),
            catalog: Catalog::new(path.join("providers")),
            vault: Vault::new(path.join("data")),
            config: Config::default(),
            http: self.http.clone(),
            options: GlobalOptions {
                sandbox: true,
                ..GlobalOptions::default()
            },
            events: Box::new(move |event| {
                if let Event::Warning(warning) = event {
                    shell.warning(warning.clone());
                }
                events(event);
            }),
            shutdown_guard: ShutdownGuard::default(),
            exchanged_tokens: ExchangedTokens::default(),
            // The events of the demo are not the user's.
            recorder: EventRecorder::default(),
            typed_secrets: TypedSecrets::default(),
            target_command_limit: TARGET_COMMAND_LIMIT,
            reported: Arc::default(),
            workload: Workload {
                network: self.http.clone(),
                sign_in: open_workload_session,
                sessions: Arc::default(),
            },
        }
    }

    /// Returns a context with an API key in the environment.
    pub(super) fn context_with_key(&self, key: &Secret) -> Context {
        Context {
            environment: Environment::from_vars([(KEY_VARIABLE, key.expose())]),
            ..self.context()
        }
    }

    /// Returns the context of another home, with a copy of the stored credential.
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

    /// Removes the temporary directory. Unlike a drop, reports errors.
    pub(super) fn close(self) -> Result<(), Failure> {
        let path = self.home.path().display().to_string();
        self.home.close().map_err(|error| {
            Failure::from_error(Code::Storage, error).with_hint(format!("delete {path}"))
        })
    }
}

/// Creates a directory with mode 0700 and an empty `.env`, where the search for env files in parent directories ends.
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
    Failure::new(
        Code::Storage,
        format!("cannot create a temporary directory: {error}"),
    )
    .with_hint("set TMPDIR to a writable directory")
}
