//! BrainMaps: password login with session tokens, personal access tokens, and a few brains to look at; its OAuth server
//! lies beside it. Speaks as Django REST framework does: trailing slashes, `{detail}`, page numbers.

mod brains;
mod caller;
mod reply;
mod sessions;
mod tokens;

use axum::Router;
use axum::routing::{get, post};

use super::Sandbox;
use super::oauth::Registration;
use super::services::Service;

/// The public OAuth client that BrainMaps knows.
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
        everything: "Do whatever you can do, personal access tokens included",
    }),
    api,
    schema: &[tokens::SCHEMA],
    sweep: &[
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
        .method_not_allowed_fallback(reply::wrong_method)
        .fallback(reply::nothing_here)
        .with_state(sandbox)
}
