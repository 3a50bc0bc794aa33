//! A response whose body is read while it arrives, in constant memory.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use ::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use ::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::response::is_complete_json;
use super::{
    BODY_LIMIT, EXCHANGE_TIMEOUT, HttpError, Request, Response, SecretScanner, TimeoutPhase,
    content_encoding, redact_url,
};
use crate::domain::Secret;

type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, HttpError>> + Send>>;

/// A response whose body has not been read. Secrets of the request are redacted in the headers, but not in the body: use
/// [`StreamedResponse::secret_scanner`], or [`StreamedResponse::buffer_up_to`] for a short body.
pub struct StreamedResponse {
    /// The status; a redirect is not followed.
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: BodyStream,
    echoable_secrets: Vec<Secret>,
    has_secret_in_headers: bool,
}

/// The body of a response. It has no size limit; a server that sends nothing for [`EXCHANGE_TIMEOUT`] fails it.
pub struct BodyStream {
    chunks: Chunks,
    url: String,
    status: StatusCode,
    idle_timeout: Option<Duration>,
}

impl StreamedResponse {
    pub(super) fn new(
        request: &Request,
        head: Response,
        chunks: impl Stream<Item = Result<Bytes, HttpError>> + Send + 'static,
    ) -> Self {
        Self {
            status: head.status,
            headers: head.headers,
            body: BodyStream {
                chunks: Box::pin(chunks),
                url: redact_url(request.url()),
                status: head.status,
                idle_timeout: Some(EXCHANGE_TIMEOUT),
            },
            echoable_secrets: Vec::new(),
            has_secret_in_headers: false,
        }
    }

    /// Creates the response from one that was read completely.
    pub(super) fn from_buffered(request: &Request, mut response: Response) -> Self {
        let body = Bytes::from(std::mem::take(&mut *response.body));
        Self::new(request, response, stream::iter([Ok(body)]))
    }

    /// Replaces the status, and the body by an empty one.
    pub(super) fn into_empty(mut self, status: StatusCode) -> Self {
        self.status = status;
        self.body.chunks = Box::pin(stream::empty());
        self
    }

    /// Returns the status and the headers as a response with an empty body.
    pub fn head(&self) -> Response {
        Response {
            status: self.status,
            headers: self.headers.clone(),
            body: Zeroizing::default(),
        }
    }

    /// Stores the secrets of `request` for the scanner, and redacts them in the headers.
    pub(super) fn redact_headers(mut self, request: &Request) -> Self {
        self.echoable_secrets = request.echoable_secrets().to_vec();
        let head = self.head().redact_secrets(&self.echoable_secrets, &[]);
        self.has_secret_in_headers = self.headers != head.headers;
        self.headers = head.headers;
        self
    }

    /// Returns true if a secret of the request was redacted in the headers.
    pub fn has_secret_in_headers(&self) -> bool {
        self.has_secret_in_headers
    }

    /// Returns a scanner for the secrets that the request contained.
    pub fn secret_scanner(&self) -> SecretScanner {
        SecretScanner::new(&self.echoable_secrets)
    }

    /// Reads the whole body and returns it, decoded and redacted as by [`StreamedResponse::buffer_up_to`]. The response can still be
    /// used: its body is the one that was returned, without `Content-Encoding`.
    ///
    /// # Errors
    /// As [`StreamedResponse::buffer_up_to`].
    pub async fn read_in_place(&mut self) -> Result<Response, HttpError> {
        let whole = self.decode_in_place(BODY_LIMIT).await?;
        let whole = self.redacted(whole);
        self.set_body(&whole.body);
        Ok(whole)
    }

