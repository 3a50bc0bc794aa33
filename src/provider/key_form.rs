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
        let inside = |c: char| match self.alphabet {
            Some(Alphabet::Alphanumeric) => c.is_ascii_alphanumeric(),
            Some(Alphabet::Hex) => c.is_ascii_hexdigit() && !c.is_ascii_uppercase(),
            Some(Alphabet::Word) => c.is_ascii_alphanumeric() || c == '_',
            None => c.is_ascii_graphic(),
        };
        let right_length = self.length.is_none_or(|length| rest.len() == length);
        if right_length && !rest.is_empty() && rest.chars().all(inside) {
            KeyVerdict::WellFormed
        } else {
            KeyVerdict::Unusual
        }
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
}
