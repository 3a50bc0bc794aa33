//! The last page: what became of the request.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::go;
use super::session::Visitor;
use super::views::{self, Ending, Frame, Outcome};
use crate::SandboxError;
use crate::oauth::{self, Desk, Standing};

pub(super) async fn show(
    State(desk): State<Desk>,
    visitor: Visitor,
) -> Result<Response, SandboxError> {
    let ending = desk.sandbox.read(|connection, now| {
        let visit = visitor.visit(connection, now)?;
        let Some(code) = visit.user_code else {
            return Ok(None);
        };
        let request = oauth::look_up(connection, now, &code)?;
        let standing = request.map_or(Standing::Expired, |request| request.standing);
        Ok(ending(visit.outcome.as_deref(), standing))
    })?;
    let Some(ending) = ending else {
        return Ok(go(&desk, "").into_response());
    };
    let view = Outcome {
        frame: Frame::new(&desk, &visitor, 0, title(ending)),
        ending,
        client: desk.registration.client_name,
        wait: 0,
    };
    Ok(views::show(&desk, &visitor, StatusCode::OK, &view))
}

/// Only the browser that decided hears the decision; `None` while there is none.
fn ending(outcome: Option<&str>, standing: Standing) -> Option<Ending> {
    match (outcome, standing) {
        (Some("approved"), _) => Some(Ending::Approved),
        (Some(_), _) => Some(Ending::Denied),
        (None, Standing::Expired) => Some(Ending::Expired),
        (None, Standing::Approved | Standing::Denied) => Some(Ending::Used),
        (None, Standing::Pending) => None,
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
