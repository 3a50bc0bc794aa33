//! What a service's keys look like, so that a wrong paste is noticed before it is sent or stored.

use serde::Deserialize;

use crate::domain::Secret;

/// The characters after the prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charset {
    /// a-z, A-Z and 0-9.
    Alphanumeric,
    /// 0-9 and a-f.
    Hex,
    /// Alphanumerics and underscores.
    Word,
}

/// The documented form of a key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFormat {
    /// How every key begins; required of each.
    pub prefix: String,
    /// How many characters follow.
    pub length: Option<usize>,
    /// Which characters follow.
    pub alphabet: Option<Charset>,
    /// What stands between the key's id, which may be shown, and its secret, where the key has both after the prefix.
    /// Length and alphabet are then the secret's.
    pub separator: Option<String>,
}

/// How a key compares with the documented form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyClass {
    /// As documented.
    WellFormed,
    /// The prefix is right, the rest is not as documented: worth a warning, since services change lengths.
    Unusual,
    /// Not a key of this service.
    Foreign,
}

impl KeyFormat {
    /// Judges `key` without any network.
    pub fn classify(&self, key: &Secret) -> KeyClass {
        let Some(rest) = key.expose().strip_prefix(&self.prefix) else {
            return KeyClass::Foreign;
        };
        let Some((_, secret)) = self.split_id(rest) else {
            return KeyClass::Unusual;
        };
        let inside = |c: char| match self.alphabet {
            Some(Charset::Alphanumeric) => c.is_ascii_alphanumeric(),
            Some(Charset::Hex) => c.is_ascii_hexdigit() && !c.is_ascii_uppercase(),
            Some(Charset::Word) => c.is_ascii_alphanumeric() || c == '_',
            None => c.is_ascii_graphic(),
        };
        let right_length = self.length.is_none_or(|length| secret.len() == length);
        if right_length && !secret.is_empty() && secret.chars().all(inside) {
            KeyClass::WellFormed
        } else {
            KeyClass::Unusual
        }
    }

    /// The part of `key` that may be shown: the prefix, and the id where the service puts one into its keys.
    pub fn visible_part<'k>(&self, key: &'k Secret) -> &'k str {
        let key = key.expose();
        let Some(rest) = key.strip_prefix(&self.prefix) else {
            return "";
        };
        let id = self.split_id(rest).map_or("", |(id, _)| id);
        // An id that is longer than its secret is more likely a secret with something behind it.
        let (visible, hidden) = key.split_at(self.prefix.len() + id.len());
        if id.len() * 2 > hidden.len() {
            return &key[..self.prefix.len()];
        }
        visible
    }

    /// What follows the prefix, in id and secret; the id is empty where keys have none.
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
