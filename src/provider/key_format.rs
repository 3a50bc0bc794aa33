//! The documented format of a service's API keys. It detects a wrong paste before the key is sent or stored, and determines
//! which part of a key may be shown.

use serde::Deserialize;

use super::KeyChecksum;
use crate::domain::Secret;

/// The characters after the prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Charset {
    /// a-z, A-Z and 0-9.
    Alphanumeric,
    /// 0-9 and a-f.
    Hex,
    /// Alphanumerics and underscores.
    Word,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyFormat {
    /// The prefix of every key; the only part that is required.
    pub prefix: String,
    /// The number of characters after the prefix.
    pub length: Option<usize>,
    pub alphabet: Option<Charset>,
    /// Separates the key's id, which may be shown, from its secret, for keys that have both after the prefix. Length and
    /// alphabet are then those of the secret.
    pub separator: Option<String>,
    /// The checksum at the end of every key.
    pub checksum: Option<KeyChecksum>,
    /// Keys that are not valid, from the service's documents or made up.
    #[serde(default)]
    pub examples: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyClass {
    /// As documented.
    WellFormed,
    /// Has the prefix, and deviates otherwise. Only worth a warning, because services change the lengths of keys.
    Unusual,
    /// Not a key of this service.
    Foreign,
}

impl KeyFormat {
    /// The least length of a secret whose length is not documented, where keys are searched in text.
    pub const MIN_SECRET: usize = 12;

    pub fn classify(&self, key: &Secret) -> KeyClass {
        let Some(rest) = key.expose().strip_prefix(&self.prefix) else {
            return KeyClass::Foreign;
        };
        let Some((_, secret)) = self.split_id(rest) else {
            return KeyClass::Unusual;
        };
        let is_inside = |c: char| match self.alphabet {
            Some(Charset::Alphanumeric) => c.is_ascii_alphanumeric(),
            Some(Charset::Hex) => c.is_ascii_hexdigit() && !c.is_ascii_uppercase(),
            Some(Charset::Word) => c.is_ascii_alphanumeric() || c == '_',
            None => c.is_ascii_graphic(),
        };
        let has_length = self.length.is_none_or(|length| secret.len() == length);
        let has_checksum = self.checksum.is_none_or(|checksum| checksum.matches(rest));
        if has_length && has_checksum && !secret.is_empty() && secret.chars().all(is_inside) {
            KeyClass::WellFormed
        } else {
            KeyClass::Unusual
        }
    }

    /// Returns the part of `key` that may be shown: the prefix, and the id if keys have one.
    pub fn visible_part<'k>(&self, key: &'k Secret) -> &'k str {
        let key = key.expose();
        let Some(rest) = key.strip_prefix(&self.prefix) else {
            return "";
        };
        let id = self.split_id(rest).map_or("", |(id, _)| id);
        // An id that is longer than half of the rest is probably a secret that contains the separator.
        let (visible, hidden) = key.split_at(self.prefix.len() + id.len());
        if id.len() * 2 > hidden.len() {
            return &key[..self.prefix.len()];
        }
        visible
    }

    /// Splits the text after the prefix into id and secret; the id is empty if keys have none.
    fn split_id<'k>(&self, rest: &'k str) -> Option<(&'k str, &'k str)> {
        let Some(separator) = &self.separator else {
            return Some(("", rest));
        };
        let (id, secret) = rest.split_once(separator.as_str())?;
        let is_id = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        is_id.then_some((id, secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefix_is_required_and_the_rest_only_unusual() {
        let form = KeyFormat {
            prefix: "bmc_".into(),
            length: Some(4),
            alphabet: Some(Charset::Alphanumeric),
            separator: None,
            checksum: None,
            examples: Vec::new(),
        };
        for (key, verdict) in [
            ("bmc_aB9z", KeyClass::WellFormed),
            ("bmc_aB9zz", KeyClass::Unusual),
            ("bmc_a-9z", KeyClass::Unusual),
            ("bmc_", KeyClass::Unusual),
            ("bp_aB9z", KeyClass::Foreign),
        ] {
            assert_eq!(form.classify(&Secret::new(key)), verdict, "{key}");
        }
    }

    #[test]
    fn visible_part_excludes_the_secret() {
        let form = KeyFormat {
            prefix: "ak_".into(),
            length: None,
            alphabet: None,
            separator: Some("_".into()),
            checksum: None,
            examples: Vec::new(),
        };
        for (key, verdict, visible) in [
            ("ak_7f3a_0123456789abcdef", KeyClass::WellFormed, "ak_7f3a"),
            ("ak_7f3a_0123_456789abcdef", KeyClass::WellFormed, "ak_7f3a"),
            ("ak_0123456789abcdef", KeyClass::Unusual, "ak_"),
            ("ak_0123456789abcdef_x", KeyClass::WellFormed, "ak_"),
            ("ak__0123456789abcdef", KeyClass::Unusual, "ak_"),
            ("ak_7f3a_", KeyClass::Unusual, "ak_"),
            ("xx_7f3a_0123456789abcdef", KeyClass::Foreign, ""),
        ] {
            let secret = Secret::new(key);
            assert_eq!(form.classify(&secret), verdict, "{key}");
            assert_eq!(form.visible_part(&secret), visible, "{key}");
        }
    }
}
