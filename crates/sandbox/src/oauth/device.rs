//! The device authorization endpoint (RFC 8628 §3.1, §3.2), with PKCE (RFC 7636 §4.3).

use axum::extract::State;
use axum::{Extension, Json};
use rusqlite::{Transaction, params};
use serde_json::{Value, json};

use super::form::Form;
use super::refusal::Refusal;
use super::{Decision, Desk, UserCode, decide};
use crate::host_guard::ExtractPublicUrl;
use crate::oauth::Scopes;
use crate::secrets::Secret;
use crate::store::{Millis, deadline, to_millis};
use crate::{SandboxError, account, secrets};

/// What is kept of a request until somebody decides.
struct Asked {
    scopes: Scopes,
    challenge: Option<String>,
}

pub(super) async fn authorize(
    State(desk): State<Desk>,
    Extension(public_url): ExtractPublicUrl,
    form: Form,
) -> Result<Json<Value>, Refusal> {
    form.client(&desk)?;
    let asked = Asked {
        scopes: scopes(&form, &desk)?,
        challenge: challenge(&form)?,
    };
    let (device_code, user_code) = remember(&desk, &asked)?;
    let page = public_url.join(&format!("{}/device", desk.service.prefix));
    let settings = desk.sandbox.settings();
    Ok(Json(json!({
        "device_code": device_code.expose(),
        "user_code": user_code.to_string(),
        "verification_uri": page,
        "verification_uri_complete": format!("{page}?user_code={user_code}"),
        "expires_in": settings.code_ttl.as_secs(),
        // Whole seconds, rounded up: whoever keeps to what was told never polls too soon.
        "interval": settings.interval.as_millis().div_ceil(1000),
    })))
}

/// What was asked for, without what the client may not have (RFC 6749 §3.3 allows to ignore it); everything, when
/// nothing in particular was asked for.
fn scopes(form: &Form, desk: &Desk) -> Result<Scopes, Refusal> {
    let known = desk.registration.scopes.iter().map(|(scope, _)| *scope);
    let Some(asked) = form.get("scope") else {
        return Ok(known.collect());
    };
    let known: Vec<&str> = known.collect();
    let asked = Scopes::parse(asked);
    let granted: Scopes = asked.iter().filter(|scope| known.contains(scope)).collect();
    if granted.is_empty() {
        return Err(Refusal::Code("invalid_scope", "none of the scopes exists"));
    }
    Ok(granted)
}

fn challenge(form: &Form) -> Result<Option<String>, Refusal> {
    let method = form.get("code_challenge_method");
    let Some(challenge) = form.get("code_challenge") else {
        return match method {
            Some(_) => Err(Refusal::request("code_challenge is missing")),
            None => Ok(None),
        };
    };
    // RFC 7636 §4.3: no method means "plain", which protects nothing.
    if method != Some("S256") {
        return Err(Refusal::request("code_challenge_method must be S256"));
    }
    // The SHA-256 in base64url without padding is 43 letters, never more or less.
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if challenge.len() == 43 && challenge.bytes().all(letter) {
        return Ok(Some(challenge.to_owned()));
    }
    Err(Refusal::request("code_challenge is no S256 challenge"))
}

fn remember(desk: &Desk, asked: &Asked) -> Result<(Secret, UserCode), SandboxError> {
    let device_code = secrets::generate("dc_")?;
    let settings = desk.sandbox.settings();
    let user_code = desk.sandbox.write(|tx, now| {
        let user_code = unused_code(tx)?;
        insert(tx, now, desk, asked, &device_code, &user_code)?;
        if settings.auto_approve {
            decide(tx, now, &user_code, Decision::Approve(account::DEMO_ID))?;
        }
        Ok(user_code)
    })?;
    Ok((device_code, user_code))
}

/// Two requests with one code would let one person approve another's.
fn unused_code(tx: &Transaction<'_>) -> Result<UserCode, SandboxError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM device_codes WHERE user_code = ?1)";
    loop {
        let code = UserCode::generate()?;
        let taken: bool = tx.query_row(sql, [code.letters()], |row| row.get(0))?;
        if !taken {
            return Ok(code);
        }
    }
}

fn insert(
    tx: &Transaction<'_>,
    now: Millis,
    desk: &Desk,
    asked: &Asked,
    device_code: &Secret,
    user_code: &UserCode,
) -> Result<(), SandboxError> {
    let settings = desk.sandbox.settings();
    tx.execute(
        "INSERT INTO device_codes (hash, service, client_id, user_code, scopes, challenge, created_at, expires_at,
            interval_ms, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'pending')",
        params![
            secrets::hash(device_code.expose()),
            desk.service.id,
            desk.registration.client_id,
            user_code.letters(),
            asked.scopes.to_string(),
            asked.challenge,
            now,
            deadline(now, settings.code_ttl),
            to_millis(settings.interval),
        ],
    )?;
    Ok(())
}
