//! The forms of values that the schema of the format calls texts or templates, each checked by its type.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::domain::{BaseUrl, ProviderId};
use crate::provider::{
    ActiveField, AuthScheme, Endpoint, HeaderSpelling, HttpCall, PageUrl, PathTemplate, Pointer,
    RefreshField, SourceDate, Template,
};

/// A type that restricts its values more than the schema does.
pub(super) struct ValueForm {
    /// The name in the schema.
    pub(super) name: &'static str,
    /// A text that the type accepts; without one, the type has members and accepts an empty table.
    pub(super) sample: Option<&'static str>,
    /// Returns what the type expects in place of the value.
    pub(super) mismatch: fn(&Value) -> Option<String>,
}

macro_rules! value_forms {
    ($($name:ident: $sample:expr;)+) => {
        &[$(ValueForm { name: stringify!($name), sample: $sample, mismatch: mismatch::<$name> }),+]
    };
}

const VALUE_FORMS: &[ValueForm] = value_forms! {
    ActiveField: Some("x");
    AuthScheme: Some("x");
    BaseUrl: Some("https://x.invalid");
    Endpoint: Some("/x");
    HeaderSpelling: Some("x");
    HttpCall: Some("GET /x");
    PageUrl: Some("https://x.invalid");
    PathTemplate: Some("/x");
    Pointer: Some("/x");
    ProviderId: Some("x");
    RefreshField: Some("x");
    SourceDate: Some("2026-01-31");
    Template: None;
};

pub(super) fn find(name: &str) -> Option<&'static ValueForm> {
    VALUE_FORMS.iter().find(|form| form.name == name)
}

/// The messages of this program's types start with `expected` and quote nothing. Others may quote the value.
fn mismatch<T: DeserializeOwned>(value: &Value) -> Option<String> {
    let message = T::deserialize(value).err()?.to_string();
    let is_own = message.starts_with("expected ");
    Some(if is_own {
        message
    } else {
        "invalid value".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::FORMAT_SCHEMA;

    #[test]
    fn each_text_of_the_schema_has_a_form_and_a_valid_sample() {
        let schema: Value = serde_json::from_str(FORMAT_SCHEMA).unwrap();
        let texts = schema["$defs"].as_object().unwrap().iter();
        let texts = texts.filter(|(_, node)| **node == json!({ "type": "string" }));
        let names: Vec<_> = texts.map(|(name, _)| name.as_str()).collect();
        assert!(names.len() > 5, "{names:?}");
        for name in names {
            assert!(find(name).is_some(), "{name} is missing in VALUE_FORMS");
        }
        for form in VALUE_FORMS {
            let is_known = schema["$defs"].get(form.name).is_some();
            let sample = form.sample.map_or(json!({}), Value::from);
            assert!(
                is_known && (form.mismatch)(&sample).is_none(),
                "{}",
                form.name
            );
        }
    }
}
