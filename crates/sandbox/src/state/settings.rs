//! The configuration of a sandbox.

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::base::Clock;
use crate::fault::Faults;

/// The location of the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// An SQLite file, which several processes may use at the same time.
    File(PathBuf),
    /// In memory; lost when the process exits.
    Memory,
}

/// How a sandbox behaves.
#[derive(Clone)]
pub struct Settings {
    /// The location of the state.
    pub state: State,
    /// The origin used when a request names no host (calls in process).
    pub base_url: Url,
    /// The clock of all services.
    pub clock: Clock,
    /// Approves every device code for the demo account when it is issued.
    pub auto_approve: bool,
    /// The polling interval (RFC 8628 §3.2), before any `slow_down`.
    pub interval: Duration,
    /// Lifetime of OAuth access tokens.
    pub access_ttl: Duration,
    /// Lifetime of a refresh token, counted from when it was issued.
    pub refresh_ttl: Duration,
    /// Lifetime of device codes.
    pub code_ttl: Duration,
    /// Accepts pushed authorization requests only (RFC 9126 §4).
    pub require_par: bool,
    /// Redirect URIs of every client, in addition to the registered ones.
    pub redirect_uris: Vec<String>,
    /// Accepts every redirect URI on loopback, with any host name, port and path.
    pub any_loopback_redirect: bool,
    /// How long an unused BrainMaps session token stays valid.
    pub session_idle_ttl: Duration,
    /// Faults to inject when served.
    pub faults: Faults,
}

const DAY: Duration = Duration::from_hours(24);

impl Settings {
    /// Returns the defaults: polling every 5 s, device codes for 10 minutes, access tokens for 1 hour, refresh tokens for 30 days,
    /// session tokens for 14 idle days, approval by a person, no faults.
    pub fn new(state: State, base_url: Url, clock: Clock) -> Self {
        Self {
            state,
            base_url,
            clock,
            auto_approve: false,
            interval: Duration::from_secs(5),
            access_ttl: Duration::from_hours(1),
            refresh_ttl: 30 * DAY,
            code_ttl: Duration::from_mins(10),
            require_par: false,
            redirect_uris: Vec::new(),
            any_loopback_redirect: false,
            session_idle_ttl: 14 * DAY,
            faults: Faults::default(),
        }
    }
}
