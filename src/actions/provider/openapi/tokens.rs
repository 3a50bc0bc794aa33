//! The calls for tokens.

use std::cmp::Reverse;

use serde_json::Value;

use super::account_pointers::AccountPointers;
use super::calls::{call, escape, find_pointer, last_segment, mentions, parameter_count};
use super::document::{Document, Operation};
use super::names::{FACTS, OTHER_PATHS, SECRETS, TOKEN_PATHS, normalize, rank};
use super::paging::paging;
use super::schema::{Property, has_type, is_number, text};
use crate::actions::provider::skeleton::{Draft, quote, quote_name};

/// The names of the list in a response.
const LISTS: &[&str] = &[
    "items",
    "data",
    "results",
    "tokens",
    "keys",
    "apikeys",
    "apitokens",
    "records",
    "values",
];

/// The operations on one collection of tokens.
#[derive(Debug, Default)]
struct Collection<'d> {
    path: &'d str,
    list: Option<Operation<'d>>,
    create: Option<Operation<'d>>,
    get: Option<Operation<'d>>,
    update: Option<Operation<'d>>,
    revoke: Option<Operation<'d>>,
    /// The path parameter of one token.
    id: Option<&'d str>,
}

/// Adds the tables of the collection that is most likely the one of the tokens.
pub(super) fn add(document: &Document, account: Option<&AccountPointers>, draft: &mut Draft) {
    let operations = document.operations();
    let mut paths: Vec<&str> = operations.iter().map(|operation| operation.path).collect();
    paths.dedup();
    let collections = paths
        .iter()
        .filter_map(|path| collection(path, &operations));
    let best = collections.max_by_key(|it| score(document, it));
    let Some(found) = best else { return };
    add_list(document, &found, account, draft);
    add_create(document, &found, account, draft);
    add_item_calls(document, &found, account, draft);
    if let Some(list) = &found.list {
        add_errors(document, list, draft);
    }
}

fn collection<'d>(path: &'d str, operations: &[Operation<'d>]) -> Option<Collection<'d>> {
    rank(last_segment(path), TOKEN_PATHS)?;
    if mentions(path, OTHER_PATHS) {
        return None;
    }
    let mut found = Collection {
        path,
        ..Collection::default()
    };
    for operation in operations {
        if operation.path == path {
            match operation.method {
                "get" => found.list = Some(*operation),
                "post" => found.create = Some(*operation),
                _ => {}
            }
        } else if let Some(id) = item_parameter(path, operation.path) {
            found.id = Some(id);
            match operation.method {
                "get" => found.get = Some(*operation),
                "patch" | "put" => found.update = Some(*operation),
                "delete" => found.revoke = Some(*operation),
                _ => {}
            }
        }
    }
    Some(found)
}

/// Returns the parameter of `item` if it is the path of one member of `collection`.
fn item_parameter<'d>(collection: &str, item: &'d str) -> Option<&'d str> {
    let rest = item.strip_prefix(collection.trim_end_matches('/'))?;
    let name = rest
        .trim_end_matches('/')
        .strip_prefix("/{")?
        .strip_suffix('}')?;
    (!name.contains('/')).then_some(name)
}

/// What makes a collection likely the one of the tokens, most important first; a larger value is better.
type Score = (usize, bool, Reverse<usize>, Reverse<usize>, Reverse<usize>);

fn score(document: &Document, found: &Collection<'_>) -> Score {
    let create = found.create.as_ref();
    let has_secret = create.is_some_and(|it| secret(document, it).is_some());
    let calls = [found.list.is_some(), found.revoke.is_some(), has_secret];
    let calls = calls.iter().filter(|is_found| **is_found).count();
    let rank = rank(last_segment(found.path), TOKEN_PATHS).unwrap_or_default();
    let parameters = parameter_count(found.path);
    let length = found.path.len();
    (
        calls,
        has_secret,
        Reverse(parameters),
        Reverse(rank),
        Reverse(length),
    )
}

fn secret(document: &Document, operation: &Operation<'_>) -> Option<String> {
    find_pointer(document, operation.response(document)?, SECRETS, 2)
}

fn add_list(
    document: &Document,
    found: &Collection<'_>,
    account: Option<&AccountPointers>,
    draft: &mut Draft,
) {
    let Some(list) = &found.list else {
        return add_fields(Vec::new(), draft);
    };
    let schema = list.response(document);
    let list_of = schema.and_then(|schema| find_list(document, schema));
    if list_of.is_none() {
        let note = "the document does not say where the list is: verify tokens.list.items";
        draft.notes.push(note.to_owned());
    }
    let (items, item) = list_of.map_or_else(Default::default, |(at, item)| (at, Some(item)));
    let mut members = vec![
        ("call", call(list, None, account, draft)),
        ("items", quote(&items)),
    ];
    members.extend(paging(document, list).map(|paging| ("paging", paging)));
    draft.add("tokens.list", members);
    add_fields(item.map_or(Vec::new(), |item| facts(document, item)), draft);
}

