//! The refresh grant (RFC 6749 §6): every refresh token works once, and the second use of one ends the whole family
//! (RFC 9700 §4.14.2).

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::Desk;
use super::form::Form;
use super::grants::{self, Grant, Issued};
use super::refusal::Refusal;
use crate::oauth::Scopes;
use crate::store::Millis;
use crate::{SandboxError, secrets};

/// A refresh token at rest, with the grant behind it.
struct RefreshToken {
    grant: Grant,
    expires_at: Millis,
    rotated: bool,
    revoked: bool,
}

pub(super) fn refresh(desk: &Desk, form: &Form) -> Result<Issued, Refusal> {
    let token = form.required("refresh_token", "refresh_token is missing")?;
    let hash = secrets::hash(token);
    let asked = form.get("scope").map(Scopes::parse);
    desk.sandbox
        .write(|tx, now| rotate(tx, now, desk, hash, asked.as_ref()))?
}

/// Runs alone (`IMMEDIATE`), so two rotations of one token can never both succeed. A refusal that ends the family is
/// committed, so it is a value and not an error here.
fn rotate(
    tx: &Transaction<'_>,
    now: Millis,
    desk: &Desk,
    hash: [u8; 32],
    asked: Option<&Scopes>,
) -> Result<Result<Issued, Refusal>, SandboxError> {
    let Some(token) = find(tx, desk, hash)? else {
        return Ok(Err(Refusal::grant("no such refresh token")));
    };
    if token.revoked {
        return Ok(Err(Refusal::grant("the session was ended")));
    }
    if token.rotated {
        grants::revoke_family(tx, now, &token.grant.id)?;
        return Ok(Err(Refusal::grant(
            "the refresh token was used before; the session is ended",
        )));
    }
    if token.expires_at <= now {
        return Ok(Err(Refusal::grant("the refresh token has expired")));
    }
    let granted = &token.grant.scopes;
    let scopes = asked.unwrap_or(granted);
    if !scopes.is_subset_of(granted) {
        return Ok(Err(Refusal::Code(
            "invalid_scope",
            "more than what was granted",
        )));
    }
    tx.execute(
        "UPDATE refresh_tokens SET rotated_at = ?2 WHERE hash = ?1",
        params![hash, now],
    )?;
    Ok(Ok(grants::issue(tx, now, desk, &token.grant, scopes)?))
}

fn find(
    tx: &Transaction<'_>,
    desk: &Desk,
    hash: [u8; 32],
) -> Result<Option<RefreshToken>, SandboxError> {
    let read = |row: &Row<'_>| {
        Ok(RefreshToken {
            grant: Grant {
                id: row.get(0)?,
                scopes: Scopes::parse(&row.get::<_, String>(1)?),
            },
            expires_at: row.get(2)?,
            rotated: row.get(3)?,
            revoked: row.get(4)?,
        })
    };
    let sql = "SELECT grants.id, grants.scopes, token.expires_at, token.rotated_at IS NOT NULL,
            grants.revoked_at IS NOT NULL
        FROM refresh_tokens AS token JOIN grants ON grants.id = token.grant_id
        WHERE token.hash = ?1 AND grants.service = ?2 AND grants.client_id = ?3";
    let key = params![hash, desk.service.id, desk.registration.client_id];
    Ok(tx.query_row(sql, key, read).optional()?)
}
