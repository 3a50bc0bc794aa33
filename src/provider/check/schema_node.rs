//! Reads the JSON schema of the format (draft 2020-12), as far as it uses that.

use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::value_forms::{self, FormKind, ValueForm};
use crate::provider::FORMAT_SCHEMA;

/// How messages name the types of the schema.
const TYPE_NAMES: [(&str, &str); 5] = [
    ("array", "a list"),
    ("boolean", "true or false"),
    ("integer", "an integer"),
    ("object", "a table"),
    ("string", "a string"),
];

/// The member that the TOML parser uses for a date, which JSON does not have.
const TOML_DATE: &str = "$__toml_private_datetime";

pub(super) struct Schema(Value);

/// The schema of one value.
#[derive(Clone, Copy)]
pub(super) struct Node<'s> {
    document: &'s Value,
    value: &'s Value,
    form: Option<&'static ValueForm>,
}

impl Schema {
    /// Returns the schema that the program includes.
    pub(super) fn included() -> &'static Self {
        static SCHEMA: OnceLock<Schema> = OnceLock::new();
        SCHEMA.get_or_init(|| Self(serde_json::from_str(FORMAT_SCHEMA).unwrap_or_default()))
    }

    pub(super) fn root(&self) -> Node<'_> {
        Node::new(&self.0, &self.0)
    }
}

impl<'s> Node<'s> {
    /// Follows a reference.
    fn new(document: &'s Value, value: &'s Value) -> Self {
        let reference = value.get("$ref").and_then(Value::as_str);
        let name = reference.and_then(|it| it.strip_prefix("#/$defs/"));
        let target = name.and_then(|name| document.get("$defs")?.get(name));
        Self {
            document,
            value: target.unwrap_or(value),
            form: name.and_then(value_forms::find),
        }
    }

    fn at(&self, value: &'s Value) -> Self {
        Self::new(self.document, value)
    }

    /// Returns the schemas of which one applies, without the one of a missing value.
    fn alternatives(&self) -> Vec<Self> {
        let lists = ["anyOf", "oneOf"]
            .into_iter()
            .filter_map(|name| self.value.get(name));
        let nodes = lists.filter_map(Value::as_array).flatten();
        let nodes = nodes.filter(|node| node.get("type").is_none_or(|it| it != "null"));
        nodes
            .map(|node| self.at(node))
            .flat_map(|node| match node.alternatives() {
                more if more.is_empty() || node.words().is_some() => vec![node],
                more => more,
            })
            .collect()
    }

    /// Returns the alternative that `value` is meant as: of the same type and, if there are several, with its members.
    pub(super) fn choose(&self, value: &Value) -> Self {
        if self.words().is_some() {
            return *self;
        }
        let alternatives = self.alternatives();
        let same_type = alternatives.iter().filter(|it| it.has_type_of(value));
        let best = same_type.max_by_key(|it| it.count_members_of(value));
        match (best, alternatives.as_slice()) {
            (Some(best), _) => *best,
            (None, [only]) => *only,
            (None, _) => *self,
        }
    }

    /// Counts the members of `value` that this schema has; a fixed value that differs excludes it.
    fn count_members_of(&self, value: &Value) -> usize {
        let Value::Object(members) = value else {
            return 0;
        };
        let known = members.iter().filter_map(|(name, value)| {
            let node = self.member(name)?;
            Some(
                node.words()
                    .is_none_or(|words| value.as_str().is_some_and(|it| words.contains(&it))),
            )
        });
        let known: Vec<bool> = known.collect();
        if known.contains(&false) {
            0
        } else {
            1 + known.len()
        }
    }

