//! The transport over the network.

mod causes;
mod clients;

use std::sync::OnceLock;

use async_trait::async_trait;
use tokio::time::{Instant, timeout_at};

use self::clients::Kind;
use super::transport::Body;
use super::{Answer, EXCHANGE_LIMIT, HttpError, Request, Stage, Transport, shown};

/// HTTP/1.1 over TCP and TLS. Nothing is built before the first request: a command that needs no network pays
/// nothing, one that stays on plain loopback loads no certificates.
#[derive(Default)]
pub struct Network {
    clients: [OnceLock<reqwest::Client>; Kind::COUNT],
}

impl Network {
    /// A transport that has touched nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn client(&self, kind: Kind) -> Result<&reqwest::Client, HttpError> {
        let slot = &self.clients[kind as usize];
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let client = clients::build(kind).map_err(|cause| HttpError::Setup { cause })?;
        Ok(slot.get_or_init(|| client))
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
        let response = response.map_err(|error| causes::told(&error, request.url()))?;
        timeout_at(deadline, read(response, request))
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

async fn read(mut response: reqwest::Response, request: &Request) -> Result<Answer, HttpError> {
    let mut body = Body::announced(response.content_length(), request)?;
    while let Some(bytes) = response
        .chunk()
        .await
        .map_err(|error| causes::told(&error, request.url()))?
    {
        body.push(&bytes, request)?;
    }
    Ok(Answer {
        status: response.status(),
        headers: std::mem::take(response.headers_mut()),
        body: body.finish(),
    })
}

#[cfg(test)]
mod tests;
