//! The list of services. To add one, add a folder and a line here.

use axum::Router;

use crate::oauth::{self, AuthServer};
use crate::state::{Sandbox, Schema, Service};
use crate::{basic_memory, basira, brainmaps, brainpercent, neuroio, page};

pub(super) static SERVICES: [&Service; 5] = [
    &brainmaps::SERVICE,
    &basic_memory::SERVICE,
    &neuroio::SERVICE,
    &brainpercent::SERVICE,
    &basira::SERVICE,
];

/// Mounts each service at its prefix, with its OAuth endpoints and pages.
pub(super) fn router(sandbox: &Sandbox) -> Router {
    let mut router = Router::new();
    for service in SERVICES {
        let mut endpoints = (service.api)(sandbox.clone());
        if let Some(server) = AuthServer::new(sandbox, service) {
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
    router
}

/// Returns the tables of the OAuth server, the pages and all services.
pub(super) fn schema() -> Schema {
    let mut schema = Schema {
        create: [&oauth::SCHEMAS[..], &[page::SCHEMA]].concat(),
        delete_expired: [&oauth::delete_expired(), page::DELETE_EXPIRED].concat(),
    };
    for service in SERVICES {
        schema.create.extend(service.schema);
        schema.delete_expired.extend(service.delete_expired);
    }
    schema
}
