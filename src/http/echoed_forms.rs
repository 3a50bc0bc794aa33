//! The forms in which a server may repeat a secret that was sent to it.

use serde_json::Value;
use url::form_urlencoded::byte_serialize;

use crate::domain::Secret;

/// Returns the secret itself, then its encodings that differ from it: of a form, of a query or a path of a URL, and of a JSON
/// string, in which quotation marks and backslashes are escaped and slashes may be.
pub(super) fn echoed_forms(secret: &Secret) -> Vec<String> {
    let text = secret.expose();
    let form: String = byte_serialize(text.as_bytes()).collect();
    let url = form.replace('+', "%20");
    let path = url.replace("%2F", "/");
    let json = Value::from(text).to_string();
    let json = json[1..json.len() - 1].to_owned();
    let json_with_slashes = json.replace('/', "\\/");
    let mut forms = vec![text.to_owned()];
    // RFC 3986 §2.1: the case of the digits has no meaning.
    let lower_case = [&form, &url, &path].map(|text| with_lower_case_escapes(text));
    let encoded = [form, url, path, json, json_with_slashes];
    for encoded in encoded.into_iter().chain(lower_case) {
        if !forms.contains(&encoded) {
            forms.push(encoded);
        }
    }
    forms
}

/// Returns `%2f` for `%2F`.
fn with_lower_case_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let mut lower_case = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (escape, rest) = part.split_at(part.len().min(2));
        lower_case.push('%');
        lower_case.push_str(&escape.to_ascii_lowercase());
        lower_case.push_str(rest);
    }
    lower_case
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_of_a_secret_is_returned_once() {
        for (secret, forms) in [
            ("plain-key", &["plain-key"][..]),
            ("a/b", &["a/b", "a%2Fb", "a\\/b", "a%2fb"]),
            (
                "A+/",
                &["A+/", "A%2B%2F", "A%2B/", "A+\\/", "A%2b%2f", "A%2b/"],
            ),
            (
                "a b\"/",
                &[
                    "a b\"/",
                    "a+b%22%2F",
                    "a%20b%22%2F",
                    "a%20b%22/",
                    "a b\\\"/",
                    "a b\\\"\\/",
                    "a+b%22%2f",
                    "a%20b%22%2f",
                ],
            ),
        ] {
            assert_eq!(echoed_forms(&Secret::new(secret)), forms);
        }
    }
}
