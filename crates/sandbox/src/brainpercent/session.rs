//! The web session: a cookie that manages API keys and does nothing else.

use axum::http::{HeaderMap, HeaderValue, header};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::base::secrets::Secret;
use crate::base::{Millis, SandboxError, secrets};
use crate::state::account::Account;

pub(super) const SCHEMA: &str = "
    CREATE TABLE brainpercent_sessions (
        hash BLOB PRIMARY KEY,
        account_id INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
    ) STRICT;";

pub(super) const DELETE_EXPIRED: &str = "DELETE FROM brainpercent_sessions WHERE expires_at < ?1";

const COOKIE: &str = "brainpercent_session";
/// 30 days.
const LIFETIME: Millis = 30 * 24 * 60 * 60 * 1000;

/// Creates a session and returns the cookie as `name=value`.
pub(super) fn open(
    tx: &Transaction<'_>,
    now: Millis,
    account: &Account,
) -> Result<Secret, SandboxError> {
    let value = secrets::generate("bps_")?;
    tx.execute(
        "INSERT INTO brainpercent_sessions (hash, account_id, expires_at) VALUES (?1, ?2, ?3)",
        params![secrets::hash(value.expose()), account.id, now + LIFETIME],
    )?;
    Ok(Secret::new(format!("{COOKIE}={}", value.expose())))
}

/// Returns the `Set-Cookie` header. Not `Secure`: the sandbox serves plain HTTP on loopback only.
pub(super) fn set_cookie(cookie: &Secret, path: &str) -> Option<HeaderValue> {
    let pair = cookie.expose();
    let seconds = LIFETIME / 1000;
    let text = format!("{pair}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Strict");
    HeaderValue::from_str(&text).ok()
}

/// Returns the hash of the session cookie in the request.
pub(super) fn sent(headers: &HeaderMap) -> Option<[u8; 32]> {
    let sent = headers.get_all(header::COOKIE).iter();
    let mut pairs = sent
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == COOKIE)?;
    Some(secrets::hash(value))
}

/// Returns the account id of the session, unless it has expired.
pub(super) fn account_id(
    connection: &Connection,
    now: Millis,
    hash: [u8; 32],
) -> Result<Option<i64>, SandboxError> {
    let sql = "SELECT account_id FROM brainpercent_sessions WHERE hash = ?1 AND expires_at > ?2";
    let found = connection.query_row(sql, params![hash, now], |row| row.get(0));
    Ok(found.optional()?)
}
