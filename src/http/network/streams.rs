//! Bodies that are transferred in pieces: requests to reqwest, and responses from it.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::super::request_body::{MeteredBody, UploadProgress};
use super::super::{Request, RequestBody, Response, StreamedResponse};
use super::{NetworkOptions, classify, with_status};

/// Converts a body; `None` if it is empty.
pub(super) fn to_reqwest_body(
    body: RequestBody,
    progress: &Arc<UploadProgress>,
) -> Option<reqwest::Body> {
    match body {
        RequestBody::Bytes(bytes) => (!bytes.is_empty()).then(|| bytes.into()),
        RequestBody::Stream(body) => {
            let body = MeteredBody::new(body, Arc::clone(progress));
            Some(reqwest::Body::wrap(body))
        }
    }
}

/// Waits for the head of the response. Returns `None` if the server neither takes bytes of the request nor responds for
/// `limit`; an upload as a whole may take any time.
pub(super) async fn wait_for_head<T>(
    exchange: impl Future<Output = T>,
    progress: &UploadProgress,
    limit: Duration,
) -> Option<T> {
    let mut exchange = pin!(exchange);
    loop {
        let before = progress.chunks();
        match timeout(limit, &mut exchange).await {
            Ok(result) => return Some(result),
            Err(_) if progress.is_source_pending() || progress.chunks() != before => {}
            Err(_) => return None,
        }
    }
}

/// Converts a response whose body has not been read.
pub(super) fn to_streamed_response(
    mut response: reqwest::Response,
    request: &Request,
    options: &Arc<NetworkOptions>,
) -> StreamedResponse {
    let head = Response {
        status: response.status(),
        headers: std::mem::take(response.headers_mut()),
        body: Zeroizing::default(),
    };
    let (url, options, status) = (request.url().clone(), Arc::clone(options), head.status);
    let chunks = stream::try_unfold(response, move |mut response| {
        let (url, options) = (url.clone(), Arc::clone(&options));
        async move {
            let chunk = response.chunk().await.map_err(|error| {
                with_status(classify::classify_error(&error, &url, &options), status)
            })?;
            Ok(chunk.map(|chunk| (chunk, response)))
        }
    });
    StreamedResponse::new(request, head, chunks)
}
