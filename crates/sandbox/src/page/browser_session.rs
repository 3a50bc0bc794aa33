//! The browser's session: a cookie, and the stored request, account and outcome.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::base::secrets::Secret;
use crate::base::{Millis, SandboxError, secrets};
use crate::oauth::{AuthServer, UserCode};
use crate::state::account::Account;

pub(crate) const SCHEMA: &str = "
    CREATE TABLE page_sessions (
        hash BLOB PRIMARY KEY,
        account_id INTEGER,
        user_code TEXT,
        authorization TEXT,
        outcome TEXT CHECK (outcome IN ('approved', 'denied')),
        expires_at INTEGER NOT NULL
    ) STRICT;";

pub(crate) const DELETE_EXPIRED: &[&str] = &["DELETE FROM page_sessions WHERE expires_at < ?1"];

const COOKIE: &str = "brainmaps_sandbox";
/// Half an hour.
const LIFETIME: Millis = 30 * 60 * 1000;

/// The session cookie of a request.
pub(super) struct BrowserSession {
    cookie: Secret,
    /// Not sent by the browser yet.
    is_new: bool,
}

/// The stored state of a session.
#[derive(Default)]
pub(super) struct SessionState {
    pub(super) account: Option<Account>,
    pub(super) pending: Option<PendingRequest>,
    pub(super) outcome: Option<String>,
}

/// The request that the person was asked to decide last.
#[derive(Clone)]
pub(super) enum PendingRequest {
    Device(UserCode),
    /// The id of an authorization request.
    Authorization(String),
}

impl PendingRequest {
    /// The number of a step of the device flow; the authorization code flow shows none.
    pub(super) fn step(&self, number: u8) -> u8 {
        match self {
            Self::Device(_) => number,
            Self::Authorization(_) => 0,
        }
    }
}

impl BrowserSession {
    /// Accepts any cookie value: one without a stored session gives access to nothing.
    fn from_headers(headers: &HeaderMap) -> Result<Self, SandboxError> {
        let sent = headers.get_all(header::COOKIE).iter();
        let pairs = sent
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'));
        let mut values = pairs
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, value)| *name == COOKIE && !value.is_empty())
            .map(|(_, value)| value);
        Ok(match values.next() {
            Some(value) => Self {
                cookie: Secret::new(value),
                is_new: false,
            },
            None => Self::create()?,
        })
    }

    fn create() -> Result<Self, SandboxError> {
        Ok(Self {
            cookie: secrets::generate("ps_")?,
            is_new: true,
        })
    }

    /// Returns the form token. It is derived from the cookie, which other sites cannot read.
    pub(super) fn csrf(&self) -> String {
        let digest = Sha256::new()
            .chain_update("form\0")
            .chain_update(self.cookie.expose());
        hex::encode(digest.finalize())
    }

    pub(super) fn is_valid_csrf(&self, csrf: &str) -> bool {
        !self.is_new && bool::from(self.csrf().as_bytes().ct_eq(csrf.as_bytes()))
    }

    /// Returns the `Set-Cookie` header for a new session.
    pub(super) fn set_cookie(&self, server: &AuthServer) -> Option<HeaderValue> {
        let path = super::step_path(server, "");
        let seconds = LIFETIME / 1000;
        let value = self.cookie.expose();
        // Not `Secure`: the sandbox serves plain HTTP on loopback only. `Lax`: an authorization request may come from the site of
        // its client. No page changes anything without a form token.
        let text =
            format!("{COOKIE}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax");
        HeaderValue::from_str(&text).ok().filter(|_| self.is_new)
    }

    fn hash(&self) -> [u8; 32] {
        secrets::hash(self.cookie.expose())
    }

    pub(super) fn load(
        &self,
        connection: &Connection,
        now: Millis,
    ) -> Result<SessionState, SandboxError> {
        let sql = "SELECT account_id, user_code, outcome, authorization FROM page_sessions WHERE hash = ?1 AND expires_at > ?2";
        let read = |row: &Row<'_>| {
            Ok((
                row.get::<_, Option<i64>>(0)?,
                row.get::<_, Option<String>>(1)?,
                row.get(2)?,
                row.get::<_, Option<String>>(3)?,
            ))
        };
        let key = params![self.hash(), now];
        let found = connection.query_row(sql, key, read).optional()?;
        let Some((account_id, user_code, outcome, authorization)) = found else {
            return Ok(SessionState::default());
        };
        Ok(SessionState {
            account: account_id.map_or(Ok(None), |id| Account::by_id(connection, id))?,
            pending: authorization
                .map(PendingRequest::Authorization)
                .or_else(|| UserCode::parse(&user_code?).map(PendingRequest::Device)),
            outcome,
        })
    }

    /// Stores the request and clears the previous outcome.
    pub(super) fn set_pending(
        &self,
        tx: &Transaction<'_>,
        now: Millis,
        request: &PendingRequest,
    ) -> Result<(), SandboxError> {
        let (user_code, authorization) = match request {
            PendingRequest::Device(code) => (Some(code.as_str()), None),
            PendingRequest::Authorization(id) => (None, Some(id)),
        };
        tx.execute(
            "INSERT INTO page_sessions (hash, user_code, authorization, expires_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (hash) DO UPDATE SET user_code = ?2, authorization = ?3, outcome = NULL, expires_at = ?4",
            params![self.hash(), user_code, authorization, now + LIFETIME],
        )?;
        Ok(())
    }

    /// Signs `account` in and replaces the cookie, which an attacker may have planted (session fixation).
    pub(super) fn sign_in(
        &self,
        tx: &Transaction<'_>,
        now: Millis,
        account: &Account,
    ) -> Result<Self, SandboxError> {
        let new_session = Self::create()?;
        tx.execute(
            "UPDATE page_sessions SET hash = ?2, account_id = ?3, expires_at = ?4 WHERE hash = ?1",
            params![self.hash(), new_session.hash(), account.id, now + LIFETIME],
        )?;
        Ok(new_session)
    }

    pub(super) fn sign_out(&self, tx: &Transaction<'_>) -> Result<(), SandboxError> {
        tx.execute(
            "UPDATE page_sessions SET account_id = NULL WHERE hash = ?1",
            [self.hash()],
        )?;
        Ok(())
    }

    pub(super) fn set_outcome(
        &self,
        tx: &Transaction<'_>,
        outcome: &str,
    ) -> Result<(), SandboxError> {
        tx.execute(
            "UPDATE page_sessions SET outcome = ?2 WHERE hash = ?1",
            params![self.hash(), outcome],
        )?;
        Ok(())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for BrowserSession {
    type Rejection = SandboxError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SandboxError> {
        Self::from_headers(&parts.headers)
    }
}
