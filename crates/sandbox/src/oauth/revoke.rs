//! The revocation endpoint (RFC 7009).

use axum::extract::State;
use axum::http::StatusCode;
use rusqlite::{OptionalExtension, Transaction, params};

use super::form::Form;
use super::refusal::Refusal;
use super::{Desk, grants};
use crate::store::Millis;
use crate::{SandboxError, secrets};

/// 200 whatever the token was: an unknown one is as dead as it can be (RFC 7009 §2.2). `token_type_hint` would only say
/// where to look first, and a hash is looked up in both places anyway.
pub(super) async fn revoke(State(desk): State<Desk>, form: Form) -> Result<StatusCode, Refusal> {
    form.client(&desk)?;
    let token = form.required("token", "token is missing")?;
    let hash = secrets::hash(token);
    desk.sandbox.write(|tx, now| {
        end_session(tx, now, &desk, hash)?;
        end_access(tx, now, &desk, hash)
    })?;
    Ok(StatusCode::OK)
}

/// A refresh token takes its whole family along (RFC 7009 §2.1), also when it was rotated away before.
fn end_session(
    tx: &Transaction<'_>,
    now: Millis,
    desk: &Desk,
    hash: [u8; 32],
) -> Result<(), SandboxError> {
    let sql =
        "SELECT grants.id FROM refresh_tokens AS token JOIN grants ON grants.id = token.grant_id
        WHERE token.hash = ?1 AND grants.service = ?2 AND grants.client_id = ?3";
    let key = params![hash, desk.service.id, desk.registration.client_id];
    let family: Option<String> = tx.query_row(sql, key, |row| row.get(0)).optional()?;
    match family {
        Some(id) => grants::revoke_family(tx, now, &id),
        None => Ok(()),
    }
}

/// An access token ends alone.
fn end_access(
    tx: &Transaction<'_>,
    now: Millis,
    desk: &Desk,
    hash: [u8; 32],
) -> Result<(), SandboxError> {
    tx.execute(
        "UPDATE access_tokens SET revoked_at = ?2 WHERE hash = ?1 AND revoked_at IS NULL AND grant_id IN
            (SELECT id FROM grants WHERE service = ?3 AND client_id = ?4)",
        params![
            hash,
            now,
            desk.service.id,
            desk.registration.client_id
        ],
    )?;
    Ok(())
}
