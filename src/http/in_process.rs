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

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::Arc;

    use axum::extract::Request as Asked;
    use axum::routing::{any, get};

    use crate::http::testing::url;
    use crate::http::{BODY_LIMIT, Client, Method, WireLog};

    fn client(router: Router) -> Client {
        Client::new(Arc::new(InProcess::new(router)), WireLog::silent())
    }

    #[tokio::test]
    async fn a_router_sees_what_a_server_would() {
        let echo = |asked: Asked| async move {
            let uri = asked.uri().clone();
            let headers = asked.headers().clone();
            let text = |name: &str| {
                headers
                    .get(name)
                    .map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
            };
            let body = axum::body::to_bytes(asked.into_body(), 100).await.unwrap();
            let body = String::from_utf8_lossy(&body).into_owned();
            format!("{uri} {} {} {body}", text("host"), text("content-type"))
        };
        let client = client(Router::new().route("/a/{id}", any(echo)));
        let request = Request::new(Method::POST, url("http://127.0.0.1:8000/a/b%20c?d=e#f"))
            .form(&[("g", "h")]);
        let answer = client.send(request).await.unwrap();
        let expected = b"/a/b%20c?d=e 127.0.0.1:8000 application/x-www-form-urlencoded g=h";
        assert_eq!(answer.body.as_slice(), expected);
    }

    #[tokio::test]
    async fn the_body_limit_holds_here_too() {
        let app = Router::new().route("/", get(|| async { vec![b'x'; BODY_LIMIT + 1] }));
        let answer = client(app)
            .send(Request::get(url("http://localhost/")))
            .await;
        assert!(matches!(answer, Err(HttpError::TooLarge { .. })));
    }

    #[tokio::test(start_paused = true)]
    async fn a_handler_that_never_answers_is_given_up() {
        let app = Router::new().route("/", get(std::future::pending::<()>));
        let answer = client(app)
            .send(Request::get(url("http://localhost/")))
            .await;
        assert!(matches!(answer, Err(HttpError::Timeout { .. })));
    }
}
