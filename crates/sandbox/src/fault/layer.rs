//! The layer around all services: notes each request, and lets befall it what the plan says.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use super::clock::{skewed, with_offset};
use super::connection::Line;
use super::endpoint::Asked;
use super::kinds::{Break, Shape};
use super::plan::{Ending, Fate, Seen};
use super::{canned, control, shape};
use crate::store::rfc3339;
use crate::{CANARY, CANARY_HEX, Sandbox};

/// More than any request to a token endpoint needs.
const MOST: usize = 64 * 1024;

/// `services` with faults, beside the endpoint that sets them, which has none.
pub(crate) fn around(services: Router, sandbox: &Sandbox) -> Router {
    services
        .layer(middleware::from_fn_with_state(sandbox.clone(), meet))
        .merge(control::router(&sandbox.settings().faults))
}

async fn meet(
    State(sandbox): State<Sandbox>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request,
    next: Next,
) -> Response {
    let (asked, request) = look(&sandbox, request).await;
    let fate = sandbox.settings().faults.meet(&asked);
    sandbox.settings().faults.remember(Seen {
        at: rfc3339((sandbox.settings().clock)().as_millisecond()).unwrap_or_default(),
        method: asked.method,
        path: shown_path(&request),
        faults: fate.hit.clone(),
    });
    match shape::offset(&fate.shapes) {
        Some(offset) => {
            let work = async {
                let mut answer = carry_out(&sandbox, &line, fate, request, next).await;
                let date = canned::http_date(skewed((sandbox.settings().clock)()));
                if let Some(date) = date {
                    answer.headers_mut().insert(header::DATE, date);
                }
                answer
            };
            with_offset(offset, work).await
        }
        None => carry_out(&sandbox, &line, fate, request, next).await,
    }
}

/// What the plan needs to know of a request. Its body is read only where the grant decides.
async fn look(sandbox: &Sandbox, request: Request) -> (Asked, Request) {
    let mut asked = Asked {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        grant: None,
    };
    if !asked.is_token_request() || !sandbox.settings().faults.need_grants() {
        return (asked, request);
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, MOST).await.unwrap_or_default();
    asked.grant = form_urlencoded::parse(&bytes)
        .find(|(name, _)| name == "grant_type")
        .map(|(_, grant)| grant.into_owned());
    (asked, Request::from_parts(parts, bytes.into()))
}

/// The path as the service names it, so that no id or key stands in it; else as it was asked, without our secrets.
fn shown_path(request: &Request) -> String {
    if let Some(path) = request.extensions().get::<MatchedPath>() {
        return path.as_str().to_owned();
    }
    let secret = |part: &str| part.contains(CANARY) || part.contains(CANARY_HEX);
    let parts = request.uri().path().split('/');
    let parts: Vec<&str> = parts
        .map(|part| if secret(part) { "{secret}" } else { part })
        .collect();
    parts.join("/")
}

async fn carry_out(
    sandbox: &Sandbox,
    line: &Line,
    fate: Fate,
    request: Request,
    next: Next,
) -> Response {
    let answer = match fate.ending {
        Ending::Service => next.run(request).await,
        Ending::Canned(canned) => {
            let target = request.uri().path_and_query().map(ToString::to_string);
            read_to_the_end(request).await;
            let now = skewed((sandbox.settings().clock)());
            canned::answer(&canned, target.as_deref().unwrap_or("/"), now)
        }
        Ending::Break(way) => return break_off(line, way, request, next).await,
    };
    changed(answer, &fate.shapes).await
}

async fn changed(answer: Response, shapes: &[Shape]) -> Response {
    let delay = shape::delay(shapes);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    shape::change(answer, shapes).await
}

/// Ends the connection. The answer that comes back is never sent: trying to is what ends it.
async fn break_off(line: &Line, way: Break, request: Request, next: Next) -> Response {
    match way {
        Break::Reset => line.reset(),
        Break::ResetAfter => {
            read_to_the_end(request).await;
            line.reset();
        }
        Break::Close => {
            read_to_the_end(request).await;
            line.close();
        }
        Break::Lost => {
            drop(next.run(request).await);
            line.reset();
        }
        Break::Stall => {
            read_to_the_end(request).await;
            std::future::pending::<()>().await;
        }
    }
    Body::empty().into_response()
}

/// What was sent is taken in, so that the answer, or its absence, is the only thing to notice.
async fn read_to_the_end(request: Request) {
    // Too much, or broken off: then there is nothing more to read.
    drop(to_bytes(request.into_body(), MOST).await);
}
