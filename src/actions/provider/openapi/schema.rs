//! The properties of a JSON schema, through `$ref`, `allOf` and the first of `oneOf` and `anyOf`.

use serde_json::Value;

use super::document::Document;

/// Deeper schemas contain themselves.
const MAX_DEPTH: usize = 12;

#[derive(Debug, Clone, Copy)]
pub(super) struct Property<'d> {
    pub(super) name: &'d str,
    pub(super) schema: &'d Value,
    pub(super) is_required: bool,
}

impl Document {
    /// Returns the properties of an object, in the order of the document.
    pub(super) fn properties<'d>(&'d self, schema: &'d Value) -> Vec<Property<'d>> {
        let mut found = Vec::new();
        self.collect_properties(schema, MAX_DEPTH, &mut found);
        found
    }

    fn collect_properties<'d>(
        &'d self,
        schema: &'d Value,
        depth: usize,
        found: &mut Vec<Property<'d>>,
    ) {
        if depth == 0 {
            return;
        }
        let schema = self.resolve(schema);
        let required = schema.get("required").and_then(Value::as_array);
        let is_required =
            |name: &str| required.is_some_and(|names| names.iter().any(|it| it == name));
        let own = schema.get("properties").and_then(Value::as_object);
        for (name, node) in own.into_iter().flatten() {
            if !found.iter().any(|known| known.name == name) {
                found.push(Property {
                    name,
                    schema: self.without_null(node),
                    is_required: is_required(name),
                });
            }
        }
        let all = schema.get("allOf").and_then(Value::as_array);
        for part in all.into_iter().flatten() {
            self.collect_properties(part, depth - 1, found);
        }
        if found.is_empty() {
            for part in alternatives(schema) {
                self.collect_properties(part, depth - 1, found);
                if !found.is_empty() {
                    return;
                }
            }
        }
    }

    /// Resolves a schema, and takes the one of its alternatives that is not null.
    pub(super) fn without_null<'d>(&'d self, schema: &'d Value) -> &'d Value {
        let schema = self.resolve(schema);
        if schema.get("type").is_some() || schema.get("properties").is_some() {
            return schema;
        }
        let all = schema.get("allOf").and_then(Value::as_array);
        let single = all
            .filter(|parts| parts.len() == 1)
            .and_then(|parts| parts.first());
        let mut parts = alternatives(schema)
            .chain(single)
            .map(|part| self.resolve(part));
        parts.find(|part| !has_type(part, "null")).unwrap_or(schema)
    }

    /// Returns the schema of the items of a list.
    pub(super) fn items<'d>(&'d self, schema: &'d Value) -> Option<&'d Value> {
        let schema = self.without_null(schema);
        Some(self.without_null(schema.get("items")?))
    }
}

fn alternatives(schema: &Value) -> impl Iterator<Item = &Value> {
    let lists = ["oneOf", "anyOf"].into_iter();
    let lists = lists.filter_map(|name| schema.get(name).and_then(Value::as_array));
    lists.flatten()
}

/// Returns true if a value of the schema may have this type.
pub(super) fn has_type(schema: &Value, expected: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(name)) => name == expected,
        Some(Value::Array(names)) => names.iter().any(|name| name == expected),
        _ => false,
    }
}

pub(super) fn is_number(schema: &Value) -> bool {
    has_type(schema, "integer") || has_type(schema, "number")
}

/// Returns the text of a member of the schema, in lower case.
pub(super) fn text<'v>(schema: &'v Value, member: &str) -> &'v str {
    schema
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
}
