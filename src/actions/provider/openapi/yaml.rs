//! Reads YAML as a JSON value. Anchors are not supported: a few of them can expand to a document of any size.

use serde_json::{Map, Value};
use yaml_rust2::parser::{Event, Parser};
use yaml_rust2::scanner::TScalarStyle;

/// Deeper documents are refused.
const MAX_DEPTH: usize = 200;

/// Parses the first document in `text`.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    let mut builder = Builder::default();
    // Event by event, because `Parser::load` calls itself for each level and overflows the stack.
    let mut parser = Parser::new_from_str(text);
    loop {
        let next = parser.next_token();
        let (event, _) =
            next.map_err(|error| format!("invalid YAML in line {}", error.marker().line()))?;
        if matches!(event, Event::DocumentEnd | Event::StreamEnd) {
            return Ok(builder.root);
        }
        builder.handle(event)?;
    }
}

/// A list or a mapping that is not complete.
enum Open {
    List(Vec<Value>),
    Mapping(Map<String, Value>, Option<String>),
}

#[derive(Default)]
struct Builder {
    root: Value,
    open: Vec<Open>,
}

impl Builder {
    fn add(&mut self, value: Value) {
        match self.open.last_mut() {
            None => self.root = value,
            Some(Open::List(items)) => items.push(value),
            Some(Open::Mapping(members, name)) => match name.take() {
                Some(name) => drop(members.insert(name, value)),
                None => *name = Some(text_of(value)),
            },
        }
    }

    fn begin(&mut self, open: Open) -> Result<(), &'static str> {
        if self.open.len() >= MAX_DEPTH {
            return Err("the document is nested too deeply");
        }
        self.open.push(open);
        Ok(())
    }

    fn handle(&mut self, event: Event) -> Result<(), &'static str> {
        match event {
            Event::Alias(_) => return Err("YAML aliases are not supported"),
            Event::Scalar(text, style, ..) => self.add(scalar(text, style)),
            Event::SequenceStart(..) => self.begin(Open::List(Vec::new()))?,
            Event::MappingStart(..) => self.begin(Open::Mapping(Map::new(), None))?,
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open::List(items)) => self.add(Value::Array(items)),
                Some(Open::Mapping(members, _)) => self.add(Value::Object(members)),
                None => {}
            },
            _ => {}
        }
        Ok(())
    }
}

/// Reads a plain scalar as a boolean, null or a number where it is one.
fn scalar(text: String, style: TScalarStyle) -> Value {
    if style != TScalarStyle::Plain {
        return Value::String(text);
    }
    match text.as_str() {
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        _ => text.parse::<i64>().map_or(Value::String(text), Value::from),
    }
}

/// Returns the name of a member: statuses of responses are often numbers.
fn text_of(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    #[test]
    fn yaml_is_read_as_json() {
        let text = "openapi: 3.0.3\npaths:\n  /a:\n    get:\n      responses:\n        200: {description: 'ok'}\n      tags: [a, \"7\"]\nx: true\ny:\n";
        let expected = json!({
            "openapi": "3.0.3",
            "paths": { "/a": { "get": { "responses": { "200": { "description": "ok" } }, "tags": ["a", "7"] } } },
            "x": true,
            "y": null,
        });
        assert_eq!(parse(text), Ok(expected));
    }

    #[test]
    fn aliases_and_deep_documents_are_refused() {
        let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n";
        assert!(parse(bomb).unwrap_err().contains("aliases"));
        let lines: Vec<String> = (0..3000).map(|at| " ".repeat(at) + "a:").collect();
        let nested = lines.join("\n");
        let deep = [
            "[".repeat(60_000),
            format!("x:\n {}", "- ".repeat(60_000)),
            format!("x:\n {}", "? ".repeat(20_000)),
            nested,
        ];
        for text in deep {
            assert!(parse(&text).is_err());
        }
    }
}
