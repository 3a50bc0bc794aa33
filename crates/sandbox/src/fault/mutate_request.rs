//! Removes parameters of a form, as a server that ignores them.

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header;
use url::form_urlencoded;

use super::kinds::Mutation;

/// Larger than any form.
const MAX_BODY: usize = 64 * 1024;

/// Applies the mutations of the request.
pub(super) async fn apply(request: Request, mutations: &[Mutation]) -> Request {
    let ignored = mutations.iter().filter_map(|mutation| match mutation {
        Mutation::Ignore(name) => Some(name.as_str()),
        _ => None,
    });
    let ignored: Vec<&str> = ignored.collect();
    if ignored.is_empty() {
        return request;
    }
    let (mut parts, body) = request.into_parts();
    let form = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    Request::from_parts(parts, remove_parameters(&form, &ignored).into())
}

fn remove_parameters(form: &Bytes, ignored: &[&str]) -> String {
    let remaining = form_urlencoded::parse(form).filter(|(name, _)| !ignored.contains(&&**name));
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(remaining)
        .finish()
}
