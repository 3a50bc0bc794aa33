//! OAuth2 for a public client: discovery (RFC 8414), the device grant (RFC 8628) with PKCE (RFC 7636), refresh
//! (RFC 6749 §6), revocation (RFC 7009).
//!
//! It owns what goes to and comes from an authorization server. It never shows or keeps an answer's body, knows no
//! service's own JSON and stores nothing. The requests are our own, over the `oauth2` crate's types: that crate's
//! polling hides why nothing came, its revocation refuses loopback, and its errors carry bodies.

mod device;
mod endpoint;
mod error;
mod grant;
mod lenient;
mod metadata;
pub mod poll;
mod refresh;
mod revoke;
mod server;
#[cfg(test)]
mod tests;
mod wait;

pub use device::{DeviceAuthorization, DeviceClient};
pub use error::OauthError;
pub use grant::Grant;
pub use metadata::{Metadata, discover};
pub use refresh::refresh;
pub use revoke::{TokenHint, revoke};
pub use server::AuthorizationServer;
pub use wait::PollEvent;
