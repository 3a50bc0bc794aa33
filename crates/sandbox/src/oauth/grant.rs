//! What a person approved, and the tokens that a client gets for it.

use super::Scopes;
use super::requested_access::RequestedAccess;
use crate::base::Millis;
use crate::base::secrets::Secret;

/// A stored approval.
pub(super) struct Grant {
    pub(super) id: String,
    pub(super) client_id: String,
    pub(super) account_id: i64,
    pub(super) access: RequestedAccess,
    /// The client acts for itself (RFC 6749 §4.4), with the data of the account.
    pub(super) is_for_client: bool,
    /// For the ID token; not stored with the grant.
    pub(super) authentication: Authentication,
}

/// What an ID token says about the sign-in.
#[derive(Debug, Clone, Default)]
pub(super) struct Authentication {
    pub(super) nonce: Option<String>,
    /// The time of the sign-in, if the request demanded a new one.
    pub(super) time: Option<Millis>,
}

/// The content of a token response.
pub(super) struct IssuedTokens {
    pub(super) access_token: Secret,
    pub(super) refresh_token: Option<Secret>,
    pub(super) id_token: Option<Secret>,
    /// In seconds.
    pub(super) expires_in: u64,
    pub(super) scopes: Scopes,
    /// Set by token exchange (RFC 8693 §2.2.1).
    pub(super) issued_token_type: Option<&'static str>,
}
