//! The call that revokes one token.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{HttpCall, RequestBody, Template};

/// Revokes a token: a call, or a table with one and a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokeCall {
    pub call: HttpCall,
    json: Option<Template>,
    form: Option<Template>,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct RevokeTable {
    call: HttpCall,
    json: Option<Template>,
    form: Option<Template>,
}

impl RevokeCall {
    /// Returns the body of the request.
    pub fn body(&self) -> Option<RequestBody<'_>> {
        RequestBody::choose(self.json.as_ref(), self.form.as_ref(), None)
    }
}

impl<'de> Deserialize<'de> for RevokeCall {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RevokeVisitor)
    }
}

struct RevokeVisitor;

impl<'de> Visitor<'de> for RevokeVisitor {
    type Value = RevokeCall;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a call, or a table with `call`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<RevokeCall, E> {
        let call = HttpCall::try_from(text.to_owned()).map_err(E::custom)?;
        let (json, form) = (None, None);
        Ok(RevokeCall { call, json, form })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RevokeCall, A::Error> {
        let table = RevokeTable::deserialize(MapAccessDeserializer::new(map))?;
        let RevokeTable { call, json, form } = table;
        Ok(RevokeCall { call, json, form })
    }
}
