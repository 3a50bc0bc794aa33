//! The vocabulary: old words and phrases must not appear in help, messages, comments, descriptions and documents.

use std::collections::BTreeSet;
use std::fs;

use super::markdown::{documents, prose};
use super::source::{all_sources, expect_none, files, literals, relative, sources};

/// Old words, and what to write instead. Each is matched as a whole word.
const OLD_WORDS: &[(&str, &str)] = &[
    ("answer answers answered answering", "response, respond"),
    ("befall befalls befell", "apply to, happen to"),
    ("brought", "stored, provided"),
    ("heard", "received"),
    ("heed heeds heeded", "use"),
    ("house", "project"),
    ("meet meets", "find, reach, combine"),
    ("mend mends mended mending", "fix"),
    ("minted", "created"),
    (
        "nobody somebody anybody",
        "no process, another user, anyone",
    ),
    ("nonsense", "malformed, invalid"),
    ("refusal refusals", "error response"),
    ("renew renews renewed renewing renewal renewals", "refresh"),
    ("room rooms", "module, layer, space"),
    ("shield", "interrupt guard"),
    ("spent", "used"),
    ("stand-in stand-ins", "sandbox, test double"),
    ("stands stood", "is, was"),
    ("stranger strangers", "another user, an untrusted server"),
    ("tell tells told telling", "print, report, show, detect"),
    ("trouble", "failure"),
    ("unseen", "without echo"),
    ("whoever", "the process that, anyone who"),
    ("wish wishes", "request, option"),
];

/// Old phrases, and what to write instead.
const OLD_PHRASES: &[(&str, &str)] = &[
    ("are none", "say what is missing"),
    ("as it has it", "as documented"),
    ("at once and", "immediately and"),
    ("by hand", "manually, with a password or key"),
    ("by itself", "automatically"),
    ("comes back", "returns, is returned"),
    ("for good", "permanently"),
    ("goes before", "takes precedence over"),
    ("has no such", "does not support, not found"),
    ("in vain", "without success"),
    ("in words", "as text, for people"),
    ("is no", "is not a"),
    ("is none", "say what is missing"),
    ("is over", "has expired"),
    ("look after", "manage"),
    ("looks after", "manages"),
    ("made a token", "created a token"),
    ("make a token", "create a token"),
    ("makes a token", "creates a token"),
    ("none is", "say what is missing"),
    ("not asked for", "not requested"),
    ("on purpose", "on request"),
    ("signed out here", "signed out"),
    ("spoken to", "supported, used"),
    ("stand for", "mean, expand to, act as"),
    ("stands for", "means, expands to, acts as"),
    ("takes note of", "records"),
    ("talked to", "used, connected to"),
    ("that of", "name it"),
    ("to its end", "completely"),
    ("usual one", "default profile"),
    ("usual profile", "default profile"),
    ("whole terminal", "full-screen interface"),
];

/// Old words that no name has as a part.
const OLD_NAMES: &[&str] = &[
    "answered",
    "heed",
    "mend",
    "minted",
    "nobody",
    "refusal",
    "refusals",
    "renew",
    "renewal",
    "renewed",
    "room",
    "said",
    "shield",
    "spent",
    "stood",
    "stranger",
    "strangers",
    "told",
    "unanswered",
    "way",
    "wish",
];

/// Phrases that contain an old one and are plain.
const PLAIN_PHRASES: &[&str] = &[
    "there is no",
    "is no longer",
    "if none is",
    "none is in progress",
    "none is written",
    "if there is none",
    "if there are none",
    "has no such call",
];

const FIX: &str = "CONTRIBUTING.md has the style guide, docs/glossary.md the terms";

/// Returns the old words and phrases in a text, each with its replacement.
fn old_words(text: &str) -> Vec<(&'static str, &'static str)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '-';
    let separated: String = text
        .to_lowercase()
        .chars()
        .map(|c| if is_word(c) { c } else { ' ' })
        .collect();
    let words: Vec<_> = separated.split_whitespace().collect();
    let mut padded = format!(" {} ", words.join(" "));
    for plain in PLAIN_PHRASES {
        padded = padded.replace(&format!(" {plain} "), " / ");
    }
    let words = OLD_WORDS
        .iter()
        .flat_map(|(words, plain)| words.split(' ').map(move |word| (word, *plain)));
    let phrases = OLD_PHRASES.iter().copied();
    words
        .chain(phrases)
        .filter(|(word, _)| padded.contains(&format!(" {word} ")))
        .collect()
}

/// Returns the text without inline code.
fn without_code(text: &str) -> String {
    let spans: Vec<_> = text.split('`').step_by(2).collect();
    spans.join("`")
}

/// Returns the text of a format string without its placeholders.
fn without_placeholders(text: &str) -> String {
    let mut parts = text.split('{');
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push('_');
        kept.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    kept
}

/// Returns a line `path:line: "word": write …` for each old word in `text`.
fn faults(path: &str, line: usize, text: &str) -> Vec<String> {
    old_words(text)
        .into_iter()
        .map(|(word, plain)| format!("{path}:{line}: \"{word}\": write {plain}"))
        .collect()
}

/// Returns the comments of a source file, joined to paragraphs, each with the number of its first line.
fn comments(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut is_open = false;
    for (at, line) in text.lines().enumerate() {
        let comment = line.trim_start().strip_prefix("//");
        let comment = comment.map(|comment| comment.trim_start_matches(['/', '!']).trim());
        match comment.filter(|comment| !comment.is_empty()) {
            Some(comment) if is_open => {
                let (_, paragraph) = found.last_mut().unwrap();
                paragraph.push(' ');
                paragraph.push_str(comment);
            }
            Some(comment) => found.push((at + 1, comment.to_owned())),
            None => {}
        }
        is_open = comment.is_some_and(|comment| !comment.is_empty());
    }
    found
}

