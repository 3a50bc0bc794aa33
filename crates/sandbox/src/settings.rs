//! What whoever starts a sandbox may choose.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use super::Faults;

/// The time, as the sandbox sees it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Where the state lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// An SQLite file that several processes may use at once.
    File(PathBuf),
    /// In this process, gone with it.
    Memory,
}

/// How a sandbox behaves.
#[derive(Clone)]
pub struct Settings {
    /// Where the state lives.
    pub state: State,
    /// Its own address where a request names none, as in process.
    pub base_url: Url,
    /// The time.
    pub clock: Clock,
    /// Whether a device code is approved for the demo account the moment it is made.
    pub auto_approve: bool,
    /// The time between two polls (RFC 8628 §3.2), before any `slow_down`.
    pub interval: Duration,
    /// How long an OAuth access token lives.
    pub access_ttl: Duration,
    /// How long a refresh token lives, counted from its own issue.
    pub refresh_ttl: Duration,
    /// How long a device code lives.
    pub code_ttl: Duration,
    /// How long a BrainMaps session token lives without being used.
    pub session_idle_ttl: Duration,
    /// What goes wrong on purpose when it is served.
    pub faults: Faults,
}

const DAY: Duration = Duration::from_hours(24);

impl Settings {
    /// The usual behaviour: polls every 5 s, codes of 10 minutes, access tokens of an hour, refresh tokens of 30
    /// days, session tokens that survive 14 idle days, approval by a person, no faults.
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
            session_idle_ttl: 14 * DAY,
            faults: Faults::default(),
        }
    }
}
