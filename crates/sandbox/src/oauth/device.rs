//! The device authorization endpoint (RFC 8628 §3.1, §3.2), with PKCE (RFC 7636 §4.3).

use axum::extract::State;
use axum::{Extension, Json};
use rusqlite::{Transaction, params};
use serde_json::{Value, json};

use super::error::OauthError;
use super::form::Form;
use super::{AuthServer, Decision, UserCode, decide};
use crate::base::secrets::Secret;
use crate::base::{Millis, SandboxError, deadline, secrets, to_millis};
use crate::oauth::Scopes;
use crate::state::account;
use crate::web::host_guard::ExtractPublicUrl;

/// The part of a request that is stored until the decision.
struct RequestedAccess {
    scopes: Scopes,
    challenge: Option<String>,
}

pub(super) async fn authorize(
    State(server): State<AuthServer>,
    Extension(public_url): ExtractPublicUrl,
    form: Form,
) -> Result<Json<Value>, OauthError> {
    form.check_client(&server)?;
    let requested = RequestedAccess {
        scopes: scopes(&form, &server)?,
        challenge: challenge(&form)?,
    };
    let (device_code, user_code) = store_request(&server, &requested)?;
    let page = public_url.join(&format!("{}/device", server.service.prefix));
    let settings = server.sandbox.settings();
    Ok(Json(json!({
        "device_code": device_code.expose(),
        "user_code": user_code.to_string(),
        "verification_uri": page,
        "verification_uri_complete": format!("{page}?user_code={user_code}"),
        "expires_in": settings.code_ttl.as_secs(),
        // Rounded up to whole seconds, so that a client that follows it never polls too early.
        "interval": settings.interval.as_millis().div_ceil(1000),
    })))
}

/// Returns the requested scopes without the unknown ones, which RFC 6749 §3.3 allows to ignore. Returns all scopes if none are
/// requested.
fn scopes(form: &Form, server: &AuthServer) -> Result<Scopes, OauthError> {
    let known = server.registration.scopes.iter().map(|(scope, _)| *scope);
    let Some(requested) = form.get("scope") else {
        return Ok(known.collect());
    };
    let known: Vec<&str> = known.collect();
    let requested = Scopes::parse(requested);
    let granted: Scopes = requested
        .iter()
        .filter(|scope| known.contains(scope))
        .collect();
    if granted.is_empty() {
        return Err(OauthError::Code(
            "invalid_scope",
            "none of the scopes exists",
        ));
    }
    Ok(granted)
}

fn challenge(form: &Form) -> Result<Option<String>, OauthError> {
    let method = form.get("code_challenge_method");
    let Some(challenge) = form.get("code_challenge") else {
        return match method {
            Some(_) => Err(OauthError::request("code_challenge is missing")),
            None => Ok(None),
        };
    };
    // RFC 7636 §4.3: a missing method means "plain", which gives no protection.
    if method != Some("S256") {
        return Err(OauthError::request("code_challenge_method must be S256"));
    }
    // A SHA-256 in base64url without padding has 43 characters.
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if challenge.len() == 43 && challenge.bytes().all(is_base64url) {
        return Ok(Some(challenge.to_owned()));
    }
    Err(OauthError::request(
        "code_challenge is not an S256 challenge",
    ))
}

fn store_request(
    server: &AuthServer,
    requested: &RequestedAccess,
) -> Result<(Secret, UserCode), SandboxError> {
    let device_code = secrets::generate("dc_")?;
    let settings = server.sandbox.settings();
    let user_code = server.sandbox.write(|tx, now| {
        let user_code = unused_user_code(tx)?;
        insert(tx, now, server, requested, &device_code, &user_code)?;
        if settings.auto_approve {
            decide(tx, now, &user_code, Decision::Approve(account::DEMO_ID))?;
        }
        Ok(user_code)
    })?;
    Ok((device_code, user_code))
}

/// Generates a code that no other request has: a person must not approve another one's request.
fn unused_user_code(tx: &Transaction<'_>) -> Result<UserCode, SandboxError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM device_codes WHERE user_code = ?1)";
    loop {
        let code = UserCode::generate()?;
        let taken: bool = tx.query_row(sql, [code.as_str()], |row| row.get(0))?;
        if !taken {
            return Ok(code);
        }
    }
}

fn insert(
    tx: &Transaction<'_>,
    now: Millis,
    server: &AuthServer,
    requested: &RequestedAccess,
    device_code: &Secret,
    user_code: &UserCode,
) -> Result<(), SandboxError> {
    let settings = server.sandbox.settings();
    tx.execute(
        "INSERT INTO device_codes (hash, service, client_id, user_code, scopes, challenge, created_at, expires_at,
            interval_ms, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'pending')",
        params![
            secrets::hash(device_code.expose()),
            server.service.id,
            server.registration.client_id,
            user_code.as_str(),
            requested.scopes.to_string(),
            requested.challenge,
            now,
            deadline(now, settings.code_ttl),
            to_millis(settings.interval),
        ],
    )?;
    Ok(())
}
