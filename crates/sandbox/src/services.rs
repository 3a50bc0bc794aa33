//! The list of services. To add one, add a folder and a line here.

use axum::{Router, middleware};

use super::{Sandbox, basic_memory, basira, brainmaps, brainpercent, neuroio, oauth, page};

pub(super) struct Service {
    /// Stored in the database; must never change.
    pub(super) id: &'static str,
    /// Shown on pages.
    pub(super) title: &'static str,
    /// Path prefix: empty, or a slash and a name.
    pub(super) prefix: &'static str,
    /// The registered OAuth client, for services with an OAuth server.
    pub(super) registration: Option<oauth::Registration>,
    pub(super) api: fn(Sandbox) -> Router,
    pub(super) schema: &'static [&'static str],
    /// Statements that delete expired rows; `?1` is the current time.
    pub(super) sweep: &'static [&'static str],
}

pub(super) static SERVICES: [&Service; 5] = [
    &brainmaps::SERVICE,
    &basic_memory::SERVICE,
    &neuroio::SERVICE,
    &brainpercent::SERVICE,
    &basira::SERVICE,
];

/// Mounts each service at its prefix, with its OAuth endpoints and pages, and the page that lists them.
pub(super) fn router(sandbox: &Sandbox) -> Router {
    let mut router = Router::new();
    for service in SERVICES {
        let mut endpoints = (service.api)(sandbox.clone());
        if let Some(server) = oauth::AuthServer::new(sandbox, service) {
            router = router.merge(oauth::root_metadata_routes(&server));
            endpoints = endpoints
                .merge(oauth::routes(&server))
                .merge(page::routes(&server));
        }
        router = if service.prefix.is_empty() {
            router.merge(endpoints)
        } else {
            router.nest(service.prefix, endpoints)
        };
    }
    router.layer(middleware::from_fn(page::show_to_browsers))
}
