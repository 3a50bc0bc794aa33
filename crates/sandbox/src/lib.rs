//! Simulated services for development, demonstrations and tests: real enforcement, invented data, no outside network.
//!
//! Implements the server side of the protocols: an OAuth server ([`oauth`]: RFC 6749, 7009, 7636, 7662, 8414, 8628), the
//! page where a person approves or denies a sign-in ([`page`]), each service's own API (one folder each), and the SQLite
//! state that several processes may share ([`store`]).
//!
//! It is written from the services' documentation and depends on no other crate of this project: a type or a
//! parser shared with the client would make both repeat the same misreading, and no test would notice.
//!
//! To add a service, add a folder and a line in [`services`]. [`host_guard`] handles what concerns every request.
//! [`fault`] injects faults into a served sandbox ([`serve()`]); the services are not aware of it.

#![warn(missing_docs)]

mod account;
mod attempt_limit;
mod basic_memory;
mod basira;
mod brainmaps;
mod brainpercent;
mod conformance;
mod error;
mod fault;
mod host_guard;
mod json_body;
mod neuroio;
mod oauth;
mod page;
mod secrets;
mod serve;
mod services;
mod settings;
mod store;

use std::sync::Arc;

use axum::Router;
use rusqlite::{Connection, Transaction};

pub use account::{DEMO_EMAIL, DEMO_PASSWORD, MANAGER_EMAIL, UNPAID_EMAIL};
pub use basic_memory::CLIENT_ID as BASIC_MEMORY_CLIENT_ID;
pub use brainmaps::CLIENT_ID as BRAINMAPS_CLIENT_ID;
pub use conformance::{ClientError, ClientUnderTest, Report, RuleResult, Verdict, check_client};
pub use error::SandboxError;
pub use fault::{
    FAULT_ENDPOINTS, FAULT_KINDS, Fault, FaultEndpoint, FaultError, FaultKind, Faults,
};
pub use secrets::{CANARY, CANARY_HEX, CANARY_JWT};
pub use serve::serve;
pub use settings::{Clock, Settings, State};

use oauth::{Decision, UserCode};
use store::{Millis, Store};

/// The services over one state. Clones share the state, and so do other processes if it is a file.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

struct Inner {
    settings: Settings,
    store: Store,
}

impl Sandbox {
    /// Opens the state. Creates it if it is missing: the directory with mode 0700, the file with mode 0600, the demo accounts.
    ///
    /// # Errors
    /// Returns an error if the file cannot be created or read, is not a sandbox state, or is a symbolic link.
    pub fn open(settings: Settings) -> Result<Self, SandboxError> {
        let store = Store::open(&settings.state)?;
        Ok(Self(Arc::new(Inner { settings, store })))
    }

    /// Returns all services as one router, to be served or called in process.
    pub fn router(&self) -> Router {
        host_guard::wrap(services::router(self), self)
    }

    /// Adds fault injection. Needs connections that a fault can break, so it works under [`serve()`] only.
    fn faulty_router(&self) -> Router {
        host_guard::wrap(fault::wrap(services::router(self), self), self)
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

    fn decide(&self, user_code: &str, decision: Decision) -> Result<(), SandboxError> {
        let code = UserCode::parse(user_code).ok_or(SandboxError::UnknownCode)?;
        self.write(|tx, now| oauth::decide(tx, now, &code, decision))
    }

    /// Deletes every token, key, code and session of every service. Keeps the demo accounts.
    ///
    /// # Errors
    /// Returns an error if the state cannot be written.
    pub fn reset(&self) -> Result<(), SandboxError> {
        self.0.store.reset()
    }

    fn settings(&self) -> &Settings {
        &self.0.settings
    }

    fn read<T>(
        &self,
        work: impl FnOnce(&Connection, Millis) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        self.0.store.read(|connection| work(connection, self.now()))
    }

    /// Runs `work` in a transaction that excludes all other writers, and rolls back on `Err`. The time is read after the lock is
    /// taken, so that later writes have later times.
    fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>, Millis) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        self.0
            .store
            .write(|| self.now(), |transaction, now| work(transaction, now))
    }

    fn now(&self) -> Millis {
        fault::with_clock_offset((self.settings().clock)()).as_millisecond()
    }
}
