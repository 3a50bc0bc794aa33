//! Error responses: `{detail}`, and `{error, detail}` for a bad request.

use axum::Json;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::base::SandboxError;
use crate::web::json_body::NotJson;

#[derive(Debug)]
pub(super) enum ApiError {
    /// 401 with this `WWW-Authenticate` challenge and message.
    Unauthenticated(&'static str, &'static str),
    /// 403: the OAuth token lacks this scope (RFC 6750 §3.1).
    InsufficientScope(&'static str),
    /// A status with an error code and a message.
    BadRequest(StatusCode, &'static str, &'static str),
    /// 404.
    NotFound(&'static str),
    Internal(SandboxError),
}

impl From<SandboxError> for ApiError {
    fn from(error: SandboxError) -> Self {
        Self::Internal(error)
    }
}

impl From<NotJson> for ApiError {
    fn from(NotJson { status, message }: NotJson) -> Self {
        Self::BadRequest(status, "parse_error", message)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let detail = |message: &str| Json(json!({"detail": message}));
        match self {
            Self::Unauthenticated(challenge, message) => {
                with_challenge(StatusCode::UNAUTHORIZED, challenge, detail(message))
            }
            Self::InsufficientScope(scope) => {
                let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
                let message = "You do not have permission to perform this action.";
                with_challenge(StatusCode::FORBIDDEN, &challenge, detail(message))
            }
            Self::BadRequest(status, error, message) => {
                (status, Json(json!({"error": error, "detail": message}))).into_response()
            }
            Self::NotFound(message) => (StatusCode::NOT_FOUND, detail(message)).into_response(),
            Self::Internal(error) => error.into_response(),
        }
    }
}

fn with_challenge(status: StatusCode, challenge: &str, body: Json<Value>) -> Response {
    let mut response = (status, body).into_response();
    if let Ok(challenge) = HeaderValue::from_str(challenge) {
        let headers = response.headers_mut();
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// Handles unknown paths. Like Django, redirects a GET without trailing slash; a redirect of other methods would lose the body.
pub(super) async fn not_found(method: Method, uri: Uri) -> Response {
    let path = uri.path();
    let lacks_slash = path.starts_with("/api/") && !path.ends_with('/');
    if !lacks_slash || !matches!(method, Method::GET | Method::HEAD) {
        return ApiError::NotFound("Not found.").into_response();
    }
    let query = uri
        .query()
        .map_or(String::new(), |query| format!("?{query}"));
    let location = [(header::LOCATION, format!("{path}/{query}"))];
    (StatusCode::MOVED_PERMANENTLY, location).into_response()
}

pub(super) async fn method_not_allowed(method: Method) -> Response {
    let detail = format!("Method \"{method}\" not allowed.");
    (
        StatusCode::METHOD_NOT_ALLOWED,
        Json(json!({"detail": detail})),
    )
        .into_response()
}
