//! The [`Transport`] trait, and bodies that are being read.

use async_trait::async_trait;
use zeroize::Zeroizing;

use super::{HttpError, Request, RequestBody, Response, StreamedResponse, redact_url};

/// Performs one exchange without retries and redirects, within the [`ResponseLimits`](super::ResponseLimits) of its request.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends `request` and reads the whole response, whatever its status.
    ///
    /// # Errors
    /// [`HttpError`] if there is no complete response.
    async fn send(&self, request: &Request) -> Result<Response, HttpError>;

    /// Sends `request` with `body` in the place of its own, and returns the response as soon as its head arrives. Only a
    /// pause is limited, by [`EXCHANGE_TIMEOUT`](super::EXCHANGE_TIMEOUT), not the whole exchange. This implementation is for transports without
    /// streams: it reads both bodies completely.
    ///
    /// # Errors
    /// [`HttpError`] if there is no response.
    async fn open(
        &self,
        request: &Request,
        body: RequestBody,
    ) -> Result<StreamedResponse, HttpError> {
        let body = body.read_all(request).await?;
        let response = self.send(&request.clone().with_body(body.to_vec())).await?;
        Ok(StreamedResponse::from_buffered(request, response))
    }
}

/// A body that is being read, limited by its request and wiped on drop.
pub(super) struct Body(Zeroizing<Vec<u8>>);

impl Body {
    /// Creates an empty body with the announced capacity, so that it does not grow and leave copies of secrets in memory.
    pub(super) fn with_announced_length(
        length: Option<u64>,
        request: &Request,
    ) -> Result<Self, HttpError> {
        let length = length.map_or(Ok(4096), usize::try_from);
        match length {
            Ok(length) if length <= request.limits().body => {
                Ok(Self(Vec::with_capacity(length).into()))
            }
            _ => Err(too_large(request)),
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8], request: &Request) -> Result<(), HttpError> {
        if self.0.len() + bytes.len() > request.limits().body {
            return Err(too_large(request));
        }
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    pub(super) fn finish(self) -> Zeroizing<Vec<u8>> {
        self.0
    }
}

fn too_large(request: &Request) -> HttpError {
    HttpError::TooLarge {
        url: redact_url(request.url()),
        limit: request.limits().body,
    }
}
