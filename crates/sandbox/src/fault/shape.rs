//! Changes to an answer, whoever gave it.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::{StreamExt, stream};
use jiff::SignedDuration;
use serde_json::{Map, Value};

use super::kinds::Shape;

/// More than any answer that is worth changing.
const MOST: usize = 64 * 1024 * 1024;

/// By how much the server's clock is wrong, all told.
pub(super) fn offset(shapes: &[Shape]) -> Option<SignedDuration> {
    let offsets = shapes.iter().filter_map(|shape| match shape {
        Shape::Clock(offset) => Some(*offset),
        _ => None,
    });
    offsets.reduce(SignedDuration::saturating_add)
}

/// How much later the answer comes.
pub(super) fn delay(shapes: &[Shape]) -> Duration {
    let delays = shapes.iter().filter_map(|shape| match shape {
        Shape::Delay(delay) => Some(*delay),
        _ => None,
    });
    delays.sum()
}

/// The answer with everything else changed: first what it says, then how it is sent.
pub(super) async fn change(mut answer: Response, shapes: &[Shape]) -> Response {
    if shapes.iter().any(is_edit) {
        answer = edited(answer, shapes).await;
    }
    for shape in shapes {
        match shape {
            Shape::Type(kind) => {
                let headers = answer.headers_mut();
                headers.insert(header::CONTENT_TYPE, kind.clone());
            }
            Shape::Cut => answer = sent(answer, |bytes| cut(&bytes)).await,
            Shape::Drip(pace) => {
                let pace = *pace;
                answer = sent(answer, move |bytes| drip(bytes, pace)).await;
            }
            Shape::Clock(_) | Shape::Delay(_) | Shape::Without(_) | Shape::Set(..) => {}
        }
    }
    answer
}

fn is_edit(shape: &Shape) -> bool {
    matches!(shape, Shape::Without(_) | Shape::Set(..))
}

/// Members taken out and put in; what is no JSON object stays as it is.
async fn edited(answer: Response, shapes: &[Shape]) -> Response {
    let (mut parts, body) = answer.into_parts();
    let bytes = to_bytes(body, MOST).await.unwrap_or_default();
    let Ok(mut members) = serde_json::from_slice::<Map<String, Value>>(&bytes) else {
        return Response::from_parts(parts, bytes.into());
    };
    for shape in shapes {
        match shape {
            Shape::Without(member) => drop(members.remove(member)),
            Shape::Set(member, value) => drop(members.insert(member.clone(), value.clone())),
            _ => {}
        }
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Value::from(members).to_string().into())
}

/// The answer with its length told in advance and its body sent as `way` has it.
async fn sent(answer: Response, way: impl FnOnce(Bytes) -> Body) -> Response {
    let (mut parts, body) = answer.into_parts();
    let bytes = to_bytes(body, MOST).await.unwrap_or_default();
    let length = HeaderValue::from(bytes.len());
    parts.headers.insert(header::CONTENT_LENGTH, length);
    Response::from_parts(parts, way(bytes))
}

/// Half of it, then an error, at which the connection ends. What was sent before is on its way by then: the server
/// flushes whenever it has to wait.
fn cut(bytes: &Bytes) -> Body {
    let half = bytes.slice(..bytes.len() / 2);
    let end = async {
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::UnexpectedEof))
    };
    Body::from_stream(stream::iter([Ok(half)]).chain(stream::once(end)))
}

fn drip(bytes: Bytes, pace: Duration) -> Body {
    Body::from_stream(stream::unfold(bytes, move |mut left| async move {
        if left.is_empty() {
            return None;
        }
        tokio::time::sleep(pace).await;
        let byte = left.split_to(1);
        Some((Ok::<_, io::Error>(byte), left))
    }))
}
