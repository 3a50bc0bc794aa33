//! The middleware around all services: records each request and applies the faults that match it.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use url::form_urlencoded;

use super::clock::{run_with_offset, with_clock_offset};
use super::connection::ConnectionHandle;
use super::endpoint::RequestInfo;
use super::kinds::{ConnectionFault, Mutation};
use super::plan::{Decision, Faults, RecordedRequest, ResponseSource};
use super::{control, mutate_request, mutate_response, synthetic_response};
use crate::base::{CANARY, CANARY_HEX, Clock, rfc3339};

/// The services accept no larger request.
const MAX_BODY: usize = 64 * 1024;

/// Injects the active faults, and records the requests.
#[derive(Clone)]
pub(crate) struct Injector {
    pub(crate) faults: Faults,
    pub(crate) clock: Clock,
}

impl Injector {
    /// Adds fault injection to `services`, and the control endpoint, which faults do not affect.
    pub(crate) fn wrap(self, services: Router) -> Router {
        let control = control::router(&self.faults);
        let layer = middleware::from_fn_with_state(self, inject);
        services.layer(layer).merge(control)
    }

    /// Returns the time of the current request.
    fn now(&self) -> Timestamp {
        with_clock_offset((self.clock)())
    }
}

async fn inject(
    State(injector): State<Injector>,
    ConnectInfo(connection): ConnectInfo<ConnectionHandle>,
    request: Request,
    next: Next,
) -> Response {
    let (info, request) = inspect(&injector, request).await;
    let decision = injector.faults.decide(&info);
    injector.faults.record(RecordedRequest {
        at: rfc3339((injector.clock)().as_millisecond()).unwrap_or_default(),
        method: info.method,
        path: redacted_path(&request),
        faults: decision.applied.clone(),
    });
    match mutate_response::clock_offset(&decision.mutations) {
        Some(offset) => {
            let work = async {
                let mut response = respond(&injector, &connection, decision, request, next).await;
                let date = synthetic_response::http_date(injector.now());
                if let Some(date) = date {
                    response.headers_mut().insert(header::DATE, date);
                }
                response
            };
            run_with_offset(offset, work).await
        }
        None => respond(&injector, &connection, decision, request, next).await,
    }
}

/// Reads what a fault can match. Reads the body only if a fault depends on the grant type.
async fn inspect(injector: &Injector, request: Request) -> (RequestInfo, Request) {
    let mut info = RequestInfo {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        grant_type: None,
    };
    if !info.is_token_request() || !injector.faults.needs_grant_type() {
        return (info, request);
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    info.grant_type = form_urlencoded::parse(&bytes)
        .find(|(name, _)| name == "grant_type")
        .map(|(_, grant)| grant.into_owned());
    (info, Request::from_parts(parts, bytes.into()))
}

/// Returns the route pattern, which contains no id or key. For unknown routes returns the path with secrets redacted.
fn redacted_path(request: &Request) -> String {
    if let Some(path) = request.extensions().get::<MatchedPath>() {
        return path.as_str().to_owned();
    }
    let is_secret = |part: &str| part.contains(CANARY) || part.contains(CANARY_HEX);
    let parts = request.uri().path().split('/');
    let parts: Vec<&str> = parts
        .map(|part| if is_secret(part) { "{secret}" } else { part })
        .collect();
    parts.join("/")
}

async fn respond(
    injector: &Injector,
    connection: &ConnectionHandle,
    decision: Decision,
    request: Request,
    next: Next,
) -> Response {
    let response = match decision.source {
        ResponseSource::Service => {
            let request = mutate_request::apply(request, &decision.mutations).await;
            next.run(request).await
        }
        ResponseSource::Synthetic(synthetic) => {
            let target = request.uri().path_and_query().map(ToString::to_string);
            drain(request).await;
            let now = injector.now();
            synthetic_response::build(&synthetic, target.as_deref().unwrap_or("/"), now)
        }
        ResponseSource::Break(fault) => {
            return break_connection(connection, fault, request, next).await;
        }
    };
    let response = mutate(response, &decision.mutations).await;
    if decision.mutations.contains(&Mutation::Folded) {
        return replace_response(connection, response).await;
    }
    response
}

/// Sends the folded response as raw bytes, which hyper cannot write.
async fn replace_response(connection: &ConnectionHandle, response: Response) -> Response {
    connection.replace(mutate_response::folded(response).await);
    [(header::CONNECTION, "close")].into_response()
}

async fn mutate(response: Response, mutations: &[Mutation]) -> Response {
    let delay = mutate_response::delay(mutations);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    mutate_response::apply(response, mutations).await
}

/// Breaks the connection. The returned response is never sent: writing it ends the connection.
async fn break_connection(
    connection: &ConnectionHandle,
    fault: ConnectionFault,
    request: Request,
    next: Next,
) -> Response {
    match fault {
        ConnectionFault::Reset => connection.reset(),
        ConnectionFault::ResetAfter => {
            drain(request).await;
            connection.reset();
        }
        ConnectionFault::Close => {
            drain(request).await;
            connection.close();
        }
        ConnectionFault::Lost => {
            drop(next.run(request).await);
            connection.reset();
        }
        ConnectionFault::Stall => {
            drain(request).await;
            std::future::pending::<()>().await;
        }
    }
    Body::empty().into_response()
}

/// Reads the whole request, so that the client sees no write error.
async fn drain(request: Request) {
    // Too large or aborted: nothing more to read.
    drop(to_bytes(request.into_body(), MAX_BODY).await);
}
