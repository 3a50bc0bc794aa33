//! JSON as text that is safe to print: characters that control a terminal are escaped, which changes no value.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;
use zeroize::Zeroizing;

use super::OutputError;
use crate::domain::sanitize_text;

/// A JSON document on one line. It may contain a secret.
pub struct Document(Zeroizing<Vec<u8>>);

impl Document {
    /// Serializes `value`. No other function does, because every type of value gets its own code for each kind of serializer.
    ///
    /// # Errors
    /// If the value cannot be serialized.
    pub fn new(value: &impl Serialize) -> Result<Self, OutputError> {
        let bytes = serde_json::to_vec(value).map_err(|error| OutputError::Failed(error.into()))?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// Returns true if the document has a secret that is shown once.
    pub fn has_secret(&self) -> bool {
        let document = serde_json::from_slice::<Value>(&self.0);
        document.is_ok_and(|document| document["secret"].is_string())
    }

    /// Returns the document with a secret that differs in its last character only: a filter may select it by its form.
    pub(super) fn with_other_secret(&self) -> Option<Self> {
        let mut document = serde_json::from_slice::<Value>(&self.0).ok()?;
        let secret = Zeroizing::new(document["secret"].as_str()?.to_owned());
        let (start, last) = secret.split_at(secret.char_indices().next_back()?.0);
        let other = match last {
            "a" => "b",
            "A" => "B",
            "1" => "2",
            _ if last.chars().all(|c| c.is_ascii_digit()) => "1",
            _ if last.chars().all(|c| c.is_ascii_uppercase()) => "A",
            _ => "a",
        };
        document["secret"] = format!("{start}{other}").into();
        Self::new(&document).ok()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the document as text that is safe to print, with `ascii` in ASCII only.
    pub(super) fn text(&self, ascii: bool) -> Zeroizing<String> {
        Zeroizing::new(escape(String::from_utf8_lossy(&self.0).into_owned(), ascii))
    }
}

/// Escapes DEL, the C1 controls and the marks that reorder text; `serde_json` escapes the C0 controls only. They occur in
/// strings only, where RFC 8259 §7 allows any character to be escaped.
pub(super) fn escape(text: String, ascii: bool) -> String {
    if text.is_ascii() && !text.contains('\u{7f}') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let is_safe = c.is_ascii() && c != '\u{7f}'
            || !ascii && !sanitize_text(c.encode_utf8(&mut [0; 4])).is_empty();
        if is_safe {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaping_changes_no_value() {
        let value = serde_json::json!({"a": "\u{9b}31m \u{202e}x \u{7f} José 🔑 \u{1b}\n"});
        for ascii in [false, true] {
            let text = Document::new(&value).unwrap().text(ascii);
            assert_eq!(
                serde_json::from_str::<serde_json::Value>(&text).unwrap(),
                value
            );
            assert!(!text.contains(['\u{9b}', '\u{202e}', '\u{7f}', '\u{1b}']));
            assert_eq!(text.is_ascii(), ascii);
        }
    }
}
