//! Calls of a description from paths of the document, and pointers into responses.

use serde_json::Value;

use super::account_pointers::AccountPointers;
use super::document::{Document, Operation};
use super::names::{normalize, rank};
use super::schema::has_type;
use crate::actions::provider::skeleton::{Draft, quote};

/// The names of path parameters whose value `whoami` reports.
const ACCOUNT_PARAMETERS: &[&str] = &[
    "username",
    "user",
    "userid",
    "login",
    "account",
    "accountid",
];

/// Returns the call as TOML. `id` is the path parameter that is the id of a token; the others become parameters.
pub(super) fn call(
    operation: &Operation<'_>,
    id: Option<&str>,
    account: Option<&AccountPointers>,
    draft: &mut Draft,
) -> String {
    let mut path = String::new();
    let mut rest = operation.path;
    while let Some((before, after)) = rest.split_once('{') {
        path.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if Some(name) == id {
            path.push_str("{id}");
        } else {
            let name = parameter(name, account, draft);
            path.extend(["{parameter:", name.as_str(), "}"]);
        }
        rest = after;
    }
    path.push_str(rest);
    let method = operation.method.to_uppercase();
    quote(&format!("{method} {path}"))
}

/// Adds a parameter to the draft and returns its name.
fn parameter(name: &str, account: Option<&AccountPointers>, draft: &mut Draft) -> String {
    let lower = name.to_ascii_lowercase();
    let is_inside = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let kept: String = lower
        .chars()
        .map(|c| if is_inside(c) { c } else { '_' })
        .collect();
    let kept = kept.trim_start_matches(|c: char| !c.is_ascii_lowercase());
    let known = if kept.is_empty() { "parameter" } else { kept }.to_owned();
    if !draft.parameters.iter().any(|(name, _)| *name == known) {
        let is_account = rank(name, ACCOUNT_PARAMETERS).is_some();
        let pointer = account.filter(|_| is_account);
        let pointer = pointer.map(|account| account.pointer_for(name));
        draft.parameters.push((known.clone(), pointer));
    }
    known
}

pub(super) fn parameter_count(path: &str) -> usize {
    path.matches('{').count()
}

pub(super) fn last_segment(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().unwrap_or_default()
}

/// Returns the JSON pointer to the property with the best of `names`, at most `depth` objects deep.
pub(super) fn find_pointer(
    document: &Document,
    schema: &Value,
    names: &[&str],
    depth: usize,
) -> Option<String> {
    let properties = document.properties(schema);
    let texts = properties.iter().filter(|it| is_text(it.schema));
    let best = texts
        .filter_map(|it| Some((rank(it.name, names)?, it.name)))
        .min();
    if let Some((_, name)) = best {
        return Some(format!("/{}", escape(name)));
    }
    if depth == 0 {
        return None;
    }
    let mut nested = properties.iter();
    nested.find_map(|it| {
        let below = find_pointer(document, it.schema, names, depth - 1)?;
        Some(format!("/{}{below}", escape(it.name)))
    })
}

/// Returns true if the value is a text or a number, or its type is not specified.
fn is_text(schema: &Value) -> bool {
    let has_no_type = schema.get("type").is_none() && schema.get("properties").is_none();
    has_no_type
        || ["string", "integer", "number"]
            .iter()
            .any(|name| has_type(schema, name))
}

/// Escapes a name in a JSON pointer (RFC 6901 §3).
pub(super) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Returns true if a segment of the path contains one of the words.
pub(super) fn mentions(path: &str, words: &[&str]) -> bool {
    let path = normalize(path);
    words.iter().any(|word| path.contains(word))
}
