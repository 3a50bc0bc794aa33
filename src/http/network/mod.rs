//! The transport over TCP and TLS, built on reqwest.

mod classify;
mod client_builder;
mod no_proxy;
mod options;
mod proxy;
mod root_store;
mod streams;
mod tls_error;

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use tokio::time::{Instant, timeout_at};

use self::client_builder::ClientKind;
use super::request_body::UploadProgress;
use super::response::is_complete_json;
use super::transport::Body;
use super::{
    HttpError, Request, RequestBody, Response, StatusCode, StreamedResponse, TimeoutPhase,
    Transport, content_encoding, redact_url,
};

pub use options::{NamedPath, NetworkOptions, SystemAuthorities};
pub use proxy::Proxy;

/// HTTP/1.1 over TCP and TLS. Clients are built at the first request, so that commands without network access start
/// fast, and commands on plain loopback load no certificates.
#[derive(Default)]
pub struct Network {
    clients: [OnceLock<reqwest::Client>; ClientKind::COUNT],
    options: Arc<NetworkOptions>,
}

impl Network {
    /// Creates a transport. The files that `options` names are read at the first request.
    pub fn new(options: NetworkOptions) -> Self {
        Self {
            options: Arc::new(options),
            ..Self::default()
        }
    }

    fn client(&self, kind: ClientKind) -> Result<&reqwest::Client, HttpError> {
        let slot = &self.clients[kind as usize];
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let client = client_builder::build_client(kind, &self.options)?;
        Ok(slot.get_or_init(|| client))
    }

    fn classify(&self, error: &reqwest::Error, request: &Request) -> HttpError {
        classify::classify_error(error, request.url(), &self.options)
    }

    async fn read_response(
        &self,
        mut response: reqwest::Response,
        request: &Request,
        deadline: Instant,
    ) -> Result<Response, HttpError> {
        let status = response.status();
        let mut body = Body::with_announced_length(response.content_length(), request)?;
        let failure = loop {
            match timeout_at(deadline, response.chunk()).await {
                Ok(Ok(Some(bytes))) => body.push(&bytes, request)?,
                Ok(Ok(None)) => break None,
                Ok(Err(error)) => break Some(with_status(self.classify(&error, request), status)),
                Err(_) => break Some(timeout_error(request, TimeoutPhase::Reading(status))),
            }
        };
        let headers = std::mem::take(response.headers_mut());
        let body = match (
            content_encoding::decode_body(
                body.finish(),
                &headers,
                &redact_url(request.url()),
                request.limits().body,
            ),
            failure,
        ) {
            // Without a close_notify, or with a wrong length, the body may still be whole.
            (Ok(body), Some(failure)) if !is_complete_json(&body) => return Err(failure),
            (Err(_), Some(failure)) => return Err(failure),
            (body, _) => body?,
        };
        Ok(Response {
            status,
            headers,
            body,
        })
    }
}

#[async_trait]
impl Transport for Network {
    async fn send(&self, request: &Request) -> Result<Response, HttpError> {
        let deadline = Instant::now() + request.limits().time;
        let kind = ClientKind::for_request(request, self.options.proxy.as_ref());
        let client = self.client(kind)?;
        let body = (!request.body().is_empty()).then(|| request.body().to_vec().into());
        let exchange = client.execute(to_reqwest_request(request, body));
        let Ok(response) = timeout_at(deadline, exchange).await else {
            return Err(timeout_error(request, TimeoutPhase::Waiting));
        };
        let response = response.map_err(|error| self.classify(&error, request))?;
        self.read_response(response, request, deadline).await
    }

    async fn open(
        &self,
        request: &Request,
        body: RequestBody,
    ) -> Result<StreamedResponse, HttpError> {
        let progress = Arc::<UploadProgress>::default();
        let kind = ClientKind::for_request(request, self.options.proxy.as_ref());
        let client = self.client(kind)?;
        let converted = to_reqwest_request(request, streams::to_reqwest_body(body, &progress));
        let response = client.execute(converted);
        let response = streams::wait_for_head(response, &progress, request.head_timeout()).await;
        let response = response.ok_or_else(|| timeout_error(request, TimeoutPhase::Waiting))?;
        let response = response.map_err(|error| {
            let source = progress.source_error(request);
            source.unwrap_or_else(|| self.classify(&error, request))
        })?;
        Ok(streams::to_streamed_response(
            response,
            request,
            &self.options,
        ))
    }
}

/// Adds the status of the response to an error of its body.
fn with_status(error: HttpError, status: StatusCode) -> HttpError {
    match error {
        HttpError::Interrupted { url, cause, .. } => HttpError::Interrupted {
            url,
            status: Some(status),
            cause,
        },
        HttpError::Timeout { url, .. } => HttpError::Timeout {
            url,
            stage: TimeoutPhase::Reading(status),
        },
        other => other,
    }
}

fn timeout_error(request: &Request, stage: TimeoutPhase) -> HttpError {
    HttpError::Timeout {
        url: redact_url(request.url()),
        stage,
    }
}

fn to_reqwest_request(request: &Request, body: Option<reqwest::Body>) -> reqwest::Request {
    let mut converted = reqwest::Request::new(request.method().clone(), request.url().clone());
    *converted.headers_mut() = request.headers().clone();
    *converted.body_mut() = body;
    converted
}

#[cfg(test)]
mod stream_tests;
#[cfg(test)]
mod tests;
