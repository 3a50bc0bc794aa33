//! The endpoints of a simulated system: metadata, keys, and the request for a token of GitHub.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

use super::issuer::Issuer;
use super::settings::CiSystem;
use crate::base::jwt_key;

/// In a real job the path has the ids of the run.
pub(super) const GITHUB_TOKEN_PATH: &str = "/40/idtoken/run-1001";

pub(super) fn router(issuer: &Issuer) -> Router {
    let mut router = Router::new()
        .route("/.well-known/openid-configuration", get(show_metadata))
        .route("/.well-known/jwks", get(show_keys));
    if issuer.settings.system == CiSystem::Github {
        router = router.route(GITHUB_TOKEN_PATH, get(issue));
    }
    router.with_state(issuer.clone())
}

async fn show_metadata(State(issuer): State<Issuer>) -> Json<Value> {
    Json(json!({
        "issuer": issuer.url,
        "jwks_uri": format!("{}/.well-known/jwks", issuer.url),
        "subject_types_supported": ["public"],
        "response_types_supported": ["id_token"],
        "id_token_signing_alg_values_supported": [jwt_key::ALGORITHM],
        "scopes_supported": ["openid"],
    }))
}

async fn show_keys(State(issuer): State<Issuer>) -> Json<Value> {
    Json(issuer.public_keys())
}

#[derive(Deserialize)]
struct TokenQuery {
    audience: Option<String>,
}

/// GitHub: "Using OpenID Connect within your workflow to authenticate".
async fn issue(
    State(issuer): State<Issuer>,
    Query(query): Query<TokenQuery>,
    headers: HeaderMap,
) -> Response {
    let sent = headers.get(header::AUTHORIZATION);
    let sent = sent.and_then(|value| value.to_str().ok()?.split_once(' '));
    let is_permitted = sent.is_some_and(|(scheme, token)| {
        let is_right = token
            .as_bytes()
            .ct_eq(issuer.request_token.expose().as_bytes());
        scheme.eq_ignore_ascii_case("bearer") && bool::from(is_right)
    });
    if !is_permitted {
        let body = json!({"message": "the request token is wrong or missing"});
        return (StatusCode::UNAUTHORIZED, Json(body)).into_response();
    }
    match issuer.issue(query.audience.as_deref()) {
        Ok(token) => Json(json!({"count": 1, "value": token.expose()})).into_response(),
        Err(error) => error.into_response(),
    }
}
