//! What every use-case works with.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::actions::{Config, ShutdownGuard};
use crate::domain::{BaseUrl, ProfileName};
use crate::host::{Browser, Clock, Environment, SearchScope};
use crate::http;
use crate::provider::Catalog;
use crate::vault::Vault;

/// The outside world, the stores, and what the user chose for this command.
pub struct Context {
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// The user's browser.
    pub browser: Arc<dyn Browser>,
    /// The process environment, read once.
    pub environment: Environment,
    /// Where the search for `.env` begins.
    pub directory: PathBuf,
    /// The services there are.
    pub catalog: Catalog,
    /// The credentials at rest.
    pub vault: Vault,
    /// The user's settings.
    pub config: Config,
    /// The way to servers.
    pub http: http::Client,
    /// What the user chose for this command.
    pub options: GlobalOptions,
    /// Told what happens meanwhile.
    pub events: Box<dyn Fn(&Event) + Send + Sync>,
    /// Up while Ctrl-C has to wait.
    pub shutdown_guard: ShutdownGuard,
    /// The warnings that were told: each is told once, however often its cause is met.
    pub reported: Mutex<HashSet<String>>,
}

/// What the user chose for this command.
#[derive(Debug, Clone, Default)]
pub struct GlobalOptions {
    /// `--profile`, or its variable.
    pub profile: Option<ProfileName>,
    /// `--api-url`.
    pub api_url: Option<BaseUrl>,
    /// `--sandbox`, or its variable.
    pub sandbox: bool,
    /// Whether a sign-in may replace a stored credential of another server.
    pub replace: bool,
}

/// What happens while a use-case runs.
#[derive(Debug, Clone)]
#[expect(
    clippy::large_enum_variant,
    reason = "the large one is told once a login"
)]
pub enum Event {
    /// The user has something to do in a browser.
    DeviceCode {
        /// The code to type or compare.
        user_code: String,
        /// Where.
        verification_uri: Url,
        /// The same with the code in it, for a click or a QR code.
        verification_uri_complete: Option<Url>,
        /// How long the code lives.
        expires_in: Duration,
        /// Who will ask for consent: the client.
        client_id: String,
        /// The server that the user signs in to.
        issuer: String,
        /// What is asked for.
        scopes: String,
    },
    /// The browser was asked to open the page, or could not be.
    BrowserOpened(bool),
    /// The user has not decided yet.
    Waiting {
        /// How long the code still lives.
        remaining: Duration,
    },
    /// Something passing went wrong, and it goes on.
    Retrying {
        /// What it was.
        cause: String,
    },
    /// One of several steps is done.
    Progress {
        /// How many are.
        done: usize,
        /// Of how many.
        of: usize,
    },
    /// A step of a token's rotation is done.
    Rotation(RotationStep),
    /// A file in the directory chose the credential: one line that says which file, and for which server.
    FileChoice(String),
    /// Worth a warning.
    Warning(String),
}

/// The steps of a rotation, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RotationStep {
    /// The new token is made.
    Created,
    /// The service reports no wider rights about it than about the old one.
    Compared,
    /// The service took it.
    Verified,
    /// It stands where the old one stood.
    Written,
    /// The old token is over.
    Revoked,
}

impl RotationStep {
    /// The step as people read it.
    pub fn told(self) -> &'static str {
        match self {
            Self::Created => "created the new token",
            Self::Compared => {
                "compared: the service reports no wider rights and no longer lifetime"
            }
            Self::Verified => "verified the new token with a request",
            Self::Written => "it stands where the old one stood",
            Self::Revoked => "the old one is revoked",
        }
    }
}

impl Context {
    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Where `.env` and `.brainmaps.toml` are looked for. A file that is not used is a warning.
    pub(super) fn search_scope(&self) -> SearchScope<'_> {
        SearchScope::new(&self.directory, self.environment.home())
            .on_skip(|skipped| self.warn(skipped.to_string()))
    }

    /// Tells whoever listens.
    pub fn emit(&self, event: &Event) {
        (self.events)(event);
    }

    /// Tells a warning, unless it was told before.
    pub fn warn(&self, text: impl Into<String>) {
        let text = text.into();
        self.warn_once(&text.clone(), text);
    }

    /// Tells a warning about `what`, unless one was told before.
    pub(super) fn warn_once(&self, what: &str, text: String) {
        self.emit_once(what, &Event::Warning(text));
    }

    /// Reports `event` unless one was reported before for `what`.
    pub(super) fn emit_once(&self, what: &str, event: &Event) {
        let mut reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
        if reported.insert(what.to_owned()) {
            self.emit(event);
        }
    }
}
