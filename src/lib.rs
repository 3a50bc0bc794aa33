//! `brainmaps` signs in to services, keeps their credentials valid for shells, scripts and CI jobs, and manages API
//! tokens.
//!
//! The modules from the lowest layer up: [`domain`] (values) · [`files`] (opens files that other users may have
//! prepared) · [`provider`] (descriptions of services) · [`http`] (transport) · [`oauth`] (RFC 8628 and related
//! standards) · [`service`] (a service's own API) · [`vault`] (stored credentials) · [`host`] (operating system) ·
//! [`actions`] (use cases) · [`ui`], [`cli`], [`tui`] (user interfaces) · [`sandbox`] (sandbox services). A module
//! imports only from lower layers; a test checks this.

pub mod actions;
pub mod cli;
pub mod domain;
pub mod files;
pub mod host;
pub mod http;
pub mod oauth;
pub mod provider;
#[cfg(feature = "sandbox")]
pub use brainmaps_sandbox as sandbox;
pub mod service;
#[cfg(feature = "tui")]
pub mod tui;
pub mod ui;
pub mod vault;
