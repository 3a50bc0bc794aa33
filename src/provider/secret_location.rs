//! Where the secrets are in the response to a login: in the body, a header or a cookie.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{HeaderSpelling, Pointer, Pointers};

/// Where a secret is in a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretLocation {
    Body(Pointers),
    /// The value of a header.
    Header(HeaderSpelling),
    /// A cookie that `Set-Cookie` sets (RFC 6265 §4.1). The secret is the name and the value, as in a `Cookie` header.
    Cookie(String),
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(super) enum SecretTable {
    Header(HeaderSpelling),
    Cookie(String),
}

impl SecretLocation {
    /// Returns the pointers into the body.
    pub fn pointers(&self) -> &[Pointer] {
        match self {
            Self::Body(pointers) => pointers,
            Self::Header(_) | Self::Cookie(_) => &[],
        }
    }
}

impl<'de> Deserialize<'de> for SecretLocation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SecretVisitor)
    }
}

struct SecretVisitor;

impl<'de> Visitor<'de> for SecretVisitor {
    type Value = SecretLocation;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON pointer, a list of them, or a table with `header` or `cookie`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<SecretLocation, E> {
        let pointer = Pointer::try_from(text.to_owned()).map_err(E::custom)?;
        Ok(SecretLocation::Body(pointer.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<SecretLocation, A::Error> {
        let pointers = Pointers::deserialize(SeqAccessDeserializer::new(list))?;
        Ok(SecretLocation::Body(pointers))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SecretLocation, A::Error> {
        Ok(
            match SecretTable::deserialize(MapAccessDeserializer::new(map))? {
                SecretTable::Header(name) => SecretLocation::Header(name),
                SecretTable::Cookie(name) => SecretLocation::Cookie(name),
            },
        )
    }
}
