//! Sessions: access tokens for 15 minutes, refresh tokens for 7 days that work once.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::jwt::{self, Claims, Key};
use crate::base::secrets::Secret;
use crate::base::{Millis, SandboxError, deadline, secrets};
use crate::state::Sandbox;
use crate::state::account::Account;

pub(super) const SCHEMA: &str = "
    CREATE TABLE basira_signing_key (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        key BLOB NOT NULL
    ) STRICT;
    CREATE TABLE basira_sessions (
        id TEXT PRIMARY KEY,
        account_id INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        revoked_at INTEGER
    ) STRICT;
    CREATE TABLE basira_refresh_tokens (
        hash BLOB PRIMARY KEY,
        session_id TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        used_at INTEGER
    ) STRICT;";

pub(super) const DELETE_EXPIRED: &[&str] = &[
    "DELETE FROM basira_refresh_tokens WHERE expires_at < ?1",
    "DELETE FROM basira_sessions WHERE expires_at < ?1",
];

/// As documented; the settings may shorten them.
const ACCESS_TTL: Duration = Duration::from_mins(15);
const REFRESH_TTL: Duration = Duration::from_hours(7 * 24);

pub(super) struct TokenPair {
    pub(super) access_token: Secret,
    pub(super) refresh_token: Secret,
    /// In seconds.
    pub(super) expires_in: u64,
}

pub(super) fn create(
    sandbox: &Sandbox,
    tx: &Transaction<'_>,
    now: Millis,
    account: &Account,
) -> Result<TokenPair, SandboxError> {
    let id = secrets::uuid()?;
    tx.execute(
        "INSERT INTO basira_sessions (id, account_id, expires_at) VALUES (?1, ?2, ?3)",
        params![id, account.id, now],
    )?;
    issue(sandbox, tx, now, &id, account)
}

/// Issues the next pair of tokens. Returns `None` if the refresh token is not valid. Revokes the session if the token was used
/// before: another client may have it.
pub(super) fn rotate(
    sandbox: &Sandbox,
    tx: &Transaction<'_>,
    now: Millis,
    refresh_token: &str,
) -> Result<Option<TokenPair>, SandboxError> {
    let hash = secrets::hash(refresh_token);
    let Some(found) = find(tx, now, hash)? else {
        return Ok(None);
    };
    if found.is_used {
        revoke(tx, now, &found.session_id)?;
        return Ok(None);
    }
    let Some(account) = Account::by_id(tx, found.account_id)? else {
        return Ok(None);
    };
    tx.execute(
        "UPDATE basira_refresh_tokens SET used_at = ?2 WHERE hash = ?1",
        params![hash, now],
    )?;
    issue(sandbox, tx, now, &found.session_id, &account).map(Some)
}

struct RefreshToken {
    session_id: String,
    account_id: i64,
    is_used: bool,
}

/// Finds a refresh token whose session is not revoked.
fn find(
    tx: &Transaction<'_>,
    now: Millis,
    hash: [u8; 32],
) -> Result<Option<RefreshToken>, SandboxError> {
    let sql = "SELECT session.id, session.account_id, token.used_at IS NOT NULL
        FROM basira_refresh_tokens AS token JOIN basira_sessions AS session ON session.id = token.session_id
        WHERE token.hash = ?1 AND token.expires_at > ?2 AND session.revoked_at IS NULL";
    let read = |row: &Row<'_>| {
        Ok(RefreshToken {
            session_id: row.get(0)?,
            account_id: row.get(1)?,
            is_used: row.get(2)?,
        })
    };
    Ok(tx.query_row(sql, params![hash, now], read).optional()?)
}

/// Revokes the session with all its tokens.
fn revoke(tx: &Transaction<'_>, now: Millis, id: &str) -> Result<(), SandboxError> {
    let sql = "UPDATE basira_sessions SET revoked_at = ?2 WHERE id = ?1";
    tx.execute(sql, params![id, now])?;
    Ok(())
}

fn issue(
    sandbox: &Sandbox,
    tx: &Transaction<'_>,
    now: Millis,
    session_id: &str,
    account: &Account,
) -> Result<TokenPair, SandboxError> {
    let expires_in = sandbox.settings().access_ttl.min(ACCESS_TTL).as_secs();
    let seconds = now.div_euclid(1000);
    let claims = Claims {
        iss: "basira-sandbox".to_owned(),
        sub: account.subject.clone(),
        sid: session_id.to_owned(),
        jti: secrets::uuid()?,
        iat: seconds,
        exp: seconds.saturating_add_unsigned(expires_in),
    };
    let refresh_token = secrets::generate("bas_rt_")?;
    let expires_at = deadline(now, sandbox.settings().refresh_ttl.min(REFRESH_TTL));
    tx.execute(
        "INSERT INTO basira_refresh_tokens (hash, session_id, expires_at) VALUES (?1, ?2, ?3)",
        params![
            secrets::hash(refresh_token.expose()),
            session_id,
            expires_at
        ],
    )?;
    let sql = "UPDATE basira_sessions SET expires_at = ?2 WHERE id = ?1";
    tx.execute(sql, params![session_id, expires_at])?;
    Ok(TokenPair {
        access_token: jwt::sign(&get_or_create_key(tx)?, &claims),
        refresh_token,
        expires_in,
    })
}

/// Returns the account of a valid access token.
pub(super) fn account(
    connection: &Connection,
    now: Millis,
    token: &str,
) -> Result<Option<Account>, SandboxError> {
    let Some(key) = signing_key(connection)? else {
        return Ok(None);
    };
    let claims = jwt::verify(&key, token);
    let Some(claims) = claims.filter(|claims| claims.exp > now.div_euclid(1000)) else {
        return Ok(None);
    };
    let sql = "SELECT account_id FROM basira_sessions WHERE id = ?1 AND revoked_at IS NULL";
    let id = connection.query_row(sql, [claims.sid], |row| row.get(0));
    id.optional()?
        .map_or(Ok(None), |id| Account::by_id(connection, id))
}

fn signing_key(connection: &Connection) -> Result<Option<Key>, SandboxError> {
    let sql = "SELECT key FROM basira_signing_key";
    Ok(connection.query_row(sql, [], |row| row.get(0)).optional()?)
}

/// Returns the signing key of this state. The first login creates it.
fn get_or_create_key(tx: &Transaction<'_>) -> Result<Key, SandboxError> {
    if let Some(key) = signing_key(tx)? {
        return Ok(key);
    }
    let mut key = Key::default();
    getrandom::fill(&mut key)?;
    tx.execute(
        "INSERT INTO basira_signing_key (id, key) VALUES (1, ?1)",
        [key],
    )?;
    Ok(key)
}
