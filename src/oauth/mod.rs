//! OAuth2 for a public client: discovery (RFC 8414), the device grant (RFC 8628) with PKCE (RFC 7636), refresh
//! (RFC 6749 §6), revocation (RFC 7009).
//!
//! It owns what goes to and comes from an authorization server. It never shows or keeps an answer's body, knows no
//! service's own JSON and stores nothing. The requests are our own, over the `oauth2` crate's types: that crate's
//! polling hides why nothing came, its revocation refuses loopback, and its errors carry bodies.

mod device;
mod error;
mod form_request;
mod json_fields;
mod metadata;
mod poll_loop;
pub mod poll_state;
mod refresh;
mod revoke;
#[cfg(test)]
mod tests;
mod token_response;
mod verified_server;

pub use device::{DeviceAuthorization, DeviceClient};
pub use error::OauthError;
pub use metadata::{Metadata, discover};
pub use poll_loop::PollEvent;
pub use refresh::refresh;
pub use revoke::{TokenHint, revoke};
pub use token_response::TokenResponse;
pub use verified_server::VerifiedServer;
