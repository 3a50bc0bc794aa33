//! BrainPercent: API keys with permissions and scopes, made with the web session's cookie; articles, social content and
//! projects to try them on; credits that run out and a rate limit. Speaks without trailing slashes, `{success, data}`
//! and `{success, error, meta}`, and says on every answer that any web page may ask.
//!
//! What its documentation leaves open, and what is done here: how many requests a minute are too many ([`window`]), what
//! things cost and how much there is ([`wallet`]). [`login`] is the sandbox's own: the page that gives the cookie.

mod api_keys;
mod body;
mod caller;
mod envelope;
mod key;
mod login;
mod paging;
mod reply;
mod session;
mod wallet;
mod window;
mod works;

use axum::routing::{delete, get, post};
use axum::{Router, middleware};

use super::Sandbox;
use super::services::Service;

pub(super) static SERVICE: Service = Service {
    id: "brainpercent",
    title: "BrainPercent",
    prefix: "/brainpercent",
    registration: None,
    api,
    schema: &[
        key::SCHEMA,
        session::SCHEMA,
        wallet::SCHEMA,
        window::SCHEMA,
        works::SCHEMA,
    ],
    sweep: &[key::SWEEP, session::SWEEP, window::SWEEP],
};

fn api(sandbox: Sandbox) -> Router {
    let envelope = middleware::from_fn_with_state(sandbox.clone(), envelope::wrap);
    Router::new()
        .route(
            "/api/v1/api-keys",
            get(api_keys::list).post(api_keys::create),
        )
        .route("/api/v1/api-keys/{id}", delete(api_keys::revoke))
        .route("/api/v1/articles", get(works::articles))
        .route("/api/v1/articles/generate", post(works::generate_article))
        .route(
            "/api/v1/articles/{id}",
            get(works::article)
                .put(works::rename_article)
                .delete(works::delete_article),
        )
        .route("/api/v1/articles/{id}/status", get(works::article_status))
        .route("/api/v1/social/content", get(works::social))
        .route("/api/v1/social/generate", post(works::generate_social))
        .route("/api/v1/social/publish", post(works::publish_social))
        .route("/api/v1/projects", get(works::projects))
        .route("/api/v1/projects/{id}", get(works::project))
        .route("/api/v1/user/credits", get(wallet::credits))
        .route("/api/v1/user/usage", get(wallet::usage))
        .method_not_allowed_fallback(reply::wrong_method)
        .fallback(reply::nothing_here)
        .layer(envelope)
        .merge(login::routes())
        .with_state(sandbox)
}
