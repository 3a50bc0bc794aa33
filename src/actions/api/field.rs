//! Fields of a request (`-f` and `-F`), as `gh api` has them: parameters of the query, or members of a JSON body.

use std::path::Path;

use serde_json::{Map, Number, Value};

use crate::actions::ApiCallError;
use crate::host::ByteSource;

/// A field `KEY=VALUE`.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiField {
    key: String,
    steps: Vec<Step>,
    /// `None` for `KEY[]` without a value, an empty list.
    value: Option<Value>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Member(String),
    NextItem,
}

impl ApiField {
    /// Parses a field whose value is a string.
    ///
    /// # Errors
    /// [`ApiCallError::InvalidField`].
    pub fn parse_raw(text: &str) -> Result<Self, ApiCallError> {
        let (key, value) = text.split_once('=').ok_or(ApiCallError::InvalidField)?;
        Self::new(key, Some(Value::from(value)))
    }

    /// Parses a field whose value has a type: `true`, `false`, `null`, numbers, `@FILE` and `@-`, else a string.
    ///
    /// # Errors
    /// [`ApiCallError::InvalidField`], and [`ApiCallError::Input`] for a file that cannot be read.
    pub fn parse_typed(text: &str) -> Result<Self, ApiCallError> {
        match text.split_once('=') {
            Some((key, value)) => Self::new(key, Some(typed_value(value)?)),
            None if text.ends_with("[]") => Self::new(text, None),
            None => Err(ApiCallError::InvalidField),
        }
    }

    fn new(key: &str, value: Option<Value>) -> Result<Self, ApiCallError> {
        Ok(Self {
            key: key.to_owned(),
            steps: parse_steps(key).ok_or(ApiCallError::InvalidField)?,
            value,
        })
    }

    /// Returns name and value of a query parameter.
    pub(super) fn as_parameter(&self) -> Option<(&str, String)> {
        let value = match self.value.as_ref()? {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        Some((&self.key, value))
    }
}

/// Returns the JSON object of `fields`.
///
/// # Errors
/// [`ApiCallError::ConflictingField`] if one field is a member of another that is not an object.
pub(super) fn to_json(fields: &[ApiField]) -> Result<Value, ApiCallError> {
    let mut object = Value::Object(Map::new());
    for field in fields {
        let conflict = || ApiCallError::ConflictingField {
            key: crate::domain::sanitize_line(&field.key),
        };
        insert(&mut object, &field.steps, field.value.clone()).ok_or_else(conflict)?;
    }
    Ok(object)
}

/// `a[b][]` has the steps `a`, `b` and "next item". Returns `None` for another form.
fn parse_steps(key: &str) -> Option<Vec<Step>> {
    let (name, mut rest) = key.split_at(key.find('[').unwrap_or(key.len()));
    if name.is_empty() {
        return None;
    }
    let mut steps = vec![Step::Member(name.to_owned())];
    while !rest.is_empty() {
        let (inner, after) = rest.strip_prefix('[')?.split_once(']')?;
        steps.push(match inner {
            "" => Step::NextItem,
            name => Step::Member(name.to_owned()),
        });
        rest = after;
    }
    Some(steps)
}

fn typed_value(text: &str) -> Result<Value, ApiCallError> {
    if let Some(path) = text.strip_prefix('@') {
        let read = ByteSource::read_text(Path::new(path));
        return read.map(Value::from).map_err(|cause| ApiCallError::Input {
            path: path.into(),
            cause,
        });
    }
    Ok(match text {
        "true" => Value::from(true),
        "false" => Value::from(false),
        "null" => Value::Null,
        _ => exact_number(text).map_or_else(|| Value::from(text), Value::from),
    })
}

/// Returns a JSON number that loses no digits.
fn exact_number(text: &str) -> Option<Number> {
    let number: Number = serde_json::from_str(text).ok()?;
    let is_fraction = text.contains(['.', 'e', 'E']);
    (is_fraction || !number.is_f64()).then_some(number)
}

fn insert(target: &mut Value, steps: &[Step], value: Option<Value>) -> Option<()> {
    let Some((step, rest)) = steps.split_first() else {
        *target = value?;
        return Some(());
    };
    match step {
        Step::Member(name) => {
            if target.is_null() {
                *target = Value::Object(Map::new());
            }
            let members = target.as_object_mut()?;
            if rest.is_empty() && members.contains_key(name) {
                return None;
            }
            insert(members.entry(name).or_insert(Value::Null), rest, value)
        }
        Step::NextItem => {
            if target.is_null() {
                *target = Value::Array(Vec::new());
            }
            let items = target.as_array_mut()?;
            if rest.is_empty() && value.is_none() {
                return Some(());
            }
            if !continues_last_item(items, rest) {
                items.push(Value::Null);
            }
            insert(items.last_mut()?, rest, value)
        }
    }
}

/// `a[][x]=1 a[][y]=2` is one item, `a[][x]=1 a[][x]=2` are two.
fn continues_last_item(items: &[Value], rest: &[Step]) -> bool {
    let (Some(Value::Object(last)), Some(Step::Member(name))) = (items.last(), rest.first()) else {
        return false;
    };
    !last.contains_key(name) || rest.len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    fn body(fields: &[&str]) -> Result<Value, ApiCallError> {
        let fields: Result<Vec<_>, _> = fields.iter().map(|it| ApiField::parse_typed(it)).collect();
        to_json(&fields?)
    }

    #[test]
    fn typed_fields_have_types_and_raw_ones_are_strings() {
        let fields = [
            "a=true",
            "b=null",
            "c=-7",
            "d=1.5",
            "e=007",
            "f=x=y",
            "g=",
            "h=99999999999999999999",
        ];
        let expected = json!({"a": true, "b": null, "c": -7, "d": 1.5, "e": "007", "f": "x=y", "g": "", "h": "99999999999999999999"});
        assert_eq!(body(&fields).unwrap(), expected);
        let raw = ApiField::parse_raw("a=true").unwrap();
        assert_eq!(to_json(&[raw]).unwrap(), json!({"a": "true"}));
    }

    #[test]
    fn keys_nest_objects_and_lists() {
        let fields = [
            "a[b]=1",
            "a[c][d]=x",
            "l[]=1",
            "l[]=2",
            "e[]",
            "o[][x]=1",
            "o[][y]=2",
            "o[][x]=3",
        ];
        let expected = json!({
            "a": {"b": 1, "c": {"d": "x"}}, "l": [1, 2], "e": [], "o": [{"x": 1, "y": 2}, {"x": 3}]
        });
        assert_eq!(body(&fields).unwrap(), expected);
    }

    #[test]
    fn malformed_and_conflicting_fields_are_rejected() {
        for fields in [
            &["a"][..],
            &["=1"],
            &["a[b=1"],
            &["a[b]c=1"],
            &["[]=1"],
            &["a=1", "a=2"],
            &["a=1", "a[b]=2"],
            &["a[]=1", "a[b]=2"],
            &["a=@/nonexistent/file"],
        ] {
            assert!(body(fields).is_err(), "{fields:?}");
        }
    }

    #[test]
    fn parameters_keep_their_keys() {
        let field = ApiField::parse_typed("a[]=true").unwrap();
        assert_eq!(field.as_parameter(), Some(("a[]", "true".to_owned())));
    }
}
