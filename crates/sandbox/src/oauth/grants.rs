//! A grant is one approval by one person; every token that came of it is its family and ends with it.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::Desk;
use crate::oauth::Scopes;
use crate::secrets::Secret;
use crate::services::Service;
use crate::store::{Millis, deadline};
use crate::{SandboxError, secrets};

/// An approval at rest.
pub(super) struct Grant {
    pub(super) id: String,
    pub(super) scopes: Scopes,
}

/// What a token answer carries.
pub(super) struct Issued {
    pub(super) access_token: Secret,
    pub(super) refresh_token: Option<Secret>,
    /// In seconds.
    pub(super) expires_in: u64,
    pub(super) scopes: Scopes,
}

/// What a live access token says: who, and what they may do.
pub(crate) struct Access {
    pub(crate) account_id: i64,
    pub(crate) scopes: Scopes,
}

/// Writes the approval down.
pub(super) fn open(
    tx: &Transaction<'_>,
    now: Millis,
    desk: &Desk,
    grant: &Grant,
    account_id: i64,
) -> Result<(), SandboxError> {
    tx.execute(
        "INSERT INTO grants (id, service, client_id, account_id, scopes, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            grant.id,
            desk.service.id,
            desk.registration.client_id,
            account_id,
            grant.scopes.to_string(),
            now
        ],
    )?;
    Ok(())
}

/// A new access token with `scopes`, and a new refresh token where the person allowed access while they are away.
pub(super) fn issue(
    tx: &Transaction<'_>,
    now: Millis,
    desk: &Desk,
    grant: &Grant,
    scopes: &Scopes,
) -> Result<Issued, SandboxError> {
    let settings = desk.sandbox.settings();
    let access_token = secrets::generate("at_")?;
    tx.execute(
        "INSERT INTO access_tokens (hash, grant_id, scopes, issued_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            secrets::hash(access_token.expose()),
            grant.id,
            scopes.to_string(),
            now,
            deadline(now, settings.access_ttl)
        ],
    )?;
    let offline = grant.scopes.contains("offline_access");
    let refresh_token = if offline {
        Some(issue_refresh(tx, now, grant, settings.refresh_ttl)?)
    } else {
        None
    };
    Ok(Issued {
        access_token,
        refresh_token,
        expires_in: settings.access_ttl.as_secs(),
        scopes: scopes.clone(),
    })
}

fn issue_refresh(
    tx: &Transaction<'_>,
    now: Millis,
    grant: &Grant,
    lifetime: Duration,
) -> Result<Secret, SandboxError> {
    let token = secrets::generate("rt_")?;
    tx.execute(
        "INSERT INTO refresh_tokens (hash, grant_id, issued_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
        params![
            secrets::hash(token.expose()),
            grant.id,
            now,
            deadline(now, lifetime)
        ],
    )?;
    Ok(token)
}

/// Ends every token of the grant.
pub(super) fn revoke_family(
    tx: &Transaction<'_>,
    now: Millis,
    grant_id: &str,
) -> Result<(), SandboxError> {
    tx.execute(
        "UPDATE grants SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
        params![grant_id, now],
    )?;
    Ok(())
}

/// What `token` may do at `service`; `None` when it is not, or no longer, an access token there.
pub(crate) fn access(
    connection: &Connection,
    now: Millis,
    service: &Service,
    token: &str,
) -> Result<Option<Access>, SandboxError> {
    let sql = "SELECT grants.account_id, token.scopes
        FROM access_tokens AS token JOIN grants ON grants.id = token.grant_id
        WHERE token.hash = ?1 AND grants.service = ?2 AND token.expires_at > ?3
            AND token.revoked_at IS NULL AND grants.revoked_at IS NULL";
    let key = params![secrets::hash(token), service.id, now];
    let found = connection.query_row(sql, key, |row| {
        Ok(Access {
            account_id: row.get(0)?,
            scopes: Scopes::parse(&row.get::<_, String>(1)?),
        })
    });
    Ok(found.optional()?)
}
