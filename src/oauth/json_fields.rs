//! Reads members of a response leniently: numbers as strings, lists as strings, null as absent. A value that is read is
//! removed from the map, so that secrets are moved, not copied.

use serde_json::{Map, Value};

use crate::domain::{Scopes, Secret, json_seconds};

/// Takes a non-empty string.
pub(super) fn take_text(members: &mut Map<String, Value>, name: &str) -> Option<String> {
    match members.remove(name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}

/// Takes a non-empty secret.
pub(super) fn take_secret(members: &mut Map<String, Value>, name: &str) -> Option<Secret> {
    take_text(members, name).map(Secret::new)
}

/// Takes whole seconds: a number, or a number in a string.
pub(super) fn take_seconds(members: &mut Map<String, Value>, name: &str) -> Option<i64> {
    json_seconds(&members.remove(name)?)
}

/// Takes the strings of a list.
pub(super) fn take_list(members: &mut Map<String, Value>, name: &str) -> Vec<String> {
    match members.remove(name) {
        Some(Value::Array(items)) => items
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

/// Takes scopes from a string or a list.
pub(super) fn take_scopes(members: &mut Map<String, Value>, name: &str) -> Option<Scopes> {
    match members.remove(name)? {
        Value::String(text) => Some(Scopes::parse(&text)),
        Value::Array(words) => {
            let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
            Some(Scopes::parse(&words.join(" ")))
        }
        _ => None,
    }
}
