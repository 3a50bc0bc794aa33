//! Request bodies of any size: bytes or a stream. A retry requires a body that can be sent again.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt};
use http_body::{Frame, SizeHint};

use super::{BODY_LIMIT, HttpError, Request, redact_url};

type Source = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// The body of a request for [`super::Client::open`].
pub enum RequestBody {
    /// Bytes, which a retry sends again. Empty bytes mean the body of the [`Request`] itself.
    Bytes(Bytes),
    /// A stream, which is sent while it is read.
    Stream(StreamBody),
}

/// A stream of bytes, with its length if that is known. Without a length it is sent in chunks (RFC 9112 §7.1).
pub struct StreamBody {
    source: Source,
    length: Option<u64>,
    reopen: Option<Arc<Reopen>>,
}

/// Opens a stream again, from its beginning.
type Reopen = dyn Fn() -> Source + Send + Sync;

impl RequestBody {
    pub fn none() -> Self {
        Self::Bytes(Bytes::new())
    }

    /// Creates a body that is sent while `source` produces it. A source that ends before or after `length` fails the request.
    pub fn stream<E: Into<io::Error> + 'static>(
        source: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
        length: Option<u64>,
    ) -> Self {
        Self::Stream(StreamBody {
            source: Box::pin(source.map_err(Into::into)),
            length,
            reopen: None,
        })
    }

    /// Creates a body from a source that can be read more than once, such as a file. `open` returns it from its beginning.
    pub fn repeatable<S>(open: impl Fn() -> S + Send + Sync + 'static, length: Option<u64>) -> Self
    where
        S: Stream<Item = io::Result<Bytes>> + Send + 'static,
    {
        let reopen: Arc<Reopen> = Arc::new(move || Box::pin(open()));
        Self::Stream(StreamBody {
            source: reopen(),
            length,
            reopen: Some(reopen),
        })
    }

    /// Returns a copy to send again; `None` for a stream that can be read only once.
    pub fn try_clone(&self) -> Option<Self> {
        match self {
            Self::Bytes(bytes) => Some(Self::Bytes(bytes.clone())),
            Self::Stream(body) => {
                let reopen = body.reopen.as_ref()?;
                Some(Self::Stream(StreamBody {
                    source: reopen(),
                    length: body.length,
                    reopen: Some(Arc::clone(reopen)),
                }))
            }
        }
    }

    /// Returns the length, if it is known.
    pub fn length(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::Stream(body) => body.length,
        }
    }

    /// Replaces empty bytes by the body of `request`.
    pub(super) fn or_body_of(self, request: &Request) -> Self {
        match self {
            Self::Bytes(bytes) if bytes.is_empty() => {
                Self::Bytes(Bytes::copy_from_slice(request.body()))
            }
            other => other,
        }
    }

    /// Reads the whole body, at most [`BODY_LIMIT`] bytes of a stream.
    pub(super) async fn read_all(self, request: &Request) -> Result<Bytes, HttpError> {
        let mut source = match self {
            Self::Bytes(bytes) => return Ok(bytes),
            Self::Stream(body) => body.source,
        };
        let mut whole = Vec::new();
        while let Some(chunk) = source.next().await {
            let chunk = chunk.map_err(|error| source_error(request, &error.to_string()))?;
            if whole.len() + chunk.len() > BODY_LIMIT {
                return Err(source_error(request, "the body is too large"));
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.into())
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "RequestBody({} bytes)", bytes.len()),
            Self::Stream(body) => write!(f, "RequestBody(stream, length {:?})", body.length),
        }
    }
}

/// The progress of an upload, shared with the connection that sends it.
#[derive(Default)]
pub(super) struct UploadProgress {
    chunks: AtomicU64,
    is_source_pending: AtomicBool,
    source_error: Mutex<Option<String>>,
}

impl UploadProgress {
    /// Returns the number of chunks that were taken from the source.
    pub(super) fn chunks(&self) -> u64 {
        self.chunks.load(Ordering::Relaxed)
    }

    /// Returns true if the connection waits for the source, so that a silent server is not late.
    pub(super) fn is_source_pending(&self) -> bool {
        self.is_source_pending.load(Ordering::Relaxed)
    }

    /// Returns the error of the source, if that ended the upload.
    pub(super) fn source_error(&self, request: &Request) -> Option<HttpError> {
        let error = self.source_error.lock();
        let cause = error.unwrap_or_else(PoisonError::into_inner).take()?;
        Some(source_error(request, &cause))
    }
}

fn source_error(request: &Request, cause: &str) -> HttpError {
    HttpError::RequestBody {
        url: redact_url(request.url()),
        cause: crate::domain::sanitize_line(cause),
    }
}

/// A [`StreamBody`] that reports its progress. The mutex is never locked; it makes the stream `Sync`.
pub(super) struct MeteredBody {
    source: Mutex<Source>,
    remaining: Option<u64>,
    progress: Arc<UploadProgress>,
}

impl MeteredBody {
    pub(super) fn new(body: StreamBody, progress: Arc<UploadProgress>) -> Self {
        Self {
            source: Mutex::new(body.source),
            remaining: body.length,
            progress,
        }
    }

    fn fail(&self, error: io::Error) -> io::Error {
        let slot = self.progress.source_error.lock();
        *slot.unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
        error
    }

    /// Checks the announced length against a chunk, or against the end.
    fn count(&mut self, chunk: Option<&Bytes>) -> io::Result<()> {
        let Some(remaining) = self.remaining else {
            return Ok(());
        };
        let taken = chunk.map_or(0, |chunk| chunk.len() as u64);
        let rest = remaining.checked_sub(taken);
        self.remaining = Some(rest.unwrap_or(0));
        match (chunk, rest) {
            (Some(_), Some(_)) | (None, Some(0)) => Ok(()),
            (Some(_), None) => Err(io::Error::other("it became longer while it was sent")),
            (None, _) => Err(io::Error::other("it became shorter while it was sent")),
        }
    }
}

impl http_body::Body for MeteredBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = self.get_mut();
        this.progress
            .is_source_pending
            .store(true, Ordering::Relaxed);
        let source = this.source.get_mut();
        let source = source.unwrap_or_else(PoisonError::into_inner);
        let next = ready!(source.as_mut().poll_next(context));
        this.progress
            .is_source_pending
            .store(false, Ordering::Relaxed);
        this.progress.chunks.fetch_add(1, Ordering::Relaxed);
        let checked = match next {
            Some(Ok(chunk)) => this.count(Some(&chunk)).map(|()| Some(chunk)),
            Some(Err(error)) => Err(error),
            None => this.count(None).map(|()| None),
        };
        Poll::Ready(match checked {
            Ok(chunk) => chunk.map(|chunk| Ok(Frame::data(chunk))),
            Err(error) => Some(Err(this.fail(error))),
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.remaining
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
