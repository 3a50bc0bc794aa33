//! Step 1: the person enters the code, or confirms the one that the link brought. Also then they must look: a link may
//! come from somebody else (RFC 8628 §3.3.1, §5.4).

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::session::Visitor;
use super::views::{self, Code, Frame};
use super::{WRONG_CODES, go};
use crate::SandboxError;
use crate::oauth::{self, AuthServer, DeviceRequest, RequestStatus, UserCode};

#[derive(Deserialize)]
pub(super) struct Link {
    user_code: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Entered {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    user_code: String,
}

pub(super) async fn ask(
    State(server): State<AuthServer>,
    visitor: Visitor,
    Query(link): Query<Link>,
) -> Response {
    let brought = link.user_code.as_deref().and_then(UserCode::parse);
    let view = Code {
        frame: Frame::new(&server, &visitor, 1, title(brought.is_some())),
        compare: brought.is_some(),
        typed: brought.map(|code| code.to_string()).unwrap_or_default(),
        error: None,
    };
    views::show(&server, &visitor, StatusCode::OK, &view)
}

fn title(compare: bool) -> &'static str {
    if compare {
        "Compare the code"
    } else {
        "Enter the code"
    }
}

pub(super) async fn check(
    State(server): State<AuthServer>,
    visitor: Visitor,
    Form(entered): Form<Entered>,
) -> Result<Response, SandboxError> {
    if !visitor.sent(&entered.csrf) {
        return Ok(views::stale(&server, &visitor));
    }
    if let Some(wait) = server
        .sandbox
        .read(|connection, now| WRONG_CODES.retry_after(connection, now))?
    {
        return Ok(views::too_many(&server, &visitor, wait));
    }
    if entered.user_code.trim().is_empty() {
        return Ok(wrong(
            &server,
            &visitor,
            &entered,
            "Enter the code that your terminal shows.",
        ));
    }
    let Some(request) = find(&server, &visitor, &entered)? else {
        let words = "That code is not right. Check it against your terminal and try again.";
        return Ok(wrong(&server, &visitor, &entered, words));
    };
    let signed_in = server
        .sandbox
        .read(|connection, now| visitor.visit(connection, now))?
        .account
        .is_some();
    let next = match request.status {
        RequestStatus::Pending if signed_in => "/consent",
        RequestStatus::Pending => "/sign-in",
        _ => "/done",
    };
    Ok(go(&server, next).into_response())
}

/// The request behind the code, which this browser now decides about. A wrong code counts against everybody.
fn find(
    server: &AuthServer,
    visitor: &Visitor,
    entered: &Entered,
) -> Result<Option<DeviceRequest>, SandboxError> {
    server.sandbox.write(|tx, now| {
        let found = match UserCode::parse(&entered.user_code) {
            Some(code) => oauth::find_request(tx, now, &code)?,
            None => None,
        };
        let Some(request) = found.filter(|found| found.service == server.service.id) else {
            WRONG_CODES.record(tx, now)?;
            return Ok(None);
        };
        visitor.enter(tx, now, &request.user_code)?;
        Ok(Some(request))
    })
}

fn wrong(
    server: &AuthServer,
    visitor: &Visitor,
    entered: &Entered,
    words: &'static str,
) -> Response {
    let view = Code {
        frame: Frame::new(server, visitor, 1, "Error: enter the code"),
        typed: entered.user_code.chars().take(20).collect(),
        compare: false,
        error: Some(words),
    };
    views::show(server, visitor, StatusCode::BAD_REQUEST, &view)
}
