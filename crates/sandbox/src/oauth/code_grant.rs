//! The authorization code grant (RFC 6749 §4.1.3) with PKCE (RFC 7636 §4.6).

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::error::OauthError;
use super::grant::{Authentication, Grant, IssuedTokens};
use super::requested_access::RequestedAccess;
use super::token_family;
use super::token_request::TokenRequest;
use super::{Scopes, pkce};
use crate::base::{Millis, SandboxError, secrets};

struct AuthorizationCode {
    hash: [u8; 32],
    redirect_uri: String,
    challenge: Option<String>,
    expires_at: Millis,
    is_redeemed: bool,
    grant: Grant,
}

pub(super) fn exchange(request: &TokenRequest) -> Result<IssuedTokens, OauthError> {
    let form = &request.form;
    let hash = secrets::hash(form.required("code", "code is missing")?);
    let redirect_uri = form.required("redirect_uri", "redirect_uri is missing")?;
    let verifier = form.get("code_verifier");
    request.server.sandbox.write(|tx, now| {
        let Some(mut code) = find(tx, request, hash)? else {
            return Ok(Err(OauthError::grant("no such authorization code")));
        };
        if code.redirect_uri != redirect_uri {
            return Ok(Err(OauthError::grant(
                "redirect_uri differs from the one in the authorization request",
            )));
        }
        if !pkce::is_valid_verifier(verifier, code.challenge.as_deref()) {
            return Ok(Err(pkce::wrong_verifier()));
        }
        match code.grant.access.for_token(form) {
            Ok(access) => code.grant.access = access,
            Err(error) => return Ok(Err(error)),
        }
        redeem(tx, now, request, &code)
    })?
}

/// OAuth errors are returned as values, because a revocation must be committed.
fn redeem(
    tx: &Transaction<'_>,
    now: Millis,
    request: &TokenRequest,
    code: &AuthorizationCode,
) -> Result<Result<IssuedTokens, OauthError>, SandboxError> {
    if code.is_redeemed {
        // Replay: another client may have the code, so its tokens are revoked (RFC 6749 §4.1.2).
        token_family::revoke_family(tx, now, &code.grant.id)?;
        return Ok(Err(OauthError::grant(
            "the authorization code was used before",
        )));
    }
    if code.expires_at <= now {
        return Ok(Err(OauthError::grant("the authorization code has expired")));
    }
    tx.execute(
        "UPDATE authorization_requests SET state = 'redeemed', grant_id = ?2 WHERE code = ?1",
        params![code.hash, code.grant.id],
    )?;
    Ok(Ok(token_family::start(tx, now, request, &code.grant)?))
}

fn find(
    tx: &Transaction<'_>,
    request: &TokenRequest,
    hash: [u8; 32],
) -> Result<Option<AuthorizationCode>, SandboxError> {
    let new_id = secrets::uuid()?;
    let read = |row: &Row<'_>| {
        Ok(AuthorizationCode {
            hash,
            redirect_uri: row.get(0)?,
            challenge: row.get(1)?,
            expires_at: row.get(2)?,
            is_redeemed: row.get::<_, String>(3)? == "redeemed",
            grant: Grant {
                id: row.get::<_, Option<String>>(4)?.unwrap_or(new_id),
                client_id: request.client.id.clone(),
                account_id: row.get(5)?,
                access: RequestedAccess {
                    scopes: Scopes::parse(&row.get::<_, String>(6)?),
                    resource: row.get(7)?,
                },
                is_for_client: false,
                authentication: Authentication {
                    nonce: row.get(8)?,
                    time: row.get(9)?,
                },
            },
        })
    };
    let sql =
        "SELECT redirect_uri, challenge, expires_at, state, grant_id, account_id, scopes, resource, nonce,
            iif(prompt = 'login', decided_at, NULL)
        FROM authorization_requests WHERE code = ?1 AND service = ?2 AND client_id = ?3";
    let key = params![hash, request.server.service.id, request.client.id];
    Ok(tx.query_row(sql, key, read).optional()?)
}
