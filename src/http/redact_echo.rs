//! Redacts from a response the secrets that its request contained. Some servers quote a rejected token in the error body,
//! or store it in a list; without this it would reach messages, logs and bug reports.

use std::borrow::Cow;
use std::cmp::Reverse;

use ::http::HeaderValue;
use serde_json::{Map, Value};

use super::Response;
use super::echoed_forms::echoed_forms;
use crate::domain::{Secret, sanitize_line};

/// Replaces a redacted secret.
pub(super) const MASK: &str = "[secret]";

/// In successful responses, whose values are used, a shorter secret is only redacted where it is the whole text: inside a
/// longer text the match could be a coincidence, and the value would be lost.
pub(super) const MIN_LENGTH_IN_SUCCESS: usize = 8;

/// The encodings of one secret that a server may echo.
struct SecretForms {
    forms: Vec<String>,
    number: Option<f64>,
    is_part_redacted: bool,
}

/// JSON pointers, as lists of segments (`*` matches any), at which a successful response contains issued secrets. Values
/// there are kept.
type IssuedPaths<'a> = &'a [Vec<String>];

impl Response {
    /// Replaces `secrets` in the headers and the body: in unescaped member names, strings and numbers of JSON, and
    /// anywhere in other text. In a successful response the values at `issued_pointers` are not changed, because a refresh may
    /// return the same token.
    pub(super) fn redact_secrets(mut self, secrets: &[Secret], issued_pointers: &[String]) -> Self {
        if secrets.is_empty() {
            return self;
        }
        let is_success = self.is_success();
        let mut secrets_to_redact: Vec<SecretForms> = secrets
            .iter()
            .map(|it| SecretForms::new(it, is_success))
            .collect();
        // A short secret may be a part of a longer one, of which the rest would remain.
        secrets_to_redact.sort_by_key(|secret| Reverse(secret.forms[0].len()));
        for value in self.headers.values_mut() {
            let redacted = value
                .to_str()
                .ok()
                .and_then(|text| redact_text(text, &secrets_to_redact));
            if let Some(redacted) = redacted.and_then(|text| HeaderValue::from_str(&text).ok()) {
                *value = redacted;
            }
        }
        let issued_pointers = if is_success { issued_pointers } else { &[] };
        if let Some(body) = self.redacted_body(&secrets_to_redact, issued_pointers) {
            self.body = body.into_bytes().into();
        }
        self
    }

    /// Returns the body without secrets; `None` if it has none.
    fn redacted_body(
        &self,
        secrets_to_redact: &[SecretForms],
        issued_pointers: &[String],
    ) -> Option<String> {
        if is_certainly_clean(&self.body, secrets_to_redact) {
            return None;
        }
        let Some(mut body) = self.json() else {
            return redact_text(&String::from_utf8_lossy(&self.body), secrets_to_redact);
        };
        let issued_paths = issued_pointers.iter().map(|it| pointer_segments(it));
        let issued_paths: Vec<Vec<String>> = issued_paths.collect();
        redact_value(&mut body, secrets_to_redact, &issued_paths).then(|| body.to_string())
    }
}

impl SecretForms {
    fn new(secret: &Secret, is_success: bool) -> Self {
        let text = secret.expose();
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        Self {
            forms: echoed_forms(secret),
            number: text.parse().ok().filter(|_| is_number),
            is_part_redacted: !is_success || text.len() >= MIN_LENGTH_IN_SUCCESS,
        }
    }

    fn occurs_in(&self, text: &str) -> bool {
        self.forms.iter().any(|form| {
            if self.is_part_redacted {
                text.contains(form.as_str())
            } else {
                text == form
            }
        })
    }
}

/// Returns true if a body certainly holds no secret: plain ASCII without escapes, and without any form of a secret. This
/// avoids parsing long lists twice.
fn is_certainly_clean(body: &[u8], secrets_to_redact: &[SecretForms]) -> bool {
    let Ok(text) = std::str::from_utf8(body) else {
        return false;
    };
    let is_plain_text = body.iter().all(|byte| {
        let is_plain = (b' '..=b'~').contains(byte) || matches!(byte, b'\n' | b'\r' | b'\t');
        is_plain && *byte != b'\\'
    });
    let may_hold = |secret: &SecretForms| {
        secret.number.is_some() || secret.forms.iter().any(|form| text.contains(form.as_str()))
    };
    is_plain_text && !secrets_to_redact.iter().any(may_hold)
}

