//! What the server sees of a client.

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

/// More than any request or answer of the device flow needs.
const MOST: usize = 1024 * 1024;

/// One request, and what came of it.
#[derive(Debug, Clone)]
pub(super) struct Exchange {
    pub(super) at: Instant,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) content_type: String,
    /// The parameters of the query and of the body, as they stand there.
    pub(super) fields: Vec<(String, String)>,
    pub(super) status: u16,
    /// The members of the answer; null where it was no JSON, or none came.
    pub(super) answer: Value,
}

/// Collects the exchanges.
#[derive(Clone, Default)]
pub(super) struct Witness(Arc<Mutex<Vec<Exchange>>>);

impl Witness {
    /// `router`, watched.
    pub(super) fn around(&self, router: Router) -> Router {
        router.layer(middleware::from_fn_with_state(self.clone(), watch))
    }

    /// What was seen, in the order in which it came.
    pub(super) fn taken(&self) -> Vec<Exchange> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Exchange>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn watch(State(witness): State<Witness>, request: Request, next: Next) -> Response {
    let at = Instant::now();
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, MOST).await.unwrap_or_default();
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    let fields = form_urlencoded::parse(query).chain(form_urlencoded::parse(&bytes));
    let content_type = parts.headers.get(header::CONTENT_TYPE);
    let exchange = Exchange {
        at,
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        content_type: content_type
            .and_then(|it| it.to_str().ok())
            .unwrap_or_default()
            .to_owned(),
        fields: fields
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect(),
        status: 0,
        answer: Value::Null,
    };
    let number = {
        let mut seen = witness.lock();
        seen.push(exchange);
        seen.len() - 1
    };
    let answer = next.run(Request::from_parts(parts, bytes.into())).await;
    let (parts, body) = answer.into_parts();
    let bytes = to_bytes(body, MOST).await.unwrap_or_default();
    if let Some(exchange) = witness.lock().get_mut(number) {
        exchange.status = parts.status.as_u16();
        exchange.answer = serde_json::from_slice(&bytes).unwrap_or_default();
    }
    Response::from_parts(parts, Body::from(bytes))
}
