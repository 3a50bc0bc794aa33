//! Login, refresh and the verification e-mail, each limited per hour. All callers are on this machine, so the limits are shared.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::caller::Caller;
use super::session::{self, TokenPair};
use crate::base::Millis;
use crate::state::Sandbox;
use crate::state::account::Account;
use crate::state::attempt_limit::AttemptLimit;
use crate::web::json_body::{JsonBody, NotJson};

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

/// Wrong passwords count towards the limit.
pub(super) async fn log_in(
    State(sandbox): State<Sandbox>,
    body: Result<JsonBody, NotJson>,
) -> Result<Json<Value>, ApiError> {
    let body = body?;
    let (Some(email), Some(password)) = (body.text("email"), body.text("password")) else {
        return Err(bad("email and password are required"));
    };
    let tokens = sandbox.write(|tx, now| {
        if !LOGINS.try_record(tx, now)? {
            return Ok(Err(ApiError::RateLimited(
                "too many login attempts, try again later",
            )));
        }
        let Some(account) = Account::authenticate(tx, email, password)? else {
            return Ok(Err(ApiError::Unauthenticated("invalid email or password")));
        };
        Ok(Ok(session::create(&sandbox, tx, now, &account)?))
    })??;
    Ok(to_json(&tokens))
}

/// Failed refreshes count towards the limit.
pub(super) async fn refresh(
    State(sandbox): State<Sandbox>,
    body: Result<JsonBody, NotJson>,
) -> Result<Json<Value>, ApiError> {
    let body = body?;
    let token = body.text("refresh_token");
    let token = token.ok_or(bad("refresh_token is required"))?;
    let tokens = sandbox.write(|tx, now| {
        if !REFRESHES.try_record(tx, now)? {
            return Ok(Err(ApiError::RateLimited(
                "too many refresh attempts, try again later",
            )));
        }
        let tokens = session::rotate(&sandbox, tx, now, token)?;
        Ok(tokens.ok_or(ApiError::Unauthenticated(
            "invalid or expired refresh token",
        )))
    })??;
    Ok(to_json(&tokens))
}

/// Sends no e-mail.
pub(super) async fn resend_verification(
    State(sandbox): State<Sandbox>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    sandbox.write(|tx, now| {
        if EMAIL_SPACING.retry_after(tx, now)?.is_some() {
            let message = "please wait 60 seconds between verification emails";
            return Ok(Err(ApiError::RateLimited(message)));
        }
        if !EMAILS.try_record(tx, now)? {
            let message = "too many verification emails, try again later";
            return Ok(Err(ApiError::RateLimited(message)));
        }
        Ok(Ok(()))
    })??;
    let message = if caller.account.has_verified_email() {
        "email is verified already"
    } else {
        "verification email sent"
    };
    Ok(Json(json!({"message": message})))
}

fn bad(message: &'static str) -> ApiError {
    ApiError::BadRequest(StatusCode::BAD_REQUEST, message)
}

/// Without `token_type`, as documented.
fn to_json(tokens: &TokenPair) -> Json<Value> {
    Json(json!({
        "access_token": tokens.access_token.expose(),
        "refresh_token": tokens.refresh_token.expose(),
        "expires_in": tokens.expires_in,
    }))
}
