//! The OAuth server of every service that has one: metadata (RFC 8414), device authorization (RFC 8628, with PKCE), token
//! (device code and refresh, RFC 6749), revocation (RFC 7009), introspection (RFC 7662).
//!
//! Owns device codes, grants and tokens; a service asks [`access`] what a token may do. Who the person is, and their
//! yes or no, come from `page` through [`decide`].

mod decision;
mod device;
mod form;
mod grants;
mod introspect;
mod metadata;
mod redeem;
mod refresh;
mod refusal;
mod revoke;
mod scopes;
mod token;
mod user_code;

use axum::Router;
use axum::routing::{get, post};

use super::Sandbox;
use super::services::Service;

pub(super) use decision::{Decision, DeviceRequest, Standing, decide, look_up};
pub(super) use grants::access;
pub(super) use scopes::Scopes;
pub(super) use user_code::UserCode;

/// The public client that a service knows, and what it may ask for.
pub(super) struct Registration {
    /// Its identifier.
    pub(super) client_id: &'static str,
    /// Its name for people.
    pub(super) client_name: &'static str,
    /// What it may ask for, each with the words the page uses.
    pub(super) scopes: &'static [(&'static str, &'static str)],
    /// The page's words for what no scope narrows.
    pub(super) everything: &'static str,
}

/// Whether any of `scopes` is a service's own. Those narrow what a token may do; OpenID's speak of the person alone.
pub(super) fn are_narrowing(scopes: &Scopes) -> bool {
    scopes.iter().any(|scope| scope.contains(':'))
}

/// What every OAuth endpoint needs: whose it is.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) sandbox: Sandbox,
    pub(super) service: &'static Service,
    pub(super) registration: &'static Registration,
}

impl Desk {
    /// The desk of `service`, when it has an OAuth server.
    pub(super) fn of(sandbox: &Sandbox, service: &'static Service) -> Option<Self> {
        let registration = service.registration.as_ref()?;
        Some(Self {
            sandbox: sandbox.clone(),
            service,
            registration,
        })
    }
}

const WELL_KNOWN: &str = "/.well-known/oauth-authorization-server";

/// The endpoints, below the service's own path.
pub(super) fn routes(desk: &Desk) -> Router {
    let router = Router::new()
        .route("/oauth2/device_authorization", post(device::authorize))
        .route("/oauth2/token", post(token::answer))
        .route("/oauth2/revoke", post(revoke::revoke))
        .route("/oauth2/introspect", post(introspect::introspect));
    let router = if desk.service.prefix.is_empty() {
        router
    } else {
        router.route(WELL_KNOWN, get(metadata::show))
    };
    router.with_state(desk.clone())
}

/// The metadata where RFC 8414 §3.1 puts it: between the host and the issuer's path.
pub(super) fn well_known_at_the_root(desk: &Desk) -> Router {
    let path = format!("{WELL_KNOWN}{}", desk.service.prefix);
    Router::new()
        .route(&path, get(metadata::show))
        .with_state(desk.clone())
}

pub(super) const SCHEMA: &str = "
    CREATE TABLE device_codes (
        hash BLOB PRIMARY KEY,
        service TEXT NOT NULL,
        client_id TEXT NOT NULL,
        user_code TEXT NOT NULL UNIQUE,
        scopes TEXT NOT NULL,
        challenge TEXT,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        interval_ms INTEGER NOT NULL,
        polled_at INTEGER,
        state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'denied', 'redeemed')),
        account_id INTEGER,
        grant_id TEXT
    ) STRICT;
    CREATE TABLE grants (
        id TEXT PRIMARY KEY,
        service TEXT NOT NULL,
        client_id TEXT NOT NULL,
        account_id INTEGER NOT NULL,
        scopes TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        revoked_at INTEGER
    ) STRICT;
    CREATE TABLE access_tokens (
        hash BLOB PRIMARY KEY,
        grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
        scopes TEXT NOT NULL,
        issued_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        revoked_at INTEGER
    ) STRICT;
    CREATE INDEX access_tokens_by_grant ON access_tokens (grant_id);
    CREATE TABLE refresh_tokens (
        hash BLOB PRIMARY KEY,
        grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
        issued_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        rotated_at INTEGER
    ) STRICT;
    CREATE INDEX refresh_tokens_by_grant ON refresh_tokens (grant_id);";

/// Codes stay a day beyond their end, so that a late poll and a late visitor hear "expired" and not "unknown". A grant
/// goes once nothing is left that could be used, reused or replayed.
pub(super) const SWEEP: &[&str] = &[
    "DELETE FROM device_codes WHERE expires_at < ?1 - 86400000",
    "DELETE FROM access_tokens WHERE expires_at < ?1",
    "DELETE FROM refresh_tokens WHERE expires_at < ?1",
    "DELETE FROM grants WHERE created_at < ?1 - 86400000
        AND (revoked_at < ?1 - 86400000 OR NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE grant_id = grants.id))
        AND NOT EXISTS (SELECT 1 FROM access_tokens WHERE grant_id = grants.id AND revoked_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM device_codes WHERE grant_id = grants.id)",
];