    /// As [`StreamedResponse::read_in_place`] if the body has at most `limit` bytes, else returns `None`, also if it is lost on
    /// the way: the response can be used as before.
    ///
    /// # Errors
    /// As [`StreamedResponse::buffer_up_to`].
    pub async fn read_short_in_place(
        &mut self,
        limit: usize,
    ) -> Result<Option<Response>, HttpError> {
        let (mut beginning, mut length) = (Vec::new(), 0);
        let is_whole = loop {
            match self.body.chunk().await {
                Ok(None) => break true,
                Ok(Some(chunk)) => {
                    length += chunk.len();
                    beginning.push(Ok(chunk));
                }
                Err(error) => {
                    beginning.push(Err(error));
                    break false;
                }
            }
            if length > limit {
                break false;
            }
        };
        let rest = std::mem::replace(&mut self.body.chunks, Box::pin(stream::empty()));
        self.body.chunks = Box::pin(stream::iter(beginning).chain(rest));
        if !is_whole {
            return Ok(None);
        }
        self.read_in_place().await.map(Some)
    }

    /// As [`StreamedResponse::read_in_place`] without redaction, for a body of at most `limit` bytes.
    ///
    /// # Errors
    /// As [`StreamedResponse::buffer_up_to`].
    pub async fn decode_in_place(&mut self, limit: usize) -> Result<Response, HttpError> {
        let empty = BodyStream {
            chunks: Box::pin(stream::empty()),
            url: self.body.url.clone(),
            ..self.body
        };
        let body = std::mem::replace(&mut self.body, empty);
        let whole = body.decode_up_to(self.head(), limit).await?;
        self.set_body(&whole.body);
        Ok(whole)
    }

    /// Redacts the secrets of the request in `response`, which was read from this one.
    pub fn redacted(&self, response: Response) -> Response {
        response.redact_secrets(&self.echoable_secrets, &[])
    }

    fn set_body(&mut self, body: &[u8]) {
        self.headers.remove(CONTENT_ENCODING);
        self.headers.insert(CONTENT_LENGTH, body.len().into());
        let bytes = Bytes::copy_from_slice(body);
        self.body.chunks = Box::pin(stream::iter([Ok(bytes)]));
    }

    /// Reads the body, decodes it and redacts the secrets of the request, as [`super::Client::send`] does.
    ///
    /// # Errors
    /// [`HttpError::TooLarge`] above `limit`, and errors of the connection and the encoding.
    pub async fn buffer_up_to(self, limit: usize) -> Result<Response, HttpError> {
        let head = self.head();
        let whole = self.body.decode_up_to(head, limit).await?;
        Ok(whole.redact_secrets(&self.echoable_secrets, &[]))
    }
}

impl BodyStream {
    /// Reads and decodes the whole body of the response with this `head`.
    async fn decode_up_to(
        mut self,
        mut head: Response,
        limit: usize,
    ) -> Result<Response, HttpError> {
        let mut body = Zeroizing::new(Vec::new());
        let failure = loop {
            match self.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > limit => {
                    return Err(HttpError::TooLarge {
                        url: self.url,
                        limit,
                    });
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        let decoded = content_encoding::decode_body(body, &head.headers, &self.url, limit);
        head.body = match (decoded, failure) {
            // Without a close_notify, or with a wrong length, the body may still be whole.
            (Ok(body), Some(failure)) if !is_complete_json(&body) => return Err(failure),
            (Err(_), Some(failure)) => return Err(failure),
            (body, _) => body?,
        };
        Ok(head)
    }

    /// Returns the next bytes as they arrive; `None` at the end.
    ///
    /// # Errors
    /// [`HttpError::Timeout`] if nothing arrives for the idle timeout, [`HttpError::Interrupted`] if the connection is lost.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, HttpError> {
        let next = self.chunks.next();
        let next = match self.idle_timeout {
            Some(limit) => timeout(limit, next).await.map_err(|_| HttpError::Timeout {
                url: self.url.clone(),
                stage: TimeoutPhase::Reading(self.status),
            })?,
            None => next.await,
        };
        next.transpose()
    }

    /// Sets how long the server may send nothing; `None` for event streams, which may be silent for hours.
    pub fn set_idle_timeout(&mut self, limit: Option<Duration>) {
        self.idle_timeout = limit;
    }
}

impl fmt::Debug for StreamedResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamedResponse")
            .field("status", &self.status)
            .field("headers", &self.headers.len())
            .finish_non_exhaustive()
    }
}
