//! The authorization code flow (RFC 6749 §4.1) with PKCE: requests, the person's decision, and the code that is exchanged for tokens.
//!
//! The page shows a pending request and stores the decision with [`decide_authorization`]. The response goes to the redirect URI of
//! the request, which was compared with the registered ones before it was stored.

pub(super) mod code_grant;
pub(super) mod pushed_request;
mod redirect;
mod request;
mod stored_request;

pub(crate) use request::{AuthorizationError, Started, start_authorization};
pub(crate) use stored_request::{
    Prompt, decide_authorization, find_authorization, refuse_authorization,
};

pub(super) const SCHEMA: &str = "
    CREATE TABLE authorization_requests (
        id TEXT PRIMARY KEY,
        service TEXT NOT NULL,
        client_id TEXT NOT NULL,
        client_name TEXT NOT NULL,
        redirect_uri TEXT NOT NULL,
        response_state TEXT,
        issuer TEXT NOT NULL,
        scopes TEXT NOT NULL,
        resource TEXT,
        challenge TEXT,
        nonce TEXT,
        prompt TEXT CHECK (prompt IN ('none', 'login')),
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'denied', 'redeemed')),
        account_id INTEGER,
        decided_at INTEGER,
        code BLOB UNIQUE,
        grant_id TEXT
    ) STRICT;
    CREATE TABLE pushed_requests (
        hash BLOB PRIMARY KEY,
        service TEXT NOT NULL,
        client_id TEXT NOT NULL,
        parameters TEXT NOT NULL,
        expires_at INTEGER NOT NULL
    ) STRICT;";

/// Keeps requests for a day after expiry, so that a code that is used twice is recognized.
pub(super) const SWEEP: &[&str] = &[
    "DELETE FROM authorization_requests WHERE expires_at < ?1 - 86400000",
    "DELETE FROM pushed_requests WHERE expires_at < ?1",
];
