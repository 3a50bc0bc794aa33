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
use crate::oauth::{self, Desk, DeviceRequest, Standing, UserCode};

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
    State(desk): State<Desk>,
    visitor: Visitor,
    Query(link): Query<Link>,
) -> Response {
    let brought = link.user_code.as_deref().and_then(UserCode::parse);
    let view = Code {
        frame: Frame::new(&desk, &visitor, 1, title(brought.is_some())),
        compare: brought.is_some(),
        typed: brought.map(|code| code.to_string()).unwrap_or_default(),
        error: None,
    };
    views::show(&desk, &visitor, StatusCode::OK, &view)
}

fn title(compare: bool) -> &'static str {
    if compare {
        "Compare the code"
    } else {
        "Enter the code"
    }
}

pub(super) async fn check(
    State(desk): State<Desk>,
    visitor: Visitor,
    Form(entered): Form<Entered>,
) -> Result<Response, SandboxError> {
    if !visitor.sent(&entered.csrf) {
        return Ok(views::stale(&desk, &visitor));
    }
    if let Some(wait) = desk
        .sandbox
        .read(|connection, now| WRONG_CODES.retry_after(connection, now))?
    {
        return Ok(views::too_many(&desk, &visitor, wait));
    }
    if entered.user_code.trim().is_empty() {
        return Ok(wrong(
            &desk,
            &visitor,
            &entered,
            "Enter the code that your terminal shows.",
        ));
    }
    let Some(request) = find(&desk, &visitor, &entered)? else {
        let words = "That code is not right. Check it against your terminal and try again.";
        return Ok(wrong(&desk, &visitor, &entered, words));
    };
    let signed_in = desk
        .sandbox
        .read(|connection, now| visitor.visit(connection, now))?
        .account
        .is_some();
    let next = match request.standing {
        Standing::Pending if signed_in => "/consent",
        Standing::Pending => "/sign-in",
        _ => "/done",
    };
    Ok(go(&desk, next).into_response())
}

/// The request behind the code, which this browser now decides about. A wrong code counts against everybody.
fn find(
    desk: &Desk,
    visitor: &Visitor,
    entered: &Entered,
) -> Result<Option<DeviceRequest>, SandboxError> {
    desk.sandbox.write(|tx, now| {
        let found = match UserCode::parse(&entered.user_code) {
            Some(code) => oauth::look_up(tx, now, &code)?,
            None => None,
        };
        let Some(request) = found.filter(|found| found.service == desk.service.id) else {
            WRONG_CODES.record(tx, now)?;
            return Ok(None);
        };
        visitor.enter(tx, now, &request.user_code)?;
        Ok(Some(request))
    })
}

fn wrong(desk: &Desk, visitor: &Visitor, entered: &Entered, words: &'static str) -> Response {
    let view = Code {
        frame: Frame::new(desk, visitor, 1, "Error: enter the code"),
        typed: entered.user_code.chars().take(20).collect(),
        compare: false,
        error: Some(words),
    };
    views::show(desk, visitor, StatusCode::BAD_REQUEST, &view)
}
