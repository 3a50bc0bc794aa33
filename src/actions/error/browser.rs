//! Errors of a browser login.

use std::io;

use crate::oauth::OauthError;

#[derive(Debug, thiserror::Error)]
pub enum BrowserLoginError {
    #[error("cannot listen on {address} for the browser's response")]
    Listen { address: String, source: io::Error },
    /// The server refuses the device flow to this client, but has an authorization endpoint.
    #[error("the server refuses the device flow to this client")]
    DeviceFlowRefused(#[source] OauthError),
}
