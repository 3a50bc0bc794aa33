//! Stand-in services for development, demonstrations and tests: real enforcement, invented data, no outside network.
//!
//! Implements the server side of the protocols: an OAuth server ([`oauth`]: RFC 6749, 7009, 7636, 7662, 8414, 8628), the
//! page where a person approves or denies a sign-in ([`page`]), each service's own API (one folder each), and the SQLite
//! state that several processes may share ([`store`]).
//!
//! It is written from the services' documentation and depends on no other crate of this project: a type or a
//! parser shared with the client would make both repeat the same misreading, and no test would notice.
//!
//! To add a service, add a folder and a line in [`services`]. [`door`] handles what concerns every request.
//! [`fault`] injects faults into a served sandbox ([`serve()`]); the services are not aware of it.

mod account;
mod attempts;
mod base64url;
mod basic_memory;
mod basira;
mod brainmaps;
mod brainpercent;
mod conformance;
mod door;
mod error;
mod fault;
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
pub use conformance::{ClientError, Examination, Report, Row, Verdict, examine};
pub use error::SandboxError;
pub use fault::{
    FAULT_ENDPOINTS, FAULT_KINDS, Fault, FaultEndpoint, FaultError, FaultKind, Faults,
};
pub use secrets::{CANARY, CANARY_HEX, CANARY_JWT};
pub use serve::serve;
pub use settings::{Clock, Settings, State};

use oauth::{Decision, UserCode};
use store::{Millis, Store};

/// The stand-in services over one state. Clones share it; so do other processes, where the state is a file.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

struct Inner {
    settings: Settings,
    store: Store,
}

impl Sandbox {
    /// Opens the state, and makes it when there is none: the folder at 0700, the file at 0600, the demo accounts.
    ///
    /// # Errors
    /// When the file cannot be made or read, is no sandbox state, or is a symbolic link.
    pub fn open(settings: Settings) -> Result<Self, SandboxError> {
        let store = Store::open(&settings.state)?;
        Ok(Self(Arc::new(Inner { settings, store })))
    }

    /// Every service, for a server or for calls in process.
    pub fn router(&self) -> Router {
        door::guard(services::router(self), self)
    }

    /// The same with faults, for connections that can be broken.
    fn faulty_router(&self) -> Router {
        door::guard(fault::around(services::router(self), self), self)
    }

    /// Approves the request behind `user_code` for the demo account, as its owner would on the page. Case, hyphens and
    /// spaces do not matter.
    ///
    /// # Errors
    /// [`SandboxError::UnknownCode`], [`SandboxError::AlreadyDecided`], [`SandboxError::CodeExpired`], or the state.
    pub fn approve(&self, user_code: &str) -> Result<(), SandboxError> {
        self.decide(user_code, Decision::Approve(account::DEMO_ID))
    }

    /// Denies the request behind `user_code`.
    ///
    /// # Errors
    /// As [`Sandbox::approve`].
    pub fn deny(&self, user_code: &str) -> Result<(), SandboxError> {
        self.decide(user_code, Decision::Deny)
    }

    fn decide(&self, user_code: &str, decision: Decision) -> Result<(), SandboxError> {
        let code = UserCode::parse(user_code).ok_or(SandboxError::UnknownCode)?;
        self.write(|tx, now| oauth::decide(tx, now, &code, decision))
    }

    /// Forgets everything: every token, key, code and session of every service. The demo accounts stay.
    ///
    /// # Errors
    /// When the state cannot be written.
    pub fn reset(&self) -> Result<(), SandboxError> {
        self.0.store.reset()
    }

    fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Reads the state as it is now.
    fn read<T>(
        &self,
        work: impl FnOnce(&Connection, Millis) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        self.0.store.read(|connection| work(connection, self.now()))
    }

    /// Changes the state: `work` runs alone among all processes, wholly or (on `Err`) not at all. Its time is taken
    /// once it is alone, so that the order of events and the order of their times agree.
    fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>, Millis) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        self.0
            .store
            .write(|| self.now(), |transaction, now| work(transaction, now))
    }

    fn now(&self) -> Millis {
        fault::skewed((self.settings().clock)()).as_millisecond()
    }
}
