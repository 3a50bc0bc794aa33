//! The transport to an axum router in this process, without a socket.

use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::HttpBody;
use futures_util::TryStreamExt;
use tokio::time::timeout;
use tower::ServiceExt;
use url::Position;
use zeroize::Zeroizing;

use super::request_body::{MeteredBody, UploadProgress};
use super::transport::Body;
use super::{
    HttpError, Request, RequestBody, Response, StatusCode, StreamedResponse, TimeoutPhase,
    Transport, redact_url,
};

/// Passes requests to a router, with path, query, `Host`, headers and body as a server would receive them.
#[derive(Clone)]
pub struct InProcess(Router);

impl InProcess {
    /// Creates a transport to `router` for URLs with any host.
    pub fn new(router: Router) -> Self {
        Self(router)
    }

    async fn exchange(&self, request: &Request) -> Result<Response, HttpError> {
        let body = axum::body::Body::from(request.body().to_vec());
        let converted = to_axum_request(request, body)?;
        let Ok(response) = self.0.clone().oneshot(converted).await;
        let (head, mut body) = response.into_parts();
        let mut received = Body::with_announced_length(body.size_hint().exact(), request)?;
        while let Some(frame) =
            std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
        {
            let url = || redact_url(request.url());
            let frame = frame.map_err(|error| lost(url(), head.status, &error))?;
            if let Some(bytes) = frame.data_ref() {
                received.push(bytes, request)?;
            }
        }
        Ok(Response {
            status: head.status,
            headers: head.headers,
            body: received.finish(),
        })
    }
}

#[async_trait]
impl Transport for InProcess {
    async fn send(&self, request: &Request) -> Result<Response, HttpError> {
        let late = |_| HttpError::Timeout {
            url: redact_url(request.url()),
            stage: TimeoutPhase::Waiting,
        };
        timeout(request.limits().time, self.exchange(request))
            .await
            .map_err(late)?
    }

    async fn open(
        &self,
        request: &Request,
        body: RequestBody,
    ) -> Result<StreamedResponse, HttpError> {
        let progress = Arc::<UploadProgress>::default();
        let body = match body {
            RequestBody::Bytes(bytes) => axum::body::Body::from(bytes),
            RequestBody::Stream(body) => {
                axum::body::Body::new(MeteredBody::new(body, Arc::clone(&progress)))
            }
        };
        let converted = to_axum_request(request, body)?;
        let Ok(response) = self.0.clone().oneshot(converted).await;
        if let Some(error) = progress.source_error(request) {
            return Err(error);
        }
        let (head, body) = response.into_parts();
        let (url, status) = (redact_url(request.url()), head.status);
        let head = Response {
            status,
            headers: head.headers,
            body: Zeroizing::default(),
        };
        let chunks = body.into_data_stream();
        let chunks = chunks.map_err(move |error| lost(url.clone(), status, &error));
        Ok(StreamedResponse::new(request, head, chunks))
    }
}

fn lost(url: String, status: StatusCode, error: &axum::Error) -> HttpError {
    HttpError::Interrupted {
        url,
        status: Some(status),
        cause: crate::domain::sanitize_line(&error.to_string()),
    }
}

fn to_axum_request(
    request: &Request,
    body: axum::body::Body,
) -> Result<axum::extract::Request, HttpError> {
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
    builder.body(body).map_err(|_| HttpError::NotPermitted {
        url: redact_url(url),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use axum::extract::Request as Received;
    use axum::routing::{any, get};

    use crate::http::testing::url;
    use crate::http::{BODY_LIMIT, Client, Method, WireLog};

    fn client(router: Router) -> Client {
        Client::new(Arc::new(InProcess::new(router)), WireLog::silent())
    }

    #[tokio::test]
    async fn router_receives_path_query_host_and_body() {
        let echo = |received: Received| async move {
            let uri = received.uri().clone();
            let headers = received.headers().clone();
            let text = |name: &str| {
                headers
                    .get(name)
                    .map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
            };
            let body = axum::body::to_bytes(received.into_body(), 100)
                .await
                .unwrap();
            let body = String::from_utf8_lossy(&body).into_owned();
            format!("{uri} {} {} {body}", text("host"), text("content-type"))
        };
        let client = client(Router::new().route("/a/{id}", any(echo)));
        let request = Request::new(Method::POST, url("http://127.0.0.1:8000/a/b%20c?d=e#f"))
            .form(&[("g", "h")]);
        let response = client.send(request).await.unwrap();
        let expected = b"/a/b%20c?d=e 127.0.0.1:8000 application/x-www-form-urlencoded g=h";
        assert_eq!(response.body.as_slice(), expected);
    }

    #[tokio::test]
    async fn body_limit_applies_in_process() {
        let app = Router::new().route("/", get(|| async { vec![b'x'; BODY_LIMIT + 1] }));
        let response = client(app)
            .send(Request::get(url("http://localhost/")))
            .await;
        assert!(matches!(response, Err(HttpError::TooLarge { .. })));
    }

    #[tokio::test(start_paused = true)]
    async fn handler_without_response_times_out() {
        let app = Router::new().route("/", get(std::future::pending::<()>));
        let response = client(app)
            .send(Request::get(url("http://localhost/")))
            .await;
        assert!(matches!(response, Err(HttpError::Timeout { .. })));
    }
}
