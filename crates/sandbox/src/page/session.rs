//! The browser's session: a cookie, and behind it which code is being decided by whom.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::account::Account;
use crate::oauth::{Desk, UserCode};
use crate::secrets::Secret;
use crate::store::Millis;
use crate::{SandboxError, secrets};

pub(crate) const SCHEMA: &str = "
    CREATE TABLE page_sessions (
        hash BLOB PRIMARY KEY,
        account_id INTEGER,
        user_code TEXT,
        outcome TEXT CHECK (outcome IN ('approved', 'denied')),
        expires_at INTEGER NOT NULL
    ) STRICT;";

pub(crate) const SWEEP: &[&str] = &["DELETE FROM page_sessions WHERE expires_at < ?1"];

const COOKIE: &str = "brainmaps_sandbox";
/// Half an hour.
const LIFETIME: Millis = 30 * 60 * 1000;

/// A browser.
pub(super) struct Visitor {
    cookie: Secret,
    /// Whether the browser does not have the cookie yet.
    new: bool,
}

/// What is known about a browser.
#[derive(Default)]
pub(super) struct Visit {
    /// Who signed in.
    pub(super) account: Option<Account>,
    /// Which code was entered.
    pub(super) user_code: Option<UserCode>,
    /// What this browser decided about it.
    pub(super) outcome: Option<String>,
}

impl Visitor {
    /// Takes a browser's word for its cookie: without a row behind it, it opens nothing.
    fn of(headers: &HeaderMap) -> Result<Self, SandboxError> {
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
                new: false,
            },
            None => Self::fresh()?,
        })
    }

    fn fresh() -> Result<Self, SandboxError> {
        Ok(Self {
            cookie: secrets::generate("ps_")?,
            new: true,
        })
    }

    /// What every form must send back. Derived from the cookie, which no other site can read.
    pub(super) fn csrf(&self) -> String {
        let digest = Sha256::new()
            .chain_update("form\0")
            .chain_update(self.cookie.expose());
        hex::encode(digest.finalize())
    }

    /// Whether a form came from a page that this browser was shown.
    pub(super) fn sent(&self, csrf: &str) -> bool {
        !self.new && bool::from(self.csrf().as_bytes().ct_eq(csrf.as_bytes()))
    }

    /// The header that gives the browser its cookie, when it lacks it.
    pub(super) fn set_cookie(&self, desk: &Desk) -> Option<HeaderValue> {
        let path = super::step(desk, "");
        let seconds = LIFETIME / 1000;
        let value = self.cookie.expose();
        // Not `Secure`: the sandbox speaks plain http, on loopback alone.
        let text =
            format!("{COOKIE}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Strict");
        HeaderValue::from_str(&text).ok().filter(|_| self.new)
    }

    fn hash(&self) -> [u8; 32] {
        secrets::hash(self.cookie.expose())
    }

    /// What is known about this browser.
    pub(super) fn visit(
        &self,
        connection: &Connection,
        now: Millis,
    ) -> Result<Visit, SandboxError> {
        let sql = "SELECT account_id, user_code, outcome FROM page_sessions WHERE hash = ?1 AND expires_at > ?2";
        let read = |row: &Row<'_>| {
            Ok((
                row.get::<_, Option<i64>>(0)?,
                row.get::<_, Option<String>>(1)?,
                row.get(2)?,
            ))
        };
        let key = params![self.hash(), now];
        let found = connection.query_row(sql, key, read).optional()?;
        let Some((account_id, user_code, outcome)) = found else {
            return Ok(Visit::default());
        };
        Ok(Visit {
            account: account_id.map_or(Ok(None), |id| Account::by_id(connection, id))?,
            user_code: user_code.as_deref().and_then(UserCode::parse),
            outcome,
        })
    }

    /// Remembers the code that was entered; whatever was decided about another one is done with.
    pub(super) fn enter(
        &self,
        tx: &Transaction<'_>,
        now: Millis,
        code: &UserCode,
    ) -> Result<(), SandboxError> {
        tx.execute(
            "INSERT INTO page_sessions (hash, user_code, expires_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (hash) DO UPDATE SET user_code = ?2, outcome = NULL, expires_at = ?3",
            params![self.hash(), code.letters(), now + LIFETIME],
        )?;
        Ok(())
    }

    /// Signs `account` in, under a new cookie: whoever knew the old one (an attacker may have planted it) knows nothing.
    pub(super) fn sign_in(
        &self,
        tx: &Transaction<'_>,
        now: Millis,
        account: &Account,
    ) -> Result<Self, SandboxError> {
        let renewed = Self::fresh()?;
        tx.execute(
            "UPDATE page_sessions SET hash = ?2, account_id = ?3, expires_at = ?4 WHERE hash = ?1",
            params![self.hash(), renewed.hash(), account.id, now + LIFETIME],
        )?;
        Ok(renewed)
    }

    /// Forgets who signed in.
    pub(super) fn sign_out(&self, tx: &Transaction<'_>) -> Result<(), SandboxError> {
        tx.execute(
            "UPDATE page_sessions SET account_id = NULL WHERE hash = ?1",
            [self.hash()],
        )?;
        Ok(())
    }

    /// Remembers what was decided.
    pub(super) fn decided(&self, tx: &Transaction<'_>, outcome: &str) -> Result<(), SandboxError> {
        tx.execute(
            "UPDATE page_sessions SET outcome = ?2 WHERE hash = ?1",
            params![self.hash(), outcome],
        )?;
        Ok(())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = SandboxError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SandboxError> {
        Self::of(&parts.headers)
    }
}
