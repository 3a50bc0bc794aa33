//! Regular expressions for the keys of a service, for other scanners: RE2, and POSIX extended with `\b`.

use super::{Charset, KeyFormat};

/// Go's regexp package accepts no greater number of repetitions.
const MAX_REPETITIONS: usize = 1000;

/// The characters of a key whose alphabet is not documented.
const ANY: &str = "[0-9A-Za-z_-]";

impl KeyFormat {
    /// Returns a regular expression whose first group is the key.
    pub fn pattern(&self) -> String {
        let id = match &self.separator {
            Some(separator) => format!("[0-9A-Za-z-]+{}", escape(separator)),
            None => String::new(),
        };
        let (alphabet, is_any) = match self.alphabet {
            Some(Charset::Alphanumeric) => ("[0-9A-Za-z]", false),
            Some(Charset::Hex) => ("[0-9a-f]", false),
            Some(Charset::Word) => ("[0-9A-Za-z_]", false),
            None => (ANY, true),
        };
        let (count, end) = match self.length {
            None if is_any => (format!("{{{},}}", Self::MIN_SECRET), ""),
            None => (format!("{{{},}}", Self::MIN_SECRET), r"\b"),
            Some(length) if length > MAX_REPETITIONS => (format!("{{{MAX_REPETITIONS},}}"), ""),
            // The key may end with a hyphen, after which there is no word boundary.
            Some(length) if is_any => (format!("{{{length}}}"), "([^0-9A-Za-z_-]|$)"),
            Some(length) => (format!("{{{length}}}"), r"\b"),
        };
        let prefix = escape(&self.prefix);
        let start = boundary_before(&self.prefix);
        format!("{start}({prefix}{id}{alphabet}{count}){end}")
    }
}

/// Returns a regular expression whose first group is the value of the variable.
pub fn variable_pattern(name: &str) -> String {
    format!(r#"{name}["']?[ \t]*[=:,][ \t]*["']?({ANY}{{20,512}})\b"#)
}

fn boundary_before(prefix: &str) -> &'static str {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if prefix.bytes().next().is_some_and(is_word) {
        r"\b"
    } else {
        ""
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(prefix: &str, alphabet: Option<Charset>, length: Option<usize>) -> String {
        let format = KeyFormat {
            prefix: prefix.to_owned(),
            length,
            alphabet,
            separator: None,
            checksum: None,
            examples: Vec::new(),
        };
        format.pattern()
    }

    #[test]
    fn pattern_has_the_prefix_the_alphabet_and_the_length() {
        let hex = Some(Charset::Hex);
        for (prefix, alphabet, length, expected) in [
            ("bp_", hex, Some(64), r"\b(bp_[0-9a-f]{64})\b"),
            ("a.b$", hex, None, r"\b(a\.b\$[0-9a-f]{12,})\b"),
            ("$x-", None, None, r"(\$x-[0-9A-Za-z_-]{12,})"),
            (
                "k-",
                None,
                Some(20),
                r"\b(k-[0-9A-Za-z_-]{20})([^0-9A-Za-z_-]|$)",
            ),
            ("k_", hex, Some(4096), r"\b(k_[0-9a-f]{1000,})"),
        ] {
            assert_eq!(pattern(prefix, alphabet, length), expected);
        }
    }

    #[test]
    fn id_and_separator_are_in_the_pattern() {
        let format = KeyFormat {
            separator: Some("_".to_owned()),
            prefix: "ak_".to_owned(),
            length: None,
            alphabet: None,
            checksum: None,
            examples: Vec::new(),
        };
        let expected = r"\b(ak_[0-9A-Za-z-]+_[0-9A-Za-z_-]{12,})";
        assert_eq!(format.pattern(), expected);
    }
}
