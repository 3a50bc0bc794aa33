//! `--format`: templates such as `{id}\t{name}`.

use serde_json::{Map, Value};

use super::{FilterError, StreamStyle};
use crate::domain::{parse_json, sanitize_line, sanitize_text};

/// The members that are the list of a document: a template applies to each of their items.
const LISTS: &[&str] = &[
    "candidates",
    "checks",
    "faults",
    "findings",
    "mistakes",
    "profiles",
    "providers",
    "requests",
    "results",
    "settings",
    "steps",
    "tokens",
];

/// A parsed template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    /// The names that lead to a value.
    Field(Vec<String>),
}

impl Template {
    /// Parses `text`: `{name}` and `{name.name}` are fields, `\t`, `\n` and `\\` escapes, `{{` and `}}` braces.
    ///
    /// # Errors
    /// [`FilterError::InvalidTemplate`].
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let (mut parts, mut literal) = (Vec::new(), String::new());
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '{' if rest.next_if_eq(&'{').is_some() => literal.push('{'),
                '}' if rest.next_if_eq(&'}').is_some() => literal.push('}'),
                '}' => {
                    return Err(FilterError::InvalidTemplate(
                        "a closing brace without an opening one",
                    ));
                }
                '{' => {
                    parts.push(Part::Text(std::mem::take(&mut literal)));
                    parts.push(read_field(&mut rest)?);
                }
                '\\' => literal.push(parse_escape(rest.next())?),
                other => literal.push(other),
            }
        }
        parts.push(Part::Text(literal));
        Ok(Self(parts))
    }

    /// Returns a line for the document, or for each item of its list.
    pub(super) fn apply(
        &self,
        document: &[u8],
        stream: &StreamStyle,
    ) -> Result<String, FilterError> {
        let document: Value = parse_json(document).map_err(|_| FilterError::NotJson)?;
        let outer = document.as_object();
        let list =
            outer.and_then(|members| LISTS.iter().find_map(|name| members.get(*name)?.as_array()));
        let items = list
            .or(document.as_array())
            .map_or(std::slice::from_ref(&document), Vec::as_slice);
        let mut text = String::new();
        for item in items {
            self.push_line(item, outer, stream, &mut text)?;
        }
        Ok(text)
    }

    fn push_line(
        &self,
        item: &Value,
        outer: Option<&Map<String, Value>>,
        stream: &StreamStyle,
        text: &mut String,
    ) -> Result<(), FilterError> {
        for part in &self.0 {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Field(names) => {
                    let value = find(item, outer, names)?;
                    let value = to_text(value);
                    // A value must not start a line or a column of its own.
                    text.push_str(&if stream.terminal {
                        sanitize_line(&value)
                    } else {
                        value
                    });
                }
            }
        }
        text.push('\n');
        Ok(())
    }
}

/// Reads the rest of a field, up to its closing brace.
fn read_field(text: &mut impl Iterator<Item = char>) -> Result<Part, FilterError> {
    let mut name = String::new();
    loop {
        match text.next() {
            Some('}') => return parse_field(&name),
            Some(c) => name.push(c),
            None => {
                return Err(FilterError::InvalidTemplate(
                    "a field without a closing brace",
                ));
            }
        }
    }
}

/// Returns the character that a backslash before `c` escapes.
fn parse_escape(c: Option<char>) -> Result<char, FilterError> {
    match c {
        Some('t') => Ok('\t'),
        Some('n') => Ok('\n'),
        Some('\\') => Ok('\\'),
        _ => Err(FilterError::InvalidTemplate(
            "an escape is \\t, \\n or \\\\",
        )),
    }
}

fn parse_field(name: &str) -> Result<Part, FilterError> {
    let names: Vec<String> = name.split('.').map(str::to_owned).collect();
    if names.iter().any(String::is_empty) {
        return Err(FilterError::InvalidTemplate("a field without a name"));
    }
    Ok(Part::Field(names))
}

