//! Which permission or scope a service misses, where its answer names one.

use crate::domain::one_line;
use crate::http::Answer;
use crate::provider::Descriptor;

/// What `answer` names: by a bearer challenge (RFC 6750 §3), or in its `message` by one of the words that the service's
/// tokens know.
pub(super) fn missing(
    descriptor: &Descriptor,
    answer: &Answer,
    message: Option<&str>,
) -> Vec<String> {
    let challenge = answer.header("www-authenticate").and_then(challenged);
    if let Some(scope) = challenge {
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
        let found = found.filter(|word| stands_beside(&message, word, what));
        found.map(move |word| format!("{what} {word}"))
    });
    named.collect()
}

/// What to do about it.
pub(super) fn advice(missing: &[String]) -> Option<String> {
    (!missing.is_empty()).then(|| {
        let missing = missing.join(", ");
        format!("it names what is missing: {missing}; use a token that has it")
    })
}

/// The scope of a challenge: `Bearer error="insufficient_scope", scope="a b"`.
fn challenged(header: &str) -> Option<String> {
    let after = header.split_once("scope=\"")?.1;
    let scope = one_line(after.split_once('"')?.0);
    (!scope.is_empty()).then_some(scope)
}

/// Whether `word` stands right before or after `what`: "permission: write", "the write permission".
fn stands_beside(text: &str, word: &str, what: &str) -> bool {
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

    #[test]
    fn a_challenge_names_its_scope_and_words_count_beside_what_they_are() {
        let header = "Bearer realm=\"x\", error=\"insufficient_scope\", scope=\"a b\"";
        assert_eq!(challenged(header).as_deref(), Some("a b"));
        assert_eq!(challenged("Bearer"), None);
        for named in [
            "lacks the 'write' permission",
            "permission: write",
            "write permissions",
        ] {
            assert!(stands_beside(named, "write", "permission"), "{named}");
        }
        assert!(!stands_beside(
            "you may write; permission denied later",
            "write",
            "scope"
        ));
        assert!(!stands_beside(
            "the user lacks scope articles",
            "user",
            "scope"
        ));
    }
}
