//! Basic Memory's cloud: API keys, a health check that needs one, and an account that has not paid; its OAuth server
//! lies beside it. Speaks as `FastAPI` does: no trailing slashes, `{detail}` as a text or an object.

mod caller;
mod keys;
mod reply;

use axum::routing::{delete, get};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Sandbox;
use super::oauth::Registration;
use super::services::Service;

/// The public OAuth client that Basic Memory's own program uses.
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
        everything: "Do whatever you can do, API keys included",
    }),
    api,
    schema: &[keys::SCHEMA],
    sweep: &[],
};

fn api(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/api/keys", get(keys::list).post(keys::create))
        .route("/api/keys/{id}", delete(keys::revoke))
        .route("/proxy/health", get(health))
        .method_not_allowed_fallback(reply::wrong_method)
        .fallback(reply::nothing_here)
        .with_state(sandbox)
}

/// Whether a credential works. No source documents what else it tells, so it tells nothing else.
async fn health(_caller: caller::Caller) -> Json<Value> {
    Json(json!({"status": "ok"}))
}
