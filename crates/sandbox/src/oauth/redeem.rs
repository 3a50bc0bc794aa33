//! The device code grant (RFC 8628 §3.4, §3.5), bound by PKCE (RFC 7636 §4.6) where the request carried a challenge.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::Desk;
use super::form::Form;
use super::grants::{self, Grant, Issued};
use super::refusal::Refusal;
use crate::oauth::Scopes;
use crate::store::Millis;
use crate::{SandboxError, secrets};

/// What a poll that came too early costs, from then on (RFC 8628 §3.5).
const SLOW_DOWN: Millis = 5000;

/// A device code at rest.
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

pub(super) fn redeem(desk: &Desk, form: &Form) -> Result<Issued, Refusal> {
    let device_code = form.required("device_code", "device_code is missing")?;
    let hash = secrets::hash(device_code);
    let verifier = form.get("code_verifier");
    desk.sandbox.write(|tx, now| {
        let Some(code) = find(tx, desk, hash)? else {
            return Ok(Err(Refusal::grant("no such device code")));
        };
        if !proves(verifier, code.challenge.as_deref()) {
            return Ok(Err(Refusal::grant(
                "code_verifier does not fit the code_challenge",
            )));
        }
        poll(tx, now, desk, &code)
    })?
}

/// The answer to one poll by whoever made the request. A refusal that changes the state is still committed, so it is a
/// value and not an error here.
fn poll(
    tx: &Transaction<'_>,
    now: Millis,
    desk: &Desk,
    code: &DeviceCode,
) -> Result<Result<Issued, Refusal>, SandboxError> {
    let refusal = match code.state.as_str() {
        "redeemed" => {
            // Replayed: somebody else may hold the code, so what it gave ends (RFC 6749 §4.1.2).
            grants::revoke_family(tx, now, code.grant_id.as_deref().unwrap_or_default())?;
            Refusal::grant("the device code was used before")
        }
        "denied" => Refusal::Code("access_denied", "the person denied the request"),
        _ if code.expires_at <= now => {
            Refusal::Code("expired_token", "the device code has expired")
        }
        _ if came_too_early(code, now) => {
            note_poll(tx, now, code, SLOW_DOWN)?;
            Refusal::Code(
                "slow_down",
                "polled too soon; wait 5 seconds more from now on",
            )
        }
        "approved" => return Ok(Ok(hand_out(tx, now, desk, code)?)),
        _ => {
            note_poll(tx, now, code, 0)?;
            Refusal::Code("authorization_pending", "nobody has decided yet")
        }
    };
    Ok(Err(refusal))
}

fn came_too_early(code: &DeviceCode, now: Millis) -> bool {
    code.polled_at
        .is_some_and(|then| now - then < code.interval)
}

fn note_poll(
    tx: &Transaction<'_>,
    now: Millis,
    code: &DeviceCode,
    slower: Millis,
) -> Result<(), SandboxError> {
    tx.execute(
        "UPDATE device_codes SET polled_at = ?2, interval_ms = interval_ms + ?3 WHERE hash = ?1",
        params![code.hash, now, slower],
    )?;
    Ok(())
}

fn hand_out(
    tx: &Transaction<'_>,
    now: Millis,
    desk: &Desk,
    code: &DeviceCode,
) -> Result<Issued, SandboxError> {
    let grant = Grant {
        id: secrets::uuid()?,
        scopes: code.scopes.clone(),
    };
    // An approved code without an account cannot be; no account has the id 0.
    grants::open(tx, now, desk, &grant, code.account_id.unwrap_or_default())?;
    tx.execute(
        "UPDATE device_codes SET state = 'redeemed', grant_id = ?2 WHERE hash = ?1",
        params![code.hash, grant.id],
    )?;
    grants::issue(tx, now, desk, &grant, &grant.scopes)
}

/// Whether the verifier belongs to the challenge. A verifier for a request that had no challenge is refused too: its
/// sender believes in a protection that an attacker may have stripped (RFC 9700 §2.1.1).
fn proves(verifier: Option<&str>, challenge: Option<&str>) -> bool {
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
    desk: &Desk,
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
    let key = params![hash, desk.service.id, desk.registration.client_id];
    Ok(tx.query_row(sql, key, read).optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7636_appendix_b_fits() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(proves(Some(verifier), Some(challenge)));
        assert!(proves(None, None));
        assert!(!proves(Some("another"), Some(challenge)));
        assert!(!proves(None, Some(challenge)));
        assert!(!proves(Some(verifier), None));
    }
}
