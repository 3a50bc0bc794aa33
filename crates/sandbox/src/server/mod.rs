//! Combines the services into one server.

mod landing;
mod serve;
mod services;

use axum::{Router, middleware};

use crate::base::SandboxError;
use crate::fault::Injector;
use crate::oauth::{self, Decision, UserCode};
use crate::state::{Sandbox, Settings, account};
use crate::web::host_guard;

pub use serve::serve;
pub(crate) use serve::serve_router;

impl Sandbox {
    /// Opens the state. Creates it if it is missing: the directory with mode 0700, the file with mode 0600, the demo accounts.
    ///
    /// # Errors
    /// Returns an error if the file cannot be created or read, is not a sandbox state, or is a symbolic link.
    pub fn open(settings: Settings) -> Result<Self, SandboxError> {
        Self::with_schema(settings, services::schema())
    }

    /// Returns all services as one router, to be served or called in process.
    pub fn router(&self) -> Router {
        host_guard::wrap(self.routes(), self)
    }

    /// Adds fault injection. Needs connections that a fault can break, so it works under [`serve()`] only.
    pub(crate) fn faulty_router(&self) -> Router {
        let injector = Injector {
            faults: self.settings().faults.clone(),
            clock: self.settings().clock.clone(),
        };
        host_guard::wrap(injector.wrap(self.routes()), self)
    }

    /// Returns the services, and the page that lists them.
    fn routes(&self) -> Router {
        services::router(self).layer(middleware::from_fn(landing::show_to_browsers))
    }

    /// Approves the sign-in with `user_code` for the demo account, as a person does on the page. Case, hyphens and spaces are
    /// ignored.
    ///
    /// # Errors
    /// [`SandboxError::UnknownCode`], [`SandboxError::AlreadyDecided`], [`SandboxError::CodeExpired`], or an error of the state.
    pub fn approve(&self, user_code: &str) -> Result<(), SandboxError> {
        self.decide(user_code, Decision::Approve(account::DEMO_ID))
    }

    /// Denies the sign-in with `user_code`.
    ///
    /// # Errors
    /// The same as [`Sandbox::approve`].
    pub fn deny(&self, user_code: &str) -> Result<(), SandboxError> {
        self.decide(user_code, Decision::Deny)
    }

    /// Returns the user codes of sign-ins that wait for a decision.
    ///
    /// # Errors
    /// Returns an error if the state cannot be read.
    pub fn pending_codes(&self) -> Result<Vec<String>, SandboxError> {
        self.read(oauth::pending_codes)
    }

    fn decide(&self, user_code: &str, decision: Decision) -> Result<(), SandboxError> {
        let code = UserCode::parse(user_code).ok_or(SandboxError::UnknownCode)?;
        self.write(|tx, now| oauth::decide(tx, now, &code, decision))
    }
}
