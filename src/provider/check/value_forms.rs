//! The forms of values that the schema of the format calls texts or templates, each checked by its type.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::domain::{BaseUrl, ProviderId, RequestPattern};
use crate::provider::{
    ActiveField, AuthScheme, CallHeaders, Endpoint, HeaderSpelling, Headers, HttpCall, LoginBody,
    PageUrl, PathTemplate, Pointer, RefreshField, SourceDate, Template, TextTemplate,
};

/// A type that restricts its values more than the schema does.
pub(super) struct ValueForm {
    /// The name in the schema.
    pub(super) name: &'static str,
    pub(super) kind: FormKind,
    /// Returns what the type expects in place of the value.
    pub(super) mismatch: fn(&Value) -> Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FormKind {
    /// A text, such as this one.
    Text(&'static str),
    /// A template: each of its members and items is one as well.
    Tree,
    /// A table that restricts combinations of its members.
    Table,
}

macro_rules! value_forms {
    ($($name:ident: $kind:expr;)+) => {
        &[$(ValueForm { name: stringify!($name), kind: $kind, mismatch: mismatch::<$name> }),+]
    };
}

const VALUE_FORMS: &[ValueForm] = value_forms! {
    ActiveField: FormKind::Text("x");
    AuthScheme: FormKind::Text("x");
    BaseUrl: FormKind::Text("https://x.invalid");
    CallHeaders: FormKind::Table;
    Endpoint: FormKind::Text("/x");
    HeaderSpelling: FormKind::Text("x");
    Headers: FormKind::Table;
    HttpCall: FormKind::Text("GET /x");
    LoginBody: FormKind::Table;
    PageUrl: FormKind::Text("https://x.invalid");
    PathTemplate: FormKind::Text("/x");
    Pointer: FormKind::Text("/x");
    ProviderId: FormKind::Text("x");
    RefreshField: FormKind::Text("x");
    RequestPattern: FormKind::Text("GET /x");
    SourceDate: FormKind::Text("2026-01-31");
    Template: FormKind::Tree;
    TextTemplate: FormKind::Text("x");
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
            assert!(is_known, "{}", form.name);
            if let FormKind::Text(sample) = form.kind {
                assert_eq!((form.mismatch)(&sample.into()), None, "{}", form.name);
            }
        }
    }
}
