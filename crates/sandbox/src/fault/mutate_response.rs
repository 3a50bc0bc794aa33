//! Changes a response, whether it comes from a service or is synthetic.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::{StreamExt, stream};
use jiff::SignedDuration;
use serde_json::{Map, Value};

use super::kinds::Mutation;

/// Larger than any response worth changing.
const MAX_BODY: usize = 64 * 1024 * 1024;

/// Returns the sum of all clock offsets.
pub(super) fn clock_offset(mutations: &[Mutation]) -> Option<SignedDuration> {
    let offsets = mutations.iter().filter_map(|mutation| match mutation {
        Mutation::Clock(offset) => Some(*offset),
        _ => None,
    });
    offsets.reduce(SignedDuration::saturating_add)
}

/// Returns the sum of all delays.
pub(super) fn delay(mutations: &[Mutation]) -> Duration {
    let delays = mutations.iter().filter_map(|mutation| match mutation {
        Mutation::Delay(delay) => Some(*delay),
        _ => None,
    });
    delays.sum()
}

/// Applies all other mutations: first to the content, then to how it is sent.
pub(super) async fn apply(mut response: Response, mutations: &[Mutation]) -> Response {
    if mutations.iter().any(is_edit) {
        response = edit_members(response, mutations).await;
    }
    for mutation in mutations {
        match mutation {
            Mutation::Type(media_type) => {
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_TYPE, media_type.clone());
            }
            Mutation::Cut => response = replace_body(response, |bytes| cut(&bytes)).await,
            Mutation::Drip(interval) => {
                let interval = *interval;
                response = replace_body(response, move |bytes| drip(bytes, interval)).await;
            }
            Mutation::Clock(_) | Mutation::Delay(_) | Mutation::Without(_) | Mutation::Set(..) => {}
        }
    }
    response
}

fn is_edit(mutation: &Mutation) -> bool {
    matches!(mutation, Mutation::Without(_) | Mutation::Set(..))
}

/// Removes and sets members. Leaves anything but a JSON object unchanged.
async fn edit_members(response: Response, mutations: &[Mutation]) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let Ok(mut members) = serde_json::from_slice::<Map<String, Value>>(&bytes) else {
        return Response::from_parts(parts, bytes.into());
    };
    for mutation in mutations {
        match mutation {
            Mutation::Without(member) => drop(members.remove(member)),
            Mutation::Set(member, value) => drop(members.insert(member.clone(), value.clone())),
            _ => {}
        }
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Value::from(members).to_string().into())
}

/// Sets `Content-Length` and replaces the body by `transform` of it.
async fn replace_body(response: Response, transform: impl FnOnce(Bytes) -> Body) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let length = HeaderValue::from(bytes.len());
    parts.headers.insert(header::CONTENT_LENGTH, length);
    Response::from_parts(parts, transform(bytes))
}

/// Sends half of the body, then an error, which closes the connection. The yield lets the server flush the first half.
fn cut(bytes: &Bytes) -> Body {
    let half = bytes.slice(..bytes.len() / 2);
    let end = async {
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::UnexpectedEof))
    };
    Body::from_stream(stream::iter([Ok(half)]).chain(stream::once(end)))
}

fn drip(bytes: Bytes, interval: Duration) -> Body {
    Body::from_stream(stream::unfold(bytes, move |mut left| async move {
        if left.is_empty() {
            return None;
        }
        tokio::time::sleep(interval).await;
        let byte = left.split_to(1);
        Some((Ok::<_, io::Error>(byte), left))
    }))
}
