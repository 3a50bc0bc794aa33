//! The outside world, each part replaceable: clock, browser, environment, `.env`, project file, paths, signals,
//! terminal.
//!
//! This room reports what is there and does what it is told. It decides nothing: which credential wins, whether a
//! browser is opened and what is printed is said elsewhere. It imports `domain` and `files`.

mod browser;
mod clock;
pub mod dotenv;
mod environment;
mod git;
mod hardening;
mod paths;
pub mod project;
mod search;
mod signals;
mod terminal;

pub use browser::{Browser, BrowserError, NoBrowser, SystemBrowser};
pub use clock::{Clock, SystemClock};
pub use dotenv::{DotEnv, DotEnvError};
pub use environment::Environment;
pub use git::is_unignored;
pub use hardening::disable_core_dumps_and_ptrace;
pub use paths::{NoHome, Paths};
pub use project::{Project, ProjectBinding, ProjectError};
pub use search::{SearchScope, SkippedFile};
pub use signals::{ContinueSignals, fatal_signal, ignore_sigxfsz, shutdown_signal};
pub use terminal::{Terminal, stdout_is_open};
