//! The table of personal access tokens and session tokens. Session tokens are not listed.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use crate::base::secrets::Secret;
use crate::base::{Millis, SandboxError, deadline, rfc3339, secrets};
use crate::state::Sandbox;
use crate::state::account::Account;

pub(super) const SCHEMA: &str = "
    CREATE TABLE brainmaps_tokens (
        id TEXT PRIMARY KEY,
        hash BLOB NOT NULL UNIQUE,
        account_id INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('session', 'personal')),
        name TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER,
        revoked_at INTEGER
    ) STRICT;";

/// A token that is neither revoked nor expired.
pub(super) struct ActiveToken {
    pub(super) id: String,
    pub(super) account_id: i64,
    pub(super) is_session: bool,
    expires_at: Option<Millis>,
}

pub(super) fn find_active(
    connection: &Connection,
    now: Millis,
    token: &str,
) -> Result<Option<ActiveToken>, SandboxError> {
    let sql = "SELECT id, account_id, kind = 'session', expires_at FROM brainmaps_tokens
        WHERE hash = ?1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?2)";
    let read = |row: &Row<'_>| {
        Ok(ActiveToken {
            id: row.get(0)?,
            account_id: row.get(1)?,
            is_session: row.get(2)?,
            expires_at: row.get(3)?,
        })
    };
    let key = params![secrets::hash(token), now];
    Ok(connection.query_row(sql, key, read).optional()?)
}

/// Extends the session when it is used. Writes only if the expiry moves by more than 1%, so that most reads do not write.
pub(super) fn extend_session(sandbox: &Sandbox, active: &ActiveToken) -> Result<(), SandboxError> {
    let idle = sandbox.settings().session_idle_ttl;
    let min_extension = Millis::try_from(idle.as_millis() / 100).unwrap_or(Millis::MAX);
    let end = deadline(sandbox.now(), idle);
    if active
        .expires_at
        .is_none_or(|current_end| end - current_end <= min_extension)
    {
        return Ok(());
    }
    sandbox.write(|tx, _| {
        let sql = "UPDATE brainmaps_tokens SET expires_at = ?2 WHERE id = ?1";
        tx.execute(sql, params![active.id, end])?;
        Ok(())
    })
}

pub(super) fn create_session(sandbox: &Sandbox, account: &Account) -> Result<Secret, SandboxError> {
    let token = secrets::generate("bm_ses_")?;
    insert(sandbox, account, "session", "", &token)?;
    Ok(token)
}

pub(super) fn revoke_session(
    sandbox: &Sandbox,
    account: &Account,
    id: &str,
) -> Result<(), SandboxError> {
    sandbox.write(|tx, now| {
        let sql = "UPDATE brainmaps_tokens SET revoked_at = ?3 WHERE id = ?1 AND account_id = ?2";
        tx.execute(sql, params![id, account.id, now])?;
        Ok(())
    })
}

pub(super) fn insert(
    sandbox: &Sandbox,
    account: &Account,
    kind: &str,
    name: &str,
    token: &Secret,
) -> Result<Value, SandboxError> {
    let id = secrets::uuid()?;
    let idle = sandbox.settings().session_idle_ttl;
    sandbox.write(|tx, now| {
        let expires_at = (kind == "session").then(|| deadline(now, idle));
        tx.execute(
            "INSERT INTO brainmaps_tokens (id, hash, account_id, kind, name, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                id,
                secrets::hash(token.expose()),
                account.id,
                kind,
                name,
                now,
                expires_at
            ],
        )?;
        let sql = "SELECT id, name, created_at, expires_at, revoked_at IS NOT NULL FROM brainmaps_tokens WHERE id = ?1";
        Ok(tx.query_row(sql, [&id], to_json)?)
    })
}

pub(super) fn to_json(row: &Row<'_>) -> rusqlite::Result<Value> {
    Ok(json!({
        "id": row.get::<_, String>(0)?,
        "name": row.get::<_, String>(1)?,
        "created_at": rfc3339(row.get(2)?),
        "expires_at": row.get::<_, Option<Millis>>(3)?.and_then(rfc3339),
        "is_revoked": row.get::<_, bool>(4)?,
    }))
}
