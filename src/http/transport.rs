//! The seam between what is asked and how it travels.

use std::time::Duration;

use async_trait::async_trait;
use zeroize::Zeroizing;

use super::{HttpError, Request, Response, redact_url};

/// The most that is read of an answer's body, in bytes. No service answers a tenth of it; a captive portal may.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// How long a connection may take, name lookup and TLS handshake included.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long one exchange may take from its beginning to the last byte of the answer, however it drips.
pub const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(30);

/// One exchange: no retry, no redirect, at most [`EXCHANGE_TIMEOUT`] and [`BODY_LIMIT`].
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends `request` and reads the whole answer.
    ///
    /// # Errors
    /// [`HttpError`] when there is no whole answer; any status is an answer.
    async fn send(&self, request: &Request) -> Result<Response, HttpError>;
}

/// A body being read, held below [`BODY_LIMIT`] and wiped on drop.
pub(super) struct Body(Zeroizing<Vec<u8>>);

impl Body {
    /// An empty body with room for the announced length, so that no copy of a secret stays behind when it grows.
    pub(super) fn with_announced_length(
        length: Option<u64>,
        request: &Request,
    ) -> Result<Self, HttpError> {
        let length = length.map_or(Ok(4096), usize::try_from);
        match length {
            Ok(length) if length <= BODY_LIMIT => Ok(Self(Vec::with_capacity(length).into())),
            _ => Err(too_large(request)),
        }
    }

    /// Adds what came.
    pub(super) fn push(&mut self, bytes: &[u8], request: &Request) -> Result<(), HttpError> {
        if self.0.len() + bytes.len() > BODY_LIMIT {
            return Err(too_large(request));
        }
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    /// What was read.
    pub(super) fn finish(self) -> Zeroizing<Vec<u8>> {
        self.0
    }
}

fn too_large(request: &Request) -> HttpError {
    HttpError::TooLarge {
        url: redact_url(request.url()),
    }
}
