//! Token families: every token issued from one approval (a grant) is revoked together with it.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::AuthServer;
use super::grant::{Grant, IssuedTokens};
use super::id_token;
use super::token_request::TokenRequest;
use crate::base::secrets::Secret;
use crate::base::{Millis, SandboxError, deadline, secrets};
use crate::oauth::Scopes;
use crate::state::Service;

/// The account and scopes of a valid access token.
pub(crate) struct Access {
    pub(crate) account_id: i64,
    pub(crate) scopes: Scopes,
    pub(crate) resource: Option<String>,
}

/// Stores a new grant and issues its first tokens, with an ID token if the grant includes `openid`.
pub(super) fn start(
    tx: &Transaction<'_>,
    now: Millis,
    request: &TokenRequest,
    grant: &Grant,
) -> Result<IssuedTokens, SandboxError> {
    insert(tx, now, &request.server, grant)?;
    let issued = issue(tx, now, &request.server, grant, &grant.access.scopes)?;
    let id_token = id_token::issue(tx, now, &request.issuer, grant, &issued)?;
    Ok(IssuedTokens { id_token, ..issued })
}

fn insert(
    tx: &Transaction<'_>,
    now: Millis,
    server: &AuthServer,
    grant: &Grant,
) -> Result<(), SandboxError> {
    tx.execute(
        "INSERT INTO grants (id, service, client_id, account_id, scopes, resource, is_for_client, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            grant.id,
            server.service.id,
            grant.client_id,
            grant.account_id,
            grant.access.scopes.to_string(),
            grant.access.resource,
            grant.is_for_client,
            now
        ],
    )?;
    Ok(())
}

/// Issues an access token with `scopes`, and a refresh token if the grant includes `offline_access`.
pub(super) fn issue(
    tx: &Transaction<'_>,
    now: Millis,
    server: &AuthServer,
    grant: &Grant,
    scopes: &Scopes,
) -> Result<IssuedTokens, SandboxError> {
    let settings = server.sandbox.settings();
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
    let offline = grant.access.scopes.contains("offline_access");
    let refresh_token = if offline {
        Some(issue_refresh(tx, now, grant, settings.refresh_ttl)?)
    } else {
        None
    };
    Ok(IssuedTokens {
        access_token,
        refresh_token,
        id_token: None,
        expires_in: settings.access_ttl.as_secs(),
        scopes: scopes.clone(),
        issued_token_type: None,
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

/// Returns the access of `token` at `service`; `None` if it is not a valid access token there.
pub(crate) fn access(
    connection: &Connection,
    now: Millis,
    service: &Service,
    token: &str,
) -> Result<Option<Access>, SandboxError> {
    let sql = "SELECT grants.account_id, token.scopes, grants.resource
        FROM access_tokens AS token JOIN grants ON grants.id = token.grant_id
        WHERE token.hash = ?1 AND grants.service = ?2 AND token.expires_at > ?3
            AND token.revoked_at IS NULL AND grants.revoked_at IS NULL";
    let key = params![secrets::hash(token), service.id, now];
    let found = connection.query_row(sql, key, |row| {
        Ok(Access {
            account_id: row.get(0)?,
            scopes: Scopes::parse(&row.get::<_, String>(1)?),
            resource: row.get(2)?,
        })
    });
    Ok(found.optional()?)
}
