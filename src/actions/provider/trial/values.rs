//! What the pointers of a call find in its response.

use serde::Serialize;
use serde_json::Value;

use crate::domain::{Secret, format_count, sanitize_line};
use crate::provider::{Descriptor, Pointer, Pointers, ResponseField, TokenFields};

/// More characters of a value are not shown.
const MAX_TEXT: usize = 60;

/// More names of members are not shown.
const MAX_NAMES: usize = 12;

/// What a pointer found.
#[derive(Debug, Serialize)]
pub struct TrialValue {
    pub member: String,
    /// The pointers.
    pub at: Vec<String>,
    /// The value as text; a secret is hidden.
    pub found: Option<String>,
    /// What there is instead.
    pub instead: Option<String>,
}

/// Returns what the pointers of `call` find in `response`, without the secret of the token that was `created`.
pub(super) fn values_of(
    call: &str,
    descriptor: &Descriptor,
    created: Option<&Secret>,
    response: &Value,
) -> Vec<TrialValue> {
    let tokens = &descriptor.tokens;
    let mut found = Finder {
        values: Vec::new(),
        secret: created.map(Secret::expose),
        // A wrong pointer to the secret does not show which text it is.
        hides_texts: call == "tokens.create" && created.is_none(),
    };
    match call {
        "whoami" => account_values(descriptor, response, &mut found),
        "tokens.list" => list_values(descriptor, response, &mut found),
        "tokens.create" => {
            if let Some(create) = &tokens.create {
                found.add("tokens.create.secret", &create.secret, response, true);
                found.add_token(
                    "tokens.create.token",
                    &create.token,
                    &tokens.fields,
                    response,
                );
            }
        }
        "tokens.get" => {
            if let Some(get) = &tokens.get {
                found.add_token("tokens.get.token", &get.token, &tokens.fields, response);
            }
        }
        _ => {}
    }
    found.values
}

fn list_values(descriptor: &Descriptor, response: &Value, found: &mut Finder<'_>) {
    let Some(list) = &descriptor.tokens.list else {
        return;
    };
    found.add("tokens.list.items", &list.items, response, false);
    let items = list.items.iter();
    let mut items = items.filter_map(|pointer| pointer.find_in(response));
    if let Some(item) = items.find_map(first_item) {
        found.add_fields(&descriptor.tokens.fields, item);
    }
}

fn account_values(descriptor: &Descriptor, response: &Value, found: &mut Finder<'_>) {
    let Some(whoami) = &descriptor.whoami else {
        return;
    };
    if !whoami.account.is_empty() {
        found.add("whoami.account", &whoami.account, response, false);
    }
    if let Some(space) = &whoami.space {
        found.add(
            "whoami.space.at",
            std::slice::from_ref(&space.at),
            response,
            false,
        );
    }
    for (name, parameter) in &descriptor.parameters {
        if parameter.is_reported() {
            found.add(
                &format!("parameters.{name}.at"),
                &parameter.at,
                response,
                false,
            );
        }
    }
}

fn first_item(list: &Value) -> Option<&Value> {
    match list {
        Value::Array(items) => items.first(),
        Value::Object(members) => members.values().next(),
        _ => None,
    }
}

struct Finder<'a> {
    values: Vec<TrialValue>,
    /// Hidden wherever a pointer finds it.
    secret: Option<&'a str>,
    hides_texts: bool,
}

