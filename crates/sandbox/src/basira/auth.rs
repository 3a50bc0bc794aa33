//! Logging in, refreshing, and the verification letter, each only so often an hour. Everybody comes from this one
//! computer, so the limits hold for all callers together.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rusqlite::Transaction;
use serde_json::{Value, json};

use super::caller::Caller;
use super::reply::No;
use super::session::{self, Issued};
use crate::account::Account;
use crate::attempt_limit::AttemptLimit;
use crate::json_body::{JsonBody, NotJson};
use crate::store::Millis;
use crate::{Sandbox, SandboxError};

const HOUR: Millis = 60 * 60 * 1000;

const LOGINS: AttemptLimit = AttemptLimit {
    kind: "basira.login",
    max: 10,
    window: HOUR,
};
const REFRESHES: AttemptLimit = AttemptLimit {
    kind: "basira.refresh",
    max: 30,
    window: HOUR,
};
const EMAILS: AttemptLimit = AttemptLimit {
    kind: "basira.letter",
    max: 5,
    window: HOUR,
};
const EMAIL_SPACING: AttemptLimit = AttemptLimit {
    max: 1,
    window: 60_000,
    ..EMAILS
};

/// Wrong passwords count too.
pub(super) async fn log_in(
    State(sandbox): State<Sandbox>,
    body: Result<JsonBody, NotJson>,
) -> Result<Json<Value>, No> {
    let body = body?;
    let (Some(email), Some(password)) = (body.text("email"), body.text("password")) else {
        return Err(bad("email and password are required"));
    };
    let issued = sandbox.write(|tx, now| {
        if is_used_up(tx, now, &LOGINS)? {
            return Ok(Err(No::TooMany("too many login attempts, try again later")));
        }
        let Some(account) = Account::authenticate(tx, email, password)? else {
            return Ok(Err(No::Nobody("invalid email or password")));
        };
        Ok(Ok(session::open(&sandbox, tx, now, &account)?))
    })??;
    Ok(answer(&issued))
}

/// Refusals count too.
pub(super) async fn refresh(
    State(sandbox): State<Sandbox>,
    body: Result<JsonBody, NotJson>,
) -> Result<Json<Value>, No> {
    let body = body?;
    let token = body.text("refresh_token");
    let token = token.ok_or(bad("refresh_token is required"))?;
    let issued = sandbox.write(|tx, now| {
        if is_used_up(tx, now, &REFRESHES)? {
            return Ok(Err(No::TooMany(
                "too many refresh attempts, try again later",
            )));
        }
        let issued = session::rotate(&sandbox, tx, now, token)?;
        Ok(issued.ok_or(No::Nobody("invalid or expired refresh token")))
    })??;
    Ok(answer(&issued))
}

/// Sends nothing: there is no letter box in a sandbox.
pub(super) async fn resend_verification(
    State(sandbox): State<Sandbox>,
    caller: Caller,
) -> Result<Json<Value>, No> {
    sandbox.write(|tx, now| {
        if EMAIL_SPACING.retry_after(tx, now)?.is_some() {
            let words = "please wait 60 seconds between verification emails";
            return Ok(Err(No::TooMany(words)));
        }
        if is_used_up(tx, now, &EMAILS)? {
            let words = "too many verification emails, try again later";
            return Ok(Err(No::TooMany(words)));
        }
        Ok(Ok(()))
    })??;
    let message = if caller.account.subscribed {
        "email is verified already"
    } else {
        "verification email sent"
    };
    Ok(Json(json!({"message": message})))
}

/// Whether `limit` is reached; else this try is counted.
fn is_used_up(
    tx: &Transaction<'_>,
    now: Millis,
    limit: &AttemptLimit,
) -> Result<bool, SandboxError> {
    if limit.retry_after(tx, now)?.is_some() {
        return Ok(true);
    }
    limit.record(tx, now)?;
    Ok(false)
}

fn bad(words: &'static str) -> No {
    No::Bad(StatusCode::BAD_REQUEST, words)
}

/// No `token_type`, as documented.
fn answer(issued: &Issued) -> Json<Value> {
    Json(json!({
        "access_token": issued.access_token.expose(),
        "refresh_token": issued.refresh_token.expose(),
        "expires_in": issued.expires_in,
    }))
}
