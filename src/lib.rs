//! `brainmaps` signs in to services, keeps their credentials valid for shells, scripts and CI jobs, and manages API
//! tokens.
//!
//! The public interface is [`cli::run`] with an [`Environment`]. The hidden modules are public only for the tests,
//! benchmarks and fuzz targets of this repository and may change in any release.
//!
//! The modules from the bottom up, each of which imports only from those before it: `domain` (values), `files` (opens
//! files that other users may have prepared), `provider` (the description of a service), `http` (transport), `oauth`
//! (RFC 8628 and related), `helper` (protocols of credential helpers), `proxy` (a
//! reverse proxy), `scan` (finds keys), `service` (a service's own API), `vault` (stored credentials), `host` (clock, environment,
//! terminal, paths), `actions` (use cases), `ui` (output), `cli` and `tui` (what a user sees). A test checks the imports.

#![warn(missing_docs)]

#[doc(hidden)]
pub mod actions;
pub mod cli;
#[doc(hidden)]
pub mod domain;
mod files;
#[doc(hidden)]
pub mod helper;
#[doc(hidden)]
pub mod host;
#[doc(hidden)]
pub mod http;
#[doc(hidden)]
pub mod oauth;
#[doc(hidden)]
pub mod provider;
#[doc(hidden)]
pub mod proxy;
#[cfg(feature = "scan")]
#[doc(hidden)]
pub mod scan;
#[cfg(feature = "sandbox")]
#[doc(hidden)]
pub use brainmaps_sandbox as sandbox;
#[doc(hidden)]
pub mod service;
#[cfg(feature = "tui")]
mod tui;
#[doc(hidden)]
pub mod ui;
#[doc(hidden)]
pub mod vault;

pub use host::Environment;
