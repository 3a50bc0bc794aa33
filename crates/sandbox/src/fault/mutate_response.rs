//! Changes a response, whether it comes from a service or is synthetic.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::{StreamExt, stream};
use jiff::SignedDuration;
use serde_json::{Map, Value};
use url::Url;

use super::gzip;
use super::kinds::{BodyEncoding, Mutation};

/// Larger than any response of a service.
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
            Mutation::Encode(encoding) => response = encode(response, *encoding).await,
            Mutation::NoEnd => response = without_end(response).await,
            Mutation::Cut => response = replace_body(response, |bytes| cut(&bytes)).await,
            Mutation::Drip(interval) => {
                let interval = *interval;
                response = replace_body(response, move |bytes| drip(bytes, interval)).await;
            }
            Mutation::Clock(_)
            | Mutation::Delay(_)
            | Mutation::Ignore(_)
            | Mutation::Without(_)
            | Mutation::Set(..)
            | Mutation::Folded => {}
        }
    }
    response
}

fn is_edit(mutation: &Mutation) -> bool {
    matches!(mutation, Mutation::Without(_) | Mutation::Set(..))
}

/// Removes and sets members. Leaves anything but a JSON object and a redirect unchanged.
async fn edit_members(response: Response, mutations: &[Mutation]) -> Response {
    let (mut parts, body) = response.into_parts();
    if let Some(location) = parts.headers.get(header::LOCATION) {
        if let Some(edited) = edit_parameters(location, mutations) {
            parts.headers.insert(header::LOCATION, edited);
        }
        return Response::from_parts(parts, body);
    }
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

/// Removes and sets parameters of an absolute URL: the response to an authorization request. Returns `None` for a path, which leads
/// to the next page.
fn edit_parameters(location: &HeaderValue, mutations: &[Mutation]) -> Option<HeaderValue> {
    let mut url = Url::parse(location.to_str().ok()?).ok()?;
    let mut parameters: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    for mutation in mutations {
        match mutation {
            Mutation::Without(name) => parameters.retain(|(it, _)| it != name),
            Mutation::Set(name, value) => {
                parameters.retain(|(it, _)| it != name);
                let text = value.as_str().map(ToOwned::to_owned);
                parameters.push((name.clone(), text.unwrap_or_else(|| value.to_string())));
            }
            _ => {}
        }
    }
    url.query_pairs_mut().clear().extend_pairs(parameters);
    HeaderValue::from_str(url.as_str()).ok()
}

/// Sets `Content-Length` to the length of the whole body, and then replaces the body by `transform` of it.
async fn replace_body(response: Response, transform: impl FnOnce(Bytes) -> Body) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let length = HeaderValue::from(bytes.len());
    parts.headers.insert(header::CONTENT_LENGTH, length);
    Response::from_parts(parts, transform(bytes))
}

async fn encode(response: Response, encoding: BodyEncoding) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    let encoded = match encoding {
        BodyEncoding::ByteOrderMark => [b"\xEF\xBB\xBF", bytes.as_ref()].concat(),
        BodyEncoding::Gzip => {
            let gzip = HeaderValue::from_static("gzip");
            parts.headers.insert(header::CONTENT_ENCODING, gzip);
            gzip::compress(&bytes)
        }
        BodyEncoding::Latin1 => {
            let latin1 = HeaderValue::from_static("application/json; charset=ISO-8859-1");
            parts.headers.insert(header::CONTENT_TYPE, latin1);
            with_latin1_member(&bytes)
        }
    };
    Response::from_parts(parts, encoded.into())
}

/// Adds a member whose value is `é` in ISO-8859-1 to a JSON object.
fn with_latin1_member(bytes: &[u8]) -> Vec<u8> {
    match bytes.strip_prefix(b"{") {
        Some(rest) => [b"{\"comment\":\"\xE9\",", rest].concat(),
        None => bytes.to_vec(),
    }
}

/// Sends the whole body in chunks, then an error, which closes the connection without the last chunk.
async fn without_end(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, then_break(bytes))
}

/// Returns the whole response as bytes, with a header that is continued on a second line (RFC 9112 §5.2).
pub(super) async fn folded(response: Response) -> Vec<u8> {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let mut raw = format!("HTTP/1.1 {}\r\n", parts.status).into_bytes();
    for (name, value) in &parts.headers {
        if name != header::CONTENT_LENGTH {
            raw.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
    }
    let rest = format!(
        "x-folded: first\r\n second\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        bytes.len()
    );
    raw.extend(rest.into_bytes());
    raw.extend(bytes);
    raw
}

/// Sends half of the body, then breaks the connection.
fn cut(bytes: &Bytes) -> Body {
    then_break(bytes.slice(..bytes.len() / 2))
}

/// Sends `bytes`, then an error, which closes the connection. The yield lets the server flush the bytes first.
fn then_break(bytes: Bytes) -> Body {
    let end = async {
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::UnexpectedEof))
    };
    Body::from_stream(stream::iter([Ok(bytes)]).chain(stream::once(end)))
}

/// Sends one byte per `interval`.
fn drip(bytes: Bytes, interval: Duration) -> Body {
    Body::from_stream(stream::unfold(bytes, move |mut unsent| async move {
        if unsent.is_empty() {
            return None;
        }
        tokio::time::sleep(interval).await;
        let byte = unsent.split_to(1);
        Some((Ok::<_, io::Error>(byte), unsent))
    }))
}
