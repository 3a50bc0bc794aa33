//! OAuth 2.0 client: discovery (RFC 8414), the device flow (RFC 8628) and the authorization code (RFC 6749 §4.1) with PKCE
//! (RFC 7636), client credentials (RFC 6749 §4.4), token exchange (RFC 8693), the JWT bearer grant (RFC 7523 §2.1), refresh
//! (RFC 6749 §6), revocation (RFC 7009), userinfo (OpenID Connect Core §5.3), protected resources (RFC 9728), client
//! registration (RFC 7591). Clients authenticate with a secret (RFC 6749 §2.3.1) or a signed assertion (RFC 7523 §2.2).
//!
//! It never shows or keeps a response body, contains no service's own JSON and stores nothing. PKCE and `state`
//! come from the `oauth2` crate; requests and responses do not: its polling hides the cause of a failure, its revocation
//! rejects loopback, and its errors contain bodies.

mod authorization_error;
mod authorization_request;
mod authorization_response;
mod client_assertion;
mod client_credentials;
mod client_key;
mod code_exchange;
mod device;
mod error;
mod error_code;
mod form_request;
mod id_claims;
mod json_fields;
mod metadata;
mod poll_loop;
pub mod poll_state;
mod refresh;
mod registration;
mod resource;
mod resource_error;
mod revoke;
#[cfg(test)]
mod tests;
mod token_response;
mod userinfo;
mod verified_server;
mod workload_grant;

pub use authorization_error::AuthorizationError;
pub use authorization_request::{CodeClient, PendingAuthorization};
pub use client_credentials::request_token;
pub use client_key::{ClientKeyError, SigningKey};
pub use device::{DeviceAuthorization, DeviceClient};
pub use error::OauthError;
pub use id_claims::IdClaims;
pub use metadata::{Metadata, discover, issuer_from_metadata_url};
pub use poll_loop::PollEvent;
pub use refresh::{refresh, refresh_narrowed};
pub use registration::{RegisteredClient, RegistrationRequest, client_metadata_document};
pub use resource::{ProtectedResource, Reach, discover_issuer, discover_resource};
pub use resource_error::ResourceError;
pub use revoke::{TokenHint, revoke};
pub use token_response::TokenResponse;
pub use userinfo::userinfo;
pub use verified_server::{
    AuthorizationEndpoint, AuthorizationPolicy, LoginEndpoints, VerifiedServer,
};
pub use workload_grant::WorkloadRequest;
