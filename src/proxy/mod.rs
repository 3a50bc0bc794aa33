//! A reverse proxy on loopback or on a Unix socket: programs send requests without a credential, and the service receives
//! them with one.
//!
//! The pure parts decide: which requests are accepted (`check`, `path`, `rule`) and which headers are passed on
//! (`headers`, `location`). `server` and `gateway` move bytes, in constant memory. An [`Upstream`] adds the credential.
//!
//! This module does not select or refresh a credential, follows no redirect, and sends requests only to the base URL of
//! its [`Settings`] and below.

mod audit;
mod check;
mod endpoint;
mod gateway;
mod headers;
mod listen;
mod location;
mod path;
mod rejection;
mod response;
mod rule;
mod server;
mod unix_socket;

pub use audit::{AuditSink, RequestRecord};
pub use endpoint::SecretSegment;
pub use gateway::{Settings, Upstream};
pub use listen::{ListenAddress, ListenError, Listener};
pub use rejection::Rejection;
pub use rule::AllowRule;
pub use server::serve;
pub use unix_socket::SocketError;
