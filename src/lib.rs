//! `brainmaps`: sign in once; every shell, script and CI job has a valid credential and full control of the tokens
//! behind it.
//!
//! The modules, from the ground up: [`domain`] (values) · [`files`] (the one way to open a file that others may have
//! prepared) · [`provider`] (what a service is, as data) · [`http`]
//! (transport) · [`oauth`] (RFC 8628 and its neighbours) · [`service`] (a service's own API) · [`vault`] (credentials
//! at rest) · [`host`] (the outside world) · [`actions`] (what a user can do) · [`ui`], [`cli`], [`tui`] (what a user
//! sees) · [`sandbox`] (stand-in services). Imports point down only; a test holds them to it.

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
