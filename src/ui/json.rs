//! JSON as text that is safe to print: characters that control a terminal are escaped, which changes no value.

use std::fmt::Write as _;

use serde::Serialize;

use crate::domain::sanitize_text;

/// Serializes `value`: indented or on one line, and with `ascii` in ASCII only.
pub(super) fn to_text(
    value: &impl Serialize,
    indented: bool,
    ascii: bool,
) -> Result<String, serde_json::Error> {
    let text = if indented {
        serde_json::to_string_pretty(value)
    } else {
        serde_json::to_string(value)
    }?;
    Ok(escape(text, ascii))
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
            let text = to_text(&value, false, ascii).unwrap();
            assert_eq!(
                serde_json::from_str::<serde_json::Value>(&text).unwrap(),
                value
            );
            assert!(!text.contains(['\u{9b}', '\u{202e}', '\u{7f}', '\u{1b}']));
            assert_eq!(text.is_ascii(), ascii);
        }
    }

    #[test]
    fn compact_json_is_one_line() {
        assert_eq!(to_text(&[1, 2], false, false).unwrap(), "[1,2]");
        assert!(to_text(&[1, 2], true, false).unwrap().contains('\n'));
    }
}
