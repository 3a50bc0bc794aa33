//! Decides offline whether a text can be an API key of a service.
//!
//! Keys come from variables, `.env` files and prompts. Invalid ones are rejected before they are stored or sent, and
//! never printed.

use crate::actions::{Context, KeyFault};
use crate::domain::Secret;
use crate::provider::{Descriptor, KeyClass};

/// Schemes that precede a credential in a header and are not a part of it.
const SCHEMES: &[&str] = &["bearer", "token", "basic", "apikey", "api-key"];

/// Headers that carry a credential.
const HEADERS: &[&str] = &["authorization", "proxy-authorization", "x-api-key"];

/// Output of programs in place of a missing value, and samples of documents.
const EMPTY_VALUE_WORDS: &[&str] = &[
    "null",
    "nil",
    "none",
    "undefined",
    "redacted",
    "todo",
    "changeme",
    "change-me",
    "change_me",
    "replaceme",
    "replace-me",
    "replace_me",
    "your-api-key",
    "your_api_key",
];

/// What secret managers, CI systems and editors print in place of a secret.
const MASKS: &[&str] = &["***", "...", "\u{2022}\u{2022}", "\u{2026}"];

/// Text around the name of a variable that a shell, a CI system or a template would replace.
const PLACEHOLDERS: &[(&str, &str)] = &[
    ("${", "}"),
    ("$(", ")"),
    ("#{", "}#"),
    ("%{", "}"),
    ("{", "}"),
    ("[", "]"),
    ("<", ">"),
    ("@", "@"),
    ("__", "__"),
];

const QUOTES: &[char] = &[
    '"', '\'', '`', '\u{ab}', '\u{bb}', '\u{201a}', '\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}',
    '\u{2019}',
];

/// References without `://` that a secret manager resolves.
const REFERENCES: &[&str] = &[
    "arn:",
    "env:",
    "file:",
    "keyring:",
    "projects/",
    "ref+",
    "ssm:",
    "vault:",
    "!vault",
    "@microsoft.keyvault",
    "enc[",
];

/// Directories in which files with secrets are. A key in base64 begins with one of them with a probability of 2^-30.
const ROOTS: &[&str] = &[
    "/Users/",
    "/Volumes/",
    "/home/",
    "/root/",
    "/run/",
    "/var/",
    "/etc/",
    "/tmp/",
    "/opt/",
    "/mnt/",
    "/proc/",
    "/dev/",
];

type Matches = fn(&str) -> bool;

/// Tests for texts that are not a key of any service. The first row that matches applies.
const TEXT_FAULTS: &[(Matches, KeyFault)] = &[
    (is_document, KeyFault::Document),
    (is_reference, KeyFault::Reference),
    (is_placeholder, KeyFault::Placeholder),
    (has_scheme, KeyFault::Scheme),
    (is_quoted, KeyFault::Quoted),
    (is_assignment, KeyFault::Assignment),
    (is_path, KeyFault::Path),
    (is_not_one_word, KeyFault::NotOneWord),
];

/// Returns why `key` cannot be a key of `service`.
pub(crate) fn find_key_fault(
    context: &Context,
    service: &Descriptor,
    key: &Secret,
) -> Option<KeyFault> {
    find_text_fault(key.expose()).or_else(|| find_format_fault(context, service, key))
}

fn find_text_fault(text: &str) -> Option<KeyFault> {
    let found = TEXT_FAULTS.iter().find(|(matches, _)| matches(text));
    found.map(|(_, fault)| fault.clone())
}

/// Matches `Bearer key`, `Authorization: Token key`, `-H "X-API-Key: key"`, and headers copied without their space.
fn has_scheme(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let first = lower.split(char::is_whitespace).next().unwrap_or_default();
    let has_more = first.len() < lower.len();
    let name = first.split([':', '=']).next().unwrap_or_default();
    SCHEMES.contains(&first)
        || (has_more && first.ends_with(':'))
        || (name.len() < first.len() && (HEADERS.contains(&name) || SCHEMES.contains(&name)))
        || HEADERS
            .iter()
            .any(|header| lower.contains(&format!("{header}:")))
        || lower.starts_with("bearer%20")
}

fn is_quoted(text: &str) -> bool {
    let begins = text.trim_start_matches('\\').starts_with(QUOTES);
    begins || text.trim_end_matches([',', ';']).ends_with(QUOTES)
}

