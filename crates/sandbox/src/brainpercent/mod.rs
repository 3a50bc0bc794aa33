//! BrainPercent: API keys with permissions and scopes, which are created with the web session's cookie; articles, social content
//! and projects; credits and a rate limit. No trailing slashes, `{success, data}` and `{success, error, meta}`, CORS headers on
//! every response.
//!
//! The documentation gives neither the rate limit ([`rate_limit`]) nor the prices ([`credits`]). [`login`] is the sandbox's own page
//! for getting the cookie.

mod api_error;
mod api_keys;
mod caller;
mod content;
mod create_key_request;
mod credits;
mod envelope;
mod key_store;
mod login;
mod paging;
mod rate_limit;
mod session;

use axum::routing::{delete, get, post};
use axum::{Router, middleware};

use crate::state::{Sandbox, Service};

pub(super) static SERVICE: Service = Service {
    id: "brainpercent",
    title: "BrainPercent",
    prefix: "/brainpercent",
    registration: None,
    api,
    schema: &[
        key_store::SCHEMA,
        session::SCHEMA,
        credits::SCHEMA,
        rate_limit::SCHEMA,
        content::SCHEMA,
    ],
    delete_expired: &[
        key_store::DELETE_EXPIRED,
        session::DELETE_EXPIRED,
        rate_limit::DELETE_EXPIRED,
    ],
};

fn api(sandbox: Sandbox) -> Router {
    let envelope = middleware::from_fn_with_state(sandbox.clone(), envelope::wrap);
    Router::new()
        .route(
            "/api/v1/api-keys",
            get(api_keys::list).post(api_keys::create),
        )
        .route("/api/v1/api-keys/{id}", delete(api_keys::revoke))
        .route("/api/v1/articles", get(content::articles))
        .route("/api/v1/articles/generate", post(content::generate_article))
        .route(
            "/api/v1/articles/{id}",
            get(content::article)
                .put(content::rename_article)
                .delete(content::delete_article),
        )
        .route("/api/v1/articles/{id}/status", get(content::article_status))
        .route("/api/v1/social/content", get(content::social))
        .route("/api/v1/social/generate", post(content::generate_social))
        .route("/api/v1/social/publish", post(content::publish_social))
        .route("/api/v1/projects", get(content::projects))
        .route("/api/v1/projects/{id}", get(content::project))
        .route("/api/v1/user/credits", get(credits::credits))
        .route("/api/v1/user/usage", get(credits::usage))
        .method_not_allowed_fallback(api_error::method_not_allowed)
        .fallback(api_error::not_found)
        .layer(envelope)
        .merge(login::routes())
        .with_state(sandbox)
}
