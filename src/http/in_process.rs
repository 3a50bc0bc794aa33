//! The transport to a server inside this process: an axum router, no socket.

use std::pin::Pin;

use async_trait::async_trait;
use axum::Router;
use axum::body::HttpBody;
use tokio::time::timeout;
use tower::ServiceExt;
use url::Position;

use super::transport::Body;
use super::{Answer, EXCHANGE_LIMIT, HttpError, Request, Stage, Transport, shown};

/// Hands requests to a router. The router sees what a server would: path, query, `Host`, headers, body.
#[derive(Clone)]
pub struct InProcess(Router);

impl InProcess {
    /// A transport to `router`, whatever the host of a URL is.
    pub fn new(router: Router) -> Self {
        Self(router)
    }

    async fn exchange(&self, request: &Request) -> Result<Answer, HttpError> {
        let asked = convert(request)?;
        let Ok(response) = self.0.clone().oneshot(asked).await;
        let (head, mut body) = response.into_parts();
        let mut read = Body::announced(body.size_hint().exact(), request)?;
        while let Some(frame) =
            std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
        {
            let frame = frame.map_err(|error| HttpError::Interrupted {
                url: shown(request.url()),
                cause: crate::domain::one_line(&error.to_string()),
            })?;
            if let Some(bytes) = frame.data_ref() {
                read.push(bytes, request)?;
            }
        }
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body: read.finish(),
        })
    }
}

#[async_trait]
impl Transport for InProcess {
    async fn send(&self, request: &Request) -> Result<Answer, HttpError> {
        let late = |_| HttpError::Timeout {
            url: shown(request.url()),
            stage: Stage::Waiting,
        };
        timeout(EXCHANGE_LIMIT, self.exchange(request))
            .await
            .map_err(late)?
    }
}

fn convert(request: &Request) -> Result<axum::extract::Request, HttpError> {
    let url = request.url();
    let mut builder = ::http::Request::builder()
        .method(request.method())
        .uri(&url[Position::BeforePath..Position::AfterQuery])
        .header(
            ::http::header::HOST,
            &url[Position::BeforeHost..Position::AfterPort],
        );
    for (name, value) in request.headers() {
        builder = builder.header(name, value);
    }
    let body = axum::body::Body::from(request.body().to_vec());
    builder
        .body(body)
        .map_err(|_| HttpError::NotPermitted { url: shown(url) })
}
