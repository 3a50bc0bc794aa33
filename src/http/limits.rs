//! The limits of an exchange.

use std::time::Duration;

/// The maximum length of a response body, in bytes. No service sends a tenth of it; a captive portal may.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// The time limit for a connection, including name lookup and TLS handshake.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The time limit for one exchange, from its start to the last byte of the response.
pub const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResponseLimits {
    /// From the start of the exchange to the last byte of the response.
    pub time: Duration,
    /// The maximum length of the body, in bytes.
    pub body: usize,
}

impl Default for ResponseLimits {
    fn default() -> Self {
        Self {
            time: EXCHANGE_TIMEOUT,
            body: BODY_LIMIT,
        }
    }
}
