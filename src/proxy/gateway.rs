//! Handles one request: checks it, passes it to the service, and passes the response to the client.

use std::convert::Infallible;

use async_trait::async_trait;
use http_body_util::BodyExt as _;
use hyper::Response;
use hyper::body::{Body as _, Incoming};
use hyper::header::HeaderName;
use hyper::http::request::Parts;
use url::Url;

use super::audit::{AuditSink, OpenRecord};
use super::check::{OwnHosts, check_request};
use super::endpoint::SecretSegment;
use super::headers::headers_for_service;
use super::path::RequestPath;
use super::rejection::Rejection;
use super::response::{ClientBody, ServiceResponse, not_found, rejection_response};
use super::rule::AllowRule;
use crate::domain::BaseUrl;
use crate::http::{Request, RequestBody, StreamedResponse};

/// A body of at most this length, in bytes, is read before the request is sent, so that the request can be repeated.
const MAX_REPEATABLE_BODY: u64 = 64 * 1024;

/// Sends requests with the credential.
#[async_trait]
pub trait Upstream: Sync {
    /// Adds the credential to `request` and sends it.
    ///
    /// # Errors
    /// The response for the client, if the service sent none or rejected the credential.
    async fn open(
        &self,
        request: Request,
        body: RequestBody,
    ) -> Result<StreamedResponse, Rejection>;

    /// Does the work that continues when a client goes away, such as a refresh. Never completes.
    async fn run(&self);

    /// Completes when no work is in progress that must not be interrupted.
    async fn finish(&self);
}

pub struct Settings {
    /// Requests go to this URL and below.
    pub base: BaseUrl,
    pub secret: SecretSegment,
    /// Without rules, every request is passed on.
    pub rules: Vec<AllowRule>,
    /// The headers in which the service accepts credentials: those of the client are dropped.
    pub credential_headers: Vec<HeaderName>,
    pub audit: AuditSink,
}

pub(super) struct Gateway<'a> {
    pub(super) settings: &'a Settings,
    pub(super) upstream: &'a dyn Upstream,
    pub(super) hosts: OwnHosts,
}

impl Gateway<'_> {
    pub(super) async fn handle(
        &self,
        request: hyper::Request<Incoming>,
    ) -> Result<Response<ClientBody>, Infallible> {
        let (head, body) = request.into_parts();
        let mut record = OpenRecord::new(head.method.as_str(), &self.settings.audit);
        let Some(path) = self.settings.secret.strip(head.uri.path()) else {
            return Ok(not_found(record));
        };
        let passed = match self.check(&head, path, &mut record) {
            Ok(url) => self.pass_on(&head, url, body).await,
            Err(rejection) => Err(rejection),
        };
        Ok(match passed {
            Ok(response) => response.into_client_response(record).await,
            Err(rejection) => rejection_response(&rejection, record),
        })
    }

    /// Returns the URL of the request at the service.
    fn check(&self, head: &Parts, path: &str, record: &mut OpenRecord) -> Result<Url, Rejection> {
        check_request(head, &self.hosts)?;
        let path = RequestPath::parse(path, head.uri.query())
            .map_err(|error| Rejection::malformed(error.to_string()))?;
        record.set_path(&self.settings.secret.redact(path.as_str()));
        let rules = &self.settings.rules;
        if !rules.is_empty() && !rules.iter().any(|rule| rule.permits(&head.method, &path)) {
            return Err(Rejection::forbidden("no --allow rule permits this request"));
        }
        self.service_url(&path)
    }

    fn service_url(&self, path: &RequestPath) -> Result<Url, Rejection> {
        let changed = || Rejection::malformed("the path is not valid below the API base URL");
        let base = self.settings.base.join("").map_err(|_| changed())?;
        let expected = format!("{}{}", base.path().trim_end_matches('/'), path.as_str());
        let mut url = self
            .settings
            .base
            .join(path.as_str())
            .map_err(|_| changed())?;
        if url.path().trim_start_matches('/') != expected.trim_start_matches('/') {
            return Err(changed());
        }
        url.set_query(path.query());
        Ok(url)
    }

    async fn pass_on(
        &self,
        head: &Parts,
        url: Url,
        body: Incoming,
    ) -> Result<ServiceResponse, Rejection> {
        let headers = headers_for_service(&head.headers, &self.settings.credential_headers);
        let request = Request::new(head.method.clone(), url.clone()).forward(headers);
        let body = request_body(body).await?;
        Ok(ServiceResponse {
            response: self.upstream.open(request, body).await?,
            requested: url,
            method: head.method.clone(),
            base: self.settings.base.clone(),
            proxy_path: self.settings.secret.path(),
        })
    }
}

async fn request_body(body: Incoming) -> Result<RequestBody, Rejection> {
    let length = body.size_hint().exact();
    if body.is_end_stream() {
        return Ok(RequestBody::none());
    }
    if length.is_some_and(|length| length <= MAX_REPEATABLE_BODY) {
        let whole = body.collect().await;
        let whole = whole.map_err(|_| Rejection::malformed("the body is incomplete"))?;
        return Ok(RequestBody::Bytes(whole.to_bytes()));
    }
    let chunks = body.into_data_stream();
    let chunks = futures_util::TryStreamExt::map_err(chunks, std::io::Error::other);
    Ok(RequestBody::stream(chunks, length))
}
