//! Reading the members of an answer as servers really write them: numbers as strings, lists as strings, null for
//! nothing. What is taken leaves the map, so that a secret is moved, not copied.

use serde_json::{Map, Value};

use crate::domain::{Scopes, Secret, json_seconds};

/// A non-empty text.
pub(super) fn take_text(members: &mut Map<String, Value>, name: &str) -> Option<String> {
    match members.remove(name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}

/// A non-empty secret.
pub(super) fn take_secret(members: &mut Map<String, Value>, name: &str) -> Option<Secret> {
    take_text(members, name).map(Secret::new)
}

/// Whole seconds: a number, or a text that is one.
pub(super) fn take_seconds(members: &mut Map<String, Value>, name: &str) -> Option<i64> {
    json_seconds(&members.remove(name)?)
}

/// Scopes as a text or as a list.
pub(super) fn take_scopes(members: &mut Map<String, Value>, name: &str) -> Option<Scopes> {
    match members.remove(name)? {
        Value::String(text) => Some(Scopes::parse(&text)),
        Value::Array(words) => Some(words.iter().filter_map(Value::as_str).collect()),
        _ => None,
    }
}
