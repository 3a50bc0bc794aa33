//! The transport over the network.

mod classify;
mod client_builder;
mod no_proxy;
mod proxy;
mod root_store;
mod tls_error;

use std::sync::OnceLock;

use async_trait::async_trait;
use tokio::time::{Instant, timeout_at};

use self::client_builder::ClientKind;
use super::transport::Body;
use super::{EXCHANGE_TIMEOUT, HttpError, Request, Response, TimeoutPhase, Transport, redact_url};

pub use proxy::Proxy;
pub use root_store::{NamedPath, SystemAuthorities};

/// What the user and the environment say about the way to servers.
#[derive(Debug, Clone, Default)]
pub struct NetworkOptions {
    /// A file of certificates (PEM) that are trusted besides the system's.
    pub ca_cert: Option<NamedPath>,
    pub system: SystemAuthorities,
    /// The proxy for requests off loopback.
    pub proxy: Option<Proxy>,
}

impl NetworkOptions {
    /// How many authorities are trusted.
    ///
    /// # Errors
    /// [`HttpError::CaCert`] for the named file, [`HttpError::Setup`] when there are none.
    pub fn count_root_certificates(&self) -> Result<usize, HttpError> {
        Ok(root_store::load_roots(self)?.len())
    }
}

/// HTTP/1.1 over TCP and TLS. Nothing is built before the first request: a command that needs no network pays
/// nothing, one that stays on plain loopback loads no certificates.
#[derive(Default)]
pub struct Network {
    clients: [OnceLock<reqwest::Client>; ClientKind::COUNT],
    options: NetworkOptions,
}

impl Network {
    /// A transport that has touched nothing yet, neither the network nor the files that `options` name.
    pub fn new(options: NetworkOptions) -> Self {
        Self {
            options,
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
    ) -> Result<Response, HttpError> {
        let mut body = Body::with_announced_length(response.content_length(), request)?;
        while let Some(bytes) = response
            .chunk()
            .await
            .map_err(|error| self.classify(&error, request))?
        {
            body.push(&bytes, request)?;
        }
        Ok(Response {
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            body: body.finish(),
        })
    }
}

#[async_trait]
impl Transport for Network {
    async fn send(&self, request: &Request) -> Result<Response, HttpError> {
        let deadline = Instant::now() + EXCHANGE_TIMEOUT;
        let client = self.client(ClientKind::for_url(
            request.url(),
            self.options.proxy.as_ref(),
        ))?;
        let asked = client.execute(to_reqwest_request(request));
        let Ok(response) = timeout_at(deadline, asked).await else {
            return Err(timeout_error(request, TimeoutPhase::Waiting));
        };
        let response = response.map_err(|error| self.classify(&error, request))?;
        timeout_at(deadline, self.read_response(response, request))
            .await
            .unwrap_or_else(|_| Err(timeout_error(request, TimeoutPhase::Reading)))
    }
}

fn timeout_error(request: &Request, stage: TimeoutPhase) -> HttpError {
    HttpError::Timeout {
        url: redact_url(request.url()),
        stage,
    }
}

fn to_reqwest_request(request: &Request) -> reqwest::Request {
    let mut asked = reqwest::Request::new(request.method().clone(), request.url().clone());
    *asked.headers_mut() = request.headers().clone();
    if !request.body().is_empty() {
        *asked.body_mut() = Some(request.body().to_vec().into());
    }
    asked
}

#[cfg(test)]
mod tests;
