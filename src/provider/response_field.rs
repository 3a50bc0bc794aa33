//! Where a fact is in a response: a pointer, a list of pointers, or a table that also defines how to read the value.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{Pointer, Pointers};
use crate::domain::json_seconds;

/// Where a fact is, and how its value is to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResponseField {
    pointers: Pointers,
    /// The texts that mean true. If it is empty, the value is used as it is.
    true_texts: Vec<String>,
    unit: Option<TimeUnit>,
    /// The numbers that mean "never" in place of a time.
    never_numbers: Vec<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Ms,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ResponseFieldTable {
    at: Pointers,
    #[serde(default)]
    is: Vec<String>,
    #[serde(rename = "as")]
    unit: Option<TimeUnit>,
    #[serde(default)]
    never: Vec<i64>,
}

impl ResponseField {
    pub fn pointers(&self) -> impl Iterator<Item = &Pointer> {
        self.pointers.iter()
    }

    /// Returns true if the document has the value, which may be null.
    pub fn exists_in(&self, document: &Value) -> bool {
        self.pointers
            .iter()
            .any(|pointer| pointer.exists_in(document))
    }

    /// Returns the value as it is to be read; `None` if it is missing or null.
    pub fn find_in(&self, document: &Value) -> Option<Value> {
        let mut pointers = self.pointers.iter();
        let found = pointers.find_map(|pointer| pointer.collect_in(document))?;
        if !self.true_texts.is_empty() {
            let text = Pointer::default().text_in(&found);
            let is_meant = |text: String| self.true_texts.contains(&text);
            return Some(Value::Bool(text.is_some_and(is_meant)));
        }
        Some(self.read_time(found))
    }

    /// Returns a string or a number as text.
    pub fn text_in(&self, document: &Value) -> Option<String> {
        Pointer::default().text_in(&self.find_in(document)?)
    }

    fn read_time(&self, found: Value) -> Value {
        let number = json_seconds(&found);
        match (number, self.unit) {
            (Some(number), _) if self.never_numbers.contains(&number) => Value::Bool(false),
            (Some(number), Some(TimeUnit::Ms)) => Value::from(number / 1000),
            _ => found,
        }
    }
}

impl<'de> Deserialize<'de> for ResponseField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlaceVisitor)
    }
}

struct PlaceVisitor;

impl<'de> Visitor<'de> for PlaceVisitor {
    type Value = ResponseField;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON pointer, a list of them, or a table with `at`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<ResponseField, E> {
        let pointer = Pointer::try_from(text.to_owned()).map_err(E::custom)?;
        Ok(ResponseField {
            pointers: pointer.into(),
            ..ResponseField::default()
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<ResponseField, A::Error> {
        Ok(ResponseField {
            pointers: Pointers::deserialize(SeqAccessDeserializer::new(list))?,
            ..ResponseField::default()
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ResponseField, A::Error> {
        let table = ResponseFieldTable::deserialize(MapAccessDeserializer::new(map))?;
        Ok(ResponseField {
            pointers: table.at,
            true_texts: table.is,
            unit: table.unit,
            never_numbers: table.never,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    fn parse(text: &str) -> ResponseField {
        #[derive(Deserialize)]
        struct Holder {
            field: ResponseField,
        }
        toml::from_str::<Holder>(&format!("field = {text}"))
            .unwrap()
            .field
    }

    #[test]
    fn values_are_read_as_the_field_defines() {
        for (text, document, expected) in [
            ("\"/a\"", json!({"a": "x"}), Some(json!("x"))),
            ("[\"/b\", \"/a\"]", json!({"a": "x"}), Some(json!("x"))),
            (
                "{ at = \"/s\", is = [\"active\"] }",
                json!({"s": "active"}),
                Some(json!(true)),
            ),
            (
                "{ at = \"/s\", is = [\"active\"] }",
                json!({"s": "off"}),
                Some(json!(false)),
            ),
            ("{ at = \"/s\", is = [\"active\"] }", json!({}), None),
            (
                "{ at = \"/t\", as = \"ms\", never = [-1] }",
                json!({"t": 5_000}),
                Some(json!(5)),
            ),
            (
                "{ at = \"/t\", as = \"ms\", never = [-1] }",
                json!({"t": -1}),
                Some(json!(false)),
            ),
            (
                "{ at = \"/t\", never = [9] }",
                json!({"t": "9"}),
                Some(json!(false)),
            ),
            (
                "\"/roles/*/name\"",
                json!({"roles": [{"name": "a"}, {"name": "b"}]}),
                Some(json!(["a", "b"])),
            ),
            ("\"/roles/*/name\"", json!({"roles": []}), Some(json!([]))),
            (
                "\"/roles/*/name\"",
                json!({"roles": [{"id": 1}]}),
                Some(json!([null])),
            ),
            (
                "\"/roles/*\"",
                json!({"roles": {"x": "a", "y": "b"}}),
                Some(json!(["a", "b"])),
            ),
            (
                "\"/roles/*/name\"",
                json!({"roles": "all"}),
                Some(json!("all")),
            ),
            ("\"/roles/*/name\"", json!({}), None),
        ] {
            assert_eq!(
                parse(text).find_in(&document),
                expected,
                "{text} {document}"
            );
        }
    }
}
