//! Step 3: who asks, for what, since when; yes or no.

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::go;
use super::session::{Visit, Visitor};
use super::views::{self, Consent, Frame};
use crate::SandboxError;
use crate::account::Account;
use crate::oauth::Scopes;
use crate::oauth::{self, Decision, Desk, DeviceRequest, Standing};
use crate::store::Millis;

#[derive(Deserialize)]
pub(super) struct Decided {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    user_code: String,
    #[serde(default)]
    decision: String,
}

pub(super) async fn ask(
    State(desk): State<Desk>,
    visitor: Visitor,
) -> Result<Response, SandboxError> {
    desk.sandbox.read(|connection, now| {
        let Visit {
            account, user_code, ..
        } = visitor.visit(connection, now)?;
        let Some(code) = user_code else {
            return Ok(go(&desk, "").into_response());
        };
        let Some(account) = account else {
            return Ok(go(&desk, "/sign-in").into_response());
        };
        let request = oauth::look_up(connection, now, &code)?;
        let pending = request.filter(|request| request.standing == Standing::Pending);
        let Some(request) = pending else {
            return Ok(go(&desk, "/done").into_response());
        };
        let view = view(&desk, &visitor, &account, &request, now);
        Ok(views::show(&desk, &visitor, StatusCode::OK, &view))
    })
}

fn view(
    desk: &Desk,
    visitor: &Visitor,
    account: &Account,
    request: &DeviceRequest,
    now: Millis,
) -> Consent {
    Consent {
        frame: Frame::new(desk, visitor, 3, "Approve or deny"),
        client: desk.registration.client_name,
        account: account.email.clone(),
        code: request.user_code.to_string(),
        asked: since(request.created_at, now),
        scopes: in_words(desk, &request.scopes),
    }
}

/// What the device will be able to do. Without a scope that narrows it that is everything, and the page says so.
fn in_words(desk: &Desk, scopes: &Scopes) -> Vec<&'static str> {
    let known = desk.registration.scopes.iter();
    let asked = known.filter(|(name, _)| scopes.iter().any(|scope| scope == *name));
    let mut words: Vec<&str> = asked.map(|(_, words)| *words).collect();
    if !oauth::are_narrowing(scopes) {
        words.push(desk.registration.everything);
    }
    words
}

/// "2 minutes ago, at 14:03 UTC".
fn since(then: Millis, now: Millis) -> String {
    let ago = match (now - then) / 60_000 {
        ..=0 => "less than a minute ago".to_owned(),
        1 => "1 minute ago".to_owned(),
        minutes => format!("{minutes} minutes ago"),
    };
    let clock = Timestamp::from_millisecond(then)
        .map(|then| then.strftime("%H:%M UTC").to_string())
        .unwrap_or_default();
    format!("{ago}, at {clock}")
}

pub(super) async fn decide(
    State(desk): State<Desk>,
    visitor: Visitor,
    Form(decided): Form<Decided>,
) -> Result<Response, SandboxError> {
    if !visitor.sent(&decided.csrf) {
        return Ok(views::stale(&desk, &visitor));
    }
    let ours = desk.sandbox.write(|tx, now| {
        let visit = visitor.visit(tx, now)?;
        let (Some(code), Some(account)) = (visit.user_code, visit.account) else {
            return Ok(false);
        };
        // In another tab the same browser may have gone on to another code; this form was about its own.
        if code.to_string() != decided.user_code {
            return Ok(false);
        }
        let (decision, outcome) = match decided.decision.as_str() {
            "approve" => (Decision::Approve(account.id), "approved"),
            "deny" => (Decision::Deny, "denied"),
            _ => return Ok(false),
        };
        match oauth::decide(tx, now, &code, decision) {
            Ok(()) => visitor.decided(tx, outcome)?,
            // The last page says what became of it.
            Err(
                SandboxError::AlreadyDecided
                | SandboxError::CodeExpired
                | SandboxError::UnknownCode,
            ) => {}
            Err(error) => return Err(error),
        }
        Ok(true)
    })?;
    if ours {
        return Ok(go(&desk, "/done").into_response());
    }
    Ok(views::stale(&desk, &visitor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_age_of_a_request_is_told_in_words_and_by_the_clock() {
        let then = 1_800_000_000_000;
        assert_eq!(since(then, then), "less than a minute ago, at 08:00 UTC");
        assert_eq!(since(then, then + 61_000), "1 minute ago, at 08:00 UTC");
        assert_eq!(since(then, then + 599_000), "9 minutes ago, at 08:00 UTC");
    }
}
