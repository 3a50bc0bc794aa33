//! NeuroIO: temporary and permanent tokens of accounts, spaces and managers, a second set of them for streams, and sample data.
//! Trailing slashes, `{error_codes, message, fields}` errors.
//!
//! Where the documentation is silent: only error code 602 is documented, the others ([`api_error`]) are the sandbox's own; a list
//! shows the last characters of a key instead of the key.

mod api_error;
mod caller;
mod login;
mod owner;
mod paging;
mod sources;
mod spaces;
mod token_store;
mod tokens;

use axum::Router;
use axum::routing::{get, post};

use crate::state::{Sandbox, Service};

pub(super) static SERVICE: Service = Service {
    id: "neuroio",
    title: "NeuroIO",
    prefix: "/neuroio",
    registration: None,
    api,
    schema: &[spaces::SCHEMA, token_store::SCHEMA],
    delete_expired: token_store::DELETE_EXPIRED,
};

fn api(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/v1/auth/token/", post(login::log_in))
        .route("/v1/whoami/", get(login::whoami))
        .route("/v1/spaces/", get(spaces::list))
        .route("/v1/spaces/{id}/", get(spaces::show))
        .route("/v1/spaces/{id}/tokens/", post(spaces::create_token))
        .route("/v1/sources/", get(sources::list))
        .route("/v1/streams/", get(sources::streams))
        .merge(tokens::routes("/v1/tokens/", owner::Realm::Iam))
        .merge(tokens::routes("/v1/streams/tokens/", owner::Realm::Streams))
        .method_not_allowed_fallback(api_error::method_not_allowed)
        .fallback(api_error::not_found)
        .with_state(sandbox)
}
