//! Finds the error code of a response. RFC 6749 §5.2 puts it into `error`; the tables list where and how other servers
//! put it.

use serde_json::{Map, Value};

/// Where servers put an error code, in order of precedence.
const CODE_POINTERS: [&str; 9] = [
    "/error",
    "/error/code",
    "/error/type",
    "/error/error",
    "/error_code",
    "/errorCode",
    "/code",
    "/errors/0/code",
    "/errors/0",
];

/// Where servers put a text for people, which may contain a code of the device flow.
const TEXT_POINTERS: [&str; 10] = [
    "/error_description",
    "/error/message",
    "/message",
    "/detail",
    "/description",
    "/error_message",
    "/errorSummary",
    "/errors/0/message",
    "/title",
    "/error",
];

/// What an error code means while polling (RFC 8628 §3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PollCode {
    Pending,
    SlowDown,
    Denied,
    Expired,
}

/// Codes of the RFC, and those of servers that chose their own.
const POLL_CODES: &[(&str, PollCode)] = &[
    ("authorization_pending", PollCode::Pending),
    ("authorization_request_pending", PollCode::Pending),
    ("slow_down", PollCode::SlowDown),
    ("access_denied", PollCode::Denied),
    ("authorization_declined", PollCode::Denied),
    ("authorization_denied", PollCode::Denied),
    ("user_denied", PollCode::Denied),
    ("expired_token", PollCode::Expired),
    ("code_expired", PollCode::Expired),
    ("expired_code", PollCode::Expired),
    ("device_code_expired", PollCode::Expired),
];

/// Codes of a refresh that concern the client and not the session: signing in again would not help.
const CLIENT_CODES: &[&str] = &[
    "invalid_client",
    "unauthorized_client",
    "unsupported_grant_type",
];

/// The codes of RFC 6749 §5.2, which are errors even beside tokens.
const TOKEN_CODES: &[&str] = &[
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
];

#[derive(Debug, PartialEq, Eq)]
pub(super) struct ReportedError {
    pub(super) code: Option<String>,
    pub(super) text: Option<String>,
}

impl ReportedError {
    /// Reads the code and the text of an error response.
    pub(super) fn from_members(members: &Map<String, Value>) -> Self {
        let codes = CODE_POINTERS
            .iter()
            .filter_map(|at| text_at(members, at))
            .filter(|code| is_code(code));
        let texts: Vec<&str> = TEXT_POINTERS
            .iter()
            .filter_map(|at| text_at(members, at))
            .collect();
        let codes: Vec<&str> = codes.collect();
        let poll_code = codes.iter().copied().find(|code| poll_code(code).is_some());
        let mentioned = || texts.iter().find_map(|text| mentioned_poll_code(text));
        let code = poll_code.or_else(mentioned).or(codes.first().copied());
        let text = texts.into_iter().find(|text| Some(*text) != code);
        Self {
            code: code.map(str::to_owned),
            text: text.map(str::to_owned),
        }
    }
}

/// Returns true if `error` is present and is not one of the empty values that some servers send beside tokens.
pub(super) fn has_error(members: &Map<String, Value>) -> bool {
    match members.get("error") {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(members)) => !members.is_empty(),
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::Bool(true)) => true,
    }
}

/// Returns true if `error` is a code of RFC 6749 §5.2 or RFC 8628 §3.5.
pub(super) fn is_standard(members: &Map<String, Value>) -> bool {
    let code = members.get("error").and_then(Value::as_str);
    code.is_some_and(|code| TOKEN_CODES.contains(&code) || poll_code(code).is_some())
}

/// Returns the meaning of a code while polling; `None` for a code that is not specific to polling.
pub(super) fn poll_code(code: &str) -> Option<PollCode> {
    let code = normalize(code);
    let known = POLL_CODES
        .iter()
        .find(|(known, _)| normalize(known) == code);
    known.map(|(_, meaning)| *meaning)
}

/// Returns true if the code of a rejected refresh concerns the client and not the session.
pub(super) fn is_client_error(code: &str) -> bool {
    CLIENT_CODES.contains(&code)
}

/// Finds `authorization_pending` or `slow_down` as a word of a text, or any code that is the whole text.
fn mentioned_poll_code(text: &str) -> Option<&'static str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.split(|c| !is_word(c));
    POLL_CODES.iter().find_map(|(code, meaning)| {
        let keeps_polling = matches!(meaning, PollCode::Pending | PollCode::SlowDown);
        let is_mentioned =
            text.trim() == *code || keeps_polling && words.clone().any(|word| word == *code);
        is_mentioned.then_some(*code)
    })
}

