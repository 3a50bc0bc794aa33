//! Profile names, provider ids and token ids. The first two are also file names, so they are restricted; a token id is
//! whatever the service assigns, and is escaped where it enters a URL.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Secret;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a valid name: use 1 to 64 characters of a-z, A-Z, 0-9, `-`, `_` and `.`, starting with a letter or digit"
)]
pub struct InvalidName(String);

fn validate_name(text: &str) -> Result<String, InvalidName> {
    let is_inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    if starts_well && text.len() <= 64 && text.chars().all(is_inside) {
        return Ok(text.to_owned());
    }
    Err(InvalidName(super::sanitize_line(text)))
}

macro_rules! name {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidName;

            fn from_str(text: &str) -> Result<Self, InvalidName> {
                validate_name(text).map(Self)
            }
        }

        impl TryFrom<String> for $name {
            // Not quoted: the file may hold a secret by mistake.
            type Error = &'static str;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
                    .map_err(|_| "expected 1 to 64 of a-z, A-Z, 0-9, `-`, `_` and `.`, starting with a letter or digit")
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }
    };
}

name! {
    /// The user's name for an account; also the name of its credential file.
    ProfileName
}
name! {
    /// The short name of a service, as in `provider list`.
    ProviderId
}

/// An id in the service's own format: a number, a UUID or anything else. At some services it is the secret of the token,
/// of which only the beginning is shown, compared and stored.
#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct TokenId {
    shown: String,
    secret: Option<Secret>,
}

/// How much of a secret id is shown at most: a third of it, which distinguishes tokens.
const MAX_SHOWN: usize = 32;

impl TokenId {
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            shown: text.into(),
            secret: None,
        }
    }

    /// Creates an id that is a secret.
    pub fn secret(text: &str) -> Self {
        let count = (text.chars().count() / 3).min(MAX_SHOWN);
        let beginning: String = text.chars().take(count).collect();
        Self {
            shown: format!("{beginning}…"),
            secret: Some(Secret::new(text)),
        }
    }

    /// Returns the id, or the beginning of one that is a secret.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    pub fn is_secret(&self) -> bool {
        self.secret.is_some()
    }

    /// Returns the whole id, for a request.
    pub fn expose(&self) -> &str {
        self.secret.as_ref().map_or(&self.shown, Secret::expose)
    }
}

impl PartialEq for TokenId {
    fn eq(&self, other: &Self) -> bool {
        self.shown == other.shown
    }
}

impl Eq for TokenId {}

impl Hash for TokenId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.shown.hash(state);
    }
}

impl From<String> for TokenId {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<TokenId> for String {
    fn from(id: TokenId) -> Self {
        id.shown
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TokenId").field(&self.shown).finish()
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&super::sanitize_line(&self.shown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_id_is_shown_compared_and_stored_by_its_beginning() {
        let id = TokenId::secret("default:development.c4n4ry0123456789c4n4ry");
        assert_eq!(id.as_str(), "default:develo…");
        assert_eq!(id.expose(), "default:development.c4n4ry0123456789c4n4ry");
        assert_eq!(id, TokenId::new("default:develo…"));
        for text in [
            format!("{id}"),
            format!("{id:?}"),
            serde_json::to_string(&id).unwrap(),
        ] {
            assert!(!text.contains("c4n4ry"), "{text}");
        }
    }

    #[test]
    fn profile_name_cannot_escape_its_directory() {
        for bad in [
            "",
            "..",
            "../x",
            "a/b",
            ".hidden",
            "-x",
            "a\u{7}",
            &"x".repeat(65),
        ] {
            assert!(bad.parse::<ProfileName>().is_err(), "{bad:?}");
        }
        assert!("basic-memory".parse::<ProfileName>().is_ok());
    }
}