impl Finder<'_> {
    fn contains_secret(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => {
                self.hides_texts || self.secret.is_some_and(|secret| text.contains(secret))
            }
            Value::Array(items) => items.iter().any(|item| self.contains_secret(item)),
            // Only the names of its members are shown.
            _ => false,
        }
    }

    fn add(&mut self, member: &str, pointers: &[Pointer], document: &Value, is_secret: bool) {
        let found = pointers
            .iter()
            .find_map(|pointer| pointer.collect_in(document));
        let is_null = || pointers.iter().any(|pointer| pointer.exists_in(document));
        let found = match found {
            Some(value) => Some(describe(&value, is_secret || self.contains_secret(&value))),
            None => is_null().then(|| "null".to_owned()),
        };
        let missing = pointers.first().filter(|_| found.is_none());
        self.values.push(TrialValue {
            member: member.to_owned(),
            at: pointers
                .iter()
                .map(|pointer| pointer.as_str().to_owned())
                .collect(),
            found,
            instead: missing.map(|pointer| instead_of(pointer, document)),
        });
    }

    /// Adds the object of a token and the facts in it.
    fn add_token(
        &mut self,
        member: &str,
        pointers: &Pointers,
        fields: &TokenFields,
        document: &Value,
    ) {
        if !pointers.is_empty() {
            self.add(member, pointers, document, false);
        }
        if let Some(token) = pointers.object_in(document) {
            self.add_fields(fields, token);
        }
    }

    fn add_fields(&mut self, fields: &TokenFields, token: &Value) {
        for (name, place, is_secret) in facts(fields) {
            let Some(place) = place else { continue };
            let pointers: Vec<Pointer> = place.pointers().cloned().collect();
            self.add(
                &format!("tokens.fields.{name}"),
                &pointers,
                token,
                is_secret,
            );
        }
    }
}

type Fact<'a> = (&'static str, Option<&'a ResponseField>, bool);

/// Returns the facts of a token; true for those whose value is secret.
fn facts(fields: &TokenFields) -> [Fact<'_>; 11] {
    [
        ("id", fields.id.as_ref(), fields.id_is_secret),
        ("name", fields.name.as_ref(), false),
        ("created_at", fields.created_at.as_ref(), false),
        ("expires_at", fields.expires_at.as_ref(), false),
        ("active", fields.active.as_ref(), false),
        ("revoked", fields.revoked.as_ref(), false),
        ("permissions", fields.permissions.as_ref(), false),
        ("scopes", fields.scopes.as_ref(), false),
        ("prefix", fields.prefix.as_ref(), false),
        ("key", fields.key.as_ref(), true),
        ("last_used_at", fields.last_used_at.as_ref(), false),
    ]
}

fn describe(value: &Value, is_secret: bool) -> String {
    match value {
        Value::String(text) if is_secret => {
            let length = format_count(text.chars().count(), "character");
            format!("text, {length}, hidden")
        }
        _ if is_secret => "hidden".to_owned(),
        Value::String(text) => {
            let short: String = sanitize_line(text).chars().take(MAX_TEXT).collect();
            format!("\"{short}\"")
        }
        Value::Array(items) if items.iter().all(Value::is_string) && items.len() <= MAX_NAMES => {
            let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            sanitize_line(&format!("list: {}", words.join(", ")))
        }
        Value::Array(items) => format!("list with {}", format_count(items.len(), "item")),
        Value::Object(members) => format!("object with {}", names(members.keys())),
        other => other.to_string(),
    }
}

/// Describes what is at the deepest part of the pointer that exists.
fn instead_of(pointer: &Pointer, document: &Value) -> String {
    let mut at = pointer.as_str();
    while !at.is_empty() && document.pointer(at).is_none() {
        at = at.rsplit_once('/').map_or("", |(above, _)| above);
    }
    let place = if at.is_empty() { "the response" } else { at };
    match document.pointer(at) {
        Some(Value::Object(members)) => format!("{place} has {}", names(members.keys())),
        Some(Value::Array(_)) => format!("{place} is a list"),
        Some(Value::String(_)) => format!("{place} is a text"),
        _ => format!("{place} has no members"),
    }
}

fn names<'n>(names: impl ExactSizeIterator<Item = &'n String>) -> String {
    let count = names.len();
    let shown: Vec<String> = names
        .take(MAX_NAMES)
        .map(|name| sanitize_line(name))
        .collect();
    let more = if count > MAX_NAMES { ", …" } else { "" };
    if count == 0 {
        return "no members".to_owned();
    }
    format!("{}{more}", shown.join(", "))
}