    /// Returns the texts that are allowed, if the schema lists them.
    fn words(&self) -> Option<Vec<&'s str>> {
        if let Some(word) = self.value.get("const").and_then(Value::as_str) {
            return Some(vec![word]);
        }
        if let Some(words) = self.value.get("enum").and_then(Value::as_array) {
            return words.iter().map(Value::as_str).collect();
        }
        let alternatives = self.value.get("oneOf").and_then(Value::as_array)?;
        let words: Option<Vec<_>> = alternatives.iter().map(|it| self.at(it).words()).collect();
        words.map(|words| words.concat())
    }

    fn types(&self) -> Vec<&'s str> {
        let alternatives = self.alternatives();
        if !alternatives.is_empty() {
            let mut types: Vec<_> = alternatives.iter().flat_map(Self::types).collect();
            types.dedup();
            return types;
        }
        let types: Vec<_> = match self.value.get("type") {
            Some(Value::String(one)) => vec![one.as_str()],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        types.into_iter().filter(|it| *it != "null").collect()
    }

    fn has_type_of(&self, value: &Value) -> bool {
        let types = self.types();
        types.is_empty()
            || types.contains(&type_of(value))
            || (value.is_number() && types.contains(&"number"))
    }

    /// Returns what is wrong with `value`, without its members.
    pub(super) fn mismatch(&self, value: &Value) -> Option<String> {
        if value.get(TOML_DATE).is_some() {
            return Some("expected a date in quotation marks".to_owned());
        }
        if !self.has_type_of(value) {
            let names = self.types().into_iter().map(type_name);
            let names = names.collect::<Vec<_>>().join(" or ");
            return Some(format!("value of the wrong type, expected {names}"));
        }
        if let Some(words) = self.words() {
            let is_known = value.as_str().is_some_and(|it| words.contains(&it));
            return (!is_known).then(|| format!("unknown value, {}", expected(&words)));
        }
        if let Some(form) = self
            .form
            .filter(|_| !value.is_object() && !value.is_array())
        {
            return (form.mismatch)(value);
        }
        let number = value.as_i64()?;
        let least = self.value.get("minimum").and_then(Value::as_i64);
        let most = self.value.get("maximum").and_then(Value::as_i64);
        match (least, most) {
            (Some(least), Some(most)) if !(least..=most).contains(&number) => {
                Some(format!("invalid value, expected {least} to {most}"))
            }
            (Some(least), _) if number < least => {
                Some(format!("invalid value, expected at least {least}"))
            }
            _ => None,
        }
    }

    /// Returns what is wrong with the combination of the members of `value`, each of which is valid.
    pub(super) fn combination_mismatch(&self, value: &Value) -> Option<String> {
        let form = self.form.filter(|form| form.kind == FormKind::Table)?;
        (form.mismatch)(value)
    }

    /// Returns true if the schema says nothing about members.
    pub(super) fn is_open(&self) -> bool {
        let says = |name| self.value.get(name).is_some();
        !says("properties") && !says("additionalProperties")
    }

    /// Returns the schema of the names of the members.
    pub(super) fn names(&self) -> Option<Self> {
        self.value.get("propertyNames").map(|node| self.at(node))
    }

    fn properties(&self) -> Option<&'s Map<String, Value>> {
        self.value.get("properties").and_then(Value::as_object)
    }

    /// Returns true for a template: each member and item is a template again.
    fn is_tree(&self) -> bool {
        self.form.is_some_and(|form| form.kind == FormKind::Tree)
    }

    /// Returns the schema of the member `name`.
    pub(super) fn member(&self, name: &str) -> Option<Self> {
        if self.is_tree() {
            return Some(*self);
        }
        let named = self.properties().and_then(|it| it.get(name));
        let any = || {
            self.value
                .get("additionalProperties")
                .filter(|it| it.is_object())
        };
        named.or_else(any).map(|node| self.at(node))
    }

    pub(super) fn member_names(&self) -> Vec<&'s str> {
        let names = self.properties().into_iter().flat_map(Map::keys);
        names.map(String::as_str).collect()
    }

    pub(super) fn required(&self) -> impl Iterator<Item = &'s str> + use<'s> {
        let names = self.value.get("required").and_then(Value::as_array);
        names.into_iter().flatten().filter_map(Value::as_str)
    }

    /// Returns the schema of the items of a list.
    pub(super) fn items(&self) -> Option<Self> {
        if self.is_tree() {
            return Some(*self);
        }
        self.value.get("items").map(|node| self.at(node))
    }

    /// Returns a value that the schema accepts.
    pub(super) fn sample(&self) -> Value {
        if let Some(FormKind::Text(sample)) = self.form.map(|form| form.kind) {
            return sample.into();
        }
        if let Some(word) = self.words().and_then(|words| words.first().copied()) {
            return word.into();
        }
        if let Some(first) = self.alternatives().first() {
            return first.sample();
        }
        match self.types().first().copied() {
            Some("array") => Value::Array(Vec::new()),
            Some("boolean") => true.into(),
            Some("integer" | "number") => {
                let least = self.value.get("minimum").and_then(Value::as_i64);
                least.unwrap_or_default().max(1).into()
            }
            Some("object") => {
                let members = self
                    .required()
                    .filter_map(|name| Some((name.to_owned(), self.member(name)?.sample())));
                Value::Object(members.collect())
            }
            _ => "x".into(),
        }
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn type_name(name: &str) -> &str {
    let known = TYPE_NAMES.iter().find(|(known, _)| *known == name);
    known.map_or("a value", |(_, shown)| shown)
}

/// Returns `expected` with the words that are allowed.
pub(super) fn expected(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.as_slice() {
        [] => "expected no members".to_owned(),
        [one] => format!("expected {one}"),
        [one, two] => format!("expected {one} or {two}"),
        more => format!("expected one of {}", more.join(", ")),
    }
}