/// Redacts every member name, string and number in `value`; returns true if any was redacted.
fn redact_value(
    value: &mut Value,
    secrets_to_redact: &[SecretForms],
    issued_paths: IssuedPaths<'_>,
) -> bool {
    if issued_paths.iter().any(Vec::is_empty) {
        return false;
    }
    match value {
        Value::String(text) => match redact_text(text, secrets_to_redact) {
            Some(clean) => {
                *text = clean;
                true
            }
            None => false,
        },
        Value::Number(number) => {
            let text = number.to_string();
            let equals = |secret: &SecretForms| is_nearly_equal(secret.number, number.as_f64());
            // A short number may equal a lifetime or a count by coincidence.
            let mut long = secrets_to_redact
                .iter()
                .filter(|secret| secret.is_part_redacted);
            let is_secret = long.any(|secret| secret.occurs_in(&text) || equals(secret));
            if is_secret {
                *value = Value::from(MASK);
            }
            is_secret
        }
        Value::Array(items) => items
            .iter_mut()
            .enumerate()
            .fold(false, |found, (at, item)| {
                redact_value(
                    item,
                    secrets_to_redact,
                    &paths_below(issued_paths, &at.to_string()),
                ) | found
            }),
        Value::Object(members) => redact_members(members, secrets_to_redact, issued_paths),
        Value::Null | Value::Bool(_) => false,
    }
}

/// Returns true if two numbers are equal except for the last digits, which a long number loses as an `f64`.
fn is_nearly_equal(one: Option<f64>, other: Option<f64>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return false;
    };
    (one - other).abs() <= one.abs() * 1e-14
}

fn redact_members(
    members: &mut Map<String, Value>,
    secrets_to_redact: &[SecretForms],
    issued_paths: IssuedPaths<'_>,
) -> bool {
    let mut found = false;
    let clean = std::mem::take(members)
        .into_iter()
        .map(|(name, mut value)| {
            let below = paths_below(issued_paths, &name);
            found |= redact_value(&mut value, secrets_to_redact, &below);
            // Names on the path to an issued secret are the service's own field names.
            let name = match redact_text(&name, secrets_to_redact).filter(|_| below.is_empty()) {
                Some(clean) => {
                    found = true;
                    clean
                }
                None => name,
            };
            (name, value)
        });
    *members = clean.collect();
    found
}

/// Returns the rest of each path that continues through the member or item called `name`.
fn paths_below(issued_paths: IssuedPaths<'_>, name: &str) -> Vec<Vec<String>> {
    let through = issued_paths.iter().filter_map(|steps| {
        let (first, rest) = steps.split_first()?;
        (first == name || first == "*").then(|| rest.to_vec())
    });
    through.collect()
}

