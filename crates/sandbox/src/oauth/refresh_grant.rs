//! The refresh grant (RFC 6749 §6) with rotation: a refresh token works once, and using it again revokes its whole family
//! (RFC 9700 §4.14.2).

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::AuthServer;
use super::error::OauthError;
use super::grant::{Authentication, Grant, IssuedTokens};
use super::requested_access::RequestedAccess;
use super::token_family;
use super::token_request::TokenRequest;
use crate::base::{Millis, SandboxError, secrets};
use crate::oauth::Scopes;

struct RefreshToken {
    hash: [u8; 32],
    grant: Grant,
    expires_at: Millis,
    is_rotated: bool,
    /// The grant is revoked, and so are all its tokens.
    is_revoked: bool,
}

pub(super) fn exchange(request: &TokenRequest) -> Result<IssuedTokens, OauthError> {
    let TokenRequest { server, form, .. } = request;
    let token = form.required("refresh_token", "refresh_token is missing")?;
    let hash = secrets::hash(token);
    let requested = form.get("scope").map(Scopes::parse);
    server.sandbox.write(|tx, now| {
        let Some(token) = find(tx, request, hash)? else {
            return Ok(Err(OauthError::grant("no such refresh token")));
        };
        if let Err(error) = token.grant.access.for_token(form) {
            return Ok(Err(error));
        }
        rotate(tx, now, server, &token, requested.as_ref())
    })?
}

/// Runs in an `IMMEDIATE` transaction, so only one of two concurrent rotations succeeds. OAuth errors are returned as values,
/// because a revocation must be committed.
fn rotate(
    tx: &Transaction<'_>,
    now: Millis,
    server: &AuthServer,
    token: &RefreshToken,
    requested: Option<&Scopes>,
) -> Result<Result<IssuedTokens, OauthError>, SandboxError> {
    if token.is_revoked {
        return Ok(Err(OauthError::grant("the session was ended")));
    }
    if token.is_rotated {
        token_family::revoke_family(tx, now, &token.grant.id)?;
        return Ok(Err(OauthError::grant(
            "the refresh token was used before; the session is ended",
        )));
    }
    if token.expires_at <= now {
        return Ok(Err(OauthError::grant("the refresh token has expired")));
    }
    let granted = &token.grant.access.scopes;
    let scopes = requested.unwrap_or(granted);
    if !scopes.is_subset_of(granted) {
        return Ok(Err(OauthError::Code(
            "invalid_scope",
            "more than what was granted",
        )));
    }
    tx.execute(
        "UPDATE refresh_tokens SET rotated_at = ?2 WHERE hash = ?1",
        params![token.hash, now],
    )?;
    Ok(Ok(token_family::issue(
        tx,
        now,
        server,
        &token.grant,
        scopes,
    )?))
}

fn find(
    tx: &Transaction<'_>,
    request: &TokenRequest,
    hash: [u8; 32],
) -> Result<Option<RefreshToken>, SandboxError> {
    let read = |row: &Row<'_>| {
        Ok(RefreshToken {
            hash,
            grant: Grant {
                id: row.get(0)?,
                client_id: request.client.id.clone(),
                account_id: row.get(5)?,
                access: RequestedAccess {
                    scopes: Scopes::parse(&row.get::<_, String>(1)?),
                    resource: row.get(6)?,
                },
                is_for_client: false,
                authentication: Authentication::default(),
            },
            expires_at: row.get(2)?,
            is_rotated: row.get(3)?,
            is_revoked: row.get(4)?,
        })
    };
    let sql = "SELECT grants.id, grants.scopes, token.expires_at, token.rotated_at IS NOT NULL,
            grants.revoked_at IS NOT NULL, grants.account_id, grants.resource
        FROM refresh_tokens AS token JOIN grants ON grants.id = token.grant_id
        WHERE token.hash = ?1 AND grants.service = ?2 AND grants.client_id = ?3";
    let key = params![hash, request.server.service.id, request.client.id];
    Ok(tx.query_row(sql, key, read).optional()?)
}
