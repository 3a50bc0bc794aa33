//! Finds values that are a key because of the name in front of them: `…_API_KEY=…`, `Authorization: Token …`.

use std::ops::Range;

use super::alphabet::{is_key_character, is_word, run_length};
use super::placeholder::is_random;
use crate::domain::ProviderId;

/// How far a value is from its name, including quotes, spaces and a line break.
const MAX_GAP: usize = 64;
const MIN_LENGTH: usize = 20;
const MAX_LENGTH: usize = 512;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Context {
    name: String,
    /// The word between a header and its key.
    scheme: Option<String>,
    is_header: bool,
    pub(super) providers: Vec<ProviderId>,
}

impl Context {
    pub(super) fn variable(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            scheme: None,
            is_header: false,
            providers: Vec::new(),
        }
    }

    pub(super) fn header(name: &str, scheme: Option<&str>) -> Self {
        Self {
            name: name.to_owned(),
            scheme: scheme.map(str::to_ascii_lowercase),
            is_header: true,
            providers: Vec::new(),
        }
    }

    /// Adds `context` for `provider`. Services with the same variable or header share one.
    pub(super) fn add(contexts: &mut Vec<Self>, context: Self, provider: &ProviderId) {
        let is_same = |it: &&mut Self| it.name == context.name && it.scheme == context.scheme;
        match contexts.iter_mut().find(is_same) {
            Some(shared) => shared.providers.push(provider.clone()),
            None => contexts.push(Self {
                providers: vec![provider.clone()],
                ..context
            }),
        }
    }

    /// Returns the texts to search. A header name has any case, of which three are common.
    pub(super) fn spellings(&self) -> Vec<String> {
        if !self.is_header {
            return vec![self.name.clone()];
        }
        let mut all = vec![
            self.name.clone(),
            self.name.to_ascii_lowercase(),
            self.name.to_ascii_uppercase(),
        ];
        all.dedup();
        all
    }

    /// Returns where the value is, if one follows the name at `at`.
    pub(super) fn find_value(&self, text: &[u8], at: usize) -> Option<Range<usize>> {
        let before = at.checked_sub(1).map(|before| text[before]);
        if before.is_some_and(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let after = at + self.name.len();
        if text.get(after).is_some_and(|byte| is_word(*byte)) {
            return None;
        }
        let gap = Gap::read(&text[after..], self.scheme.as_deref());
        let start = after + gap.length;
        let is_announced = if self.scheme.is_some() {
            gap.has_scheme
        } else {
            gap.has_sign
        };
        let length = run_length(&text[start..], is_key_character);
        let end = start + length;
        let is_part = matches!(
            text.get(end),
            Some(b'.' | b'/' | b':' | b'@' | b'+' | b'(' | b'{' | b'$' | b'[')
        );
        let value = std::str::from_utf8(&text[start..end]).ok()?;
        let is_key =
            is_announced && !is_part && length <= MAX_LENGTH && is_random(value, MIN_LENGTH);
        is_key.then_some(start..end)
    }
}

/// The text between a name and its value.
#[derive(Debug, Default)]
struct Gap {
    length: usize,
    /// Whether it has an equals sign, a colon or a similar one.
    has_sign: bool,
    has_scheme: bool,
}

impl Gap {
    /// Skips quotes, brackets, spaces, signs, the word `value` (YAML, XML) and the scheme.
    fn read(text: &[u8], scheme: Option<&str>) -> Self {
        let mut gap = Self::default();
        while let Some(byte) = text.get(gap.length).filter(|_| gap.length < MAX_GAP) {
            match byte {
                b'=' | b':' | b',' | b'>' | b' ' | b'\t' => gap.has_sign = true,
                b'"' | b'\'' | b'`' | b']' | b')' | b'[' | b'(' | b'\\' | b'\r' | b'\n' | b'|'
                | b'-' => {}
                _ => match gap.read_word(text, scheme) {
                    0 => break,
                    length => {
                        gap.length += length;
                        continue;
                    }
                },
            }
            gap.length += 1;
        }
        gap
    }

    /// Returns the length of the scheme or a filler word at this position; 0 if the value begins here. Records the scheme.
    fn read_word(&mut self, text: &[u8], scheme: Option<&str>) -> usize {
        let rest = &text[self.length..];
        let starts = |word: &str| {
            let head = rest.get(..word.len());
            let is_end = rest
                .get(word.len())
                .is_some_and(|byte| !is_key_character(*byte));
            is_end && head.is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))
        };
        if let Some(scheme) = scheme.filter(|scheme| starts(scheme)) {
            self.has_scheme = true;
            return scheme.len();
        }
        let words = ["value", "token"];
        words
            .into_iter()
            .find(|word| starts(word))
            .map_or(0, str::len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "q7Tz0mWc4RkXb9LhV2sN8yPdJ5gFu3Ae";

    fn value<'t>(context: &Context, text: &'t str) -> Option<&'t str> {
        let at = text.find(&context.name)?;
        context
            .find_value(text.as_bytes(), at)
            .map(|range| &text[range])
    }

    #[test]
    fn value_of_a_variable_is_found_in_many_syntaxes() {
        let context = Context::variable("ACME_API_KEY");
        for form in [
            "ACME_API_KEY=KEY",
            "export ACME_API_KEY='KEY'",
            "VITE_ACME_API_KEY = \"KEY\"",
            "\"ACME_API_KEY\": \"KEY\",",
            "os.environ['ACME_API_KEY'] = 'KEY'",
            "setenv(\"ACME_API_KEY\", \"KEY\")",
            "- name: ACME_API_KEY\n  value: \"KEY\"",
            "<env name=\"ACME_API_KEY\" value=\"KEY\"/>",
            "ENV ACME_API_KEY KEY",
            "{\\\"ACME_API_KEY\\\": \\\"KEY\\\"}",
        ] {
            let text = form
                .replace("KEY", KEY)
                .replace(&format!("ACME_API_{KEY}"), "ACME_API_KEY");
            assert_eq!(value(&context, &text), Some(KEY), "{text}");
        }
        for text in [
            "ACME_API_KEY_FILE=/run/secrets/q7Tz0mWc4RkXb9LhV2sN8yPdJ5gFu3Ae",
            "ACME_API_KEY=${q7Tz0mWc4RkXb9LhV2sN8yPdJ5gFu3Ae}",
            "ACME_API_KEY=secrets_for_the_acme_service_1/x",
            "ACME_API_KEY=your-api-key-from-the-site-1",
            "the variable ACME_API_KEY has the key",
            "ACME_API_KEY=short1",
            "xACME_API_KEY=q7Tz0mWc4RkXb9LhV2sN8yPdJ5gFu3Ae",
        ] {
            assert_eq!(value(&context, text), None, "{text}");
        }
    }

    #[test]
    fn value_of_a_header_needs_the_scheme() {
        let context = Context::header("Authorization", Some("Token"));
        for form in [
            "Authorization: Token KEY",
            "-H 'Authorization: token KEY'",
            "{\"Authorization\": \"Token KEY\"}",
        ] {
            let text = form.replace("KEY", KEY);
            assert_eq!(value(&context, &text), Some(KEY), "{text}");
        }
        for form in [
            "Authorization: KEY",
            "Authorization: Bearer KEY",
            "Authorization: Token {KEY}",
        ] {
            assert_eq!(value(&context, &form.replace("KEY", KEY)), None, "{form}");
        }
    }
}