fn text_at<'a>(members: &'a Map<String, Value>, pointer: &str) -> Option<&'a str> {
    let mut steps = pointer.split('/').skip(1);
    let first = members.get(steps.next()?)?;
    let found = steps.try_fold(first, |value, step| match value {
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        value => value.get(step),
    })?;
    found
        .as_str()
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

/// Returns true for an identifier such as `invalid_grant`, false for a phrase such as `Bad Request`.
fn is_code(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_graphic())
}

/// `AuthorizationPendingException` and `authorization-pending` equal `authorization_pending`.
fn normalize(code: &str) -> String {
    let letters = code.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    plain.strip_suffix("exception").unwrap_or(&plain).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    /// Body, code and text.
    const REPORTED: &[(&str, Option<&str>, Option<&str>)] = &[
        (r#"{"error":"invalid_grant"}"#, Some("invalid_grant"), None),
        (
            r#"{"error":"x","error_description":"why"}"#,
            Some("x"),
            Some("why"),
        ),
        (
            r#"{"error":{"code":"expired","message":"why"}}"#,
            Some("expired"),
            Some("why"),
        ),
        (
            r#"{"error":{"code":401,"type":"OAuthException"}}"#,
            Some("OAuthException"),
            None,
        ),
        (
            r#"{"errorCode":"E0000011","errorSummary":"Invalid token"}"#,
            Some("E0000011"),
            Some("Invalid token"),
        ),
        (
            r#"{"errors":[{"code":"a","message":"b"}]}"#,
            Some("a"),
            Some("b"),
        ),
        (r#"{"errors":["a"]}"#, Some("a"), None),
        (
            r#"{"status":400,"message":"authorization_pending"}"#,
            Some("authorization_pending"),
            None,
        ),
        (
            r#"{"error":"Bad Request","message":"slow_down"}"#,
            Some("slow_down"),
            Some("Bad Request"),
        ),
        (
            r#"{"error":"invalid_request","error_description":"AADSTS70016: authorization_pending."}"#,
            Some("authorization_pending"),
            Some("AADSTS70016: authorization_pending."),
        ),
        (
            r#"{"error":"Bad Request","message":"access_denied"}"#,
            Some("access_denied"),
            Some("Bad Request"),
        ),
        (
            r#"{"error":"invalid_grant","error_description":"access_denied by policy"}"#,
            Some("invalid_grant"),
            Some("access_denied by policy"),
        ),
        (r#"{"detail":"Not found"}"#, None, Some("Not found")),
        (r#"{"error":null,"message":5}"#, None, None),
    ];

    #[test]
    fn error_codes_of_servers_are_found() {
        for (body, code, text) in REPORTED {
            let found = ReportedError::from_members(&serde_json::from_str(body).unwrap());
            assert_eq!(found.code.as_deref(), *code, "{body}");
            assert_eq!(found.text.as_deref(), *text, "{body}");
        }
    }

    #[test]
    fn poll_codes_of_servers_are_recognized() {
        for (code, expected) in [
            ("authorization_pending", Some(PollCode::Pending)),
            ("AuthorizationPendingException", Some(PollCode::Pending)),
            ("authorization-pending", Some(PollCode::Pending)),
            ("SlowDownException", Some(PollCode::SlowDown)),
            ("access_denied", Some(PollCode::Denied)),
            ("authorization_declined", Some(PollCode::Denied)),
            ("ExpiredTokenException", Some(PollCode::Expired)),
            ("invalid_grant", None),
            ("pending_approval_of_another_kind", None),
            ("", None),
        ] {
            assert_eq!(poll_code(code), expected, "{code}");
        }
    }

    #[test]
    fn empty_error_member_is_no_error() {
        for (error, expected) in [
            (json!(null), false),
            (json!(""), false),
            (json!(" "), false),
            (json!(false), false),
            (json!({}), false),
            (json!([]), false),
            (json!(0), false),
            (json!("x"), true),
            (json!({"code": "x"}), true),
            (json!(true), true),
            (json!(7), true),
        ] {
            let body = json!({ "error": error });
            assert_eq!(has_error(body.as_object().unwrap()), expected, "{body}");
        }
        assert!(!has_error(&Map::new()));
    }
}
