//! The revocation endpoint (RFC 7009).

use axum::extract::State;
use axum::http::StatusCode;
use rusqlite::{OptionalExtension, Transaction, params};

use super::client::Client;
use super::error::OauthError;
use super::form::Form;
use super::{AuthServer, token_family};
use crate::base::{Millis, SandboxError, secrets};

/// Responds with 200 for unknown tokens too (RFC 7009 §2.2). Ignores `token_type_hint`: the hash is looked up in both tables.
pub(super) async fn revoke(
    State(server): State<AuthServer>,
    form: Form,
) -> Result<StatusCode, OauthError> {
    let client = Client::authenticate(&server, &form)?;
    let token = form.required("token", "token is missing")?;
    let hash = secrets::hash(token);
    server.sandbox.write(|tx, now| {
        revoke_session(tx, now, &server, &client, hash)?;
        revoke_access_token(tx, now, &server, &client, hash)
    })?;
    Ok(StatusCode::OK)
}

/// Revokes the whole family of a refresh token (RFC 7009 §2.1), even if the token was already rotated.
fn revoke_session(
    tx: &Transaction<'_>,
    now: Millis,
    server: &AuthServer,
    client: &Client,
    hash: [u8; 32],
) -> Result<(), SandboxError> {
    let sql =
        "SELECT grants.id FROM refresh_tokens AS token JOIN grants ON grants.id = token.grant_id
        WHERE token.hash = ?1 AND grants.service = ?2 AND grants.client_id = ?3";
    let key = params![hash, server.service.id, client.id];
    let family: Option<String> = tx.query_row(sql, key, |row| row.get(0)).optional()?;
    match family {
        Some(id) => token_family::revoke_family(tx, now, &id),
        None => Ok(()),
    }
}

/// Revokes only this access token.
fn revoke_access_token(
    tx: &Transaction<'_>,
    now: Millis,
    server: &AuthServer,
    client: &Client,
    hash: [u8; 32],
) -> Result<(), SandboxError> {
    tx.execute(
        "UPDATE access_tokens SET revoked_at = ?2 WHERE hash = ?1 AND revoked_at IS NULL AND grant_id IN
            (SELECT id FROM grants WHERE service = ?3 AND client_id = ?4)",
        params![
            hash,
            now,
            server.service.id,
            client.id
        ],
    )?;
    Ok(())
}
