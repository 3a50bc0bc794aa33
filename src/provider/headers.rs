//! The headers of requests: one for each kind of credential, and those that every request has.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

use ::http::HeaderName;
use serde::de::value::StrDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::header_format::{HeaderFormat, HeaderSpelling};
use crate::domain::CredentialKind;

/// Headers that carry a credential at every service.
const OF_CREDENTIALS: &[&str] = &["authorization", "cookie"];

/// Returns `true` if the header carries a credential at every service.
pub fn carries_credential(name: &HeaderName) -> bool {
    OF_CREDENTIALS.contains(&name.as_str())
}

/// The member with the headers of every request.
const ALWAYS: &str = "always";

/// The header of each kind of credential, and the headers that every request to the service has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers {
    kinds: BTreeMap<CredentialKind, HeaderFormat>,
    always: Vec<(HeaderSpelling, String)>,
}

impl Headers {
    /// Returns the headers that every request has. They hold no secret.
    pub fn always(&self) -> &[(HeaderSpelling, String)] {
        &self.always
    }

    /// Returns the headers that carry credentials.
    pub fn credential_names(&self) -> impl Iterator<Item = &HeaderName> {
        let formats = self.kinds.values();
        formats.flat_map(|format| {
            let second = format.second.as_ref().map(|second| second.name.name());
            std::iter::once(format.name.name()).chain(second)
        })
    }

    /// Fails if a fixed header carries a credential.
    fn check_always<E: de::Error>(&self) -> Result<(), E> {
        let is_credential = |name: &HeaderName| {
            carries_credential(name) || self.credential_names().any(|known| known == name)
        };
        if self
            .always
            .iter()
            .any(|(name, _)| is_credential(name.name()))
        {
            let text = "expected no header that carries a credential in `always`";
            return Err(E::custom(text));
        }
        Ok(())
    }
}

impl Deref for Headers {
    type Target = BTreeMap<CredentialKind, HeaderFormat>;

    fn deref(&self) -> &Self::Target {
        &self.kinds
    }
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(HeadersVisitor)
    }
}

/// A member of `headers`.
enum Member {
    Always,
    Kind(CredentialKind),
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        if name == ALWAYS {
            return Ok(Self::Always);
        }
        CredentialKind::deserialize(StrDeserializer::new(&name)).map(Self::Kind)
    }
}

struct HeadersVisitor;

impl<'de> Visitor<'de> for HeadersVisitor {
    type Value = Headers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of headers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Headers, A::Error> {
        let mut headers = Headers::default();
        while let Some(member) = map.next_key()? {
            match member {
                Member::Kind(kind) => drop(headers.kinds.insert(kind, map.next_value()?)),
                Member::Always => {
                    let always: BTreeMap<String, FixedValue> = map.next_value()?;
                    for (name, FixedValue(value)) in always {
                        let name = HeaderSpelling::try_from(name).map_err(de::Error::custom)?;
                        headers.always.push((name, value));
                    }
                }
            }
        }
        headers.check_always()?;
        Ok(headers)
    }
}

/// The value of a header that is sent as it is.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(try_from = "String")]
struct FixedValue(String);

impl TryFrom<String> for FixedValue {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_visible = |c: char| c.is_ascii_graphic() || c == ' ';
        if !text.is_empty() && text.chars().all(is_visible) {
            return Ok(Self(text));
        }
        Err("expected visible ASCII characters")
    }
}
