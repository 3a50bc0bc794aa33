//! The device authorization endpoint (RFC 8628 §3.1, §3.2), with PKCE (RFC 7636 §4.3).

use axum::extract::State;
use axum::{Extension, Json};
use rusqlite::{Transaction, params};
use serde_json::{Value, json};

use super::client::Client;
use super::error::OauthError;
use super::form::Form;
use super::requested_access::RequestedAccess;
use super::{AuthServer, Decision, UserCode, decide, pkce};
use crate::base::secrets::Secret;
use crate::base::{Millis, SandboxError, deadline, secrets, to_millis};
use crate::state::account;
use crate::web::host_guard::ExtractPublicUrl;

/// The part of a request that is stored until the decision.
struct DeviceAuthorization {
    client: Client,
    access: RequestedAccess,
    challenge: Option<String>,
}

pub(super) async fn authorize(
    State(server): State<AuthServer>,
    Extension(public_url): ExtractPublicUrl,
    form: Form,
) -> Result<Json<Value>, OauthError> {
    let requested = DeviceAuthorization {
        client: Client::authenticate(&server, &form)?,
        access: RequestedAccess::parse(&server, &form)?,
        challenge: pkce::challenge(&form)?,
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

fn store_request(
    server: &AuthServer,
    requested: &DeviceAuthorization,
) -> Result<(Secret, UserCode), SandboxError> {
    let device_code = secrets::generate("dc_")?;
    let settings = server.sandbox.settings();
    let user_code = server.sandbox.write(|tx, now| {
        let user_code = unused_user_code(tx)?;
        requested.insert(tx, now, server, &device_code, &user_code)?;
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

impl DeviceAuthorization {
    fn insert(
        &self,
        tx: &Transaction<'_>,
        now: Millis,
        server: &AuthServer,
        device_code: &Secret,
        user_code: &UserCode,
    ) -> Result<(), SandboxError> {
        let settings = server.sandbox.settings();
        tx.execute(
        "INSERT INTO device_codes (hash, service, client_id, client_name, user_code, scopes, resource, challenge, created_at, expires_at,
            interval_ms, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'pending')",
        params![
            secrets::hash(device_code.expose()),
            server.service.id,
            self.client.id,
            self.client.name,
            user_code.as_str(),
            self.access.scopes.to_string(),
            self.access.resource,
            self.challenge,
            now,
            deadline(now, settings.code_ttl),
            to_millis(settings.interval),
        ],
    )?;
        Ok(())
    }
}