/// Returns the value at `names` in the item, or in the document around the list.
fn find<'a>(
    item: &'a Value,
    outer: Option<&'a Map<String, Value>>,
    names: &[String],
) -> Result<&'a Value, FilterError> {
    let first = names.first().map(String::as_str).unwrap_or_default();
    let start = match member(item, first) {
        Some(value) => Some(value),
        None => outer.and_then(|members| members.get(first)),
    };
    let mut place = item;
    let mut value = start;
    for name in names.iter().skip(1) {
        place = match value {
            // The members of an unknown fact are unknown, too.
            Some(Value::Null) => return Ok(&Value::Null),
            Some(value) => value,
            None => break,
        };
        value = member(place, name);
    }
    value.ok_or_else(|| unknown_field(names, place))
}

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) => members.get(name),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}

fn unknown_field(names: &[String], place: &Value) -> FilterError {
    let members = place.as_object().into_iter().flat_map(Map::keys);
    FilterError::UnknownField {
        field: sanitize_line(&names.join(".")),
        known: members.map(|name| sanitize_line(name)).collect(),
    }
}

/// Returns a string unchanged, an unknown fact as nothing, a list of scalars separated by commas, and other values as JSON.
fn to_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if !items.iter().any(|item| item.is_object() || item.is_array()) => {
            let items: Vec<String> = items.iter().map(to_text).collect();
            items.join(",")
        }
        other => sanitize_text(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(template: &str, document: &str) -> Result<String, FilterError> {
        Template::parse(template)?.apply(document.as_bytes(), &StreamStyle::PLAIN)
    }

    #[test]
    fn template_applies_to_each_item_of_a_list() {
        let tokens = r#"{"profile":"p","tokens":[{"id":"1","name":"a b"},{"id":"2","name":null}]}"#;
        assert_eq!(
            format(r"{id}\t{name}", tokens).as_deref(),
            Ok("1\ta b\n2\t\n")
        );
        assert_eq!(
            format(r"{profile}/{id}", tokens).as_deref(),
            Ok("p/1\np/2\n")
        );
        assert_eq!(format("{nothing}", r#"{"tokens":[]}"#).as_deref(), Ok(""));
        assert_eq!(
            format("{a}", r#"[{"a":1},{"a":2}]"#).as_deref(),
            Ok("1\n2\n")
        );
        let token = r#"{"id":"1","scopes":["r","w"],"space":{"id":7},"n":null,"on":true}"#;
        let template = r"{{{id}}}\\{scopes} {space.id} {n.id} {on} {space} {scopes.1}\n";
        assert_eq!(
            format(template, token).as_deref(),
            Ok("{1}\\r,w 7  true {\"id\":7} w\n\n")
        );
    }

    #[test]
    fn unknown_field_names_the_known_ones() {
        let error = format("{nmae}", r#"{"tokens":[{"id":"1","name":"a"}]}"#).unwrap_err();
        assert_eq!(
            error.to_string(),
            "--format names the unknown field \"nmae\""
        );
        assert_eq!(error.hint().unwrap(), "known fields: id, name");
        let error = format("{a.c}", r#"{"a":{"b":1}}"#).unwrap_err();
        assert_eq!(error.hint().unwrap(), "known fields: b");
    }

    #[test]
    fn malformed_templates_are_rejected() {
        for template in ["{", "}", "{}", "{a", "{a..b}", r"\x", "\\"] {
            assert!(Template::parse(template).is_err(), "{template}");
        }
    }

    #[test]
    fn terminal_sequences_are_removed_on_a_terminal() {
        let terminal = StreamStyle {
            terminal: true,
            ..StreamStyle::PLAIN
        };
        let template = Template::parse(r"{a}\t{a}").unwrap();
        let text = template.apply(br#"{"a":"x\u001b[31m\ny"}"#, &terminal);
        assert_eq!(text.as_deref(), Ok("x[31m y\tx[31m y\n"));
    }
}
