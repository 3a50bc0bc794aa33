//! The server metadata (RFC 8414 §2, `OpenID` Connect Discovery §3; RFC 8628 §4, RFC 9126 §5 and RFC 9207 §3 for single members).

use axum::extract::State;
use axum::{Extension, Json};
use serde_json::{Value, json};

use super::AuthServer;
use super::authorization_response::ResponseMode;
use super::client::AUTH_METHODS;
use super::client_key::ALGORITHMS;
use crate::base::jwt_key;
use crate::web::host_guard::{ExtractPublicUrl, PublicUrl};

pub(super) const GRANT_TYPES: [&str; 6] = [
    "authorization_code",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:token-exchange",
    "refresh_token",
];

const CLAIMS: [&str; 13] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "at_hash",
    "name",
    "given_name",
    "family_name",
    "email",
    "email_verified",
];

pub(super) async fn show(
    State(server): State<AuthServer>,
    Extension(public_url): ExtractPublicUrl,
) -> Json<Value> {
    Json(document(&server, &public_url))
}

fn document(server: &AuthServer, public_url: &PublicUrl) -> Value {
    let at = |path: &str| public_url.join(&format!("{}{path}", server.service.prefix));
    json!({
        "issuer": at(""),
        "authorization_endpoint": at("/oauth2/authorize"),
        "authorization_response_iss_parameter_supported": true,
        "pushed_authorization_request_endpoint": at("/oauth2/par"),
        "require_pushed_authorization_requests": server.sandbox.settings().require_par,
        "device_authorization_endpoint": at("/oauth2/device_authorization"),
        "token_endpoint": at("/oauth2/token"),
        "token_endpoint_auth_methods_supported": AUTH_METHODS,
        "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "revocation_endpoint": at("/oauth2/revoke"),
        "revocation_endpoint_auth_methods_supported": AUTH_METHODS,
        "revocation_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "introspection_endpoint": at("/oauth2/introspect"),
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt", "Bearer"],
        "introspection_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "registration_endpoint": at("/oauth2/register"),
        "client_id_metadata_document_supported": true,
        "response_types_supported": ["code"],
        "response_modes_supported": ResponseMode::ALL.map(ResponseMode::as_str),
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "grant_types_supported": GRANT_TYPES,
        "code_challenge_methods_supported": ["S256"],
        "jwks_uri": at("/oauth2/jwks"),
        "userinfo_endpoint": at("/oauth2/userinfo"),
        "id_token_signing_alg_values_supported": [jwt_key::ALGORITHM],
        "subject_types_supported": ["public"],
        "claims_supported": CLAIMS,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "scopes_supported": server.scope_names().collect::<Vec<_>>(),
    })
}