#[test]
fn documents_use_the_terms_of_the_style_guide() {
    let mut found = Vec::new();
    for document in documents() {
        let name = relative(&document);
        if !name.starts_with("docs/") && name.contains('/') {
            continue;
        }
        let text = fs::read_to_string(&document).unwrap();
        for (number, line) in prose(&text) {
            // A link target directly follows its text: separate them into words.
            found.extend(faults(&name, number, &line.replace("](", " ")));
        }
    }
    expect_none(&found, FIX);
}

#[test]
fn messages_use_the_terms_of_the_style_guide() {
    let mut found = Vec::new();
    for source in sources() {
        for (before, text) in literals(&source.code) {
            // One word is an identifier, not a message.
            if text.contains(' ') {
                let line = before.lines().count().max(1);
                let text = without_placeholders(&without_code(text));
                found.extend(faults(&source.path, line, &text));
            }
        }
    }
    expect_none(&found, FIX);
}

#[test]
fn help_and_comments_use_the_terms_of_the_style_guide() {
    let mut found = Vec::new();
    for source in sources() {
        for (line, comment) in comments(&source.text) {
            found.extend(faults(&source.path, line, &without_code(&comment)));
        }
    }
    expect_none(&found, FIX);
}

/// Returns the comment, or the quoted values with several words, of a line of TOML.
fn toml_text(line: &str) -> String {
    if let Some(comment) = line.strip_prefix('#') {
        return comment.to_owned();
    }
    let values = line.split('"').skip(1).step_by(2);
    values.filter(|value| value.contains(' ')).collect()
}

#[test]
fn descriptions_and_pages_use_the_terms_of_the_style_guide() {
    let mut found = Vec::new();
    for (folder, extension) in [("src", "toml"), ("crates/sandbox/src", "html")] {
        for path in files(folder, extension) {
            let text = fs::read_to_string(&path).unwrap();
            for (at, line) in text.lines().enumerate() {
                let text = match extension {
                    "toml" => toml_text(line),
                    _ => line.to_owned(),
                };
                found.extend(faults(&relative(&path), at + 1, &without_code(&text)));
            }
        }
    }
    expect_none(&found, FIX);
}

/// Returns the parts of a name in lower case: those of `ReadFile` and of `read_file` are `read` and `file`.
fn name_parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for c in name.chars() {
        if c == '_' || c.is_uppercase() {
            parts.push(String::new());
        }
        if c != '_' {
            parts.last_mut().unwrap().extend(c.to_lowercase());
        }
    }
    // A constant has one part for each letter.
    parts.push(name.to_lowercase());
    parts
}

/// Returns the names in some code, outside its literals.
fn names(code: &str) -> BTreeSet<&str> {
    let mut parts: Vec<&str> = Vec::new();
    let mut at = 0;
    for (before, text) in literals(code) {
        parts.push(&code[at..before.len()]);
        at = before.len() + text.len() + 2;
    }
    parts.push(&code[at..]);
    let names = parts.into_iter().flat_map(|part| {
        part.split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|name| !name.is_empty())
    });
    names.collect()
}

/// Returns the old words that are a part of a name.
fn old_parts(name: &str) -> Vec<&'static str> {
    let lower = name.to_lowercase();
    let is_part = |old: &str| lower.contains(old) && name_parts(name).iter().any(|it| it == old);
    OLD_NAMES
        .iter()
        .copied()
        .filter(|old| is_part(old))
        .collect()
}

#[test]
fn names_use_the_terms_of_the_style_guide() {
    let mut found = Vec::new();
    for source in all_sources() {
        for name in names(&source.uncommented) {
            let old = old_parts(name).into_iter();
            found.extend(old.map(|old| format!("{}: {name}: \"{old}\"", source.path)));
        }
    }
    expect_none(&found, FIX);
}

#[test]
fn old_words_of_names_are_found() {
    let code = "fn is_spent(a: RenewFile) { let text = \"told\"; NOBODY(1); spend(way) }";
    let names = names(code).into_iter();
    let found: Vec<_> = names.filter(|name| !old_parts(name).is_empty()).collect();
    assert_eq!(found, ["NOBODY", "RenewFile", "is_spent", "way"]);
}

#[test]
fn old_words_are_found_as_whole_words_outside_code() {
    let found: Vec<_> = old_words("A Renewal, told; mender, mended.")
        .into_iter()
        .map(|(word, _)| word)
        .collect();
    assert_eq!(found, ["mended", "renewal", "told"]);
    assert_eq!(
        old_words("Sign-in is\u{a0}over for good"),
        [("for good", "permanently"), ("is over", "has expired")]
    );
    assert_eq!(old_words("there is no key"), []);
    assert_eq!(without_placeholders("a {room} b {}"), "a _ b _");
    assert_eq!(without_code("a `told` b"), "a ` b");
    assert_eq!(toml_text("answer = { a = \"told b\" }"), "told b");
    let comments = comments("/// in\n  /// vain\nlet x;\n//! b\n//!\n//! c\n");
    let expected = [(1, "in vain"), (4, "b"), (6, "c")];
    assert_eq!(comments, expected.map(|(at, text)| (at, text.to_owned())));
}
