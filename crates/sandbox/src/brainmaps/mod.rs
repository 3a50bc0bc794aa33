//! BrainMaps: password login with session tokens, personal access tokens, and sample brains. Follows Django REST framework
//! conventions: trailing slashes, `{detail}` errors, page numbers.

mod api_error;
mod brains;
mod caller;
mod sessions;
mod token_store;
mod tokens;

use axum::Router;
use axum::routing::{get, post};

use crate::state::{Registration, Sandbox, Service};

/// The public OAuth client registered at BrainMaps.
pub const CLIENT_ID: &str = "brainmaps-cli";

pub(super) static SERVICE: Service = Service {
    id: "brainmaps",
    title: "BrainMaps",
    prefix: "",
    registration: Some(Registration {
        client_id: CLIENT_ID,
        client_name: "BrainMaps CLI",
        scopes: &[
            ("openid", "Know who you are"),
            ("profile", "See your name"),
            ("email", "See your e-mail address"),
            ("offline_access", "Stay signed in until you sign out"),
            ("brains:read", "See your brains"),
            ("tokens:read", "See your personal access tokens"),
            ("tokens:write", "Create and revoke personal access tokens"),
        ],
        unrestricted: "Full access to your account, including personal access tokens",
    }),
    api,
    schema: &[token_store::SCHEMA],
    delete_expired: &[
        "DELETE FROM brainmaps_tokens WHERE kind = 'session' AND (expires_at < ?1 OR revoked_at < ?1)",
    ],
};

fn api(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/api/auth/login/", post(sessions::log_in))
        .route("/api/auth/logout/", post(sessions::log_out))
        .route("/api/auth/me/", get(sessions::me))
        .route("/api/tokens/", get(tokens::list).post(tokens::create))
        .route("/api/tokens/{id}/revoke/", post(tokens::revoke))
        .route("/api/brains/", get(brains::list))
        .method_not_allowed_fallback(api_error::method_not_allowed)
        .fallback(api_error::not_found)
        .with_state(sandbox)
}
