//! What a service's keys look like, so that a wrong paste is noticed before it is sent or stored.

use serde::Deserialize;

use crate::domain::Secret;

/// The characters after the prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alphabet {
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
pub struct KeyForm {
    /// How every key begins; required of each.
    pub prefix: String,
    /// How many characters follow.
    pub length: Option<usize>,
    /// Which characters follow.
    pub alphabet: Option<Alphabet>,
    /// What stands between the key's id, which may be shown, and its secret, where the key has both after the prefix.
    /// Length and alphabet are then the secret's.
    pub separator: Option<String>,
}

/// How a key compares with the documented form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyVerdict {
    /// As documented.
    WellFormed,
    /// The prefix is right, the rest is not as documented: worth a warning, since services change lengths.
    Unusual,
    /// Not a key of this service.
    Foreign,
}

impl KeyForm {
    /// Judges `key` without any network.
    pub fn judge(&self, key: &Secret) -> KeyVerdict {
        let Some(rest) = key.expose().strip_prefix(&self.prefix) else {
            return KeyVerdict::Foreign;
        };
        let Some((_, secret)) = self.split(rest) else {
            return KeyVerdict::Unusual;
        };
        let inside = |c: char| match self.alphabet {
            Some(Alphabet::Alphanumeric) => c.is_ascii_alphanumeric(),
            Some(Alphabet::Hex) => c.is_ascii_hexdigit() && !c.is_ascii_uppercase(),
            Some(Alphabet::Word) => c.is_ascii_alphanumeric() || c == '_',
            None => c.is_ascii_graphic(),
        };
        let right_length = self.length.is_none_or(|length| secret.len() == length);
        if right_length && !secret.is_empty() && secret.chars().all(inside) {
            KeyVerdict::WellFormed
        } else {
            KeyVerdict::Unusual
        }
    }

    /// The part of `key` that may be shown: the prefix, and the id where the service puts one into its keys.
    pub fn visible<'k>(&self, key: &'k Secret) -> &'k str {
        let key = key.expose();
        let Some(rest) = key.strip_prefix(&self.prefix) else {
            return "";
        };
        let id = self.split(rest).map_or("", |(id, _)| id);
        // An id that is longer than its secret is more likely a secret with something behind it.
        let (shown, hidden) = key.split_at(self.prefix.len() + id.len());
        if id.len() * 2 > hidden.len() {
            return &key[..self.prefix.len()];
        }
        shown
    }

    /// What follows the prefix, in id and secret; the id is empty where keys have none.
    fn split<'k>(&self, rest: &'k str) -> Option<(&'k str, &'k str)> {
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
    fn the_prefix_is_strict_and_the_rest_a_warning() {
        let form = KeyForm {
            prefix: "bmc_".into(),
            length: Some(4),
            alphabet: Some(Alphabet::Alphanumeric),
            separator: None,
        };
        for (key, verdict) in [
            ("bmc_aB9z", KeyVerdict::WellFormed),
            ("bmc_aB9zz", KeyVerdict::Unusual),
            ("bmc_a-9z", KeyVerdict::Unusual),
            ("bmc_", KeyVerdict::Unusual),
            ("bp_aB9z", KeyVerdict::Foreign),
        ] {
            assert_eq!(form.judge(&Secret::new(key)), verdict, "{key}");
        }
    }

    #[test]
    fn an_id_inside_a_key_may_be_shown_and_its_secret_never() {
        let form = KeyForm {
            prefix: "ak_".into(),
            length: None,
            alphabet: None,
            separator: Some("_".into()),
        };
        for (key, verdict, visible) in [
            (
                "ak_7f3a_0123456789abcdef",
                KeyVerdict::WellFormed,
                "ak_7f3a",
            ),
            (
                "ak_7f3a_0123_456789abcdef",
                KeyVerdict::WellFormed,
                "ak_7f3a",
            ),
            ("ak_0123456789abcdef", KeyVerdict::Unusual, "ak_"),
            ("ak_0123456789abcdef_x", KeyVerdict::WellFormed, "ak_"),
            ("ak__0123456789abcdef", KeyVerdict::Unusual, "ak_"),
            ("ak_7f3a_", KeyVerdict::Unusual, "ak_"),
            ("xx_7f3a_0123456789abcdef", KeyVerdict::Foreign, ""),
        ] {
            let secret = Secret::new(key);
            assert_eq!(form.judge(&secret), verdict, "{key}");
            assert_eq!(form.visible(&secret), visible, "{key}");
        }
    }
}
