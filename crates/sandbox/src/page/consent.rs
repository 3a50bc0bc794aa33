//! Step 3: shows the client, its scopes and the time of the request; the person approves or denies.

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::browser_session::{BrowserSession, SessionState};
use super::redirect_to;
use super::views::{self, Consent, Layout};
use crate::base::{Millis, SandboxError};
use crate::oauth::{self, AuthServer, Decision, DeviceRequest, RequestStatus, Scopes};
use crate::state::account::Account;

#[derive(Deserialize)]
pub(super) struct DecisionForm {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    user_code: String,
    #[serde(default)]
    decision: String,
}

pub(super) async fn show(
    State(server): State<AuthServer>,
    session: BrowserSession,
) -> Result<Response, SandboxError> {
    server.sandbox.read(|connection, now| {
        let SessionState {
            account, user_code, ..
        } = session.load(connection, now)?;
        let Some(code) = user_code else {
            return Ok(redirect_to(&server, "").into_response());
        };
        let Some(account) = account else {
            return Ok(redirect_to(&server, "/sign-in").into_response());
        };
        let request = oauth::find_request(connection, now, &code)?;
        let pending = request.filter(|request| request.status == RequestStatus::Pending);
        let Some(request) = pending else {
            return Ok(redirect_to(&server, "/done").into_response());
        };
        let view = view(&server, &session, &account, &request, now);
        Ok(views::show(&server, &session, StatusCode::OK, &view))
    })
}

fn view(
    server: &AuthServer,
    session: &BrowserSession,
    account: &Account,
    request: &DeviceRequest,
    now: Millis,
) -> Consent {
    Consent {
        layout: Layout::new(server, session, 3, "Approve or deny"),
        client: server.registration.client_name,
        account: account.email.clone(),
        code: request.user_code.to_string(),
        age: describe_age(request.created_at, now),
        scopes: scope_descriptions(server, &request.scopes),
    }
}

/// Describes what the device will be able to do. Without a scope of the service that is everything.
fn scope_descriptions(server: &AuthServer, scopes: &Scopes) -> Vec<&'static str> {
    let known = server.registration.scopes.iter();
    let requested = known.filter(|(name, _)| scopes.iter().any(|scope| scope == *name));
    let mut descriptions: Vec<&str> = requested.map(|(_, description)| *description).collect();
    if !oauth::has_service_scopes(scopes) {
        descriptions.push(server.registration.unrestricted);
    }
    descriptions
}

/// "2 minutes ago, at 14:03 UTC".
fn describe_age(created_at: Millis, now: Millis) -> String {
    let ago = match (now - created_at) / 60_000 {
        ..=0 => "less than a minute ago".to_owned(),
        1 => "1 minute ago".to_owned(),
        minutes => format!("{minutes} minutes ago"),
    };
    let clock = Timestamp::from_millisecond(created_at)
        .map(|time| time.strftime("%H:%M UTC").to_string())
        .unwrap_or_default();
    format!("{ago}, at {clock}")
}

pub(super) async fn submit(
    State(server): State<AuthServer>,
    session: BrowserSession,
    Form(form): Form<DecisionForm>,
) -> Result<Response, SandboxError> {
    if !session.is_valid_csrf(&form.csrf) {
        return Ok(views::stale_form(&server, &session));
    }
    let accepted = server.sandbox.write(|tx, now| {
        let state = session.load(tx, now)?;
        let (Some(code), Some(account)) = (state.user_code, state.account) else {
            return Ok(false);
        };
        // The browser may have entered another code in a second tab; this form is about its own code.
        if code.to_string() != form.user_code {
            return Ok(false);
        }
        let (decision, outcome) = match form.decision.as_str() {
            "approve" => (Decision::Approve(account.id), "approved"),
            "deny" => (Decision::Deny, "denied"),
            _ => return Ok(false),
        };
        match oauth::decide(tx, now, &code, decision) {
            Ok(()) => session.set_outcome(tx, outcome)?,
            // The outcome page shows the status.
            Err(
                SandboxError::AlreadyDecided
                | SandboxError::CodeExpired
                | SandboxError::UnknownCode,
            ) => {}
            Err(error) => return Err(error),
        }
        Ok(true)
    })?;
    if accepted {
        return Ok(redirect_to(&server, "/done").into_response());
    }
    Ok(views::stale_form(&server, &session))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_is_relative_with_the_time_of_day() {
        let then = 1_800_000_000_000;
        assert_eq!(
            describe_age(then, then),
            "less than a minute ago, at 08:00 UTC"
        );
        assert_eq!(
            describe_age(then, then + 61_000),
            "1 minute ago, at 08:00 UTC"
        );
        assert_eq!(
            describe_age(then, then + 599_000),
            "9 minutes ago, at 08:00 UTC"
        );
    }
}
