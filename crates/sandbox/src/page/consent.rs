//! The last step: shows the client, its scopes and the time of the request; the person approves or denies.

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use rusqlite::{Connection, Transaction};
use serde::Deserialize;

use super::browser_session::{BrowserSession, PendingRequest, SessionState};
use super::redirect_to;
use super::response;
use super::security_headers::{FormTarget, origin};
use super::views::{self, Consent, Layout, RequestSource};
use crate::base::{Millis, SandboxError};
use crate::oauth::{self, AuthServer, Decision, RequestStatus, Scopes};

#[derive(Deserialize)]
pub(super) struct DecisionForm {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    user_code: String,
    #[serde(default)]
    request: String,
    #[serde(default)]
    decision: String,
}

/// A request that can still be decided.
struct OpenRequest {
    source: RequestSource,
    client: String,
    scopes: Scopes,
    created_at: Millis,
}

pub(super) async fn show(
    State(server): State<AuthServer>,
    session: BrowserSession,
) -> Result<Response, SandboxError> {
    server.sandbox.read(|connection, now| {
        let SessionState {
            account, pending, ..
        } = session.load(connection, now)?;
        let Some(pending) = pending else {
            return Ok(redirect_to(&server, "").into_response());
        };
        let Some(account) = account else {
            return Ok(redirect_to(&server, "/sign-in").into_response());
        };
        let Some(request) = find_open(connection, now, &server, &pending)? else {
            return Ok(redirect_to(&server, "/done").into_response());
        };
        let form_target = match &request.source {
            RequestSource::Terminal { .. } => None,
            RequestSource::Program { destination, .. } => {
                Some(FormTarget::of_redirect(destination))
            }
        };
        let view = Consent {
            layout: Layout::new(&server, &session, pending.step(3), "Approve or deny"),
            client: request.client,
            account: account.email,
            source: request.source,
            age: describe_age(request.created_at, now),
            scopes: scope_descriptions(&server, &request.scopes),
        };
        let mut response = views::show(&server, &session, StatusCode::OK, &view);
        form_target.map(|target| response.extensions_mut().insert(target));
        Ok(response)
    })
}

fn find_open(
    connection: &Connection,
    now: Millis,
    server: &AuthServer,
    pending: &PendingRequest,
) -> Result<Option<OpenRequest>, SandboxError> {
    Ok(match pending {
        PendingRequest::Device(code) => {
            let found = oauth::find_request(connection, now, code)?;
            found
                .filter(|request| request.status == RequestStatus::Pending)
                .map(|request| OpenRequest {
                    source: RequestSource::Terminal {
                        code: request.user_code.to_string(),
                    },
                    client: request.client_name,
                    scopes: request.scopes,
                    created_at: request.created_at,
                })
        }
        PendingRequest::Authorization(id) => {
            let found = oauth::find_authorization(connection, now, server, id)?;
            found
                .filter(|request| request.status == RequestStatus::Pending)
                .map(|request| OpenRequest {
                    source: RequestSource::Program {
                        destination: origin(&request.redirect_uri),
                        request: request.id,
                    },
                    client: request.client_name,
                    scopes: request.scopes,
                    created_at: request.created_at,
                })
        }
    })
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
    let accepted = server
        .sandbox
        .write(|tx, now| accept(tx, now, &server, &session, &form))?;
    Ok(match accepted {
        Some(next) => next,
        None => views::stale_form(&server, &session),
    })
}

/// Stores the decision and returns where the browser goes next; `None` if the form is not about the session's request.
fn accept(
    tx: &Transaction<'_>,
    now: Millis,
    server: &AuthServer,
    session: &BrowserSession,
    form: &DecisionForm,
) -> Result<Option<Response>, SandboxError> {
    let state = session.load(tx, now)?;
    let (Some(pending), Some(account)) = (state.pending, state.account) else {
        return Ok(None);
    };
    let (decision, outcome) = match form.decision.as_str() {
        "approve" => (Decision::Approve(account.id), "approved"),
        "deny" => (Decision::Deny, "denied"),
        _ => return Ok(None),
    };
    // The browser may have opened another request in a second tab; this form is about its own request.
    let decided = match &pending {
        PendingRequest::Device(code) if code.to_string() == form.user_code => {
            oauth::decide(tx, now, code, decision).map(|()| None)
        }
        PendingRequest::Authorization(id) if *id == form.request => {
            oauth::decide_authorization(tx, now, server, id, decision).map(Some)
        }
        _ => return Ok(None),
    };
    let done = redirect_to(server, "/done");
    match decided {
        Ok(response) => {
            session.set_outcome(tx, outcome)?;
            let sent = response.map(|response| response::send(server, response));
            Ok(Some(sent.unwrap_or_else(|| done.into_response())))
        }
        // The outcome page shows the status.
        Err(
            SandboxError::AlreadyDecided | SandboxError::CodeExpired | SandboxError::UnknownCode,
        ) => Ok(Some(done.into_response())),
        Err(error) => Err(error),
    }
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