/// Returns the segments of a JSON pointer (RFC 6901 §4).
fn pointer_segments(pointer: &str) -> Vec<String> {
    let steps = pointer.split('/').skip(1);
    steps
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// Returns `text` with the secrets replaced; `None` if it holds none. Control characters are removed first, since one may
/// split a secret.
fn redact_text(text: &str, secrets_to_redact: &[SecretForms]) -> Option<String> {
    let is_plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let text: Cow<'_, str> = if is_plain {
        text.into()
    } else {
        sanitize_line(text).into()
    };
    let mut clean = None;
    for secret in secrets_to_redact
        .iter()
        .filter(|secret| secret.occurs_in(&text))
    {
        let before: &str = clean.as_deref().unwrap_or(&text);
        let after = secret.forms.iter().fold(before.to_owned(), |text, form| {
            if secret.is_part_redacted {
                text.replace(form.as_str(), MASK)
            } else if text == *form {
                MASK.to_owned()
            } else {
                text
            }
        });
        clean = Some(after);
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    use crate::http::testing::{response, response_with_header};

    fn redact_key(received: Response) -> Response {
        received.redact_secrets(&[Secret::new("hunter2-key")], &[])
    }

    fn redact_json(status: u16, body: &Value) -> Value {
        redact_key(response(status, &body.to_string()))
            .json()
            .unwrap()
    }

    #[test]
    fn a_short_secret_inside_a_longer_one_leaves_nothing_of_it() {
        let secrets = [Secret::new("123456"), Secret::new("key-0123456789")];
        let quoted = response(401, "key-0123456789 and 123456 are wrong");
        let redacted = quoted.redact_secrets(&secrets, &[]);
        assert_eq!(redacted.body.as_slice(), b"[secret] and [secret] are wrong");
    }

    #[test]
    fn error_body_that_quotes_the_credential_is_redacted() {
        let quoted =
            r#"{"error":["no such key: \u0068unter2-key"],"ok":{"n":1,"of":"hunter2\u0000-key"}}"#;
        let redacted = redact_key(response(401, quoted)).json().unwrap();
        let expected =
            json!({"error": ["no such key: [secret]"], "ok": {"n": 1, "of": "[secret]"}});
        assert_eq!(redacted, expected);
        let plain = redact_key(response(400, "hunter2-key is unknown"));
        assert_eq!(plain.body.as_slice(), b"[secret] is unknown");
        let quoted = response_with_header(200, "x-request-id", "hunter2-key-7");
        assert_eq!(
            redact_key(quoted).request_id().as_deref(),
            Some("[secret]-7")
        );
        for written in [
            "pass+w%22ord",
            "pass%20w%22ord",
            "pass w\"ord",
            "pass w\\\"ord",
        ] {
            let quoted = response_with_header(302, "location", written);
            let redacted = quoted.redact_secrets(&[Secret::new("pass w\"ord")], &[]);
            assert_eq!(redacted.header("location"), Some(MASK), "{written}");
        }
    }

    #[test]
    fn member_names_and_numbers_are_redacted() {
        for status in [200, 400] {
            let quoted = json!({"fields": {"hunter2-key": "is wrong", "of hunter2-key": 1}});
            let expected = json!({"fields": {"[secret]": "is wrong", "of [secret]": 1}});
            assert_eq!(redact_json(status, &quoted), expected);
            for (secret, body) in [
                ("4711471147114711", r#"{"n":4711471147114711}"#),
                ("4711471147114711", r#"{"n":4.711471147114711e15}"#),
                (
                    "471147114711471147114711",
                    r#"{"n":471147114711471147114711}"#,
                ),
                ("47114711", r#"{"n":-47114711}"#),
            ] {
                let redacted = response(status, body).redact_secrets(&[Secret::new(secret)], &[]);
                assert_eq!(redacted.json().unwrap(), json!({"n": MASK}), "{body}");
            }
        }
    }

    #[test]
    fn success_keeps_issued_secrets_and_redacts_echoes() {
        let body = json!({"data": {"refresh_token": "hunter2-key", "name": "hunter2-key"}});
        let kept = ["/data/refresh_token".to_owned()];
        let redacted =
            response(200, &body.to_string()).redact_secrets(&[Secret::new("hunter2-key")], &kept);
        let expected = json!({"data": {"refresh_token": "hunter2-key", "name": "[secret]"}});
        assert_eq!(redacted.json().unwrap(), expected);
        let listed = json!({"keys": [{"key": "hunter2-key", "name": "hunter2-key"}]});
        let kept = ["/keys/*/key".to_owned()];
        let redacted =
            response(200, &listed.to_string()).redact_secrets(&[Secret::new("hunter2-key")], &kept);
        let expected = json!({"keys": [{"key": "hunter2-key", "name": "[secret]"}]});
        assert_eq!(redacted.json().unwrap(), expected);
        let refused = response(400, &listed.to_string());
        let redacted = refused.redact_secrets(&[Secret::new("hunter2-key")], &kept);
        assert!(!String::from_utf8_lossy(&redacted.body).contains("hunter2"));
    }

    #[test]
    fn short_secret_is_redacted_in_a_success_only_as_a_whole_value() {
        let body = json!({"token": "bm_tokenabc", "user": {"email": "token"}});
        let kept = ["/token".to_owned()];
        let redacted =
            response(200, &body.to_string()).redact_secrets(&[Secret::new("token")], &kept);
        let expected = json!({"token": "bm_tokenabc", "user": {"email": "[secret]"}});
        assert_eq!(redacted.json().unwrap(), expected);
    }

    #[test]
    fn body_without_secrets_is_unchanged() {
        let body = "{\"n\" : 1.0,\n \"name\":\"ci\"}";
        assert_eq!(
            redact_key(response(200, body)).body.as_slice(),
            body.as_bytes()
        );
    }
}
