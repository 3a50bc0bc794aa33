//! Builds the response for the client: the service's response without the headers of the proxy's own connection, or a response
//! of the proxy itself.
//!
//! The client must not receive the credential: a response that contains it is replaced, or cut if it has begun.

use std::io;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::Frame;
use hyper::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue,
    LOCATION,
};
use hyper::{HeaderMap, Method, Response, StatusCode};
use url::Url;

use super::audit::OpenRecord;
use super::headers::headers_for_client;
use super::location::client_location;
use super::rejection::Rejection;
use crate::domain::{BaseUrl, Secret};
use crate::http::{BODY_LIMIT, BodyStream, HttpError, SecretScanner, StreamedResponse};

/// A body of at most this announced length, in bytes, is checked before its response begins.
const MAX_CHECKED_BODY: u64 = 64 * 1024;

const REFERRER_POLICY: HeaderName = HeaderName::from_static("referrer-policy");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
/// The URL has the secret path, which a browser would send to the servers that a page links to.
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");

pub(super) type ClientBody = UnsyncBoxBody<Bytes, io::Error>;

/// A response of the service, before its body is read.
pub(super) struct ServiceResponse {
    pub(super) response: StreamedResponse,
    pub(super) requested: Url,
    pub(super) method: Method,
    pub(super) base: BaseUrl,
    pub(super) proxy_path: Secret,
}

/// The body of a response, checked for secrets while it arrives.
struct ScannedBody {
    body: BodyStream,
    scanner: SecretScanner,
    is_finished: bool,
}

/// A response that may be passed on.
struct CheckedResponse {
    status: StatusCode,
    headers: HeaderMap,
    body: CheckedBody,
}

enum CheckedBody {
    /// Without a body, or checked completely.
    Whole(Bytes),
    /// Checked while it is passed on.
    Stream(ScannedBody),
}

impl ServiceResponse {
    pub(super) async fn into_client_response(self, mut record: OpenRecord) -> Response<ClientBody> {
        match self.check().await {
            Err(rejection) => rejection_response(&rejection, record),
            Ok(CheckedResponse {
                status,
                headers,
                body,
            }) => {
                record.set_status(status);
                let body = match body {
                    CheckedBody::Whole(bytes) => whole_body(bytes, record),
                    CheckedBody::Stream(body) => body.into_client_body(record),
                };
                response(status, headers, body)
            }
        }
    }

    /// Checks the headers, and the body if it is short or compressed.
    async fn check(self) -> Result<CheckedResponse, Rejection> {
        if self.response.has_secret_in_headers() {
            return Err(leaked_credential_rejection());
        }
        let (status, mut headers) = (self.response.status, self.client_headers());
        let length = self.response.headers.get(CONTENT_LENGTH).cloned();
        let is_short = length.as_ref().is_some_and(is_short);
        if status.is_informational() {
            let message = "the service switched to another protocol, which was not requested";
            return Err(Rejection::bad_gateway("FAILED", message));
        }
        if self.method == Method::HEAD || has_no_body(status) {
            let length = length.filter(|_| self.method == Method::HEAD);
            headers.extend(length.map(|length| (CONTENT_LENGTH, length)));
            return Ok(CheckedResponse {
                status,
                headers,
                body: CheckedBody::Whole(Bytes::new()),
            });
        }
        let body = if is_compressed(&self.response.headers) {
            headers.remove(CONTENT_ENCODING);
            CheckedBody::Whole(read_compressed(self.response).await?)
        } else if is_short {
            CheckedBody::Whole(ScannedBody::new(self.response).read_all().await?)
        } else {
            headers.extend(length.map(|length| (CONTENT_LENGTH, length)));
            CheckedBody::Stream(ScannedBody::new(self.response))
        };
        Ok(CheckedResponse {
            status,
            headers,
            body,
        })
    }

    fn client_headers(&self) -> HeaderMap {
        let mut headers = headers_for_client(&self.response.headers);
        headers.insert(REFERRER_POLICY, NO_REFERRER);
        if let Some(location) = headers.remove(LOCATION) {
            let (base, path) = (&self.base, &self.proxy_path);
            let location = client_location(&location, &self.requested, base, path);
            headers.extend(location.map(|location| (LOCATION, location)));
        }
        headers
    }
}

fn is_short(length: &HeaderValue) -> bool {
    let length = length
        .to_str()
        .ok()
        .and_then(|text| text.parse::<u64>().ok());
    length.is_some_and(|length| length <= MAX_CHECKED_BODY)
}

fn has_no_body(status: StatusCode) -> bool {
    matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}

