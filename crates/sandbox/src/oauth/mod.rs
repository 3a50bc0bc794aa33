//! The OAuth server: metadata (RFC 8414), authorization requests (RFC 6749 and 9126, with PKCE), device authorization (RFC 8628), token
//! (RFC 6749, RFC 7523 §2.1, RFC 8693), revocation (RFC 7009), introspection (RFC 7662), `OpenID` Connect.
//!
//! Stores requests, codes, grants and tokens. Services check an access token with [`access`]. The page signs the person in and stores
//! their decision with [`decide`] or [`decide_authorization`].

mod approval;
mod authorization_request;
mod authorization_response;
mod claims;
mod client;
mod client_assertion;
mod client_credentials_grant;
mod client_document;
mod client_key;
mod code_grant;
mod device;
mod device_code_grant;
mod error;
mod form;
mod grant;
mod id_token;
mod introspect;
mod jws;
mod jwt_bearer_grant;
mod metadata;
mod pkce;
mod protected_resource;
mod pushed_request;
mod redirect_uri;
mod refresh_grant;
mod registration;
mod requested_access;
mod revoke;
mod scopes;
mod signing_key;
mod stored_authorization;
mod subject_token;
mod token;
mod token_exchange_grant;
mod token_family;
mod token_request;
mod user_code;
mod userinfo;
mod valid_request;

use axum::Router;
use axum::routing::{get, post};

use crate::state::{Registration, Sandbox, Service};

pub(super) use approval::{
    Decision, DeviceRequest, RequestStatus, decide, find_request, pending_codes,
};
pub(super) use authorization_request::{
    AuthorizationError, register_client_document, start_authorization,
};
pub(super) use authorization_response::{AuthorizationResponse, ResponseMode};
pub use client::{SERVICE_CLIENT_ID, SERVICE_CLIENT_SECRET, parse_redirect_uri};
pub use client_key::SIGNING_CLIENT_ID;
pub(super) use scopes::Scopes;
pub(super) use stored_authorization::{
    Started, StoredRequest, decide_authorization, find_authorization, refuse_authorization,
};
pub(super) use subject_token::sign_subject_token;
pub(super) use token_family::access;
pub(super) use user_code::UserCode;
pub(super) use valid_request::Prompt;

/// Returns true if any scope belongs to the service itself. Those restrict a token; OpenID scopes only concern the person.
pub(super) fn has_service_scopes(scopes: &Scopes) -> bool {
    scopes.iter().any(|scope| scope.contains(':'))
}

/// The state of the OAuth endpoints of one service.
#[derive(Clone)]
pub(super) struct AuthServer {
    pub(super) sandbox: Sandbox,
    pub(super) service: &'static Service,
    pub(super) registration: &'static Registration,
}

impl AuthServer {
    /// Returns `None` if the service has no OAuth server.
    pub(super) fn new(sandbox: &Sandbox, service: &'static Service) -> Option<Self> {
        let registration = service.registration.as_ref()?;
        Some(Self {
            sandbox: sandbox.clone(),
            service,
            registration,
        })
    }

    fn scope_names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.registration.scopes.iter().map(|(scope, _)| *scope)
    }
}

/// The names of the metadata in RFC 8414 §3 and in `OpenID` Connect Discovery §4.
const WELL_KNOWN: [&str; 2] = [
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
];

pub(super) fn routes(server: &AuthServer) -> Router {
    let mut router = Router::new()
        .route("/oauth2/device_authorization", post(device::authorize))
        .route("/oauth2/par", post(pushed_request::push))
        .route("/oauth2/token", post(token::exchange))
        .route("/oauth2/revoke", post(revoke::revoke))
        .route("/oauth2/introspect", post(introspect::introspect))
        .route(
            protected_resource::PATH,
            get(protected_resource::show).post(protected_resource::show),
        )
        .route("/oauth2/register", post(registration::register))
        .route("/oauth2/jwks", get(signing_key::show_keys))
        .route("/oauth2/userinfo", get(userinfo::show).post(userinfo::show));
    if !server.service.prefix.is_empty() {
        for name in WELL_KNOWN {
            router = router.route(name, get(metadata::show));
        }
    }
    router.with_state(server.clone())
}

/// Serves the metadata at the URLs of RFC 8414 §3.1 and RFC 9728 §3.1: the well-known part between the host and the path.
pub(super) fn root_metadata_routes(server: &AuthServer) -> Router {
    let resource = format!(
        "{}{}{}",
        protected_resource::WELL_KNOWN,
        server.service.prefix,
        protected_resource::PATH
    );
    let mut router = Router::new().route(&resource, get(protected_resource::show_metadata));
    for name in WELL_KNOWN {
        let path = format!("{name}{}", server.service.prefix);
        router = router.route(&path, get(metadata::show));
    }
    router.with_state(server.clone())
}

/// The statements that create the tables.
pub(super) const SCHEMAS: [&str; 6] = [
    SCHEMA,
    client_assertion::SCHEMA,
    stored_authorization::SCHEMA,
    pushed_request::SCHEMA,
    signing_key::SCHEMA,
    registration::SCHEMA,
];

/// The statements that delete expired rows.
pub(super) fn delete_expired() -> Vec<&'static str> {
    [
        stored_authorization::DELETE_EXPIRED,
        pushed_request::DELETE_EXPIRED,
        DELETE_EXPIRED,
        registration::DELETE_EXPIRED,
        client_assertion::DELETE_EXPIRED,
    ]
    .concat()
}

const SCHEMA: &str = "
    CREATE TABLE device_codes (
        hash BLOB PRIMARY KEY,
        service TEXT NOT NULL,
        client_id TEXT NOT NULL,
        client_name TEXT NOT NULL,
        user_code TEXT NOT NULL UNIQUE,
        scopes TEXT NOT NULL,
        resource TEXT,
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
        resource TEXT,
        is_for_client INTEGER NOT NULL,
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

/// Keeps codes for a day after expiry, so that late polls and visitors get "expired" instead of "unknown". Deletes a grant when
/// none of its tokens or codes can be used or replayed any more.
const DELETE_EXPIRED: &[&str] = &[
    "DELETE FROM device_codes WHERE expires_at < ?1 - 86400000",
    "DELETE FROM access_tokens WHERE expires_at < ?1",
    "DELETE FROM refresh_tokens WHERE expires_at < ?1",
    "DELETE FROM grants WHERE created_at < ?1 - 86400000
        AND (revoked_at < ?1 - 86400000 OR NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE grant_id = grants.id))
        AND NOT EXISTS (SELECT 1 FROM access_tokens WHERE grant_id = grants.id AND revoked_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM device_codes WHERE grant_id = grants.id)
        AND NOT EXISTS (SELECT 1 FROM authorization_requests WHERE grant_id = grants.id)",
];
