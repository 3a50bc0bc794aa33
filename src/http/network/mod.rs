//! The transport over the network.

mod causes;
mod clients;
mod distrust;
mod proxy;
mod trust;

use std::path::PathBuf;
use std::sync::OnceLock;

use async_trait::async_trait;
use tokio::time::{Instant, timeout_at};

use self::clients::Kind;
use super::transport::Body;
use super::{Answer, EXCHANGE_LIMIT, HttpError, Request, Stage, Transport, shown};

pub use proxy::Proxy;

/// What the user and the environment say about the way to servers.
#[derive(Debug, Clone, Default)]
pub struct NetworkOptions {
    /// A file of certificates (PEM) that are trusted besides the system's.
    pub ca_cert: Option<PathBuf>,
    /// The proxy for requests off loopback.
    pub proxy: Option<Proxy>,
}

impl NetworkOptions {
    /// How many authorities are trusted.
    ///
    /// # Errors
    /// [`HttpError::CaCert`] for the named file, [`HttpError::Setup`] when there are none.
    pub fn authorities(&self) -> Result<usize, HttpError> {
        Ok(trust::roots(self.ca_cert.as_deref())?.len())
    }
}

/// HTTP/1.1 over TCP and TLS. Nothing is built before the first request: a command that needs no network pays
/// nothing, one that stays on plain loopback loads no certificates.
#[derive(Default)]
pub struct Network {
    clients: [OnceLock<reqwest::Client>; Kind::COUNT],
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

    fn client(&self, kind: Kind) -> Result<&reqwest::Client, HttpError> {
        let slot = &self.clients[kind as usize];
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let client = clients::build(kind, &self.options)?;
        Ok(slot.get_or_init(|| client))
    }

    fn told(&self, error: &reqwest::Error, request: &Request) -> HttpError {
        let proxy = self.options.proxy.as_ref();
        let proxy = proxy.and_then(|proxy| proxy.address().ok());
        causes::told(error, request.url(), proxy.as_deref())
    }

    async fn read(
        &self,
        mut response: reqwest::Response,
        request: &Request,
    ) -> Result<Answer, HttpError> {
        let mut body = Body::announced(response.content_length(), request)?;
        while let Some(bytes) = response
            .chunk()
            .await
            .map_err(|error| self.told(&error, request))?
        {
            body.push(&bytes, request)?;
        }
        Ok(Answer {
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            body: body.finish(),
        })
    }
}

#[async_trait]
impl Transport for Network {
    async fn send(&self, request: &Request) -> Result<Answer, HttpError> {
        let deadline = Instant::now() + EXCHANGE_LIMIT;
        let client = self.client(Kind::of(request.url()))?;
        let asked = client.execute(convert(request));
        let Ok(response) = timeout_at(deadline, asked).await else {
            return Err(late(request, Stage::Waiting));
        };
        let response = response.map_err(|error| self.told(&error, request))?;
        timeout_at(deadline, self.read(response, request))
            .await
            .unwrap_or_else(|_| Err(late(request, Stage::Reading)))
    }
}

fn late(request: &Request, stage: Stage) -> HttpError {
    HttpError::Timeout {
        url: shown(request.url()),
        stage,
    }
}

fn convert(request: &Request) -> reqwest::Request {
    let mut asked = reqwest::Request::new(request.method().clone(), request.url().clone());
    *asked.headers_mut() = request.headers().clone();
    if !request.body().is_empty() {
        *asked.body_mut() = Some(request.body().to_vec().into());
    }
    asked
}

#[cfg(test)]
mod tests;
