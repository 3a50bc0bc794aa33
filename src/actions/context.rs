//! What every use case works with: the injected outside world, the stores and the global options.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::actions::{
    ActionError, Config, EventRecorder, ExchangedTokens, ShutdownGuard, Workload, error_line,
};
use crate::domain::{BaseUrl, ProfileName, Secret, Warning};
use crate::host::{
    Browser, Clock, DotEnv, DotEnvError, DotEnvReader, Environment, SearchScope, SecretFiles,
};
use crate::http;
use crate::provider::{Catalog, Placeholder};
use crate::vault::Vault;

/// Longer than a command that stores a secret takes.
pub const TARGET_COMMAND_LIMIT: Duration = Duration::from_mins(1);

/// Built once per command. Everything that a test replaces is in here.
pub struct Context {
    pub clock: Arc<dyn Clock>,
    pub browser: Arc<dyn Browser>,
    /// Read once at start.
    pub environment: Environment,
    /// The search for `.env` and `.brainmaps.toml` starts here.
    pub directory: PathBuf,
    pub dotenv: DotEnvReader,
    /// Shared by all contexts of a command, because a pipe can be read only once.
    pub secret_files: Arc<SecretFiles>,
    pub catalog: Catalog,
    pub vault: Vault,
    pub config: Config,
    pub http: http::Client,
    pub options: GlobalOptions,
    /// Receives the events of the use case.
    pub events: Box<dyn Fn(&Event) + Send + Sync>,
    /// Delays Ctrl-C while work must not be interrupted.
    pub shutdown_guard: ShutdownGuard,
    /// The events that were reported already, so that each is reported once per command. Shared by all contexts of it.
    pub reported: Arc<Mutex<BTreeSet<String>>>,
    pub workload: Workload,
    pub typed_secrets: TypedSecrets,
    /// How long the command of a target may run.
    pub target_command_limit: Duration,
    pub exchanged_tokens: ExchangedTokens,
    pub recorder: EventRecorder,
}

/// The secrets that the user typed, for calls of this command that require confirmation.
#[derive(Debug, Default)]
pub struct TypedSecrets {
    pub password: Option<Secret>,
    pub one_time_password: Option<Secret>,
}

impl TypedSecrets {
    pub(super) fn get(&self, placeholder: &Placeholder) -> Option<Secret> {
        match placeholder {
            Placeholder::Password => self.password.clone(),
            Placeholder::Otp => self.one_time_password.clone(),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Default)]
pub struct GlobalOptions {
    pub profile: Option<ProfileName>,
    pub api_url: Option<BaseUrl>,
    pub sandbox: bool,
    /// Whether a login may replace a stored credential of another server.
    pub replace: bool,
    /// Whether commands remind of a credential that expires soon.
    pub shows_notices: bool,
}

/// Progress of a use case, for display.
#[derive(Debug, Clone)]
pub enum Event {
    /// The user must approve the login in a browser.
    DeviceCode {
        user_code: String,
        verification_uri: Url,
        /// Contains the code, for a click or a QR code.
        verification_uri_complete: Option<Url>,
        expires_in: Duration,
        /// The server asks the user to authorize this client.
        client_id: String,
        issuer: String,
        scopes: String,
    },
    /// The user must approve the login on a page that leads the browser back to this machine.
    AuthorizationUrl {
        url: Url,
        redirect_uri: Url,
        /// Whether the user pastes the response; otherwise the program listens for it.
        is_pasted: bool,
        /// How long the program listens.
        expires_in: Duration,
        /// The time within which the page must be opened, if the server limits it.
        open_within: Option<Duration>,
        client_id: String,
        issuer: String,
        scopes: String,
    },
    BrowserOpened(bool),
    /// What the user pasted is not the response of the login: the reason.
    PastedTextRefused(String),
    /// The server waits for the user's decision.
    Waiting {
        remaining: Duration,
    },
    /// A transient failure; the request is repeated.
    Retrying {
        cause: String,
    },
    Progress {
        done: usize,
        of: usize,
    },
    Rotation(RotationStep),
    /// The targets that a rotation writes to because an earlier one did.
    RememberedTargets(Vec<String>),
    /// What the command of a target printed.
    TargetOutput(String),
    /// After Ctrl-C, the program waits for the command of a target, up to this time limit.
    WaitingForCommand(Duration),
    /// A file in the directory chose the credential: the file and the server.
    FileChoice(String),
    /// An env file was given more variables than the one of the key.
    VariablesWritten(String),
    Warning(Warning),
    /// A secret that the log of a CI job must hide.
    MaskInLog(Secret),
}

/// The steps of a rotation, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RotationStep {
    Created,
    /// The service reports no additional rights of the new token.
    Compared,
    /// The service accepted the new token.
    Verified,
    Written,
    Revoked,
}

impl RotationStep {
    pub fn description(self) -> &'static str {
        match self {
            Self::Created => "Created the new token",
            Self::Compared => "Compared the rights and the expiry of the two tokens",
            Self::Verified => "Verified the new token with a request",
            Self::Written => "Wrote the new token to its targets",
            Self::Revoked => "Revoked the old token",
        }
    }
}

impl Context {
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Where `.env` and `.brainmaps.toml` are searched. Skipped files are reported as warnings.
    pub(super) fn search_scope(&self) -> SearchScope<'_> {
        SearchScope::new(&self.directory, self.environment.home())
            .on_skip(|skipped| self.warn(skipped.to_string()))
    }

    /// Reads the `wanted` variables from the nearest `.env`.
    pub(super) fn read_dotenv(&self, wanted: &[&str]) -> Result<Option<DotEnv>, DotEnvError> {
        self.dotenv.read_nearest(&self.search_scope(), wanted)
    }

    pub fn emit(&self, event: &Event) {
        (self.events)(event);
    }

    /// Runs `work` so that Ctrl-C waits for it. After Ctrl-C, the caller is not resumed: a failure is reported as a warning.
    pub(super) async fn protect<T>(
        &self,
        work: impl Future<Output = Result<T, ActionError>>,
    ) -> Result<T, ActionError> {
        let reported = async {
            let done = work.await;
            if let Err(error) = &done {
                self.warn_if_interrupted(error);
            }
            done
        };
        self.shutdown_guard.protect(reported).await
    }

    /// Reports a failure of protected work after Ctrl-C.
    pub(super) fn warn_if_interrupted(&self, error: &ActionError) {
        if self.shutdown_guard.has_begun() {
            self.warn(error_line(error));
        }
    }

    /// Emits a warning once per command.
    pub fn warn(&self, warning: impl Into<Warning>) {
        let warning = warning.into();
        self.warn_once(&warning.text.clone(), warning);
    }

    /// As [`Context::warn`], once for all warnings with the same key `what`.
    pub(crate) fn warn_once(&self, what: &str, warning: impl Into<Warning>) {
        self.emit_once(what, &Event::Warning(warning.into()));
    }

    /// Emits `event` unless one with the same key `what` was emitted.
    pub(super) fn emit_once(&self, what: &str, event: &Event) {
        let mut reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
        if reported.insert(what.to_owned()) {
            self.emit(event);
        }
    }
}