/// Returns the pointer to the list in a response, and the schema of its items.
fn find_list<'d>(document: &'d Document, schema: &'d Value) -> Option<(String, &'d Value)> {
    if let Some(item) = document.items(schema) {
        return Some((String::new(), item));
    }
    let properties = document.properties(schema);
    let lists = properties.iter().filter_map(|it| {
        let item = document.items(it.schema)?;
        let rank = rank(it.name, LISTS).unwrap_or(LISTS.len());
        Some((rank, format!("/{}", escape(it.name)), item))
    });
    let best = lists.min_by_key(|(rank, ..)| *rank);
    best.map(|(_, pointer, item)| (pointer, item))
}

/// Returns the pointers to the facts of a token. JSON:API has all but the id in `attributes`.
fn facts(document: &Document, item: &Value) -> Vec<(&'static str, String)> {
    let properties = document.properties(item);
    let attributes = properties.iter().find(|it| it.name == "attributes");
    let inner = attributes.map_or(Vec::new(), |it| document.properties(it.schema));
    let all = properties
        .iter()
        .map(|it| ("", it))
        .chain(inner.iter().map(|it| ("/attributes", it)));
    let all: Vec<(&str, &Property<'_>)> = all.collect();
    let facts = FACTS.iter().filter_map(|(fact, names)| {
        let known = all
            .iter()
            .filter_map(|(above, it)| Some((rank(it.name, names)?, *above, it.name)));
        let (_, above, name) = known.min_by_key(|(rank, ..)| *rank)?;
        Some((*fact, format!("{above}/{}", escape(name))))
    });
    facts.collect()
}

fn add_fields(mut facts: Vec<(&'static str, String)>, draft: &mut Draft) {
    let find = |facts: &[(&str, String)], fact: &str| {
        let found = facts.iter().find(|(known, _)| *known == fact);
        found.map(|(_, at)| at.clone())
    };
    if find(&facts, "id").is_none() {
        let note = "the document does not name the id of a token: verify tokens.fields.id";
        draft.notes.push(note.to_owned());
        let id = find(&facts, "name").unwrap_or_else(|| "/id".to_owned());
        facts.insert(0, ("id", id));
    }
    // Both are the same fact.
    if find(&facts, "active").is_some() {
        facts.retain(|(fact, _)| *fact != "revoked");
    }
    let members = facts.into_iter().map(|(fact, at)| (fact, quote(&at)));
    draft.add("tokens.fields", members.collect());
}

fn add_create(
    document: &Document,
    found: &Collection<'_>,
    account: Option<&AccountPointers>,
    draft: &mut Draft,
) {
    let Some(create) = &found.create else { return };
    let Some(secret) = secret(document, create) else {
        let note = format!(
            "POST {} does not say where the new key is: add [tokens.create]",
            create.path
        );
        draft.notes.push(note);
        return;
    };
    let mut members = vec![("call", call(create, None, account, draft))];
    if let Some((schema, is_form)) = create.body(document) {
        let body = template(&document.properties(schema), draft);
        members.push((if is_form { "form" } else { "json" }, body));
    }
    members.push(("secret", quote(&secret)));
    members.extend(token_pointer(document, create).map(|at| ("token", quote(&at))));
    draft.add("tokens.create", members);
}

/// Returns the pointer to the object with the id of a token, if it is not the whole response.
fn token_pointer(document: &Document, operation: &Operation<'_>) -> Option<String> {
    let properties = document.properties(operation.response(document)?);
    let has_id = |properties: &[Property<'_>]| {
        properties
            .iter()
            .any(|it| rank(it.name, FACTS[0].1).is_some())
    };
    if has_id(&properties) {
        return None;
    }
    let object = properties
        .iter()
        .find(|it| has_id(&document.properties(it.schema)))?;
    Some(format!("/{}", escape(object.name)))
}

/// Returns the body of a create request as TOML.
fn template(properties: &[Property<'_>], draft: &mut Draft) -> String {
    let members = properties.iter().filter_map(|it| {
        let value = placeholder(it).or_else(|| fixed_value(it));
        if value.is_none() && it.is_required {
            let note = format!(
                "the service requires `{}` in the body of tokens.create",
                it.name
            );
            draft.notes.push(note);
        }
        Some(format!("{} = {}", quote_name(it.name), value?))
    });
    let members: Vec<String> = members.collect();
    if members.is_empty() {
        return "{}".to_owned();
    }
    format!("{{ {} }}", members.join(", "))
}

fn placeholder(property: &Property<'_>) -> Option<String> {
    let facts = FACTS
        .iter()
        .filter(|(_, names)| rank(property.name, names).is_some());
    let fact = facts.map(|(fact, _)| *fact).next();
    match fact {
        Some("name") => Some(quote("{name}")),
        Some("scopes") => Some(quote("{scopes}")),
        Some("permissions") => Some(quote("{permissions}")),
        Some("expires_at") => Some(quote(expiry_form(property))),
        _ => lifetime_form(property).map(quote),
    }
}

fn expiry_form(property: &Property<'_>) -> &'static str {
    let description = text(property.schema, "description").to_lowercase();
    let is_number = is_number(property.schema);
    if text(property.schema, "format") == "date" || description.contains("yyyy-mm-dd") {
        "{expires:date}"
    } else if is_number && description.contains("milli") {
        "{expires:unix_ms}"
    } else if is_number && description.contains("day") {
        "{expires:days}"
    } else if is_number {
        "{expires:unix}"
    } else {
        "{expires:rfc3339}"
    }
}

/// Returns the form of a lifetime: `expires_in`, `ttl`, `lifetime_days`.
fn lifetime_form(property: &Property<'_>) -> Option<&'static str> {
    let name = normalize(property.name);
    let is_lifetime = [
        "expiresin",
        "ttl",
        "lifetime",
        "duration",
        "validity",
        "expiresafter",
        "secondstolive",
    ];
    if !is_lifetime.iter().any(|word| name.contains(word)) {
        return None;
    }
    let description = text(property.schema, "description").to_lowercase();
    let mentions = |word: &str| name.contains(word) || description.contains(word);
    Some(if mentions("milli") {
        "{expires:ms}"
    } else if mentions("day") {
        "{expires:days}"
    } else {
        "{expires:seconds}"
    })
}

/// Returns the only or the first value of a required property.
fn fixed_value(property: &Property<'_>) -> Option<String> {
    let schema = property.schema;
    let only = schema.get("const");
    let value = only
        .or_else(|| schema.get("default"))
        .or_else(|| schema.pointer("/enum/0"));
    let value = value.filter(|_| property.is_required || only.is_some())?;
    match value {
        Value::String(text) => Some(quote(&text.replace('{', "{{").replace('}', "}}"))),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

fn add_item_calls(
    document: &Document,
    found: &Collection<'_>,
    account: Option<&AccountPointers>,
    draft: &mut Draft,
) {
    if let Some(get) = &found.get {
        let mut members = vec![("call", call(get, found.id, account, draft))];
        members.extend(token_pointer(document, get).map(|at| ("token", quote(&at))));
        draft.add("tokens.get", members);
    }
    if let Some(update) = &found.update
        && let Some((schema, is_form)) = update.body(document)
    {
        let properties = document.properties(schema);
        let active = properties.iter().find(|it| is_active(it));
        let body = active.map(|it| format!("{{ {} = \"{{active}}\" }}", quote_name(it.name)));
        let body = body.map(|body| (if is_form { "form" } else { "json" }, body));
        if let Some(body) = body {
            let call = ("call", call(update, found.id, account, draft));
            draft.add("tokens.update", vec![call, body]);
        }
    }
    if let Some(revoke) = &found.revoke {
        let members = vec![("call", call(revoke, found.id, account, draft))];
        draft.add("tokens.revoke", members);
    }
}

fn is_active(property: &Property<'_>) -> bool {
    let names = FACTS
        .iter()
        .find(|(fact, _)| *fact == "active")
        .map_or(&[][..], |(_, names)| *names);
    rank(property.name, names).is_some() && has_type(property.schema, "boolean")
}

fn add_errors(document: &Document, list: &Operation<'_>, draft: &mut Draft) {
    let Some(schema) = list.error(document) else {
        return;
    };
    let find = |names: &[&str]| find_pointer(document, schema, names, 1);
    let code = find(&["code", "errorcode", "type"]).map(|at| ("code", quote(&at)));
    let message = find(&[
        "message",
        "detail",
        "errordescription",
        "errormessage",
        "error",
        "title",
    ]);
    let message = message.map(|at| ("message", quote(&at)));
    draft.add("errors", code.into_iter().chain(message).collect());
}
