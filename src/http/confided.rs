//! What was sent in confidence does not come back in words: some servers quote what they refuse, and quoted it would end in
//! a message, a log or a bug report.

use ::http::HeaderValue;
use serde_json::Value;
use url::form_urlencoded::byte_serialize;

use super::Answer;
use crate::domain::{Secret, one_line};

/// Stands where a secret stood.
const MASK: &str = "[secret]";

impl Answer {
    /// This answer without `secrets` in its headers and, unless it is a success, in its body: in the texts of JSON after their
    /// escapes are undone, else anywhere. A success may have to hold one: a refresh may answer with the very token that was
    /// sent. Where `nothing` is handed out, it is no exception.
    pub(super) fn without(mut self, secrets: &[Secret], nothing: bool) -> Self {
        if secrets.is_empty() {
            return self;
        }
        for value in self.headers.values_mut() {
            let masked = value.to_str().ok().and_then(|text| masked(text, secrets));
            if let Some(masked) = masked.and_then(|text| HeaderValue::from_str(&text).ok()) {
                *value = masked;
            }
        }
        if self.is_success() && !nothing {
            return self;
        }
        let body = match self.json() {
            Some(mut body) => mask(&mut body, secrets).then(|| body.to_string()),
            None => masked(&String::from_utf8_lossy(&self.body), secrets),
        };
        if let Some(body) = body {
            self.body = body.into_bytes().into();
        }
        self
    }
}

/// Masks every text in `value`; whether there was one to mask.
fn mask(value: &mut Value, secrets: &[Secret]) -> bool {
    match value {
        Value::String(text) => match masked(text, secrets) {
            Some(clean) => {
                *text = clean;
                true
            }
            None => false,
        },
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |found, item| mask(item, secrets) | found),
        Value::Object(members) => members
            .values_mut()
            .fold(false, |found, member| mask(member, secrets) | found),
        _ => false,
    }
}

/// `text` without `secrets`; `None` where it holds none. It is cleaned first: what a terminal is not shown could have stood in
/// the middle of a secret.
fn masked(text: &str, secrets: &[Secret]) -> Option<String> {
    let text = one_line(text);
    let clean = secrets.iter().fold(text.clone(), |text, secret| {
        let form: String = byte_serialize(secret.expose().as_bytes()).collect();
        let percent = form.replace('+', "%20");
        [secret.expose(), &form, &percent]
            .iter()
            .fold(text, |text, word| text.replace(word, MASK))
    });
    (clean != text).then_some(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::http::testing::{answer, answer_with};

    fn without(answer: Answer) -> Answer {
        answer.without(&[Secret::new("hunter2-key")], false)
    }

    #[test]
    fn a_refusal_that_quotes_the_credential_quotes_nothing() {
        let quoted =
            r#"{"error":["no such key: \u0068unter2-key"],"ok":{"n":1,"of":"hunter2\u0000-key"}}"#;
        let told = without(answer(401, quoted)).json().unwrap();
        let expected = serde_json::json!({"error": ["no such key: [secret]"], "ok": {"n": 1, "of": "[secret]"}});
        assert_eq!(told, expected);
        let plain = without(answer(400, "hunter2-key is unknown"));
        assert_eq!(plain.body.as_slice(), b"[secret] is unknown");
        let quoted = answer_with(200, "x-request-id", "hunter2-key-7");
        assert_eq!(without(quoted).request_id().as_deref(), Some("[secret]-7"));
        for written in ["pass+w%22ord", "pass%20w%22ord", "pass w\"ord"] {
            let quoted = answer_with(302, "location", written);
            let told = quoted.without(&[Secret::new("pass w\"ord")], false);
            assert_eq!(told.header("location"), Some(MASK), "{written}");
        }
    }

    #[test]
    fn a_success_keeps_the_token_that_it_hands_out_again() {
        let same = r#"{"refresh_token":"hunter2-key"}"#;
        assert_eq!(without(answer(200, same)).body.as_slice(), same.as_bytes());
        let nothing = answer(200, same).without(&[Secret::new("hunter2-key")], true);
        assert_eq!(nothing.body.as_slice(), br#"{"refresh_token":"[secret]"}"#);
    }
}
