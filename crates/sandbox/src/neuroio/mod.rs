//! NeuroIO: temporary and permanent tokens of accounts, spaces and managers, the same again for streams, and a little
//! data to open with them. Speaks with trailing slashes and `{error_codes, message, fields}`.
//!
//! What its documentation leaves open, and what is done here: of the error codes only 602 is documented, the others
//! ([`reply`]) are the sandbox's own; a list shows the end of a key in place of the key.

mod caller;
mod data;
mod login;
mod owner;
mod paging;
mod reply;
mod spaces;
mod token;
mod tokens;

use axum::Router;
use axum::routing::{get, post};

use super::Sandbox;
use super::services::Service;

pub(super) static SERVICE: Service = Service {
    id: "neuroio",
    title: "NeuroIO",
    prefix: "/neuroio",
    registration: None,
    api,
    schema: &[spaces::SCHEMA, token::SCHEMA],
    sweep: token::SWEEP,
};

fn api(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/v1/auth/token/", post(login::log_in))
        .route("/v1/whoami/", get(login::who_am_i))
        .route("/v1/spaces/", get(spaces::list))
        .route("/v1/spaces/{id}/", get(spaces::show))
        .route("/v1/spaces/{id}/tokens/", post(spaces::create_token))
        .route("/v1/sources/", get(data::sources))
        .route("/v1/streams/", get(data::streams))
        .merge(tokens::routes("/v1/tokens/", owner::Realm::Iam))
        .merge(tokens::routes("/v1/streams/tokens/", owner::Realm::Streams))
        .method_not_allowed_fallback(reply::wrong_method)
        .fallback(reply::nothing_here)
        .with_state(sandbox)
}