fn is_compressed(headers: &HeaderMap) -> bool {
    let mut encodings = headers.get_all(CONTENT_ENCODING).iter();
    encodings.any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// Decompresses and checks the whole body. Some servers compress although the request accepts only `identity`.
async fn read_compressed(mut response: StreamedResponse) -> Result<Bytes, Rejection> {
    let mut encodings = response.headers.get_all(CONTENT_ENCODING).iter();
    let encoding = encodings.next().filter(|_| encodings.next().is_none());
    if !encoding.is_some_and(is_readable) {
        let message = "the response has a content encoding that cannot be checked";
        return Err(Rejection::bad_gateway("FAILED", message));
    }
    let decoded = response.decode_in_place(BODY_LIMIT).await;
    decoded.map_err(|error| to_incomplete_rejection(&error))?;
    ScannedBody::new(response).read_all().await
}

/// The encodings that [`StreamedResponse::decode_in_place`] decodes. Lists of several could hide one behind another.
fn is_readable(encoding: &HeaderValue) -> bool {
    let encoding = encoding.as_bytes().trim_ascii().to_ascii_lowercase();
    [&b"gzip"[..], b"x-gzip", b"deflate", b"br"].contains(&&*encoding)
}

impl ScannedBody {
    fn new(response: StreamedResponse) -> Self {
        Self {
            scanner: response.secret_scanner(),
            body: response.body,
            is_finished: false,
        }
    }

    /// Returns the next bytes that certainly contain no secret; `None` at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, Rejection> {
        while !self.is_finished {
            let chunk = self
                .body
                .chunk()
                .await
                .map_err(|error| to_incomplete_rejection(&error))?;
            self.is_finished = chunk.is_none();
            let checked = match chunk {
                Some(chunk) => self.scanner.scan(chunk),
                None => self.scanner.finish(),
            };
            if self.scanner.has_found() {
                return Err(leaked_credential_rejection());
            }
            if !checked.is_empty() {
                return Ok(Some(checked));
            }
        }
        Ok(None)
    }

    async fn read_all(mut self) -> Result<Bytes, Rejection> {
        let mut whole = Vec::new();
        while let Some(chunk) = self.next().await? {
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.into())
    }

    /// Returns a body that is read as fast as the client takes it.
    fn into_client_body(mut self, record: OpenRecord) -> ClientBody {
        // An event stream may be silent for hours; the client decides how long it waits.
        self.body.set_idle_timeout(None);
        let frames = stream::try_unfold((self, record), |(mut body, mut record)| async move {
            match body.next().await {
                Ok(Some(chunk)) => {
                    record.count(chunk.len());
                    Ok(Some((Frame::data(chunk), (body, record))))
                }
                Ok(None) => {
                    record.complete();
                    Ok(None)
                }
                Err(rejection) => {
                    record.interrupt(&rejection.message);
                    Err(io::Error::other(rejection.message))
                }
            }
        });
        StreamBody::new(frames).boxed_unsync()
    }
}

/// Returns the response to a request without the secret path. It reveals nothing about the proxy.
pub(super) fn not_found(mut record: OpenRecord) -> Response<ClientBody> {
    record.set_status(StatusCode::NOT_FOUND);
    let body = whole_body(Bytes::new(), record);
    response(StatusCode::NOT_FOUND, HeaderMap::new(), body)
}

pub(super) fn rejection_response(
    rejection: &Rejection,
    mut record: OpenRecord,
) -> Response<ClientBody> {
    record.set_status(rejection.status);
    let headers = [
        (CONTENT_TYPE, JSON),
        (CACHE_CONTROL, NO_STORE),
        (REFERRER_POLICY, NO_REFERRER),
    ];
    let body = format!("{}\n", rejection.document());
    let body = whole_body(body.into(), record);
    response(rejection.status, headers.into_iter().collect(), body)
}

fn whole_body(bytes: Bytes, mut record: OpenRecord) -> ClientBody {
    record.count(bytes.len());
    record.complete();
    let body = Full::new(bytes);
    body.map_err(|never| match never {}).boxed_unsync()
}

fn response(status: StatusCode, headers: HeaderMap, body: ClientBody) -> Response<ClientBody> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn leaked_credential_rejection() -> Rejection {
    Rejection::bad_gateway(
        "CREDENTIAL_IN_RESPONSE",
        "the response contains the credential and is not passed on",
    )
}

fn to_incomplete_rejection(error: &HttpError) -> Rejection {
    let mut rejection = Rejection::bad_gateway("UNREACHABLE", error.to_string());
    if matches!(error, HttpError::Timeout { .. }) {
        rejection.status = StatusCode::GATEWAY_TIMEOUT;
    }
    rejection
}
