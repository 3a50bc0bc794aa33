//! The server metadata (RFC 8414 §2; RFC 8628 §4 for the device endpoint).

use axum::extract::State;
use axum::{Extension, Json};
use serde_json::{Value, json};

use super::AuthServer;
use crate::web::host_guard::{ExtractPublicUrl, PublicUrl};

pub(super) async fn show(
    State(server): State<AuthServer>,
    Extension(public_url): ExtractPublicUrl,
) -> Json<Value> {
    Json(document(&server, &public_url))
}

fn document(server: &AuthServer, public_url: &PublicUrl) -> Value {
    let at = |path: &str| public_url.join(&format!("{}{path}", server.service.prefix));
    let scopes: Vec<&str> = server
        .registration
        .scopes
        .iter()
        .map(|(scope, _)| *scope)
        .collect();
    json!({
        "issuer": at(""),
        "device_authorization_endpoint": at("/oauth2/device_authorization"),
        "token_endpoint": at("/oauth2/token"),
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint": at("/oauth2/revoke"),
        "revocation_endpoint_auth_methods_supported": ["none"],
        "introspection_endpoint": at("/oauth2/introspect"),
        "introspection_endpoint_auth_methods_supported": ["none", "Bearer"],
        // Required, but empty: the device grant has no authorization endpoint.
        "response_types_supported": [],
        "grant_types_supported": ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": scopes,
    })
}