/// Matches JSON, PEM and XML: a user pasted the whole document instead of the key in it.
fn is_document(text: &str) -> bool {
    let inside = text.trim_start_matches(['{', '[', ' ', '\t', '\\']);
    (text.starts_with(['{', '[']) && inside.starts_with('"'))
        || ["-----BEGIN ", "<?xml", "<!"]
            .iter()
            .any(|start| text.starts_with(start))
}

/// Matches `op://vault/item/field`, other URLs, and references of secret managers.
fn is_reference(text: &str) -> bool {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    let is_scheme = |scheme: &str| {
        let inside = |c: char| c.is_ascii_alphanumeric() || "+-._".contains(c);
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(inside)
    };
    let lower = text.to_ascii_lowercase();
    scheme.is_some_and(is_scheme) || REFERENCES.iter().any(|start| lower.starts_with(start))
}

/// Matches templates of CI systems, shells and documentation, masked keys, and words for a missing value.
fn is_placeholder(text: &str) -> bool {
    let between = |(before, after): &(&str, &str)| {
        let inside = text.strip_prefix(before);
        inside.is_some_and(|inside| inside.ends_with(after))
    };
    let windows = text.strip_prefix('%').and_then(|it| it.strip_suffix('%'));
    let shell = text.strip_prefix('$');
    let shell = shell.map(|name| name.strip_prefix("env:").unwrap_or(name));
    PLACEHOLDERS.iter().any(between)
        || text.contains("${{")
        || shell.is_some_and(is_variable_name)
        || windows.is_some_and(is_variable_name)
        || MASKS.iter().any(|mask| text.contains(mask))
        || (!text.is_empty() && text.chars().all(|c| matches!(c, '*' | '\u{2022}' | '.')))
        || (text.len() > 2 && text.chars().all(|c| matches!(c, 'x' | 'X')))
        || EMPTY_VALUE_WORDS
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
}

fn is_variable_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Matches `BRAINMAPS_API_KEY=…`, `export NAME=…`, `api_key=…` and `--token=…`. The name must be in capitals or end with a
/// word for a key, because keys in base64 end with equals signs.
fn is_assignment(text: &str) -> bool {
    let text = text.strip_prefix("export ").unwrap_or(text);
    let Some((name, rest)) = text.split_once(['=', ':']) else {
        return false;
    };
    let name = name.trim_start_matches('-').trim_end().replace('-', "_");
    let lower = name.to_ascii_lowercase();
    let is_upper = name.contains('_') && !name.contains(|c: char| c.is_ascii_lowercase());
    let is_word = ["key", "token", "secret", "password"]
        .iter()
        .any(|word| lower.ends_with(word));
    let is_value = !rest.starts_with('=') && !rest.trim_matches('=').is_empty();
    // `id:secret` is a form of real keys.
    let is_pair = text.as_bytes().get(text.len() - rest.len() - 1) == Some(&b':');
    is_value && is_variable_name(&name) && (is_upper || (is_word && !is_pair))
}

/// Matches `/run/secrets/key`, `./key`, `~/key`, `C:\key`, also after the `@` of curl.
fn is_path(text: &str) -> bool {
    let text = text.strip_prefix('@').unwrap_or(text);
    let relative = ["./", "../", "~/", ".\\", "..\\", "\\\\"];
    let mut drive = text.chars();
    let has_drive = drive.next().is_some_and(|c| c.is_ascii_alphabetic())
        && [":\\", ":/"]
            .iter()
            .any(|it| drive.as_str().starts_with(it));
    has_drive
        || relative.iter().any(|start| text.starts_with(start))
        || ROOTS.iter().any(|root| text.starts_with(root))
        || (text.starts_with('/') && !may_be_base64(text))
}

/// A key in base64 may begin with a slash. A long one has letters of both cases and digits.
fn may_be_base64(text: &str) -> bool {
    let has = |is_it: fn(&char) -> bool| text.chars().any(|c| is_it(&c));
    text.len() >= 20
        && has(char::is_ascii_uppercase)
        && has(char::is_ascii_lowercase)
        && has(char::is_ascii_digit)
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c))
}

