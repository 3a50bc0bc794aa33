//! Derives the schema, and compares it with the table of members and with the file.

use std::fs;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::provider::{Descriptor, MemberReference, members};

const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/docs/reference/provider.schema.json"
);

/// What schemars adds and editors do not need.
const OMITTED: [&str; 4] = ["title", "description", "default", "format"];

/// A member of the schema: its path in a description, and where its schema is in the document.
#[derive(Debug)]
struct Found {
    path: String,
    pointer: String,
}

/// Returns the schema without descriptions.
fn derived() -> Value {
    let settings = SchemaSettings::draft2020_12().for_deserialize();
    let schema = settings
        .into_generator()
        .into_root_schema_for::<Descriptor>();
    let mut schema = schema.to_value();
    remove_omitted(&mut schema, false);
    schema["title"] = json!("Provider description");
    schema
}

/// `is_members`: the names in `value` are members of the format.
fn remove_omitted(value: &mut Value, is_members: bool) {
    match value {
        Value::Object(members) => {
            if !is_members {
                members.retain(|name, _| !OMITTED.contains(&name.as_str()));
            }
            for (name, below) in members {
                let are_members = !is_members && ["properties", "$defs"].contains(&name.as_str());
                remove_omitted(below, are_members);
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| remove_omitted(item, false)),
        _ => {}
    }
}

/// Lists the members below the schema at `pointer`.
fn collect(schema: &Value, pointer: &str, path: &str, found: &mut Vec<Found>) {
    let Some(Value::Object(node)) = schema.pointer(pointer) else {
        return;
    };
    // Has the members of `tokens`, which has kinds itself.
    if path == "tokens.kinds.NAME" {
        return;
    }
    if let Some(Value::String(reference)) = node.get("$ref") {
        collect(schema, reference.trim_start_matches('#'), path, found);
    }
    for name in ["anyOf", "oneOf", "allOf"] {
        let count = node.get(name).and_then(Value::as_array).map_or(0, Vec::len);
        for index in 0..count {
            collect(schema, &format!("{pointer}/{name}/{index}"), path, found);
        }
    }
    for name in node
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::keys)
    {
        let member = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        let pointer = format!("{pointer}/properties/{name}");
        collect(schema, &pointer, &member, found);
        found.push(Found {
            path: member,
            pointer,
        });
    }
    collect(
        schema,
        &format!("{pointer}/additionalProperties"),
        &format!("{path}.NAME"),
        found,
    );
    collect(schema, &format!("{pointer}/items"), path, found);
}

fn found_members(schema: &Value) -> Vec<Found> {
    let mut found = Vec::new();
    collect(schema, "", "", &mut found);
    found
}

/// Returns the row of a member; one that names it comes before one with `NAME` or `KIND`.
fn row<'r>(rows: &'r [MemberReference], path: &str) -> Option<&'r MemberReference> {
    let exact = rows
        .iter()
        .find(|row| row.paths.iter().any(|known| known == path));
    let any = exact.or_else(|| rows.iter().find(|row| row.find(path).is_some()));
    // A table with names of the user's own has the row of its members.
    any.or_else(|| {
        rows.iter()
            .find(|row| row.find(&format!("{path}.x")).is_some())
    })
}

/// Returns Markdown without the targets of links, which editors would not find.
fn plain(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some((before, after)) = rest.split_once("](") {
        text.push_str(&before.replace('[', ""));
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    text + rest
}

fn generated() -> Value {
    let mut schema = derived();
    let rows: Vec<MemberReference> = members().collect();
    for Found { path, pointer } in found_members(&schema) {
        let node = schema.pointer_mut(&pointer).and_then(Value::as_object_mut);
        let (Some(node), Some(row)) = (node, row(&rows, &path)) else {
            continue;
        };
        let description = plain(row.meaning).into();
        node.entry("description").or_insert(description);
    }
    schema
}

#[test]
fn every_member_is_in_the_table_and_every_row_is_a_member() {
    let found = found_members(&derived());
    let rows: Vec<MemberReference> = members().collect();
    let is_table = |path: &str| {
        let inside = format!("{path}.");
        found.iter().any(|it| it.path.starts_with(&inside))
    };
    let missing = found.iter().map(|it| it.path.as_str());
    let missing = missing.filter(|path| !is_table(path) && row(&rows, path).is_none());
    let missing: Vec<&str> = missing.collect();
    assert!(
        missing.is_empty(),
        "add a row to the table of all members: {missing:?}"
    );
    let unknown = rows.iter().flat_map(|row| &row.paths).filter(|path| {
        let known = MemberReference {
            paths: vec![(*path).clone()],
            meaning: "",
        };
        let is_map = matches!(path.rsplit('.').next(), Some("NAME" | "KIND"));
        !is_map && !found.iter().any(|it| known.find(&it.path).is_some())
    });
    let unknown: Vec<&String> = unknown.collect();
    assert!(
        unknown.is_empty(),
        "the format does not have these members: {unknown:?}"
    );
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test that writes the file if the developer requests it"
)]
fn schema_file_is_current() {
    let text = format!("{:#}\n", generated());
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(FILE, &text).unwrap();
    }
    let current = fs::read_to_string(FILE).unwrap();
    assert!(
        current == text,
        "run UPDATE_SCHEMA=1 cargo test --lib schema_file_is_current"
    );
}
