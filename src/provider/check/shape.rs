//! Compares a description with the JSON schema of the format and reports every member that is unknown, missing or of
//! another form. It continues with a sample in place of what it rejects, so that one error does not hide the others.

use serde_json::{Map, Value};

use super::schema_node::{Node, Schema, expected};
use super::spans::Path;

/// How many changed characters make a missing member the one that an unknown member means.
const MAX_TYPOS: usize = 2;

/// A member that does not have the form of the schema.
#[derive(Debug)]
pub(super) struct Violation {
    pub(super) path: Path,
    pub(super) message: String,
    /// Whether the name of the member is wrong, or else its value.
    pub(super) is_name: bool,
}

#[derive(Default)]
pub(super) struct Shape {
    pub(super) violations: Vec<Violation>,
    /// The members that were removed, or have a sample as their value.
    replaced: Vec<Path>,
}

impl Shape {
    /// Compares `description`, and replaces what is rejected by samples that its type accepts.
    pub(super) fn compare(schema: &Schema, description: &mut Value) -> Self {
        let mut shape = Self::default();
        shape.visit(&schema.root(), description, &mut Path::new());
        shape
    }

    /// Returns true if a sample may be the reason of an error at `path`.
    pub(super) fn is_replaced(&self, path: &[String]) -> bool {
        let mut replaced = self.replaced.iter();
        replaced.any(|other| other.starts_with(path) || path.starts_with(other))
    }

    fn visit(&mut self, node: &Node<'_>, value: &mut Value, path: &mut Path) {
        let node = node.choose(value);
        if let Some(message) = node.mismatch(value) {
            self.reject(path.clone(), message, false);
            *value = node.sample();
            return;
        }
        match value {
            Value::Object(members) => {
                self.visit_members(&node, members, path);
                if let Some(message) = node.combination_mismatch(value) {
                    self.reject(path.clone(), message, false);
                    *value = node.sample();
                }
            }
            Value::Array(items) => {
                let Some(below) = node.items() else { return };
                for (index, item) in items.iter_mut().enumerate() {
                    self.visit_below(&below, item, index.to_string(), path);
                }
            }
            _ => {}
        }
    }

    fn visit_below(&mut self, node: &Node<'_>, value: &mut Value, name: String, path: &mut Path) {
        path.push(name);
        self.visit(node, value, path);
        path.pop();
    }

    fn visit_members(
        &mut self,
        node: &Node<'_>,
        members: &mut Map<String, Value>,
        path: &mut Path,
    ) {
        let names: Vec<String> = members.keys().cloned().collect();
        let mut unknown = Vec::new();
        for name in names {
            if let Some(message) = name_mismatch(node, &name) {
                self.reject(below(path, &name), message, true);
                members.remove(&name);
                unknown.push(name);
            } else if let (Some(below), Some(value)) = (node.member(&name), members.get_mut(&name))
            {
                self.visit_below(&below, value, name, path);
            }
        }
        for name in node.required() {
            let Some(missing) = node.member(name).filter(|_| !members.contains_key(name)) else {
                continue;
            };
            members.insert(name.to_owned(), missing.sample());
            self.replaced.push(below(path, name));
            let is_misspelled =
                |other: &String| strsim::damerau_levenshtein(other, name) <= MAX_TYPOS;
            if !unknown.iter().any(is_misspelled) {
                self.violations.push(Violation {
                    path: path.clone(),
                    message: format!("missing field `{name}`"),
                    is_name: false,
                });
            }
        }
    }

    /// Reports the member at `path`, whose value is about to be replaced or removed.
    fn reject(&mut self, path: Path, message: String, is_name: bool) {
        self.replaced.push(path.clone());
        self.violations.push(Violation {
            path,
            message,
            is_name,
        });
    }
}

/// Returns what is wrong with the name of a member.
fn name_mismatch(node: &Node<'_>, name: &str) -> Option<String> {
    if node.member(name).is_none() && !node.is_open() {
        return Some(format!(
            "unknown member, {}",
            expected(&node.member_names())
        ));
    }
    node.names()?.mismatch(&name.into())
}

fn below(path: &[String], name: &str) -> Path {
    [path, &[name.to_owned()]].concat()
}
