//! The last page: the outcome of the request.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::browser_session::{BrowserSession, PendingRequest};
use super::redirect_to;
use super::views::{self, Layout, Outcome, OutcomeKind};
use crate::base::SandboxError;
use crate::oauth::{self, AuthServer, RequestStatus};

pub(super) async fn show(
    State(server): State<AuthServer>,
    session: BrowserSession,
) -> Result<Response, SandboxError> {
    let kind = server.sandbox.read(|connection, now| {
        let state = session.load(connection, now)?;
        let code = match state.pending {
            Some(PendingRequest::Device(code)) => code,
            // The decision was sent to the client. A browser gets here by going back only.
            Some(PendingRequest::Authorization(_)) => return Ok(Some(OutcomeKind::RequestClosed)),
            None => return Ok(None),
        };
        let request = oauth::find_request(connection, now, &code)?;
        let status = request.map_or(RequestStatus::Expired, |request| request.status);
        Ok(outcome_kind(state.outcome.as_deref(), status))
    })?;
    let Some(kind) = kind else {
        return Ok(redirect_to(&server, "").into_response());
    };
    let view = Outcome {
        layout: Layout::new(&server, &session, 0, title(kind)),
        kind,
        client: server.registration.client_name,
        wait: 0,
    };
    Ok(views::show(&server, &session, StatusCode::OK, &view))
}

/// Returns `None` while the request is pending. Only the browser that decided is shown the decision.
fn outcome_kind(outcome: Option<&str>, status: RequestStatus) -> Option<OutcomeKind> {
    match (outcome, status) {
        (Some("approved"), _) => Some(OutcomeKind::Approved),
        (Some(_), _) => Some(OutcomeKind::Denied),
        (None, RequestStatus::Expired) => Some(OutcomeKind::Expired),
        (None, RequestStatus::Approved | RequestStatus::Denied) => Some(OutcomeKind::AlreadyUsed),
        (None, RequestStatus::Pending) => None,
    }
}

fn title(kind: OutcomeKind) -> &'static str {
    match kind {
        OutcomeKind::Approved => "Approved",
        OutcomeKind::Denied => "Denied",
        OutcomeKind::Expired => "The code has expired",
        OutcomeKind::AlreadyUsed => "The code was used before",
        OutcomeKind::RequestClosed => "This request was decided or has expired",
        OutcomeKind::TooManyAttempts => "Too many attempts",
        OutcomeKind::StaleForm => "This form has expired",
    }
}
