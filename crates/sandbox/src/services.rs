//! Which services there are. One more is one more folder and one more line here.

use axum::Router;

use super::{Sandbox, basic_memory, basira, brainmaps, brainpercent, neuroio, oauth, page};

/// A service, as far as the rest of the sandbox needs to know it.
pub(super) struct Service {
    /// Its name in the state; never changes.
    pub(super) id: &'static str,
    /// Its name for people.
    pub(super) title: &'static str,
    /// Where it lies below the sandbox's address: empty, or a slash and a name.
    pub(super) prefix: &'static str,
    /// The OAuth client registered with it, when it has an OAuth server.
    pub(super) registration: Option<oauth::Registration>,
    /// Its own API.
    pub(super) api: fn(Sandbox) -> Router,
    /// Its own tables.
    pub(super) schema: &'static [&'static str],
    /// Statements that remove what nobody needs any more; `?1` is the time.
    pub(super) sweep: &'static [&'static str],
}

/// All of them.
pub(super) static SERVICES: [&Service; 5] = [
    &brainmaps::SERVICE,
    &basic_memory::SERVICE,
    &neuroio::SERVICE,
    &brainpercent::SERVICE,
    &basira::SERVICE,
];

/// Every service at its place.
pub(super) fn router(sandbox: &Sandbox) -> Router {
    let mut router = Router::new();
    for service in SERVICES {
        let mut whole = (service.api)(sandbox.clone());
        if let Some(desk) = oauth::Desk::of(sandbox, service) {
            router = router.merge(oauth::well_known_at_the_root(&desk));
            whole = whole.merge(oauth::routes(&desk)).merge(page::routes(&desk));
        }
        router = if service.prefix.is_empty() {
            router.merge(whole)
        } else {
            router.nest(service.prefix, whole)
        };
    }
    router
}
