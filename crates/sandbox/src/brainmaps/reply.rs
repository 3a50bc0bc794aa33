//! How BrainMaps answers when it does not answer with data: `{detail}`, and `{error, detail}` for a bad request.

use axum::Json;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::SandboxError;
use crate::json_body::NotJson;

/// Every way in which BrainMaps says no.
#[derive(Debug)]
pub(super) enum No {
    /// No credential, or one that is none (401). With the scheme to use.
    Unauthenticated(&'static str, &'static str),
    /// An OAuth token without this scope (403; RFC 6750 §3.1).
    LacksScope(&'static str),
    /// A request that makes no sense (400 and its like): the code and the words.
    Bad(StatusCode, &'static str, &'static str),
    /// Nothing there (404).
    Missing(&'static str),
    /// The sandbox itself failed.
    Broken(SandboxError),
}

impl From<SandboxError> for No {
    fn from(error: SandboxError) -> Self {
        Self::Broken(error)
    }
}

impl From<NotJson> for No {
    fn from((status, words): NotJson) -> Self {
        Self::Bad(status, "parse_error", words)
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        let detail = |words: &str| Json(json!({"detail": words}));
        match self {
            Self::Unauthenticated(challenge, words) => {
                challenged(StatusCode::UNAUTHORIZED, challenge, detail(words))
            }
            Self::LacksScope(scope) => {
                let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
                let words = "You do not have permission to perform this action.";
                challenged(StatusCode::FORBIDDEN, &challenge, detail(words))
            }
            Self::Bad(status, error, words) => {
                (status, Json(json!({"error": error, "detail": words}))).into_response()
            }
            Self::Missing(words) => (StatusCode::NOT_FOUND, detail(words)).into_response(),
            Self::Broken(error) => error.into_response(),
        }
    }
}

fn challenged(status: StatusCode, challenge: &str, body: Json<Value>) -> Response {
    let mut response = (status, body).into_response();
    if let Ok(challenge) = HeaderValue::from_str(challenge) {
        let headers = response.headers_mut();
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// Unknown paths. As Django does, a GET that lacks the final slash is sent there; anything else would lose its body.
pub(super) async fn nothing_here(method: Method, uri: Uri) -> Response {
    let path = uri.path();
    let unfinished = path.starts_with("/api/") && !path.ends_with('/');
    if !unfinished || !matches!(method, Method::GET | Method::HEAD) {
        return No::Missing("Not found.").into_response();
    }
    let query = uri
        .query()
        .map_or(String::new(), |query| format!("?{query}"));
    let location = [(header::LOCATION, format!("{path}/{query}"))];
    (StatusCode::MOVED_PERMANENTLY, location).into_response()
}

pub(super) async fn wrong_method(method: Method) -> Response {
    let detail = format!("Method \"{method}\" not allowed.");
    (
        StatusCode::METHOD_NOT_ALLOWED,
        Json(json!({"detail": detail})),
    )
        .into_response()
}
