//! The forms in which a server may repeat a secret that was sent to it.

use serde_json::Value;
use url::form_urlencoded::byte_serialize;

use crate::domain::Secret;

/// Returns the secret itself, then its encodings that differ from it: of a form, of a URL, and of a JSON string, in which
/// quotation marks and backslashes are escaped and slashes may be.
pub(super) fn echoed_forms(secret: &Secret) -> Vec<String> {
    let text = secret.expose();
    let form: String = byte_serialize(text.as_bytes()).collect();
    let url = form.replace('+', "%20");
    let json = Value::from(text).to_string();
    let json = json[1..json.len() - 1].to_owned();
    let json_with_slashes = json.replace('/', "\\/");
    let mut forms = vec![text.to_owned()];
    for encoded in [form, url, json, json_with_slashes] {
        if !forms.contains(&encoded) {
            forms.push(encoded);
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_of_a_secret_is_returned_once() {
        for (secret, forms) in [
            ("plain-key", &["plain-key"][..]),
            ("a/b", &["a/b", "a%2Fb", "a\\/b"]),
            (
                "a b\"/",
                &[
                    "a b\"/",
                    "a+b%22%2F",
                    "a%20b%22%2F",
                    "a b\\\"/",
                    "a b\\\"\\/",
                ],
            ),
        ] {
            assert_eq!(echoed_forms(&Secret::new(secret)), forms);
        }
    }
}
