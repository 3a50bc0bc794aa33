//! The device code grant (RFC 8628 §3.4, §3.5), with PKCE (RFC 7636 §4.6) if the request contained a challenge.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::AuthServer;
use super::error::OauthError;
use super::form::Form;
use super::token_family::{self, Grant, IssuedTokens};
use crate::base::{Millis, SandboxError, secrets};
use crate::oauth::Scopes;

/// Added to the interval after a poll that was too early (RFC 8628 §3.5).
const SLOW_DOWN: Millis = 5000;

struct DeviceCode {
    hash: [u8; 32],
    scopes: Scopes,
    challenge: Option<String>,
    expires_at: Millis,
    interval: Millis,
    polled_at: Option<Millis>,
    state: String,
    account_id: Option<i64>,
    grant_id: Option<String>,
}

pub(super) fn exchange(server: &AuthServer, form: &Form) -> Result<IssuedTokens, OauthError> {
    let device_code = form.required("device_code", "device_code is missing")?;
    let hash = secrets::hash(device_code);
    let verifier = form.get("code_verifier");
    server.sandbox.write(|tx, now| {
        let Some(code) = find(tx, server, hash)? else {
            return Ok(Err(OauthError::grant("no such device code")));
        };
        if !is_valid_verifier(verifier, code.challenge.as_deref()) {
            return Ok(Err(OauthError::grant(
                "code_verifier does not fit the code_challenge",
            )));
        }
        poll(tx, now, server, &code)
    })?
}

/// Handles one poll. OAuth errors are returned as values, because their state changes must be committed.
fn poll(
    tx: &Transaction<'_>,
    now: Millis,
    server: &AuthServer,
    code: &DeviceCode,
) -> Result<Result<IssuedTokens, OauthError>, SandboxError> {
    let error = match code.state.as_str() {
        "redeemed" => {
            // Replay: someone else may have the code, so its tokens are revoked (RFC 6749 §4.1.2).
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
        "approved" => return Ok(Ok(issue_tokens(tx, now, server, code)?)),
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
    server: &AuthServer,
    code: &DeviceCode,
) -> Result<IssuedTokens, SandboxError> {
    let grant = Grant {
        id: secrets::uuid()?,
        scopes: code.scopes.clone(),
    };
    // An approved code always has an account. No account has the id 0.
    token_family::insert(tx, now, server, &grant, code.account_id.unwrap_or_default())?;
    tx.execute(
        "UPDATE device_codes SET state = 'redeemed', grant_id = ?2 WHERE hash = ?1",
        params![code.hash, grant.id],
    )?;
    token_family::issue(tx, now, server, &grant, &grant.scopes)
}

/// Compares the verifier with the challenge. Rejects a verifier without a challenge too: an attacker may have removed the
/// challenge from the request (RFC 9700 §2.1.1).
fn is_valid_verifier(verifier: Option<&str>, challenge: Option<&str>) -> bool {
    match (verifier, challenge) {
        (None, None) => true,
        (Some(verifier), Some(challenge)) => {
            let expected = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
            expected.as_bytes().ct_eq(challenge.as_bytes()).into()
        }
        _ => false,
    }
}

fn find(
    tx: &Transaction<'_>,
    server: &AuthServer,
    hash: [u8; 32],
) -> Result<Option<DeviceCode>, SandboxError> {
    let read = |row: &Row<'_>| {
        Ok(DeviceCode {
            hash,
            scopes: Scopes::parse(&row.get::<_, String>(0)?),
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
        "SELECT scopes, challenge, expires_at, interval_ms, polled_at, state, account_id, grant_id
        FROM device_codes WHERE hash = ?1 AND service = ?2 AND client_id = ?3";
    let key = params![hash, server.service.id, server.registration.client_id];
    Ok(tx.query_row(sql, key, read).optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verifier_of_rfc_7636_appendix_b_matches_its_challenge() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(is_valid_verifier(Some(verifier), Some(challenge)));
        assert!(is_valid_verifier(None, None));
        assert!(!is_valid_verifier(Some("another"), Some(challenge)));
        assert!(!is_valid_verifier(None, Some(challenge)));
        assert!(!is_valid_verifier(Some(verifier), None));
    }
}
