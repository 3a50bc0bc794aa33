//! Basic Memory: API keys, a health check that requires a credential, and an account without a subscription. Follows `FastAPI`
//! conventions: no trailing slashes, `{detail}` errors with a string or an object.

mod api_error;
mod caller;
mod key_store;
mod keys;

use axum::routing::{delete, get};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::state::{Registration, Sandbox, Service};

/// The public OAuth client of Basic Memory's own command line.
pub const CLIENT_ID: &str = "client_01K6KWQPW6J1M8VV7R3TZP5A6M";

pub(super) static SERVICE: Service = Service {
    id: "basic-memory",
    title: "Basic Memory",
    prefix: "/basic-memory",
    registration: Some(Registration {
        client_id: CLIENT_ID,
        client_name: "Basic Memory CLI",
        scopes: &[
            ("openid", "Know who you are"),
            ("profile", "See your name"),
            ("email", "See your e-mail address"),
            ("offline_access", "Stay signed in until you sign out"),
        ],
        unrestricted: "Full access to your account, including API keys",
    }),
    api,
    schema: &[key_store::SCHEMA],
    delete_expired: &[],
};

fn api(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/api/keys", get(keys::list).post(keys::create))
        .route("/api/keys/{id}", delete(keys::revoke))
        .route("/proxy/health", get(health))
        .method_not_allowed_fallback(api_error::method_not_allowed)
        .fallback(api_error::not_found)
        .with_state(sandbox)
}

/// Succeeds with any valid credential. No source documents more of the response.
async fn health(_caller: caller::Caller) -> Json<Value> {
    Json(json!({"status": "ok"}))
}
