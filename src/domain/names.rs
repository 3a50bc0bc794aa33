//! Profile names, provider ids and token ids. The first two are also file names, so they are restricted; a token id is
//! whatever the service assigns, and is escaped where it enters a URL.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

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

/// An id in the service's own format: a number, a UUID or anything else.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenId(String);

impl TokenId {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&super::sanitize_line(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
