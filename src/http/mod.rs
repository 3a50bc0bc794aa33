//! HTTP requests and responses: the [`Transport`] trait (network or in process), the origin check, retry as a pure
//! function, redaction and the wire log.
//!
//! It never follows a redirect with a credential or a body, never uses plain http off loopback, never shows a body, a
//! query string or a credential, and contains no code for a particular service.

mod challenge;
mod client;
mod content_encoding;
mod echoed_forms;
mod error;
#[cfg(feature = "sandbox")]
mod in_process;
mod limits;
mod link_header;
mod network;
mod permitted_target;
mod redact_echo;
mod request;
mod request_binding;
mod request_body;
mod response;
pub mod retry;
mod secret_scanner;
mod server_clock;
mod streamed_exchange;
mod streamed_response;
#[cfg(test)]
pub(crate) mod testing;
mod transport;
mod wire_log;

pub use ::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

pub use challenge::{Challenge, challenges};
pub use client::Client;
pub use error::{ConnectFailure, HttpError, TimeoutPhase, TlsFailure, redact_url};
#[cfg(feature = "sandbox")]
pub use in_process::InProcess;
pub use limits::{BODY_LIMIT, CONNECT_TIMEOUT, EXCHANGE_TIMEOUT, ResponseLimits};
pub use link_header::next_link;
pub use network::{NamedPath, Network, NetworkOptions, Proxy, SystemAuthorities};
pub use request::Request;
pub use request_body::{RequestBody, StreamBody};
pub use response::Response;
pub use secret_scanner::SecretScanner;
pub use streamed_response::{BodyStream, StreamedResponse};
pub use transport::Transport;
pub use wire_log::WireLog;
