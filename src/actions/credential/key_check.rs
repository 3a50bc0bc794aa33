//! Decides offline whether a text can be an API key of a service.
//!
//! Keys come from variables, `.env` files and prompts. Invalid ones are rejected before they are stored or sent, and
//! never printed.

use crate::actions::{Context, KeyFault};
use crate::domain::Secret;
use crate::provider::{Descriptor, KeyClass};

/// Words before a credential in a header that are not part of it.
const SCHEMES: &[&str] = &["bearer", "token", "basic", "apikey", "api-key"];

/// Output of programs in place of a missing value.
const EMPTY_VALUE_WORDS: &[&str] = &["null", "nil", "none", "undefined", "changeme"];

/// Returns why `key` cannot be a key of `service`.
pub(crate) fn find_key_fault(
    context: &Context,
    service: &Descriptor,
    key: &Secret,
) -> Option<KeyFault> {
    find_text_fault(key.expose()).or_else(|| find_format_fault(context, service, key))
}

fn find_text_fault(text: &str) -> Option<KeyFault> {
    let first = text.split(char::is_whitespace).next().unwrap_or_default();
    let has_more = first.len() < text.len();
    let is_scheme = SCHEMES.iter().any(|word| first.eq_ignore_ascii_case(word));
    let marks = [
        '"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}',
    ];
    if is_placeholder(text) {
        Some(KeyFault::Placeholder)
    } else if is_scheme || (has_more && first.ends_with(':')) || is_header(first) {
        Some(KeyFault::Scheme)
    } else if text.starts_with(marks) || text.ends_with(marks) {
        Some(KeyFault::Quoted)
    } else if is_assignment(text) {
        Some(KeyFault::Assignment)
    } else if text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.is_empty() {
        None
    } else {
        Some(KeyFault::NotOneWord)
    }
}

/// Matches `Authorization:key` and `Bearer:key`: a header that was copied without its space.
fn is_header(word: &str) -> bool {
    let name = word.split_once(':').map(|(name, _)| name);
    name.is_some_and(|name| {
        let known = SCHEMES.iter().chain(&["authorization", "x-api-key"]);
        known
            .into_iter()
            .any(|known| name.eq_ignore_ascii_case(known))
    })
}

/// Matches templates of CI systems, shells and documentation, and words for a missing value.
fn is_placeholder(text: &str) -> bool {
    let between = |before: &str, after: &str| text.starts_with(before) && text.ends_with(after);
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let windows = text.strip_prefix('%').and_then(|it| it.strip_suffix('%'));
    between("${", "}")
        || between("$(", ")")
        || between("{{", "}}")
        || between("<", ">")
        || text.contains("${{")
        || text.strip_prefix('$').is_some_and(is_name)
        || windows.is_some_and(is_name)
        || (!text.is_empty() && text.chars().all(|c| matches!(c, '*' | '•' | '.' | '…')))
        || EMPTY_VALUE_WORDS
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
}

/// Matches `BRAINMAPS_API_KEY=…` and `export NAME=…`. Keys in base64 end with equals signs, so that only names in
/// capitals count.
fn is_assignment(text: &str) -> bool {
    let text = text.strip_prefix("export ").unwrap_or(text);
    let Some((name, rest)) = text.split_once('=') else {
        return false;
    };
    let inside = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    name.contains('_') && name.chars().all(inside) && !rest.trim_matches('=').is_empty()
}

fn find_format_fault(context: &Context, service: &Descriptor, key: &Secret) -> Option<KeyFault> {
    let form = service.key.as_ref();
    if form.is_some_and(|form| form.classify(key) != KeyClass::Foreign) {
        return None;
    }
    let owner = context.catalog.find_key_owner(key);
    match (owner.filter(|owner| owner.id != service.id), form) {
        (Some(owner), _) => Some(KeyFault::OfOtherService {
            service: service.name.clone(),
            owner: owner.name,
            profile: owner.id.to_string(),
        }),
        (_, Some(form)) => Some(KeyFault::Foreign {
            service: service.name.clone(),
            prefix: form.prefix.clone(),
        }),
        (_, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_keys_are_classified() {
        use KeyFault::{Assignment, NotOneWord, Placeholder, Quoted, Scheme};
        for (text, fault) in [
            ("Bearer abc", Scheme),
            ("token abc", Scheme),
            ("Bearer", Scheme),
            ("Authorization: Token abc", Scheme),
            ("Authorization:abc", Scheme),
            ("X-API-Key: abc", Scheme),
            ("\"abc", Quoted),
            ("abc'", Quoted),
            ("'abc'", Quoted),
            ("\u{201c}abc\u{201d}", Quoted),
            ("${{ secrets.X }}", Placeholder),
            ("${{secrets.X}}", Placeholder),
            ("${KEY}", Placeholder),
            ("$KEY", Placeholder),
            ("$(cat key)", Placeholder),
            ("{{ vault.key }}", Placeholder),
            ("%KEY%", Placeholder),
            ("<your-key>", Placeholder),
            ("***", Placeholder),
            ("undefined", Placeholder),
            ("MY_API_KEY=abc", Assignment),
            ("export MY_KEY=abc", Assignment),
            ("two words", NotOneWord),
            ("kl\u{fc}ssel", NotOneWord),
        ] {
            assert_eq!(find_text_fault(text), Some(fault), "{text}");
        }
    }

    #[test]
    fn unusual_keys_are_accepted() {
        for text in [
            "abc",
            "a\"b",
            "a$b",
            "$2b$12$abc",
            "dGVzdA==",
            "A_B==",
            "a:b",
            "tokenized",
            "bearer_abc",
        ] {
            assert_eq!(find_text_fault(text), None, "{text}");
        }
    }
}
