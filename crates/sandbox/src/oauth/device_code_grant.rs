//! The device code grant (RFC 8628 §3.4, §3.5), with PKCE (RFC 7636 §4.6) if the request contained a challenge.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::error::OauthError;
use super::grant::{Authentication, Grant, IssuedTokens};
use super::pkce;
use super::requested_access::RequestedAccess;
use super::token_family;
use super::token_request::TokenRequest;
use crate::base::{Millis, SandboxError, secrets};
use crate::oauth::Scopes;

/// Added to the interval after a poll that was too early (RFC 8628 §3.5).
const SLOW_DOWN: Millis = 5000;

struct DeviceCode {
    hash: [u8; 32],
    access: RequestedAccess,
    challenge: Option<String>,
    expires_at: Millis,
    interval: Millis,
    polled_at: Option<Millis>,
    state: String,
    account_id: Option<i64>,
    grant_id: Option<String>,
}

pub(super) fn exchange(request: &TokenRequest) -> Result<IssuedTokens, OauthError> {
    let form = &request.form;
    let device_code = form.required("device_code", "device_code is missing")?;
    let hash = secrets::hash(device_code);
    let verifier = form.get("code_verifier");
    request.server.sandbox.write(|tx, now| {
        let Some(mut code) = find(tx, request, hash)? else {
            return Ok(Err(OauthError::grant("no such device code")));
        };
        if !pkce::is_valid_verifier(verifier, code.challenge.as_deref()) {
            return Ok(Err(pkce::wrong_verifier()));
        }
        match code.access.for_token(form) {
            Ok(access) => code.access = access,
            Err(error) => return Ok(Err(error)),
        }
        poll(tx, now, request, &code)
    })?
}

/// Handles one poll. OAuth errors are returned as values, because their state changes must be committed.
fn poll(
    tx: &Transaction<'_>,
    now: Millis,
    request: &TokenRequest,
    code: &DeviceCode,
) -> Result<Result<IssuedTokens, OauthError>, SandboxError> {
    let error = match code.state.as_str() {
        "redeemed" => {
            // Replay: another client may have the code, so its tokens are revoked (RFC 6749 §4.1.2).
            token_family::revoke_family(tx, now, code.grant_id.as_deref().unwrap_or_default())?;
            OauthError::grant("the device code was used before")
        }
        "denied" => OauthError::Code("access_denied", "the person denied the request"),
        _ if code.expires_at <= now => {
            OauthError::Code("expired_token", "the device code has expired")
        }
        _ if is_too_early(code, now) => {
            record_poll(tx, now, code, SLOW_DOWN)?;
            OauthError::Code(
                "slow_down",
                "polled too soon; wait 5 seconds more from now on",
            )
        }
        "approved" => return Ok(Ok(issue_tokens(tx, now, request, code)?)),
        _ => {
            record_poll(tx, now, code, 0)?;
            OauthError::Code("authorization_pending", "not decided yet")
        }
    };
    Ok(Err(error))
}

fn is_too_early(code: &DeviceCode, now: Millis) -> bool {
    code.polled_at
        .is_some_and(|then| now - then < code.interval)
}

fn record_poll(
    tx: &Transaction<'_>,
    now: Millis,
    code: &DeviceCode,
    extra_interval: Millis,
) -> Result<(), SandboxError> {
    tx.execute(
        "UPDATE device_codes SET polled_at = ?2, interval_ms = interval_ms + ?3 WHERE hash = ?1",
        params![code.hash, now, extra_interval],
    )?;
    Ok(())
}

fn issue_tokens(
    tx: &Transaction<'_>,
    now: Millis,
    request: &TokenRequest,
    code: &DeviceCode,
) -> Result<IssuedTokens, SandboxError> {
    let grant = Grant {
        id: secrets::uuid()?,
        client_id: request.client.id.clone(),
        // An approved code always has an account. No account has the id 0.
        account_id: code.account_id.unwrap_or_default(),
        access: code.access.clone(),
        is_for_client: false,
        authentication: Authentication::default(),
    };
    tx.execute(
        "UPDATE device_codes SET state = 'redeemed', grant_id = ?2 WHERE hash = ?1",
        params![code.hash, grant.id],
    )?;
    token_family::start(tx, now, request, &grant)
}

fn find(
    tx: &Transaction<'_>,
    request: &TokenRequest,
    hash: [u8; 32],
) -> Result<Option<DeviceCode>, SandboxError> {
    let read = |row: &Row<'_>| {
        Ok(DeviceCode {
            hash,
            access: RequestedAccess {
                scopes: Scopes::parse(&row.get::<_, String>(0)?),
                resource: row.get(8)?,
            },
            challenge: row.get(1)?,
            expires_at: row.get(2)?,
            interval: row.get(3)?,
            polled_at: row.get(4)?,
            state: row.get(5)?,
            account_id: row.get(6)?,
            grant_id: row.get(7)?,
        })
    };
    let sql =
        "SELECT scopes, challenge, expires_at, interval_ms, polled_at, state, account_id, grant_id,
            resource
        FROM device_codes WHERE hash = ?1 AND service = ?2 AND client_id = ?3";
    let key = params![hash, request.server.service.id, request.client.id];
    Ok(tx.query_row(sql, key, read).optional()?)
}