fn is_not_one_word(text: &str) -> bool {
    text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic())
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

    const INVALID: &[(&str, KeyFault)] = &[
        ("Bearer abc", KeyFault::Scheme),
        ("token abc", KeyFault::Scheme),
        ("Bearer", KeyFault::Scheme),
        ("Authorization: Token abc", KeyFault::Scheme),
        ("Authorization:abc", KeyFault::Scheme),
        ("X-API-Key: abc", KeyFault::Scheme),
        ("\"abc", KeyFault::Quoted),
        ("abc'", KeyFault::Quoted),
        ("'abc'", KeyFault::Quoted),
        ("\u{201c}abc\u{201d}", KeyFault::Quoted),
        ("${{ secrets.X }}", KeyFault::Placeholder),
        ("${{secrets.X}}", KeyFault::Placeholder),
        ("${KEY}", KeyFault::Placeholder),
        ("$KEY", KeyFault::Placeholder),
        ("$(cat key)", KeyFault::Placeholder),
        ("{{ vault.key }}", KeyFault::Placeholder),
        ("%KEY%", KeyFault::Placeholder),
        ("<your-key>", KeyFault::Placeholder),
        ("***", KeyFault::Placeholder),
        ("undefined", KeyFault::Placeholder),
        ("MY_API_KEY=abc", KeyFault::Assignment),
        ("export MY_KEY=abc", KeyFault::Assignment),
        ("$env:KEY", KeyFault::Placeholder),
        ("@KEY@", KeyFault::Placeholder),
        ("[your key]", KeyFault::Placeholder),
        ("#{KEY}#", KeyFault::Placeholder),
        ("__KEY__", KeyFault::Placeholder),
        ("XXXXXXXX", KeyFault::Placeholder),
        (
            "projects/1/secrets/key/versions/latest",
            KeyFault::Reference,
        ),
        ("abcd***wxyz", KeyFault::Placeholder),
        ("abcd\u{2026}wxyz", KeyFault::Placeholder),
        ("\u{2022}\u{2022}\u{2022}\u{2022}", KeyFault::Placeholder),
        ("your-api-key", KeyFault::Placeholder),
        ("Authorization=Bearer abc", KeyFault::Scheme),
        ("-H 'Authorization: Token abc'", KeyFault::Scheme),
        ("bearer%20abc", KeyFault::Scheme),
        ("\\\"abc\\\"", KeyFault::Quoted),
        ("abc\",", KeyFault::Quoted),
        ("KEY=abc", KeyFault::Assignment),
        ("api_key=abc", KeyFault::Assignment),
        ("BRAINMAPS_API_KEY: abc", KeyFault::Scheme),
        ("BRAINMAPS_API_KEY:abc", KeyFault::Assignment),
        ("--api-key=abc", KeyFault::Assignment),
        ("op://dev/brainmaps/key", KeyFault::Reference),
        ("https://example.com/keys/1", KeyFault::Reference),
        ("vault:secret/data/x#key", KeyFault::Reference),
        (
            "arn:aws:secretsmanager:eu-west-1:1:secret:x",
            KeyFault::Reference,
        ),
        ("ENC[AES256_GCM,data:abc]", KeyFault::Reference),
        ("{\"key\": \"abc\"}", KeyFault::Document),
        ("-----BEGIN PRIVATE KEY-----", KeyFault::Document),
        ("/run/secrets/key", KeyFault::Path),
        ("/secret", KeyFault::Path),
        ("@/run/secrets/key", KeyFault::Path),
        ("./key.txt", KeyFault::Path),
        ("~/.config/key", KeyFault::Path),
        ("C:\\keys\\key.txt", KeyFault::Path),
        ("\\\\server\\share\\key", KeyFault::Path),
        ("/Users/Alice1/Documents/Key1", KeyFault::Path),
        ("two words", KeyFault::NotOneWord),
        ("kl\u{fc}ssel", KeyFault::NotOneWord),
    ];

    #[test]
    fn invalid_keys_are_classified() {
        for (text, fault) in INVALID {
            assert_eq!(find_text_fault(text).as_ref(), Some(fault), "{text}");
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
            "/9j4AAQSkZJRgABAQEAYABg",
            "dGVzdA==.abc",
            "abc=def",
            "a@b.example",
            "key",
            "c:123",
            "dbm_ak_1_2",
            "bearer_abc",
        ] {
            assert_eq!(find_text_fault(text), None, "{text}");
        }
    }
}
