//! The schemas of types that accept values of several forms.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::domain::CredentialKind;
use crate::provider::http_call::HttpCall;
use crate::provider::response_field::ResponseFieldTable;
use crate::provider::revoke_call::RevokeTable;
use crate::provider::secret_location::SecretTable;
use crate::provider::{
    CallHeaders, HeaderFormat, HeaderSpelling, Headers, Pointer, Pointers, ResponseField,
    RevokeCall, SecretLocation, Template, TextTemplate,
};

/// A type that is read as one of others.
macro_rules! one_of {
    ($($name:ident: $($other:ty),+;)+) => {
        $(impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                json_schema!({ "anyOf": [$(generator.subschema_for::<$other>()),+] })
            }
        })+
    };
}

one_of! {
    Pointers: Pointer, Vec<Pointer>;
    ResponseField: Pointers, ResponseFieldTable;
    SecretLocation: Pointers, SecretTable;
    RevokeCall: HttpCall, RevokeTable;
}

impl JsonSchema for Template {
    fn schema_name() -> Cow<'static, str> {
        "Template".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["object", "array", "string", "number", "boolean"] })
    }
}

impl JsonSchema for CallHeaders {
    fn schema_name() -> Cow<'static, str> {
        "CallHeaders".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "propertyNames": generator.subschema_for::<HeaderSpelling>(),
            "additionalProperties": generator.subschema_for::<TextTemplate>(),
        })
    }
}

impl JsonSchema for Headers {
    fn schema_name() -> Cow<'static, str> {
        "Headers".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let kinds = CredentialKind::ALL.iter().map(|kind| {
            let format = generator.subschema_for::<HeaderFormat>();
            (kind.name().to_owned(), Value::from(format))
        });
        let mut properties: Map<String, Value> = kinds.collect();
        let always = json!({
            "type": "object",
            "propertyNames": generator.subschema_for::<HeaderSpelling>(),
            "additionalProperties": { "type": "string" },
        });
        properties.insert("always".to_owned(), always);
        json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
    }
}
