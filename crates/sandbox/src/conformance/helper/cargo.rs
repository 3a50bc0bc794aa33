//! cargo: JSON documents on lines. The helper begins.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::exchange::{FoundCredential, HelperRequest, HelperResponse};

/// The argument that cargo gives.
const ARGUMENT: &str = "--cargo-plugin";

pub(super) fn request(version: u32, index: &str) -> HelperRequest {
    with_lines(&format!("{}\n", document(version, "get", index)))
}

pub(super) fn document(version: u32, kind: &str, index: &str) -> Value {
    json!({
        "v": version, "kind": kind, "operation": "read", "args": [],
        "registry": { "index-url": index, "name": "conformance", "headers": [] },
    })
}

pub(super) fn with_lines(lines: &str) -> HelperRequest {
    HelperRequest::with_input(&[ARGUMENT], lines)
}

/// Reads the response to one request, or to none.
pub(super) fn read(stdout: &str) -> HelperResponse {
    let mut lines = stdout.lines();
    let hello: Option<Value> = lines
        .next()
        .and_then(|line| serde_json::from_str(line).ok());
    let versions = hello.as_ref().and_then(|it| it.get("v")?.as_array());
    if !versions.is_some_and(|versions| versions.contains(&json!(1))) {
        return HelperResponse::fault("its first line is not {\"v\":[1]}");
    }
    let Some(line) = lines.next() else {
        return HelperResponse::default();
    };
    if lines.next().is_some() {
        return HelperResponse::fault("it has more than one line for one request");
    }
    let Ok(response) = serde_json::from_str::<Value>(line) else {
        return HelperResponse::fault("a line is not a JSON document");
    };
    match (response.get("Ok"), response.pointer("/Err/kind")) {
        (Some(granted), None) => read_granted(granted),
        (None, Some(Value::String(_))) => HelperResponse::default(),
        _ => HelperResponse::fault("a line has neither Ok nor Err with a kind"),
    }
}

fn read_granted(granted: &Value) -> HelperResponse {
    let member = |name: &str| granted.get(name).and_then(Value::as_str);
    if member("kind") != Some("get") {
        return HelperResponse::default();
    }
    let expires = granted.get("expiration").and_then(Value::as_i64);
    let expires_at = expires.and_then(|end| Timestamp::from_second(end).ok());
    match member("cache") {
        Some("never" | "session") => {}
        Some("expires") if expires_at.is_some() => {}
        Some("expires") => {
            return HelperResponse::fault("cache is \"expires\" without an expiration");
        }
        _ => return HelperResponse::fault("cache is neither never, session nor expires"),
    }
    match member("token").filter(|it| !it.is_empty()) {
        Some(token) => HelperResponse::of(FoundCredential {
            secret: token.to_owned(),
            user: None,
            expires_at,
        }),
        None => HelperResponse::fault("it has no token"),
    }
}
