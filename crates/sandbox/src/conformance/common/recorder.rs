//! Records the requests of a client and the responses.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::{self, Next};
use axum::response::Response;
use serde_json::Value;
use url::form_urlencoded;

/// Larger than any request or response of the device flow.
const MAX_BODY: usize = 1024 * 1024;

#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) at: Instant,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) content_type: String,
    pub(crate) user_agent: String,
    pub(crate) has_basic: bool,
    /// The JSON request; null if it is not JSON.
    pub(crate) body: Value,
    /// The parameters of the query and the body, in order.
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) status: u16,
    /// The JSON response; null if it is not JSON or missing.
    pub(crate) response: Value,
}

#[derive(Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<Vec<Exchange>>>);

impl Recorder {
    pub(crate) fn wrap(&self, router: Router) -> Router {
        router.layer(middleware::from_fn_with_state(self.clone(), record))
    }

    /// Returns the exchanges in the order of the requests.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Exchange>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn record(State(recorder): State<Recorder>, request: Request, next: Next) -> Response {
    let at = Instant::now();
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    let fields = form_urlencoded::parse(query).chain(form_urlencoded::parse(&bytes));
    let text = |name: header::HeaderName| {
        let value = parts.headers.get(name).and_then(|it| it.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let exchange = Exchange {
        at,
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        content_type: text(header::CONTENT_TYPE),
        user_agent: text(header::USER_AGENT),
        has_basic: text(header::AUTHORIZATION).starts_with("Basic "),
        fields: fields
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect(),
        body: serde_json::from_slice(&bytes).unwrap_or_default(),
        status: 0,
        response: Value::Null,
    };
    let index = {
        let mut exchanges = recorder.lock();
        exchanges.push(exchange);
        exchanges.len() - 1
    };
    let response = next.run(Request::from_parts(parts, bytes.into())).await;
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    if let Some(exchange) = recorder.lock().get_mut(index) {
        exchange.status = parts.status.as_u16();
        exchange.response = serde_json::from_slice(&bytes).unwrap_or_default();
    }
    Response::from_parts(parts, Body::from(bytes))
}
