//! The last page: what became of the request.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::go;
use super::session::Visitor;
use super::views::{self, Ending, Frame, Outcome};
use crate::SandboxError;
use crate::oauth::{self, AuthServer, RequestStatus};

pub(super) async fn show(
    State(server): State<AuthServer>,
    visitor: Visitor,
) -> Result<Response, SandboxError> {
    let ending = server.sandbox.read(|connection, now| {
        let visit = visitor.visit(connection, now)?;
        let Some(code) = visit.user_code else {
            return Ok(None);
        };
        let request = oauth::find_request(connection, now, &code)?;
        let status = request.map_or(RequestStatus::Expired, |request| request.status);
        Ok(ending(visit.outcome.as_deref(), status))
    })?;
    let Some(ending) = ending else {
        return Ok(go(&server, "").into_response());
    };
    let view = Outcome {
        frame: Frame::new(&server, &visitor, 0, title(ending)),
        ending,
        client: server.registration.client_name,
        wait: 0,
    };
    Ok(views::show(&server, &visitor, StatusCode::OK, &view))
}

/// Only the browser that decided hears the decision; `None` while there is none.
fn ending(outcome: Option<&str>, status: RequestStatus) -> Option<Ending> {
    match (outcome, status) {
        (Some("approved"), _) => Some(Ending::Approved),
        (Some(_), _) => Some(Ending::Denied),
        (None, RequestStatus::Expired) => Some(Ending::Expired),
        (None, RequestStatus::Approved | RequestStatus::Denied) => Some(Ending::Used),
        (None, RequestStatus::Pending) => None,
    }
}

fn title(ending: Ending) -> &'static str {
    match ending {
        Ending::Approved => "Approved",
        Ending::Denied => "Denied",
        Ending::Expired => "The code has expired",
        Ending::Used => "The code was used before",
        Ending::TooMany => "Too many tries",
        Ending::Stale => "This form is out of date",
    }
}
