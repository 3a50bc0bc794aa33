//! Finds the missing permission or scope that an error response names.

use crate::domain::{Hint, sanitize_line};
use crate::http::{Response, challenges};
use crate::provider::Descriptor;

/// Returns what `response` names as missing: in a bearer challenge (RFC 6750 §3), or in its `message` as one of the
/// described permissions and scopes.
pub(super) fn find_missing(
    descriptor: &Descriptor,
    response: &Response,
    message: Option<&str>,
) -> Vec<String> {
    if let Some(scope) = challenged_scope(response) {
        return vec![format!("scope {scope}")];
    }
    let (Some(message), Some(call)) = (message, &descriptor.tokens.create) else {
        return Vec::new();
    };
    let message = message.to_lowercase();
    let limits = &call.limits;
    let kinds = [
        ("permission", &limits.permissions),
        ("scope", &limits.scopes),
    ];
    let named = kinds.iter().flat_map(|(what, limit)| {
        let found = limit.allowed.iter();
        let found = found.filter(|word| is_adjacent(&message, word, what));
        found.map(move |word| format!("{what} {word}"))
    });
    named.collect()
}

/// Returns the hint for the missing permissions and scopes.
pub(super) fn missing_scope_hint(missing: &[String]) -> Option<Hint> {
    (!missing.is_empty()).then(|| {
        let missing = missing.join(", ");
        Hint::from(format!(
            "missing according to the service: {missing}; use a token that has it"
        ))
    })
}

/// Returns the scope of a challenge: `Bearer error="insufficient_scope", scope="a b"`.
fn challenged_scope(response: &Response) -> Option<String> {
    let challenges = challenges(&response.headers);
    let mut scopes = challenges.iter().filter_map(|it| it.parameter("scope"));
    let scope = sanitize_line(scopes.next()?);
    (!scope.is_empty()).then_some(scope)
}

/// Returns true if `word` is directly before or after `what`: "permission: write", "the write permission".
fn is_adjacent(text: &str, word: &str, what: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.windows(2).any(|pair| {
        (pair[0] == word && pair[1].starts_with(what))
            || (pair[0].starts_with(what) && pair[1] == word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::testing::response_with_header;

    #[test]
    fn scope_is_found_in_a_challenge_or_next_to_its_kind() {
        let scope =
            |header: &str| challenged_scope(&response_with_header(403, "www-authenticate", header));
        let header = "Bearer realm=\"x\", error=\"insufficient_scope\", scope=\"a b\"";
        assert_eq!(scope(header).as_deref(), Some("a b"));
        assert_eq!(scope("Bearer"), None);
        for named in [
            "lacks the 'write' permission",
            "permission: write",
            "write permissions",
        ] {
            assert!(is_adjacent(named, "write", "permission"), "{named}");
        }
        assert!(!is_adjacent(
            "you may write; permission denied later",
            "write",
            "scope"
        ));
        assert!(!is_adjacent(
            "the user lacks scope articles",
            "user",
            "scope"
        ));
    }
}
