//! Parses challenges: what a server requires of a client that it rejects (RFC 9110 §11.6.1).

use ::http::HeaderMap;
use ::http::header::WWW_AUTHENTICATE;

/// One challenge of a `WWW-Authenticate` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// In lower case.
    pub scheme: String,
    /// What follows the scheme in the place of parameters (RFC 9110 §11.2).
    pub token68: Option<String>,
    /// The names in lower case. Of a repeated name, the first counts.
    parameters: Vec<(String, String)>,
}

impl Challenge {
    fn new(scheme: &str, token68: Option<&str>) -> Self {
        Self {
            scheme: scheme.to_ascii_lowercase(),
            token68: token68.map(str::to_owned),
            parameters: Vec::new(),
        }
    }

    /// Returns the value of a parameter, unquoted.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Returns the challenges of all `WWW-Authenticate` headers, in their order. Text that is not a challenge is skipped up to
/// the next comma.
pub fn challenges(headers: &HeaderMap) -> Vec<Challenge> {
    let values = headers.get_all(WWW_AUTHENTICATE).iter();
    values
        .flat_map(|value| parse_challenges(&String::from_utf8_lossy(value.as_bytes())))
        .collect()
}

/// Parses one header. A comma separates challenges as well as parameters: a word before `=` is a parameter, any other one
/// is a scheme.
fn parse_challenges(text: &str) -> Vec<Challenge> {
    let mut found: Vec<Challenge> = Vec::new();
    let mut cursor = Cursor { rest: text };
    loop {
        cursor.take_while(|c| is_space(c) || c == ',');
        if cursor.rest.is_empty() {
            return found;
        }
        let word = cursor.take_while(is_token_character);
        cursor.take_while(is_space);
        match found.last_mut() {
            _ if word.is_empty() => cursor.skip_element(),
            Some(challenge) if cursor.take('=') => {
                let value = cursor.parameter_value();
                let parameter = value.map(|value| (word.to_ascii_lowercase(), value));
                challenge.parameters.extend(parameter);
            }
            _ => found.push(Challenge::new(word, cursor.token68())),
        }
    }
}

struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn take_while(&mut self, is_wanted: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !is_wanted(c));
        let (taken, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn take(&mut self, expected: char) -> bool {
        let rest = self.rest.strip_prefix(expected);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Skips malformed text up to the next comma.
    fn skip_element(&mut self) {
        self.take_while(|c| c != ',');
    }

    /// Takes a token68, which ends at a comma or at the end of the header; otherwise it is a parameter or a scheme.
    fn token68(&mut self) -> Option<&'a str> {
        let mut ahead = Cursor { rest: self.rest };
        let length = ahead.take_while(is_token68_character).len();
        let padding = ahead.take_while(|c| c == '=').len();
        let rest = ahead.rest.trim_start_matches(is_space);
        if length == 0 || !(rest.is_empty() || rest.starts_with(',')) {
            return None;
        }
        let (token, _) = self.rest.split_at(length + padding);
        self.rest = rest;
        Some(token)
    }

    /// Takes a token or a quoted string. Some servers send URLs without quotes. Returns `None` for a quoted string without
    /// its end.
    fn parameter_value(&mut self) -> Option<String> {
        self.take_while(is_space);
        if !self.take('"') {
            let value = self.take_while(|c| c != ',' && !is_space(c));
            return Some(value.to_owned());
        }
        let mut value = String::new();
        let mut characters = self.rest.chars();
        loop {
            let next = characters.next();
            match next {
                Some('"') => break,
                Some('\\') => value.extend(characters.next()),
                Some(other) => value.push(other),
                None => {
                    self.rest = "";
                    return None;
                }
            }
        }
        self.rest = characters.as_str();
        Some(value)
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

/// RFC 9110 §5.6.2.
fn is_token_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

fn is_token68_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~+/".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a challenge as `scheme token68 name=value|name=value`.
    fn show(challenge: &Challenge) -> String {
        let parameters = challenge.parameters.iter();
        let parameters: Vec<_> = parameters
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let token68 = challenge.token68.iter().cloned();
        let parts: Vec<_> = std::iter::once(challenge.scheme.clone())
            .chain(token68)
            .chain((!parameters.is_empty()).then(|| parameters.join("|")))
            .collect();
        parts.join(" ")
    }

    fn parse(text: &str) -> Vec<String> {
        parse_challenges(text).iter().map(show).collect()
    }

    #[test]
    fn rfc6750_3_challenges_are_parsed_with_several_schemes_and_quoted_strings() {
        let rows: &[(&str, &[&str])] = &[
            ("", &[]),
            (" , ,", &[]),
            ("Bearer", &["bearer"]),
            ("Bearer, Basic", &["bearer", "basic"]),
            (r#"Bearer realm="a""#, &["bearer realm=a"]),
            (
                r#"Bearer resource_metadata="https://a.b/x?y=1,2", scope="a b", error="invalid_token""#,
                &["bearer resource_metadata=https://a.b/x?y=1,2|scope=a b|error=invalid_token"],
            ),
            (
                r#"Digest realm="x, y", qop="auth,auth-int", Bearer error=invalid_token"#,
                &[
                    "digest realm=x, y|qop=auth,auth-int",
                    "bearer error=invalid_token",
                ],
            ),
            (
                r#"Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple""#,
                &[
                    r#"newauth realm=apps|type=1|title=Login to "apps""#,
                    "basic realm=simple",
                ],
            ),
            (
                "Negotiate YII=, Bearer a=b",
                &["negotiate YII=", "bearer a=b"],
            ),
            ("Negotiate a/b+c==", &["negotiate a/b+c=="]),
            ("BEARER Scope = \"x\"", &["bearer scope=x"]),
            (
                "Bearer scope=\"a\",scope=\"b\"",
                &["bearer scope=a|scope=b"],
            ),
            ("Bearer realm=\"\\\\\"", &["bearer realm=\\"]),
            ("Bearer realm=\"\", x=y", &["bearer realm=|x=y"]),
        ];
        for (text, expected) in rows {
            assert_eq!(parse(text), *expected, "{text}");
        }
    }

    #[test]
    fn malformed_text_is_skipped() {
        let rows: &[(&str, &[&str])] = &[
            (r#"Bearer realm="never closed, x=y"#, &["bearer"]),
            (r#"Bearer realm="escape at the end\"#, &["bearer"]),
            ("\"x\", Bearer a=b", &["bearer a=b"]),
            ("Bearer ()=x, a=b", &["bearer a=b"]),
            ("Bearer a=b c=d", &["bearer a=b|c=d"]),
            (
                "Bearer resource_metadata=https://a.b/x, scope=y",
                &["bearer resource_metadata=https://a.b/x|scope=y"],
            ),
            ("Bearer ä=1, b=2", &["bearer b=2"]),
            ("=", &[]),
        ];
        for (text, expected) in rows {
            assert_eq!(parse(text), *expected, "{text}");
        }
        assert_eq!(parse(&"a,".repeat(10_000)).len(), 10_000);
    }

    #[test]
    fn several_headers_are_read_in_order_and_the_first_of_a_repeated_parameter_counts() {
        let mut headers = HeaderMap::new();
        for value in ["Basic realm=\"x\"", "Bearer scope=\"a\", scope=\"b\""] {
            headers.append(WWW_AUTHENTICATE, value.parse().unwrap());
        }
        let found = challenges(&headers);
        assert_eq!(found[0].scheme, "basic");
        assert_eq!(found[1].parameter("scope"), Some("a"));
        assert_eq!(found[1].parameter("realm"), None);
    }
}
