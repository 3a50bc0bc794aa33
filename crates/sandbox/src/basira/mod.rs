//! Basira: JSON Web Tokens for people, API keys for programs, and databases; billing is not accessible with API keys. No trailing
//! slashes, `{error}` errors.
//!
//! Where the documentation is silent: a refresh token works once, and using it again revokes the session; lists are objects with one
//! member; a 401 names the scheme.

mod api_error;
mod auth;
mod billing;
mod caller;
mod databases;
mod jwt;
mod key_store;
mod keys;
mod session;

use axum::Router;
use axum::routing::{delete, get, post};

use crate::state::{Sandbox, Service};

pub(super) static SERVICE: Service = Service {
    id: "basira",
    title: "Basira",
    prefix: "/basira",
    registration: None,
    api,
    schema: &[session::SCHEMA, key_store::SCHEMA, databases::SCHEMA],
    delete_expired: session::DELETE_EXPIRED,
};

fn api(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/api/v1/auth/login", post(auth::log_in))
        .route("/api/v1/auth/refresh", post(auth::refresh))
        .route(
            "/api/v1/auth/resend-verification",
            post(auth::resend_verification),
        )
        .route("/api/v1/api-keys", get(keys::list).post(keys::create))
        .route("/api/v1/api-keys/{id}", delete(keys::revoke))
        .route(
            "/api/v1/databases",
            get(databases::list).post(databases::register),
        )
        .route("/api/v1/databases/{id}", delete(databases::remove))
        .route("/api/v1/billing", get(billing::show))
        .method_not_allowed_fallback(api_error::method_not_allowed)
        .fallback(api_error::not_found)
        .with_state(sandbox)
}
